//! The ledger of erasures outside the database: a file to which a line is added, and written through to the disk,
//! before an erasure is committed. A database that was restored from an older backup is erased again by it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::erasure::Model as Erasure;

/// The file. Several programs may add to it: a line is written in one go.
#[derive(Clone, Debug)]
pub struct Ledger(PathBuf);

impl Ledger {
    /// The ledger in this file, which is made with its first line.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// All lines; none when there is no file. A line that cannot be read was torn when a machine stopped: what it was
    /// to tell was never committed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn read(&self) -> io::Result<Vec<Erasure>> {
        let path = self.0.clone();
        blocking(move || {
            let text = match std::fs::read_to_string(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                text => text?,
            };
            let lines = text.lines().filter(|line| !line.trim().is_empty()).filter_map(|line| {
                let read = serde_json::from_str(line);
                if read.is_err() {
                    tracing::warn!(file = %path.display(), "a line of the ledger of erasures cannot be read");
                }
                read.ok()
            });
            Ok(lines.collect())
        })
        .await
    }

    /// Adds lines, and answers when they are on the disk.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn append(&self, erasures: Vec<Erasure>) -> io::Result<()> {
        let path = self.0.clone();
        blocking(move || append(&path, &erasures)).await
    }
}

fn append(path: &Path, erasures: &[Erasure]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)?;
    }
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut text = String::new();
    // A torn line is ended first, so that the next one is whole.
    if !is_new && !ends_with_newline(&mut file)? {
        text.push('\n');
    }
    for erasure in erasures {
        text += &serde_json::to_string(erasure).map_err(io::Error::other)?;
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = folder.filter(|_| is_new) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::base::Id;
    use crate::storage::erasure::{Kind, Reason};

    fn erasure(number: u128) -> Erasure {
        Erasure {
            id: Id::new(Uuid::from_u128(number)),
            kind: Kind::Occupant,
            subject_id: Uuid::from_u128(number),
            reason: Reason::OwnRequest,
            at: DateTime::from_timestamp(0, 0).unwrap(),
        }
    }

    #[tokio::test]
    async fn a_torn_line_is_passed_over_and_the_next_one_is_whole() {
        let folder = std::env::temp_dir().join(format!("concierge_ledger_{}", std::process::id()));
        let ledger = Ledger::new(folder.join("erasures.jsonl"));
        assert_eq!(ledger.read().await.unwrap(), []);
        ledger.append(vec![erasure(1)]).await.unwrap();
        let mut file = OpenOptions::new().append(true).open(&ledger.0).unwrap();
        file.write_all(b"{\"id\":\"0000").unwrap();
        ledger.append(vec![erasure(2), erasure(3)]).await.unwrap();
        assert_eq!(ledger.read().await.unwrap(), [erasure(1), erasure(2), erasure(3)]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
