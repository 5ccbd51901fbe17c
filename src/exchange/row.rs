//! One row, read column by column into what it means. Whatever cannot be taken is noted, and reading goes on, so that
//! a row's faults are told all at once.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

use super::cell::{Cell, Written, narrow};
use super::column::Layout;
use super::names::Named;
use super::refusal::{Refused, Why};
use super::sheet::Raw;
use super::words::Language;
use crate::domain::{clean, phone};

/// A row as it is being read.
pub(crate) struct Reading<'a> {
    layout: &'a Layout,
    raw: &'a Raw,
    language: Language,
    refused: Vec<Refused>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(layout: &'a Layout, raw: &'a Raw, language: Language) -> Self {
        let refused = raw.broken.iter().map(|why| Refused::line(raw.line, why.clone())).collect();
        Self { layout, raw, language, refused }
    }

    /// All that was wrong, if anything was.
    pub(crate) fn finish<T>(self, read: T) -> Result<T, Vec<Refused>> {
        if self.refused.is_empty() { Ok(read) } else { Err(self.refused) }
    }

    pub(crate) fn line(&self) -> u64 {
        self.raw.line
    }

    /// Notes that a column's value cannot be taken. What is refused already is not missed besides.
    pub(crate) fn refuse(&mut self, key: &str, why: Why) {
        let value = self.layout.cell(&self.raw.cells, key).shown();
        let refused = Refused::cell(self.raw.line, self.layout.column(key), &value, why);
        if !self.refused.iter().any(|before| before.column.is_some() && before.column == refused.column) {
            self.refused.push(refused);
        }
    }

    /// The cell, unless it holds what no column takes.
    fn cell(&mut self, key: &str) -> Option<Cell> {
        let cell = self.layout.cell(&self.raw.cells, key);
        let why = match &cell {
            Cell::Empty => return None,
            Cell::Merged(range) => Why::MergedCell { range: range.clone() },
            Cell::Error(_) => Why::ErrorCell,
            Cell::Formula => Why::FormulaCell,
            Cell::FormulaText(_) => Why::FormulaText,
            Cell::Bool(_) => Why::BoolCell,
            Cell::Text(_) | Cell::Number(_) | Cell::Moment(_) => return Some(cell),
        };
        self.refuse(key, why);
        None
    }

    /// Words of at most `max` characters.
    pub(crate) fn text(&mut self, key: &str, max: usize) -> Option<String> {
        let cell = self.cell(key)?;
        let Some(words) = cell.words() else {
            self.refuse(key, Why::DateCell);
            return None;
        };
        // The rule is the domain's; which part of it was broken, is told in the language of who reads it.
        let length = words.chars().count();
        match clean(key, Some(&words), max) {
            Ok(text) => text,
            Err(_) if length > max => {
                self.refuse(key, Why::TooLong { length, max });
                None
            }
            Err(_) => {
                self.refuse(key, Why::ControlCharacter);
                None
            }
        }
    }

    /// A number or name of a place, in which full-width digits mean the same as others.
    pub(crate) fn label(&mut self, key: &str, max: usize) -> Option<String> {
        let text = self.text(key, max)?;
        if is_rounded(&text) {
            self.refuse(key, Why::Scientific);
            return None;
        }
        Some(digits(&text))
    }

    /// One of a closed set.
    pub(crate) fn one_of<T: Named>(&mut self, key: &str) -> Option<T> {
        let cell = self.cell(key)?;
        let found = cell.words().and_then(|word| T::named(&word));
        if found.is_none() {
            let of = T::all(self.language);
            self.refuse(key, Why::NotOneOf { of });
        }
        found
    }

    /// A number.
    pub(crate) fn number(&mut self, key: &str) -> Option<f64> {
        let found = self.cell(key)?.number();
        if found.is_none() {
            self.refuse(key, Why::NotANumber);
        }
        found
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn whole(&mut self, key: &str, low: i64, high: i64) -> Option<i64> {
        let found = self.cell(key)?.number().filter(|number| number.fract() == 0.0);
        let found = found.map(|number| number as i64).filter(|number| (low..=high).contains(number));
        if found.is_none() {
            self.refuse(key, Why::NotWhole { low, high });
        }
        found
    }

    /// A count, nothing is none.
    pub(crate) fn small(&mut self, key: &str, high: i64) -> i32 {
        self.whole(key, 0, high).and_then(|count| i32::try_from(count).ok()).unwrap_or(0)
    }

    /// Whether a column says nothing.
    pub(crate) fn is_empty(&self, key: &str) -> bool {
        self.layout.cell(&self.raw.cells, key).is_empty()
    }

    /// A floor: `3`, `3层`, `B1`, `-1`, `负一层` is said as `-1`.
    pub(crate) fn floor(&mut self, key: &str, (low, high): (i64, i64)) -> Option<i32> {
        let cell = self.cell(key)?;
        let found =
            cell.words().and_then(|words| read_floor(&words)).filter(|floor| (low..=high).contains(floor));
        if found.is_none() {
            self.refuse(key, Why::NotAFloor { low, high });
        }
        found.and_then(|floor| i32::try_from(floor).ok())
    }

    /// A telephone number as it is kept.
    pub(crate) fn phone(&mut self, key: &str) -> Option<String> {
        let cell = self.cell(key)?;
        let words = cell.words().unwrap_or_default();
        match phone(key, Some(&words)) {
            Ok(number) if !words.is_empty() => number,
            _ => {
                let why = if is_rounded(&words) { Why::Scientific } else { Why::NotAPhone };
                self.refuse(key, why);
                None
            }
        }
    }

    /// A day.
    pub(crate) fn day(&mut self, key: &str) -> Option<NaiveDate> {
        let found = self.cell(key)?.moment(&self.layout.formats);
        let day = found.map(|written| match written {
            Written::Local(moment) => moment.date(),
            Written::Exact(moment) => moment.date_naive(),
        });
        let day = day.filter(|day| (1900..2200).contains(&chrono::Datelike::year(day)));
        if day.is_none() {
            self.refuse(key, Why::NotADate);
        }
        day
    }

    /// A moment as written; what it is in UTC, [`Reading::in_zone`] tells, once the zone is known.
    pub(crate) fn moment(&mut self, key: &str) -> Option<Written> {
        let found = self.cell(key)?.moment(&self.layout.formats);
        if found.is_none() {
            self.refuse(key, Why::NotADate);
        }
        found
    }
}

