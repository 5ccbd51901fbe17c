//! What a parsed document takes in memory, guessed from its text and never too low.

use std::mem::size_of;

use async_graphql::Positioned;
use async_graphql::parser::types::Selection;

/// The largest thing that a single token becomes is a field, in a list with as much room again, and its name.
const TOKEN_BYTES: usize = 2 * size_of::<Positioned<Selection>>() + 64;

/// In bytes. Names, numbers and each sign count as a token; what strings and comments hold counts too, for nothing.
pub(super) fn of(text: &str) -> u32 {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let (mut tokens, mut in_word) = (0_usize, false);
    for byte in text.bytes() {
        let (word, blank) = (is_word(byte), byte.is_ascii_whitespace());
        let begins = !blank && (!word || !in_word);
        tokens += usize::from(begins);
        in_word = word;
    }
    u32::try_from(text.len() + tokens * TOKEN_BYTES).unwrap_or(u32::MAX)
}
