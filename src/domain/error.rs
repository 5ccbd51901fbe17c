//! Why something was not done. A [`Refusal`] is for the person who asked; anything else is a fault of ours.

use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::base::rate::TooOften;
use crate::base::{IdError, PageError};
use crate::storage::ListError;
use crate::storage::blob::BlobError;
use crate::storage::ticket::{Act, Model as Ticket, Status};

/// What a use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Expected: the person can do something about it.
    #[error("{}", .0.message())]
    Refused(Box<Refusal>),
    /// A list was asked for wrongly.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// It was tried too often.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// The database cannot be reached, is shutting down, has no room left, or has undone this in favour of another
    /// transaction; trying again helps.
    #[error("the database does not answer at the moment; try again")]
    Unavailable(#[source] DbErr),
    /// The store of files cannot be reached, or does not do what it should; trying again may help.
    #[error("the files cannot be kept or read at the moment; try again")]
    Files(#[from] BlobError),
    /// A fault of ours.
    #[error("internal error")]
    Fault(#[source] DbErr),
}

/// Where in the input the trouble lies: `["input", "unitId"]` is `Field::from("unitId")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field(pub Vec<String>);

impl From<&str> for Field {
    fn from(name: &str) -> Self {
        Self(name.split('.').map(str::to_owned).collect())
    }
}

/// An expected no.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A value that cannot be taken.
    Invalid {
        /// Where.
        field: Field,
        /// What is wrong with which value and what would be right.
        message: String,
    },
    /// No such thing, or not for this viewer, who cannot tell which.
    NotFound {
        /// Where it was named.
        field: Field,
        /// What it would have been: `ticket`.
        kind: &'static str,
        /// What was given.
        given: String,
    },
    /// The viewer sees the thing and may not do this to it.
    Forbidden {
        /// What they may not do, and who may.
        message: String,
    },
    /// The ticket's status does not allow it.
    IllegalMove {
        /// The act.
        act: Act,
        /// The status it has.
        status: Status,
        /// What this viewer can do instead.
        legal: Vec<Act>,
    },
    /// Somebody was faster; this is how it stands now.
    Conflict {
        /// The version that was expected.
        expected: i32,
        /// As it is now.
        current: Current,
    },
    /// There is one already.
    Duplicate {
        /// Where the value that must be unique was given.
        field: Field,
        /// Which value, and unique in what.
        message: String,
    },
    /// The idempotency key belongs to another input.
    KeyReused {
        /// Where the key was given.
        field: Field,
        /// The key.
        key: String,
    },
}

/// The thing that somebody else has changed, as it is now.
#[derive(Clone, Debug)]
pub enum Current {
    /// A ticket.
    Ticket(Box<Ticket>),
    /// A community.
    Community(Box<crate::storage::community::Model>),
    /// A building.
    Building(Box<crate::storage::building::Model>),
    /// An entrance.
    Entrance(Box<crate::storage::entrance::Model>),
    /// A facility.
    Facility(Box<crate::storage::facility::Model>),
    /// A category.
    Category(Box<crate::storage::category::Model>),
    /// A unit.
    Unit(Box<crate::storage::unit::Model>),
    /// An occupant.
    Occupant(Box<crate::storage::occupant::Model>),
    /// A member of staff.
    Staff(Box<crate::storage::staff::Model>),
    /// A team.
    Team(Box<crate::storage::team::Model>),
    /// What somebody asks to be done with their data.
    PrivacyRequest(Box<crate::storage::privacy_request::Model>),
    /// A work order.
    WorkOrder(Box<crate::storage::work_order::Model>),
    /// A patrol plan.
    PatrolPlan(Box<crate::storage::patrol_plan::Model>),
    /// A checkpoint.
    Checkpoint(Box<crate::storage::checkpoint::Model>),
    /// A patrol.
    Patrol(Box<crate::storage::patrol::Model>),
    /// A finding.
    Finding(Box<crate::storage::finding::Model>),
    /// A spot check.
    SpotCheck(Box<crate::storage::spot_check::Model>),
    /// A document of the archives.
    Document(Box<crate::storage::document::Model>),
}

impl Refusal {
    /// A value that cannot be taken.
    pub fn invalid(field: impl Into<Field>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }

    /// No such thing for this viewer.
    pub fn not_found<K: crate::base::Kind>(field: impl Into<Field>, id: crate::base::Id<K>) -> Self {
        Self::NotFound { field: field.into(), kind: K::NAME, given: id.to_string() }
    }

    /// The viewer may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::Forbidden { message: message.into() }
    }

    /// There is one already.
    pub fn duplicate(field: impl Into<Field>, message: impl Into<String>) -> Self {
        Self::Duplicate { field: field.into(), message: message.into() }
    }

    /// No id of the kind that is needed.
    pub fn id(field: impl Into<Field>, error: &IdError) -> Self {
        Self::invalid(field, error.to_string())
    }

    /// The stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "INVALID",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Forbidden { .. } => "FORBIDDEN",
            Self::IllegalMove { .. } => "ILLEGAL_MOVE",
            Self::Conflict { .. } => "CONFLICT",
            Self::Duplicate { .. } => "DUPLICATE",
            Self::KeyReused { .. } => "KEY_REUSED",
        }
    }

    /// Where in the input, if anywhere.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        match self {
            Self::Invalid { field, .. }
            | Self::NotFound { field, .. }
            | Self::Duplicate { field, .. }
            | Self::KeyReused { field, .. } => Some(field),
            _ => None,
        }
    }

    /// For people.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Invalid { message, .. } | Self::Forbidden { message } | Self::Duplicate { message, .. } => {
                message.clone()
            }
            Self::NotFound { kind, given, .. } => format!("there is no {kind} {given}"),
            Self::IllegalMove { act, status, legal } => {
                let legal = legal.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let instead = if legal.is_empty() {
                    "nothing can be done to it".to_owned()
                } else {
                    format!("possible now: {legal}")
                };
                format!("{act} is not possible while the ticket is {status}; {instead}")
            }
            Self::Conflict { expected, .. } => {
                format!("somebody else has changed it: version {expected} is no longer the present one")
            }
            Self::KeyReused { key, .. } => {
                format!("the idempotency key \"{key}\" was used before with another input; use a new key")
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_passing(&error) { Self::Unavailable(error) } else { Self::Fault(error) }
    }
}

