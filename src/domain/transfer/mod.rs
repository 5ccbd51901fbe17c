//! Imports and exports as tasks: asked for, worked on by whichever gateway takes it, watched, and fetched. What a task
//! does with the rows is `exchange`'s; here is who may, how far it is, and how long its files are kept.

mod begin;
mod policy;
mod read;
mod sweep;
mod work;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::begin::{New, begin, cancel};
pub use self::policy::{may, may_now};
pub use self::read::{
    Download, Filter, Refusals, Sort, SortBy, count, download, find, has_ended_with, list, refusals,
    refusals_of,
};
pub(crate) use self::sweep::forget_all;
pub use self::sweep::{KEPT_FOR, Swept, remove_orphans, sweep};
pub use self::work::{Claimed, Ended, Reached, Told, claim, end, give_back, input, is_claimed, put_result};

pub use crate::storage::blob::Sheet;
pub use crate::storage::data_transfer::{
    Content, Direction, Failure, Language, Model as DataTransfer, Stage, State,
};
pub use crate::storage::data_transfer_refusal::Model as DataTransferRefusal;

/// What exactly is asked for, as it is kept until a gateway does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "direction", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Task {
    /// Rows of a file come in.
    Import(ImportTask),
    /// A file is written.
    Export(ExportTask),
}

/// An import, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportTask {
    /// What the file's columns and values are called here: the text of a map.
    pub map: Option<String>,
    /// The sheet of a workbook; without it the first.
    pub sheet: Option<String>,
    /// What is kept of it.
    pub keeps: Keeps,
    /// Tickets only: when the clocks of open ones start; without it when it is done.
    pub clocks_from: Option<DateTime<Utc>>,
}

/// What is kept of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Keeps {
    /// All of it, or nothing when a row is refused.
    AllOrNothing,
    /// All but the refused rows.
    WhatIsSound,
    /// Nothing: it is only checked.
    Nothing,
}

/// An export, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportTask {
    /// As what.
    pub format: Format,
    /// Tickets only: the first day on which they were raised.
    pub from: Option<NaiveDate>,
    /// Tickets only: the last day.
    pub until: Option<NaiveDate>,
}

/// As what a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// Separated by commas.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Task {
    /// Into the system, or out of it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        match self {
            Self::Import(_) => Direction::Import,
            Self::Export(_) => Direction::Export,
        }
    }
}

/// How long the gateway that works on one may be silent, before another takes it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease(pub Duration);
