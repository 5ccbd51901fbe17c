//! The register and the tickets as tables: in from CSV and XLSX, out to them.
//!
//! A file is read row by row on a thread of its own; a batch of rows is looked up, checked by the domain's rules and
//! written with a few statements; all of it is one transaction, so that a refused row leaves nothing behind. With
//! `partial` each batch is a transaction, and what is refused is left out.
//!
//! What is imported acts under a scope: what it does not see, it does not find.

mod cell;
mod column;
mod insert;
mod map;
mod names;
mod out;
mod places;
mod refusal;
pub mod register;
mod report;
mod row;
mod sheet;
pub mod ticket;
mod units;
mod words;

use std::path::Path;

use chrono_tz::Tz;

pub use cell::Cell;
pub use map::{Create, Map, MapError};
pub use out::{Format, OutError};
pub use refusal::{Column, Refused, Why, letters};
pub use report::{Count, Noun, Report};
pub use words::Language;

use crate::domain::audit::{self, Action, By, Note};
use crate::domain::{self, Domain, Tx};

/// How a file is imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// What the file's columns and values are called here.
    pub map: Map,
    /// The sheet of a workbook; without it the first.
    pub sheet: Option<String>,
    /// The community of rows that name none.
    pub community: Option<String>,
    /// Look at everything and keep nothing.
    pub dry_run: bool,
    /// Leave refused rows out and keep the others.
    pub partial: bool,
    /// The language of what is said.
    pub language: Language,
    /// The time zone of communities that are made and name none.
    pub time_zone: Tz,
}

/// What is exported.
#[derive(Clone, Debug)]
pub struct Export {
    /// Only this community.
    pub community: Option<String>,
    /// As what.
    pub format: Format,
    /// The language of the header and of the values of closed sets.
    pub language: Language,
    /// The time zone of communities whose own cannot be read.
    pub time_zone: Tz,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows so far.
    pub done: u64,
    /// About how many there are.
    pub about: u64,
    /// Rows refused so far.
    pub refused: u64,
}

/// Why nothing was exchanged.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The file as a whole.
    #[error("{}", .0.iter().map(|refused| refused.words(Language::English)).collect::<Vec<_>>().join("\n"))]
    File(Vec<Refused>),
    /// The database or a use case.
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// The file that was to be written.
    #[error(transparent)]
    Out(#[from] OutError),
}

impl From<Refused> for ExchangeError {
    fn from(refused: Refused) -> Self {
        Self::File(vec![refused])
    }
}

impl From<sea_orm::DbErr> for ExchangeError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Domain(error.into())
    }
}

/// The tables that a map can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The register.
    Register,
    /// Tickets.
    Tickets,
}

impl Of {
    /// Tells the audit trail, in the transaction that does it.
    async fn note(self, domain: &Domain, tx: &Tx<'_>, action: Action, rows: u64) -> domain::Result<()> {
        let what = match self {
            Self::Register => "REGISTER",
            Self::Tickets => "TICKETS",
        };
        let note = Note::of(action).with("what", what).with("rows", rows);
        audit::note(domain, tx, By::System("COMMAND_LINE"), note).await
    }

    /// Tells the audit trail before the file gets its name: nothing leaves untold.
    async fn note_export(self, domain: &Domain, rows: u64) -> domain::Result<()> {
        let tx = domain.begin().await?;
        self.note(domain, &tx, Action::Exported, rows).await?;
        tx.commit().await
    }
}

/// Reads a file as an import would, and does nothing with it but count its rows.
///
/// # Errors
/// When it is no table that can be read.
pub async fn look(file: &Path) -> Result<usize, ExchangeError> {
    let mut incoming = sheet::open(file, None).await?;
    let mut rows = 0;
    while let Some(batch) = incoming.next().await? {
        rows += batch.len();
    }
    Ok(rows)
}

/// Reads a map.
///
/// # Errors
/// When it is no map for this table.
pub fn read_map(text: &str, of: Of) -> Result<Map, MapError> {
    match of {
        Of::Register => Map::read(text, register::COLUMNS),
        Of::Tickets => Map::read(text, ticket::COLUMNS),
    }
}
