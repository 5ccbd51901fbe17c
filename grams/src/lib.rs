//! Text as it is searched: what is stored of it, and what a search looks for in that.
//!
//! A text is made plain (full-width forms become narrow, capitals small) and cut at its white space into words. Of
//! every character of a word one gram is kept: it and the one behind it; of the last one, it alone. 水管漏水 gives 水管
//! 管漏 漏水 水. So a word of two characters and more is found, wherever it stands in another, as the run of its pairs,
//! and a single character as what a gram begins with: exactly what a look for a piece of the text would find, and both
//! databases find it by an index.
//!
//! A gram is written in letters, so that no database's own idea of a word comes into it: a letter for the field, then
//! four for each UTF-16 unit. It holds nothing that means something to a database.
//!
//! What is stored and what a migration fills in must agree, so both use this crate.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

/// So many characters of a field are searched. What people write is shorter; a few characters stand for many others.
const SEARCHED: usize = 8_000;

/// From so many digits on, the last ones of a ticket's number find it: shorter ones are mostly a unit's number.
const LAST_DIGITS: usize = 4;

/// In which texts something is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    TicketText,
    TicketNumber,
    UnitNumber,
    OccupantName,
}

/// What a word is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A gram that begins so.
    Start(String),
    /// These grams, one behind the other.
    Run(Vec<String>),
}

impl Field {
    fn letter(self) -> char {
        match self {
            Self::TicketText => 't',
            Self::TicketNumber => 'n',
            Self::UnitNumber => 'u',
            Self::OccupantName => 'o',
        }
    }

    fn gram(self, characters: &[char]) -> String {
        let mut gram = String::from(self.letter());
        let mut units = [0; 2];
        for unit in characters.iter().flat_map(|c| c.encode_utf16(&mut units).to_vec()) {
            let digits = [12, 8, 4, 0].map(|shift| (unit >> shift & 0xf) as u8);
            gram.extend(digits.map(|digit| char::from(b'a' + digit)));
        }
        gram
    }

    /// The grams of a text, each with a space before it.
    fn write(self, text: &str, grams: &mut String) {
        let mut left = SEARCHED;
        for word in words(text) {
            let word = word.chars().take(left).collect::<Vec<_>>();
            left -= word.len();
            for start in 0..word.len() {
                let gram = self.gram(&word[start..word.len().min(start + 2)]);
                let _ = write!(grams, " {gram}");
            }
        }
    }

    fn anywhere(self, word: &str) -> Pattern {
        let word = word.chars().collect::<Vec<_>>();
        match word.len() {
            0 | 1 => Pattern::Start(self.gram(&word)),
            _ => Pattern::Run(word.windows(2).map(|pair| self.gram(pair)).collect()),
        }
    }

    fn at_the_end(self, word: &str) -> Pattern {
        let word = word.chars().collect::<Vec<_>>();
        let last = word.last().map(|last| self.gram(&[*last]));
        Pattern::Run(word.windows(2).map(|pair| self.gram(pair)).chain(last).collect())
    }
}

impl Pattern {
    /// As SQLite's FTS5 is asked.
    #[must_use]
    pub fn fts5(&self) -> String {
        match self {
            Self::Start(gram) => format!("{gram}*"),
            Self::Run(grams) => format!("\"{}\"", grams.join(" ")),
        }
    }

    /// As PostgreSQL's text search is asked.
    #[must_use]
    pub fn tsquery(&self) -> String {
        match self {
            Self::Start(gram) => format!("{gram}:*"),
            Self::Run(grams) => format!("({})", grams.join(" <-> ")),
        }
    }

    /// As it stands among stored grams, one of which is looked at.
    #[must_use]
    pub fn piece(&self) -> String {
        match self {
            Self::Start(gram) => format!(" {gram}"),
            Self::Run(grams) => format!(" {} ", grams.join(" ")),
        }
    }
}

/// What is stored of a ticket.
#[must_use]
pub fn of_ticket(number: &str, description: &str, place: Option<&str>, contact_name: Option<&str>) -> String {
    let texts = [Some(description), place, contact_name].into_iter().flatten();
    let texts = texts.map(|text| (Field::TicketText, text));
    stored(texts.chain([(Field::TicketNumber, number)]))
}

/// Grams that all tickets of a community have: their numbers begin with its code and a dash. Others may have them too.
#[must_use]
pub fn of_community(code: &str) -> Vec<String> {
    match Field::TicketNumber.anywhere(&format!("{}-", code.to_lowercase())) {
        Pattern::Start(gram) => vec![gram],
        Pattern::Run(grams) => grams,
    }
}

