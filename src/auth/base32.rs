//! Crockford's base32: digits and letters that nobody confuses when a code is read out or copied from paper.

use rand::TryCryptoRng;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Draws this many characters, 5 bits of randomness each.
pub(super) fn draw<R: TryCryptoRng + ?Sized>(rng: &mut R, length: usize) -> Result<String, R::Error> {
    let mut bytes = vec![0; length];
    rng.try_fill_bytes(&mut bytes)?;
    // 256 is a multiple of 32, so that the lower five bits of a byte are as random as the byte.
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

/// The text in groups of this many characters, joined by hyphens.
pub(super) fn grouped(text: &str, size: usize) -> String {
    text.as_bytes().chunks(size).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// What a person typed, as [`draw`] made it: without separators, in upper case, O as 0, I and L as 1, and what a
/// Chinese input method made full-width as it was meant. The first character that is none of ours is the error.
pub(super) fn normalise(typed: &str) -> Result<String, char> {
    typed.chars().filter(|c| !is_separator(*c)).map(|c| digit(c).ok_or(c)).collect()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{30FC}')
}

fn digit(c: char) -> Option<char> {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0)?,
        other => other,
    };
    let meant = match narrow.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.contains(&u8::try_from(meant).ok()?).then_some(meant)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    #[test]
    fn every_character_is_drawn_and_none_else() {
        let drawn = draw(&mut StdRng::seed_from_u64(1), 10_000).unwrap();
        assert_eq!(drawn.len(), 10_000);
        for character in ALPHABET {
            let times = drawn.bytes().filter(|byte| byte == character).count();
            assert!((200..450).contains(&times), "{} came {times} times", char::from(*character));
        }
        assert_eq!(normalise(&drawn), Ok(drawn));
    }

    #[test]
    fn what_people_type_is_understood() {
        for typed in ["01AZ", "oLaz", "OI-az", " 0 1\tA Z\n", "０１ａＺ", "０－１—A–Z", "o\u{3000}laz"]
        {
            assert_eq!(normalise(typed), Ok("01AZ".into()), "{typed}");
        }
        assert_eq!(normalise("01U"), Err('U'));
        assert_eq!(normalise("01户"), Err('户'));
        assert_eq!(normalise("01\0"), Err('\0'));
    }

    #[test]
    fn groups_are_joined_by_hyphens() {
        assert_eq!(grouped("0123456789", 5), "01234-56789");
        assert_eq!(grouped("01234", 4), "0123-4");
    }
}