/// The moment that is meant in a time zone; of two that the clocks show alike, the first.
pub(crate) fn in_zone(written: Written, zone: Tz) -> Option<DateTime<Utc>> {
    match written {
        Written::Exact(moment) => Some(moment.to_utc()),
        Written::Local(moment) => zone.from_local_datetime(&moment).earliest().map(|moment| moment.to_utc()),
    }
}

/// How a moment is written, so that it is read as the same.
pub(crate) fn in_words(moment: DateTime<Utc>, zone: Tz) -> Cell {
    let local = moment.with_timezone(&zone);
    let plain = local.naive_local().format("%Y-%m-%d %H:%M:%S%.f").to_string();
    let first = zone.from_local_datetime(&local.naive_local()).earliest();
    // The second of two hours that the clocks show alike needs its offset.
    let text = if first.is_some_and(|first| first.to_utc() == moment) {
        plain
    } else {
        local.format("%Y-%m-%d %H:%M:%S%.f%:z").to_string()
    };
    Cell::text(&text)
}

fn is_rounded(text: &str) -> bool {
    let text = text.to_uppercase();
    let Some((front, exponent)) = text.split_once("E+") else { return false };
    front.parse::<f64>().is_ok() && exponent.parse::<u32>().is_ok()
}

/// Full-width letters and digits made plain; other signs stay as they are.
fn digits(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '＃' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        }
        _ => c,
    };
    text.chars().map(plain).collect()
}

fn read_floor(text: &str) -> Option<i64> {
    let text = narrow(text).to_uppercase();
    let text = text.trim_start_matches('第').trim_end_matches(['层', '楼', 'F']);
    let (sign, number) = match text.strip_prefix(['B', '负']).or_else(|| text.strip_prefix("地下")) {
        Some(below) => (-1, below),
        None => (1, text),
    };
    number.trim().parse::<f64>().ok().filter(|floor| floor.fract() == 0.0).map(|floor| sign * floor as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_are_read_as_people_write_them() {
        for (text, floor) in
            [("3", 3), ("３层", 3), ("第12层", 12), ("B1", -1), ("-2", -2), ("负1", -1), ("5F", 5)]
        {
            assert_eq!(read_floor(text), Some(floor), "{text}");
        }
        for text in ["顶层", "1.5", "", "B"] {
            assert_eq!(read_floor(text), None, "{text}");
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_kept_apart() {
        let zone = chrono_tz::America::New_York;
        for hour in [5, 6] {
            let moment = Utc.with_ymd_and_hms(2022, 11, 6, hour, 30, 0).unwrap();
            let written = in_words(moment, zone).moment(&[]).unwrap();
            assert_eq!(in_zone(written, zone), Some(moment));
        }
    }
}
