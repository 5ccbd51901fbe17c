//! A folder of files with their sums, written whole or not at all.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{ABOUT, About, BackupError, Copied, FORMAT, SUMS, io_at};
use crate::storage::STORE_FILE;

/// Stands in the name of what the store is still writing.
const UNFINISHED: char = '#';

/// A folder that is being written.
#[derive(Debug)]
pub(super) struct Writing {
    folder: PathBuf,
    partial: PathBuf,
    sums: BTreeMap<String, String>,
    copied: Copied,
}

impl Writing {
    pub(super) fn begin(folder: &Path) -> Result<Self, BackupError> {
        if folder.exists() {
            return Err(BackupError::InTheWay(folder.to_owned()));
        }
        let mut partial = folder.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        // What an interrupted one left: of no use to anybody.
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(io_at(&partial))?;
        }
        fs::create_dir_all(&partial).map_err(io_at(&partial))?;
        Ok(Self { folder: folder.to_owned(), partial, sums: BTreeMap::new(), copied: Copied::default() })
    }

    /// Where a file of this name is to be written by whoever writes it; [`Writing::add`] takes it in.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Takes in a file that stands at [`Writing::path`].
    pub(super) fn add(&mut self, name: &str) -> Result<(), BackupError> {
        let path = self.path(name);
        let file = File::open(&path).map_err(io_at(&path))?;
        file.sync_all().map_err(io_at(&path))?;
        let (sum, bytes) = sum(file, io::sink()).map_err(io_at(&path))?;
        self.sums.insert(name.to_owned(), sum);
        self.copied.files += 1;
        self.copied.bytes += bytes;
        Ok(())
    }

    /// Copies a folder with all that is in it. What goes while it is copied was let go of.
    pub(super) fn add_all(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        let folder = self.path(name);
        fs::create_dir_all(&folder).map_err(io_at(&folder))?;
        for entry in fs::read_dir(from).map_err(io_at(from))? {
            let path = entry.map_err(io_at(from))?.path();
            let Some(own) = path.file_name().and_then(OsStr::to_str) else { continue };
            // A copy of a store is another store.
            if own.contains(UNFINISHED) || own == STORE_FILE {
                continue;
            }
            let name = format!("{name}/{own}");
            if path.is_dir() {
                self.add_all(&name, &path)?;
            } else {
                self.copy(&name, &path)?;
            }
        }
        Ok(())
    }

    /// Copies a file, if it is still there.
    pub(super) fn copy(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        match fs::copy(from, self.path(name)) {
            Ok(_) => self.add(name),
            Err(gone) if gone.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(cause) => Err(BackupError::Io { path: from.to_owned(), cause }),
        }
    }

    /// Gives the folder its name.
    pub(super) fn finish(mut self, about: &About) -> Result<Copied, BackupError> {
        let json = serde_json::to_vec_pretty(about).map_err(io::Error::other);
        self.write(ABOUT, &json.map_err(io_at(ABOUT))?)?;
        let told = fs::read(self.path(ABOUT)).map_err(io_at(ABOUT))?;
        self.sums.insert(ABOUT.to_owned(), hex(&Sha256::digest(&told)));
        let lines: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        self.write(SUMS, lines.as_bytes())?;
        fs::rename(&self.partial, &self.folder).map_err(io_at(&self.folder))?;
        Ok(self.copied)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let path = self.path(name);
        let mut file = File::create(&path).map_err(io_at(&path))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io_at(&path))
    }
}

impl Drop for Writing {
    /// What was not finished is of no use; what was has another name by now.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// A folder that was written whole.
#[derive(Debug)]
pub(super) struct Reading {
    folder: PathBuf,
    sums: BTreeMap<String, String>,
}

impl Reading {
    pub(super) fn open(folder: &Path) -> Result<Self, BackupError> {
        let wrong = |reason: String| BackupError::NotABackup { folder: folder.to_owned(), reason };
        let read = |name: &str| {
            fs::read_to_string(folder.join(name)).map_err(|cause| wrong(format!("{name}: {cause}")))
        };
        let sums = read(SUMS)?.lines().map(line).collect::<Option<_>>();
        let sums = sums.ok_or_else(|| wrong(format!("{SUMS} cannot be read as sums and names")))?;
        let about: About = serde_json::from_str(&read(ABOUT)?)
            .map_err(|error| wrong(format!("{ABOUT}, line {}: {error}", error.line())))?;
        if about.format != FORMAT {
            let reason = format!("its form is {}, and this program reads {FORMAT}", about.format);
            return Err(wrong(reason));
        }
        let reading = Self { folder: folder.to_owned(), sums };
        reading.copy(ABOUT, io::sink())?;
        Ok(reading)
    }

    /// The names of the files below a folder.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("{folder}/");
        self.sums.keys().filter(move |name| name.starts_with(&prefix)).map(String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.sums.contains_key(name)
    }

    /// Copies a file, and says how many bytes it has; an error when they are not those that were backed up.
    pub(super) fn copy(&self, name: &str, into: impl Write) -> Result<u64, BackupError> {
        let path = self.folder.join(name);
        let file = File::open(&path).map_err(io_at(&path))?;
        let (sum, bytes) = sum(file, into).map_err(io_at(&path))?;
        if self.sums.get(name) != Some(&sum) {
            return Err(BackupError::Changed(path));
        }
        Ok(bytes)
    }
}

/// A line of sums. A name that would lead out of the folder makes it none.
fn line(line: &str) -> Option<(String, String)> {
    let (sum, name) = line.split_once("  ")?;
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    (sum.len() == 64 && inside && !name.is_empty()).then(|| (name.to_owned(), sum.to_owned()))
}

fn sum(mut from: impl Read, mut into: impl Write) -> io::Result<(String, u64)> {
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex(&digest.finalize()), bytes));
        }
        digest.update(&buffer[..read]);
        into.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