/// What is stored of a unit.
#[must_use]
pub fn of_unit(number: &str) -> String {
    stored([(Field::UnitNumber, number)])
}

/// What is stored of an occupant.
#[must_use]
pub fn of_occupant(name: &str) -> String {
    stored([(Field::OccupantName, name)])
}

/// Between spaces, so that a [`Pattern::piece`] is found only where grams begin and end.
fn stored<'a>(texts: impl IntoIterator<Item = (Field, &'a str)>) -> String {
    let mut grams = String::new();
    for (field, text) in texts {
        field.write(text, &mut grams);
    }
    grams.push(' ');
    grams
}

/// The words of a search, plain; all of them must be found. Two that are the same are one.
#[must_use]
pub fn words_of_search(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in words(text) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// A ticket has the word in what was written, in its number if the word has a dash, or at its number's end.
#[must_use]
pub fn in_ticket(word: &str) -> Vec<Pattern> {
    let mut patterns = vec![Field::TicketText.anywhere(word)];
    if word.contains('-') && word.contains(char::is_alphanumeric) {
        patterns.push(Field::TicketNumber.anywhere(word));
    } else if word.len() >= LAST_DIGITS && word.bytes().all(|c| c.is_ascii_digit()) {
        patterns.push(Field::TicketNumber.at_the_end(word));
    }
    patterns
}

/// A unit has the word in its number.
#[must_use]
pub fn in_unit(word: &str) -> Vec<Pattern> {
    vec![Field::UnitNumber.anywhere(word)]
}

/// An occupant has the word in the name.
#[must_use]
pub fn in_occupant(word: &str) -> Vec<Pattern> {
    vec![Field::OccupantName.anywhere(word)]
}

fn words(text: &str) -> Vec<String> {
    let plain = text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_unseen(*c)).collect::<String>();
    let cut = |c: char| c.is_whitespace() || c.is_control();
    plain.split(cut).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Joiners, marks of direction and the soft hyphen come along when text is pasted.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, search: &str) -> bool {
        let grams = of_ticket("XH-20261123-0042", text, None, None);
        words_of_search(search)
            .iter()
            .all(|word| in_ticket(word).iter().any(|pattern| grams.contains(&pattern.piece())))
    }

    #[test]
    fn a_gram_is_written_in_letters() {
        assert_eq!(of_unit("1水"), " uaadbgmde ugmde ");
        assert_eq!(of_unit("\u{20000}"), " unieanmaa ");
        assert_eq!(of_unit(" \0\u{200b}"), " ");
        assert_eq!(in_unit("水"), [Pattern::Start("ugmde".to_owned())]);
        assert_eq!(in_unit("1水")[0].fts5(), "\"uaadbgmde\"");
        assert_eq!(in_unit("1水1")[0].tsquery(), "(uaadbgmde <-> ugmdeaadb)");
        assert_eq!(in_unit("水")[0].tsquery(), "ugmde:*");
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        for (text, search) in [
            ("水管漏水", "管漏"),
            ("水管漏水", "水"),
            ("水管漏水", "管漏水"),
            ("１２０３室ＡＢＣ", "1203室abc"),
            ("Door broken", "OOR"),
            ("电梯，困人", "梯,困"),
            ("100%_保洁", "0%_"),
            ("楼道 漏水\n三天了", "漏水 楼道"),
            ("e\u{301}tage", "étage"),
            ("𠀀𠀁", "𠀀"),
            ("a\u{200b}b", "ab"),
            ("", "XH-2026"),
            ("", "1123-0042"),
            ("", "0042"),
        ] {
            assert!(finds(text, search), "{search} in {text}");
        }
    }

    #[test]
    fn nothing_else_is_found() {
        for (text, search) in [
            ("水管和漏水", "管漏"),
            ("水管 漏水", "管漏"),
            ("水管", "水管漏"),
            ("管水", "水管"),
            ("电梯", "电梯 漏水"),
            ("𠀀", "\u{20001}"),
            ("", "042"),
            ("", "1123"),
            ("", "-"),
            ("", "xh"),
        ] {
            assert!(!finds(text, search), "{search} in {text}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "\u{fdfa}".repeat(4_000);
        assert_eq!(of_unit(&long).split_whitespace().count(), SEARCHED);
    }
}
