//! The days of a year: weekends, holidays and seasons, and at which hours people take up the telephone.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::chance::Chance;

/// What sort of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Work,
    Weekend,
    Holiday,
}

/// When in the year something comes up.
#[derive(Clone, Copy)]
pub(super) enum Season {
    Always,
    /// Air conditioners and mosquitoes.
    Summer,
    /// Hot water, heating and frozen pipes.
    Winter,
    /// Damp walls and blocked drains.
    Wet,
    /// Trees, pollen and renovations.
    Spring,
}

/// When in the day something comes up.
#[derive(Clone, Copy)]
pub(super) enum Hours {
    /// When people come home.
    Evening,
    /// Before they leave.
    Morning,
    /// When offices are open.
    Working,
    /// When guests come to eat.
    Meals,
    /// When others sleep.
    Night,
    Any,
}

/// The first day of the lunar year.
const NEW_YEARS: [(i32, u32, u32); 8] = [
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
    (2031, 1, 23),
];

/// Month, first and last day of the holidays that are the same every year.
const FIXED: [(u32, u32, u32); 4] = [(1, 1, 1), (4, 4, 5), (5, 1, 5), (10, 1, 7)];

pub(super) fn is_holiday(day: NaiveDate) -> bool {
    let fixed = FIXED
        .iter()
        .any(|(month, first, last)| day.month() == *month && (*first..=*last).contains(&day.day()));
    let new_year =
        NEW_YEARS.iter().filter_map(|(year, month, day)| NaiveDate::from_ymd_opt(*year, *month, *day));
    fixed || new_year.into_iter().any(|first| (-1..=6).contains(&(day - first).num_days()))
}

/// The holidays of so many days from `first` on.
pub(super) fn holidays(first: NaiveDate, days: u64) -> BTreeSet<NaiveDate> {
    days_from(first, days).filter(|day| is_holiday(*day)).collect()
}

pub(super) fn days_from(first: NaiveDate, days: u64) -> impl Iterator<Item = NaiveDate> {
    (0..days).filter_map(move |after| first.checked_add_days(Days::new(after)))
}

pub(super) fn sort_of(day: NaiveDate) -> Day {
    match day.weekday() {
        _ if is_holiday(day) => Day::Holiday,
        Weekday::Sat | Weekday::Sun => Day::Weekend,
        _ => Day::Work,
    }
}

impl Season {
    /// How often it comes up in that month, in tenths of what is usual.
    pub(super) fn weight(self, month: u32) -> u32 {
        match (self, month) {
            (Self::Always, _) => 10,
            (Self::Summer, 6..=8) => 45,
            (Self::Summer, 5 | 9) => 15,
            (Self::Winter, 12 | 1 | 2) => 45,
            (Self::Winter, 11 | 3) => 15,
            (Self::Wet, 4..=9) => 16,
            (Self::Wet, _) => 6,
            (Self::Spring, 3..=5) => 25,
            (Self::Spring, 6..=10) => 10,
            (Self::Spring, _) => 3,
            (Self::Summer | Self::Winter, _) => 1,
        }
    }
}

impl Hours {
    /// A minute of the day.
    pub(super) fn draw(self, chance: &mut Chance) -> i64 {
        let spans: &[(u32, i64, i64)] = match self {
            Self::Evening => &[(14, 7, 9), (12, 9, 12), (16, 12, 18), (50, 18, 22), (8, 22, 24)],
            Self::Morning => &[(60, 6, 9), (25, 9, 12), (15, 12, 21)],
            Self::Working => &[(45, 9, 12), (50, 13, 18), (5, 18, 21)],
            Self::Meals => &[(55, 11, 14), (40, 17, 21), (5, 21, 23)],
            Self::Night => &[(20, 0, 3), (15, 5, 8), (25, 19, 22), (40, 22, 24)],
            Self::Any => &[(4, 0, 7), (22, 7, 12), (30, 12, 18), (36, 18, 22), (8, 22, 24)],
        };
        let weights = spans.iter().map(|(weight, ..)| *weight).collect::<Vec<_>>();
        let (_, from, to) = spans[chance.weighted(&weights)];
        chance.within(from * 60..to * 60)
    }
}
