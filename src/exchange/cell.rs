//! One cell of a sheet, and what it means: spreadsheets turn numbers into dates, dates into numbers, and people type
//! full-width digits.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words, as they stand there.
    Text(String),
    /// A number.
    Number(f64),
    /// A date, with or without a time.
    Moment(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#REF!` and its like.
    Error(String),
    /// A formula that was saved without its result.
    Formula,
    /// A formula itself, as text where its result should stand.
    FormulaText(String),
    /// Joined to its neighbours, so that it is not known whose value it is.
    Merged(String),
}

/// A moment as written: with its own offset, or as the clock on the wall shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Written {
    /// With an offset.
    Exact(DateTime<FixedOffset>),
    /// Local time.
    Local(NaiveDateTime),
}

impl Cell {
    /// Text without spaces around it; blank text is nothing.
    #[must_use]
    pub fn text(text: &str) -> Self {
        match text.trim() {
            "" => Self::Empty,
            trimmed => Self::Text(trimmed.to_owned()),
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// As a person would read it aloud, for a report.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) | Self::FormulaText(text) | Self::Merged(text) => {
                text.clone()
            }
            Self::Number(number) => plain(*number),
            Self::Moment(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
            Self::Formula => "=…".to_owned(),
        }
    }

    /// The words in it; a number as it is written. `None` when it holds anything else.
    pub(crate) fn words(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(plain(*number))),
            _ => None,
        }
    }

    /// The number in it, also when it is written as text, with full-width digits or thousands' commas.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => {
                let text = narrow(text).replace([',', ' '], "");
                text.parse::<f64>().ok().filter(|number| number.is_finite())
            }
            _ => None,
        }
    }

    /// The moment in it: a date cell, a spreadsheet's day number, one of the common ways of writing, or one of
    /// `formats`.
    pub(crate) fn moment(&self, formats: &[String]) -> Option<Written> {
        match self {
            Self::Moment(moment) => Some(Written::Local(*moment)),
            Self::Number(serial) => from_serial(*serial).map(Written::Local),
            Self::Text(text) => {
                let text = narrow(text);
                let serial = || text.parse().ok().filter(|_| text.len() == 5).and_then(from_serial);
                read_moment(&text, formats).or_else(|| serial().map(Written::Local))
            }
            _ => None,
        }
    }
}

/// What spreadsheets show where a formula has failed, and where a column is too narrow for its number.
const ERRORS: [&str; 7] = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"];

/// Whether a text is what a spreadsheet shows instead of a value.
pub(crate) fn is_error(text: &str) -> bool {
    ERRORS.contains(&text) || text.len() >= 3 && text.bytes().all(|byte| byte == b'#')
}

/// The text in a formula that is nothing but a text: `="0103"`.
pub(crate) fn quoted(formula: &str) -> Option<String> {
    let content = formula.strip_prefix("=\"")?.strip_suffix('"')?;
    // A mark within the text is written twice; one that is not ends it, and more of a formula follows.
    let is_text = !content.replace("\"\"", "").contains('"');
    is_text.then(|| content.replace("\"\"", "\""))
}

/// A number as a person writes it: whole ones without a point.
pub(crate) fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

/// Full-width letters, digits and signs made plain.
pub(crate) fn narrow(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '。' => '.',
            '−' => '-',
            _ => c,
        })
        .collect()
}

/// Spreadsheets count days from 30 December 1899. What is below 1900 or beyond 2199 is a number, not a day.
fn from_serial(serial: f64) -> Option<NaiveDateTime> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    let fits = (61.0..110_000.0).contains(&serial);
    // To the second: a fraction of a day does not hold more without error.
    fits.then(|| epoch + TimeDelta::seconds((serial * 86_400.0).round() as i64))
}

const DAYS: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"];
const TIMES: [&str; 4] = ["%H:%M:%S%.f", "%H:%M", "%H时%M分%S秒", "%H时%M分"];

fn read_moment(text: &str, formats: &[String]) -> Option<Written> {
    for format in formats {
        if let Ok(exact) = DateTime::parse_from_str(text, format) {
            return Some(Written::Exact(exact));
        }
        let day = || NaiveDate::parse_from_str(text, format).ok().map(|day| day.and_time(NaiveTime::MIN));
        if let Some(local) = NaiveDateTime::parse_from_str(text, format).ok().or_else(day) {
            return Some(Written::Local(local));
        }
    }
    if let Ok(exact) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)) {
        return Some(Written::Exact(exact));
    }
    for day in DAYS {
        let Ok((day, rest)) = NaiveDate::parse_and_remainder(text, day) else { continue };
        let rest = rest.trim_start_matches(['T', ' ']);
        if rest.is_empty() {
            return Some(Written::Local(day.and_time(NaiveTime::MIN)));
        }
        if let Some(time) = TIMES.iter().find_map(|format| NaiveTime::parse_from_str(rest, format).ok()) {
            return Some(Written::Local(day.and_time(time)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        match Cell::text(text).moment(&[])? {
            Written::Local(moment) => Some(moment.to_string()),
            Written::Exact(moment) => Some(moment.to_rfc3339()),
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in
            ["2024-01-31", "2024/1/31", "2024.1.31", "2024年1月31日", "２０２４－０１－３１", "20240131"]
        {
            assert_eq!(day(text).as_deref(), Some("2024-01-31 00:00:00"), "{text}");
        }
        assert_eq!(day("2024/1/31 8:05").as_deref(), Some("2024-01-31 08:05:00"));
        assert_eq!(day("2024-01-31 08:05:09+08:00").as_deref(), Some("2024-01-31T08:05:09+08:00"));
        for text in ["31/01/2024", "2024-02-30", "昨天", "2024-1"] {
            assert_eq!(day(text), None, "{text}");
        }
        let serial = Cell::Number(45322.5).moment(&[]);
        let noon = NaiveDate::from_ymd_opt(2024, 1, 31).unwrap().and_hms_opt(12, 0, 0).unwrap();
        assert_eq!(serial, Some(Written::Local(noon)));
        assert_eq!(Cell::Number(7.0).moment(&[]), None);
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, number) in [("８９．５", 89.5), ("1,234.5", 1234.5), ("-1", -1.0)] {
            assert_eq!(Cell::text(text).number(), Some(number), "{text}");
        }
        assert_eq!(Cell::text("约90").number(), None);
        assert_eq!(Cell::Number(13_812_345_678.0).words().as_deref(), Some("13812345678"));
    }
}
