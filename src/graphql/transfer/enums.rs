//! The closed sets of imports and exports.

use async_graphql::Enum;

use crate::domain::transfer;
use crate::exchange;

/// Into the system, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Direction")]
pub(super) enum DataTransferDirection {
    /// Rows of a file come in.
    Import,
    /// A file is written.
    Export,
}

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Content")]
pub(super) enum DataTransferContent {
    /// The register: a row is a person in a unit, or a unit, building or person alone.
    Register,
    /// Tickets, a row each.
    Tickets,
}

/// Where an import or export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::State")]
pub(super) enum DataTransferState {
    /// It waits for a gateway.
    Queued,
    /// A gateway works on it; `stage` says on what.
    Running,
    /// It was done: what an import kept is in `counts`, what an export wrote at `resultUrl`.
    Done,
    /// The file, or rows of it, were refused, and nothing was kept; `refusals` says why.
    Refused,
    /// It could not be done; `failure` says why.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// What is done with the rows while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Stage")]
pub(super) enum DataTransferStage {
    /// They are tried out on copies, and nothing is kept.
    Checking,
    /// They are written.
    Writing,
}

/// Why an import or export could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Failure")]
pub(super) enum DataTransferFailure {
    /// Whoever asked for it may no longer.
    Rights,
    /// There are more rows than a sheet of XLSX holds; export them as CSV, or one community at a time.
    TooManyRows,
    /// Several gateways began it, and none came to its end.
    Interrupted,
    /// A fault on our side.
    Fault,
}

/// The language of a file's header and of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Language")]
pub(super) enum DataTransferLanguage {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// As what a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Format")]
pub(super) enum DataTransferFormat {
    /// Separated by commas, UTF-8 with a byte order mark.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}

/// What is kept of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "transfer::Keeps")]
pub(super) enum ImportKeeps {
    /// All of it, or nothing when a row is refused.
    AllOrNothing,
    /// All but the refused rows.
    WhatIsSound,
    /// Nothing: it is only checked.
    Nothing,
}

/// What an import makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "exchange::Noun")]
pub(super) enum DataTransferNoun {
    /// Communities.
    Community,
    /// Buildings.
    Building,
    /// Entrances.
    Entrance,
    /// Units.
    Unit,
    /// Occupants.
    Occupant,
    /// Occupancies.
    Occupancy,
    /// Categories.
    Category,
    /// Members of staff.
    Staff,
    /// Teams.
    Team,
    /// Tickets.
    Ticket,
}