/// PostgreSQL's codes for what passes: a deadlock that was resolved, a clash of transactions, a server that stops or
/// starts; a lost connection, and all that there is too little of (disk, memory, connections).
const PASSING: [&str; 7] = ["40P01", "40001", "57P01", "57P02", "57P03", "08", "53"];

/// SQLite's: busy, locked, a file that cannot be read or written, a disk that is full, a file that cannot be opened. What
/// is behind the last eight bits tells more of the same.
const PASSING_SQLITE: [u32; 5] = [5, 6, 10, 13, 14];

fn passes(code: &str) -> bool {
    // PostgreSQL's codes have five letters or digits each, which SQLite's numbers never have.
    if code.len() == 5 {
        return PASSING.iter().any(|passing| code.starts_with(passing));
    }
    code.parse::<u32>().is_ok_and(|code| PASSING_SQLITE.contains(&(code & 0xff)))
}

fn is_passing(error: &DbErr) -> bool {
    let (DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(cause) = cause else {
        return matches!(error, DbErr::Conn(_));
    };
    match cause.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(refused) => refused.code().is_some_and(|code| passes(&code)),
        _ => matches!(error, DbErr::Conn(_)),
    }
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Page(error) => Self::Page(error),
            ListError::Database(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_and_what_does_not() {
        // A full disk, a lost connection, a failed write, a database that is busy with a snapshot.
        for code in ["53100", "08006", "40001", "13", "778", "517"] {
            assert!(passes(code), "{code}");
        }
        // A key that is there already, a column that is not, a constraint, a table that is not.
        for code in ["23505", "42703", "2067", "1", "", "x"] {
            assert!(!passes(code), "{code}");
        }
    }
}
