//! A copy brought back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::folder::Reading;
use super::{BackupError, Copied, DATABASE, FILES, Kept, LEDGER, io_at};

/// A folder that `backup` made, whole.
#[derive(Debug)]
pub struct Backup {
    folder: PathBuf,
    reading: Reading,
}

/// A database that stands aside until it is in order: half a one is never served.
#[derive(Debug)]
pub struct Laid {
    aside: PathBuf,
    file: PathBuf,
}

impl Backup {
    /// Looks whether it is one.
    ///
    /// # Errors
    /// When the folder is no whole backup.
    pub fn open(folder: &Path) -> Result<Self, BackupError> {
        Ok(Self { folder: folder.to_owned(), reading: Reading::open(folder)? })
    }

    /// That it was made beside PostgreSQL, whose database comes back by its own means.
    ///
    /// # Errors
    /// When it holds an SQLite database.
    pub fn check_beside_postgres(&self) -> Result<(), BackupError> {
        if !self.reading.has(DATABASE) {
            return Ok(());
        }
        Err(self.wrong("it holds an SQLite database, and the settings name PostgreSQL; set database.url"))
    }

    /// Lays the SQLite database beside where `file` will stand.
    ///
    /// # Errors
    /// When `file` is there already, when there is no SQLite database in the backup, or when it was changed.
    pub fn lay(&self, file: &Path, copied: &mut Copied) -> Result<Laid, BackupError> {
        if file.exists() {
            return Err(BackupError::InTheWay(file.to_owned()));
        }
        if !self.reading.has(DATABASE) {
            let why = "it was made beside PostgreSQL and holds no SQLite database; set database.url";
            return Err(self.wrong(why));
        }
        let aside = file.with_extension("restoring");
        // What an interrupted one left: of no use to anybody.
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(io_at(&aside))?;
        }
        fs::create_dir_all(&aside).map_err(io_at(&aside))?;
        // Takes what is half done away again should anything fail from here on.
        let laid = Laid { aside, file: file.to_owned() };
        self.copy(DATABASE, &laid.path(), copied)?;
        Ok(laid)
    }

    /// Brings back what is not in the database. What is there already stays: content never changes under its name, and a
    /// ledger that is there is the younger one.
    ///
    /// # Errors
    /// When a file was changed, or cannot be written.
    pub fn copy_kept(&self, kept: &Kept, copied: &mut Copied) -> Result<(), BackupError> {
        if let Some(files) = &kept.files {
            for name in self.reading.below(FILES) {
                self.bring(name, &files.join(&name[FILES.len() + 1..]), copied)?;
            }
        }
        match self.reading.has(LEDGER) {
            true => self.bring(LEDGER, &kept.ledger, copied),
            false => Ok(()),
        }
    }

    fn bring(&self, name: &str, to: &Path, copied: &mut Copied) -> Result<(), BackupError> {
        if to.exists() {
            return Ok(());
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(io_at(parent))?;
        }
        let partial = to.with_extension("restoring");
        self.copy(name, &partial, copied)?;
        fs::rename(&partial, to).map_err(io_at(to))
    }

    fn copy(&self, name: &str, to: &Path, copied: &mut Copied) -> Result<(), BackupError> {
        let into = File::create(to).map_err(io_at(to))?;
        copied.bytes += self.reading.copy(name, &into)?;
        copied.files += 1;
        into.sync_all().map_err(io_at(to))
    }

    fn wrong(&self, reason: &str) -> BackupError {
        BackupError::NotABackup { folder: self.folder.clone(), reason: reason.to_owned() }
    }
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
    pub fn finish(self) -> Result<(), BackupError> {
        fs::rename(self.path(), &self.file).map_err(io_at(&self.file))
    }
}

impl Drop for Laid {
    fn drop(&mut self) {
        // What cannot be removed the next one removes.
        let _ = fs::remove_dir_all(&self.aside);
    }
}
