//! The register and the tickets as tables: in from CSV and XLSX, out to them.
//!
//! A file is read row by row on a thread of its own; a batch of rows is looked up, checked by the domain's rules and
//! written with a few statements (`run`). How much of it is one transaction, the [`Mode`] says.
//!
//! What is imported acts under a scope: what it does not see, it does not find.

mod cell;
mod column;
mod map;
mod names;
mod out;
mod phones;
mod places;
mod reference;
mod refusal;
mod register;
mod report;
mod row;
mod run;
mod sheet;
mod spool;
mod task;
mod ticket;
mod units;
mod words;
mod worker;

use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub use cell::Cell;
pub use map::{Create, Map, MapError};
pub use out::{Format, OutError};
pub use refusal::{Column, Refused, Why, letters};
pub use report::{Count, Noun, Report, write_csv};
pub use run::Watch;
pub use task::{counts, makes_more, refused};
pub use ticket::Between;
pub use words::Language;
pub use worker::{Settings as WorkerSettings, work};

use self::run::Job;
use crate::base::Scope;
use crate::base::id::{CommunityId, DataTransferId};
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
    /// How much of it is one transaction.
    pub mode: Mode,
    /// Tickets only: when the clocks of open ones start; without it now.
    pub clocks_from: Option<DateTime<Utc>>,
    /// The language of what is said.
    pub language: Language,
    /// The time zone of communities that are made and name none.
    pub time_zone: Tz,
}

impl Import {
    /// The time zone of what names none.
    fn zone(&self) -> Tz {
        self.map.time_zone.unwrap_or(self.time_zone)
    }
}

/// How much of an import is one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All of it: a refused row, or a fault, leaves nothing behind. On SQLite nobody else writes meanwhile.
    Whole,
    /// First all of it is rehearsed on private copies; then, when no row was refused, each batch is written by itself,
    /// and others write in between. A fault in the middle leaves what was written; running it again writes the rest.
    Beside,
    /// Each batch: refused rows are left out and the others kept.
    Partial,
    /// None: everything is looked at, on private copies, and nothing is kept.
    DryRun,
}

/// On whose behalf, and what they see.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// What is not seen is not found, and not exported.
    pub scope: &'a Scope,
    /// Whom the audit trail names.
    pub by: By<'a>,
    /// The one community that it is about, for the audit trail.
    pub community: Option<CommunityId>,
    /// The transfer that it is done for, for the audit trail.
    pub transfer: Option<DataTransferId>,
    /// Whether the register may name communities that are not there yet.
    pub may_make_communities: bool,
}

impl<'a> Who<'a> {
    /// Somebody at the command line, who sees everything.
    #[must_use]
    pub fn at_the_command_line(scope: &'a Scope) -> Self {
        Self {
            scope,
            by: By::System("COMMAND_LINE"),
            community: None,
            transfer: None,
            may_make_communities: true,
        }
    }
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
    /// Tickets only: raised on these days.
    pub between: Between,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done with them.
    pub stage: Stage,
    /// Rows so far.
    pub done: u64,
    /// About how many there are.
    pub about: u64,
    /// Rows refused so far.
    pub refused: u64,
}

/// What is done with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// They are tried out.
    Checking,
    /// They are written.
    Writing,
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
    /// Whoever watched broke it off.
    #[error("it was broken off")]
    Stopped,
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
    /// The columns that the table knows.
    fn columns(self) -> &'static [column::Known] {
        match self {
            Self::Register => register::COLUMNS,
            Self::Tickets => ticket::COLUMNS,
        }
    }

    /// Tells the audit trail, in the transaction that does it.
    async fn note(
        self,
        domain: &Domain,
        tx: &Tx<'_>,
        who: &Who<'_>,
        action: Action,
        rows: u64,
    ) -> domain::Result<()> {
        let what = match self {
            Self::Register => "REGISTER",
            Self::Tickets => "TICKETS",
        };
        let note = Note::of(action).at(who.community).with("what", what).with("rows", rows);
        let note = match who.transfer {
            Some(id) => note.about(id),
            None => note,
        };
        audit::note(domain, tx, who.by, note).await
    }

    /// Tells the audit trail before the file gets its name: nothing leaves untold.
    async fn note_export(self, domain: &Domain, who: &Who<'_>, rows: u64) -> domain::Result<()> {
        let tx = domain.begin().await?;
        self.note(domain, &tx, who, Action::Exported, rows).await?;
        tx.commit().await
    }
}

/// Imports a file. The register: what is there already is changed where a row says something else, and never doubled.
/// Tickets: those that are there already stay as they are.
///
/// # Errors
/// When the file as a whole cannot be read, or the database fails. Refused rows are no error: the report tells them.
pub async fn import(
    domain: &Domain,
    of: Of,
    who: Who<'_>,
    file: &Path,
    options: &Import,
    watch: impl Watch,
) -> Result<Report, ExchangeError> {
    let (incoming, layout) = run::open(of, file, options).await?;
    let job = Job { domain, who, options, layout, now: domain.clock().now() };
    match of {
        Of::Register => run::run::<register::Import<'_>>(&job, file, incoming, watch).await,
        Of::Tickets => run::run::<ticket::Import<'_>>(&job, file, incoming, watch).await,
    }
}

/// Exports what is seen, and gives the number of rows. The register: open things only; people who have moved out are in
/// it with their last day. Tickets: in the order in which they were raised.
///
/// # Errors
/// When there is no such community, the file cannot be written, the database fails, or it was broken off.
pub async fn export(
    domain: &Domain,
    of: Of,
    who: Who<'_>,
    file: &Path,
    options: &Export,
    watch: impl Watch,
) -> Result<u64, ExchangeError> {
    match of {
        Of::Register => register::export(domain, who, file, options, watch).await,
        Of::Tickets => ticket::export(domain, who, file, options, watch).await,
    }
}

/// Reads a file as an import would, and does nothing with it but count its rows.
///
/// # Errors
/// When it is no table that can be read.
pub async fn look(file: &Path) -> Result<usize, ExchangeError> {
    let mut incoming = sheet::open(file, None).await?;
    let mut rows = 0;
    while let Some(batch) = incoming.next(sheet::BATCH).await? {
        rows += batch.len();
    }
    Ok(rows)
}

/// Reads a map.
///
/// # Errors
/// When it is no map for this table.
pub fn read_map(text: &str, of: Of) -> Result<Map, MapError> {
    Map::read(text, of.columns())
}
