//! A copy of all, made while the gateway serves.

use std::path::{Path, PathBuf};

use super::folder::Writing;
use super::{About, BackupError, Copied, DATABASE, FILES, FORMAT, Kept, LEDGER, io_at};
use crate::base::Clock;
use crate::storage::Database;

fn absolute(path: &Path) -> Result<PathBuf, BackupError> {
    std::path::absolute(path).map_err(io_at(path))
}

/// Copies what the gateway keeps into `folder`, which must not be there yet. The database is as it was at one moment;
/// nobody who writes waits for it. As content is written before the row that tells of it, and the database is copied
/// first, what its copy knows of is there, unless it was redacted meanwhile.
///
/// # Errors
/// When `folder` is there, or something cannot be read or written; then there is no `folder`.
pub async fn make(
    db: &Database,
    clock: &Clock,
    steps: Vec<String>,
    kept: &Kept,
    folder: &Path,
) -> Result<Copied, BackupError> {
    if let Some(files) = &kept.files
        && absolute(folder)?.starts_with(absolute(files)?)
    {
        return Err(BackupError::Inside { folder: folder.to_owned(), files: files.clone() });
    }
    let mut writing = Writing::begin(folder)?;
    let made_at = clock.now();
    if db.snapshot_into(&writing.path(DATABASE)).await? {
        writing.add(DATABASE)?;
    }
    if let Some(files) = kept.files.as_deref().filter(|files| files.exists()) {
        writing.add_all(FILES, files)?;
    }
    if kept.ledger.exists() {
        writing.copy(LEDGER, &kept.ledger)?;
    }
    let program = format!("concierge {}", env!("CARGO_PKG_VERSION"));
    writing.finish(&About { format: FORMAT, made_at, program, steps })
}
