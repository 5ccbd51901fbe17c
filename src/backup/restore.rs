//! A copy brought back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::folder::Reading;
use super::{BackupError, Copied, DATABASE, io_at};

/// A database that stands aside until it is in order: half a one is never served.
#[derive(Debug)]
pub struct Laid {
    aside: PathBuf,
    file: PathBuf,
    /// What was copied.
    pub copied: Copied,
}

/// Lays the SQLite database of a backup beside where `file` will stand.
///
/// # Errors
/// When `file` is there already, when the folder is no whole backup or holds no SQLite database, or when a file in it
/// was changed.
pub fn lay(folder: &Path, file: &Path) -> Result<Laid, BackupError> {
    let reading = Reading::open(folder)?;
    if file.exists() {
        return Err(BackupError::InTheWay(file.to_owned()));
    }
    if !reading.has(DATABASE) {
        let reason =
            "it was made beside PostgreSQL and holds no SQLite database; set database.url".to_owned();
        return Err(BackupError::NotABackup { folder: folder.to_owned(), reason });
    }
    let aside = file.with_extension("restoring");
    // What an interrupted one left: of no use to anybody.
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(io_at(&aside))?;
    }
    fs::create_dir_all(&aside).map_err(io_at(&aside))?;
    // Takes what is half done away again should anything fail from here on.
    let mut laid = Laid { aside, file: file.to_owned(), copied: Copied::default() };
    let into = File::create(laid.path()).map_err(io_at(laid.path()))?;
    laid.copied = Copied { files: 1, bytes: reading.copy(DATABASE, &into)? };
    into.sync_all().map_err(io_at(laid.path()))?;
    Ok(laid)
}

impl Laid {
    /// Where it stands now.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.aside.join(DATABASE)
    }

    /// Puts it into its place. It must have been closed.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn finish(self) -> Result<Copied, BackupError> {
        fs::rename(self.path(), &self.file).map_err(io_at(&self.file))?;
        Ok(self.copied)
    }
}

impl Drop for Laid {
    fn drop(&mut self) {
        // What cannot be removed the next one removes.
        let _ = fs::remove_dir_all(&self.aside);
    }
}

/// Whether the folder is a whole backup that was made beside PostgreSQL, whose database comes back by its own means.
///
/// # Errors
/// When the folder is no whole backup.
pub fn check_beside_postgres(folder: &Path) -> Result<(), BackupError> {
    let reading = Reading::open(folder)?;
    if !reading.has(DATABASE) {
        return Ok(());
    }
    let reason = "it holds an SQLite database, and the settings name PostgreSQL; set database.url".to_owned();
    Err(BackupError::NotABackup { folder: folder.to_owned(), reason })
}
