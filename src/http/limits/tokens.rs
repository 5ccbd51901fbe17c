//! A document's tokens, counted before it is parsed: the parser takes every bracket on the stack and keeps every token.

/// What can be counted without parsing. Never less than what the parser will meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Words, numbers, texts and signs.
    pub count: u64,
    /// Brackets within each other.
    pub nesting: u64,
    /// The longest word, in bytes.
    pub name_bytes: u64,
}

/// A block text begins and does not end. The parser would read its first two quotes as a text of their own and go on
/// behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed;

/// Counts the tokens of a document, in one pass.
///
/// # Errors
/// When a block text does not end.
pub fn count(document: &str) -> Result<Tokens, Unclosed> {
    let (bytes, mut tokens, mut open, mut at) = (document.as_bytes(), Tokens::default(), 0_u64, 0);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        at += match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += length(rest, |byte| !matches!(byte, b'\r' | b'\n'));
                continue;
            }
            b'"' if rest.starts_with(b"\"\"\"") => block_text(rest).ok_or(Unclosed)?,
            b'"' => text(rest),
            b'{' | b'(' | b'[' => {
                open += 1;
                tokens.nesting = tokens.nesting.max(open);
                1
            }
            b'}' | b')' | b']' => {
                open = open.saturating_sub(1);
                1
            }
            b'.' => length(rest, |byte| byte == b'.'),
            _ if is_word(byte) => {
                let word = length(rest, is_word);
                tokens.name_bytes = tokens.name_bytes.max(word as u64);
                word
            }
            _ => 1,
        };
        tokens.count += 1;
    }
    Ok(tokens)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn length(bytes: &[u8], is_in: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !is_in(*byte)).unwrap_or(bytes.len())
}

/// The length of a text with its quotes; one that does not end on its line, the parser refuses there.
fn text(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\r' | b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn block_text(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(document: &str) -> (u64, u64, u64) {
        let Tokens { count, nesting, name_bytes } = count(document).unwrap();
        (count, nesting, name_bytes)
    }

    #[test]
    fn tokens_nesting_and_the_longest_name() {
        for (document, expected) in [
            ("", (0, 0, 0)),
            (" ,\u{a0}", (2, 0, 0)),
            ("{ a, b }", (4, 1, 1)),
            ("query Q($n: [Int!]! = [-1.5e3]) { a(n: $n) { ...F @skip(if: true) } }", (39, 3, 5)),
            ("# { { {\n{ a }", (3, 1, 1)),
            (r#"{ a(t: "} \" { {") }"#, (8, 2, 1)),
            (r#"{ a(t: """ { " \""" { """) { b } }"#, (11, 2, 1)),
            ("{{{{}{{", (7, 5, 0)),
            ("}}}}{", (5, 1, 0)),
        ] {
            assert_eq!(counted(document), expected, "{document}");
        }
    }

    #[test]
    fn brackets_are_never_taken_for_text_that_the_parser_reads_as_brackets() {
        assert_eq!(count(r#"{ a(x: ["""b" {{{{{{]) }"#), Err(Unclosed));
        assert_eq!(counted("{ a(x: \"b\n{{{{").1, 6);
        assert_eq!(counted("\"\\"), (1, 0, 0));
        assert_eq!(counted("\"\\é\" {").1, 1);
    }
}
