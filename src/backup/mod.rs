//! Copies what a gateway keeps, while it serves, and brings a copy back into an empty place.
//!
//! A backup is a folder: `backup.json` tells of what it is, `concierge.db` is SQLite's database at one moment, `files`
//! holds what people attached, `erasures.jsonl` is the ledger of erasures, and `SHA256SUMS` names each file with its sum, as `sha256sum --check` reads it.
//! PostgreSQL and S3 have means of their own for their part. What is being written is named `….partial`, so that half a
//! backup is never taken for a whole one.

mod folder;
mod make;
mod restore;

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

pub use make::make;
pub use restore::{Backup, Laid};

/// The form of the folder that this program writes and reads.
const FORMAT: u32 = 1;

const ABOUT: &str = "backup.json";
const DATABASE: &str = "concierge.db";
const FILES: &str = "files";
const LEDGER: &str = "erasures.jsonl";
const SUMS: &str = "SHA256SUMS";

/// Of what a backup is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The form of the folder.
    pub format: u32,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The program that made it.
    pub program: String,
    /// The steps of the schema that the database had.
    pub steps: Vec<String>,
}

/// Where the gateway keeps what is not in the database.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The folder of what people attached; none when a bucket keeps it.
    pub files: Option<PathBuf>,
    /// The ledger of erasures.
    pub ledger: PathBuf,
}

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many files, the database among them.
    pub files: u64,
    /// Their size together.
    pub bytes: u64,
}

/// Why a backup was not made or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    /// A file.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why it failed.
        cause: io::Error,
    },
    /// Nothing is ever written over.
    #[error("{} is there already; nothing is written over. Name another place, or move it away first", .0.display())]
    InTheWay(PathBuf),
    /// A copy of the files would be copied into itself.
    #[error("{} is inside {}, which is backed up itself; name a folder outside of it", folder.display(), files.display())]
    Inside {
        /// Where the backup was to be.
        folder: PathBuf,
        /// The folder of what people attached.
        files: PathBuf,
    },
    /// The folder is no whole backup.
    #[error("{} is no backup of concierge: {reason}", folder.display())]
    NotABackup {
        /// Which folder.
        folder: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file was changed since.
    #[error("{} is not what was backed up: its SHA-256 differs from the one in {SUMS}", .0.display())]
    Changed(PathBuf),
}

fn io_at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> BackupError {
    |cause| BackupError::Io { path: path.into(), cause }
}
