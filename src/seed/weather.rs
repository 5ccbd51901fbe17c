//! The weather, as far as it makes work.

use chrono::{Datelike, NaiveDate};

use super::chance::Chance;

/// The weather of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weather {
    Fair,
    Rain,
    /// A rainstorm: water comes in at many places within one evening.
    Storm,
}

/// One day's weather: storms come from May to September, and rarely at other times.
pub(super) fn draw(day: NaiveDate, chance: &mut Chance) -> Weather {
    let (storms, rain) = match day.month() {
        5..=9 => (55, 280),
        3 | 4 | 10 => (8, 220),
        _ => (4, 90),
    };
    match chance.within(0..1_000) {
        drawn if drawn < storms => Weather::Storm,
        drawn if drawn < storms + rain => Weather::Rain,
        _ => Weather::Fair,
    }
}
