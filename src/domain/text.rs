//! What people type, made fit to be stored: trimmed, without characters that no text has, and not too long.

use chrono::NaiveDate;

use super::{Error, Field, Refusal};

/// The longest name of a thing or a person, in characters.
pub const NAME_MAX: usize = 100;

/// The text without spaces around it; `None` when nothing is left.
///
/// # Errors
/// [`Refusal::Invalid`] when it holds a NUL or another control character, or has more than `max` characters.
pub fn clean(field: impl Into<Field>, text: Option<&str>, max: usize) -> Result<Option<String>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let length = text.chars().count();
    if length > max {
        return Err(Refusal::invalid(
            field,
            format!("the text has {length} characters; at most {max} are kept"),
        )
        .into());
    }
    let forbidden = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if let Some(c) = forbidden {
        let message = format!("the text holds the control character U+{:04X}; remove it", u32::from(c));
        return Err(Refusal::invalid(field, message).into());
    }
    Ok(Some(text.to_owned()))
}

/// Like [`clean`], for a text that must be there.
///
/// # Errors
/// Also when nothing is left.
pub fn required(field: impl Into<Field>, text: &str, max: usize) -> Result<String, Error> {
    let field = field.into();
    clean(field.clone(), Some(text), max)?
        .ok_or_else(|| Refusal::invalid(field, "a text is needed here; this one is empty").into())
}

/// The most words of a search.
const WORDS_MAX: usize = 8;

/// The longest search, in characters.
const SEARCH_MAX: usize = 200;

/// What is looked for; `None` when nothing is left.
///
/// # Errors
/// Like [`clean`]; also when there are more words than are looked for.
pub fn sought(field: impl Into<Field>, text: Option<&str>) -> Result<Option<String>, Error> {
    let field = field.into();
    let Some(text) = clean(field.clone(), text, SEARCH_MAX)? else {
        return Ok(None);
    };
    match grams::words_of_search(&text).len() {
        0 => Ok(None),
        1..=WORDS_MAX => Ok(Some(text)),
        words => {
            let message = format!("the search has {words} words; at most {WORDS_MAX} are looked for");
            Err(Refusal::invalid(field, message).into())
        }
    }
}

/// A telephone number as it is kept: digits with an optional leading plus; spaces, dashes and brackets are dropped
/// and full-width digits made plain.
///
/// # Errors
/// When something else is in it, or it has not 3 to 20 digits.
pub fn phone(field: impl Into<Field>, text: Option<&str>) -> Result<Option<String>, Error> {
    let field = field.into();
    let Some(text) = clean(field.clone(), text, 40)? else {
        return Ok(None);
    };
    let plain = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '（' | '）'))
        .map(to_ascii)
        .collect::<String>();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    if !digits.chars().all(|c| c.is_ascii_digit()) || !(3..=20).contains(&digits.len()) {
        let message =
            format!("\"{text}\" is not a telephone number; write 3 to 20 digits, with a + in front at most");
        return Err(Refusal::invalid(field, message).into());
    }
    Ok(Some(plain))
}

/// How a number may have been written that was told to us with the country's prefix or without it: all are one telephone.
#[must_use]
pub fn spellings(phone: &str) -> Vec<String> {
    const PREFIXES: [&str; 4] = ["+86", "0086", "86", ""];
    // A mobile number has eleven digits, and a shorter one may well begin with 86.
    let long = |rest: &&str| rest.len() >= 10;
    let own = PREFIXES.iter().find_map(|prefix| phone.strip_prefix(prefix).filter(long)).unwrap_or(phone);
    match own.len() >= 10 && !own.starts_with('+') {
        true => PREFIXES.iter().map(|prefix| format!("{prefix}{own}")).collect(),
        false => vec![phone.to_owned()],
    }
}

fn to_ascii(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '＋' => '+',
        _ => c,
    }
}

/// A telephone number for those who may not see it whole: the first three and the last two digits stay.
#[must_use]
pub fn masked(phone: &str) -> String {
    let length = phone.chars().count();
    let shown = |place: usize| length >= 8 && (place < 3 || place + 2 >= length);
    phone.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
}

/// A span of days, both counted; without a last day it goes on.
///
/// # Errors
/// When it ends before it begins, or a day is outside the years 1900 to 2199, which is a slip of the finger.
pub fn span(
    (from_field, from): (&str, NaiveDate),
    (to_field, to): (&str, Option<NaiveDate>),
) -> Result<(), Error> {
    for (field, day) in [(from_field, Some(from)), (to_field, to)] {
        if let Some(day) = day.filter(|day| !(1900..2200).contains(&chrono::Datelike::year(day))) {
            let message = format!("{day} is not a day that is kept here; the year goes from 1900 to 2199");
            return Err(Refusal::invalid(field, message).into());
        }
    }
    match to {
        Some(to) if to < from => {
            let message = format!("{to} is before the first day, {from}; it ends on that day or later");
            Err(Refusal::invalid(to_field, message).into())
        }
        _ => Ok(()),
    }
}
