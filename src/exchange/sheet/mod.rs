//! A file read row by row, on a thread of its own: nothing but a few hundred rows is ever held.

mod csv;
mod decode;
mod packed;
mod records;
mod xlsx;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, oneshot};

use super::cell::Cell;
use super::refusal::{Refused, Why};

/// So many rows are read together.
pub(crate) const BATCH: usize = 500;

/// No list of this kind is longer.
const ROWS_MAX: u64 = 2_000_000;

/// No list of this kind is larger.
const MEGABYTES_MAX: u64 = 256;

/// No list of this kind has more columns.
const COLUMNS_MAX: usize = 1_000;

/// No spreadsheet holds more characters in a cell.
const CELL_MAX: usize = 32_767;

/// One row below the header.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    /// Its line, as a spreadsheet counts.
    pub(crate) line: u64,
    /// Its cells; those at the end may be missing.
    pub(crate) cells: Vec<Cell>,
    /// Why it cannot be read at all.
    pub(crate) broken: Option<Why>,
}

/// A file whose header has been read.
pub(crate) struct Incoming {
    /// The header.
    pub(crate) head: Head,
    batches: mpsc::Receiver<Result<Vec<Raw>, Refused>>,
}

/// The header.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Its line, as a spreadsheet counts.
    pub(crate) line: u64,
    /// The names of the columns.
    pub(crate) headers: Vec<String>,
    /// About how many rows follow.
    pub(crate) about: u64,
}

/// Where a reader puts what it reads.
struct Outlet {
    head: Option<oneshot::Sender<Result<Head, Refused>>>,
    batches: mpsc::Sender<Result<Vec<Raw>, Refused>>,
    open: Vec<Raw>,
    rows: u64,
}

/// Why a reader stops: it has said so, or nobody listens any more.
struct Stopped;

/// Opens a file and reads its header. `sheet` names a sheet of a workbook; without it the first one is read.
///
/// # Errors
/// When it is no table that can be read.
pub(crate) async fn open(path: &Path, sheet: Option<&str>) -> Result<Incoming, Refused> {
    let (head_to, head) = oneshot::channel();
    let (batches_to, batches) = mpsc::channel(4);
    let (path, sheet): (PathBuf, _) = (path.to_owned(), sheet.map(str::to_owned));
    tokio::task::spawn_blocking(move || {
        let mut outlet = Outlet { head: Some(head_to), batches: batches_to, open: Vec::new(), rows: 0 };
        if let Err(refused) = read(&path, sheet.as_deref(), &mut outlet) {
            outlet.fail(refused);
        }
    });
    let nothing = || Refused::file(Why::NothingThere);
    let head = head.await.unwrap_or_else(|_| Err(nothing()))?;
    Ok(Incoming { head, batches })
}

impl Incoming {
    /// The next rows, so many if there are as many; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read any further.
    pub(crate) async fn next(&mut self, rows: usize) -> Result<Option<Vec<Raw>>, Refused> {
        let mut together = Vec::with_capacity(rows);
        while together.len() < rows {
            let Some(batch) = self.batches.recv().await.transpose()? else { break };
            together.extend(batch);
        }
        Ok((!together.is_empty()).then_some(together))
    }
}

fn read(path: &Path, sheet: Option<&str>, outlet: &mut Outlet) -> Result<(), Refused> {
    let mut file = File::open(path).map_err(|cause| unreadable(&cause))?;
    let megabytes = file.metadata().map_err(|cause| unreadable(&cause))?.len() >> 20;
    if megabytes > MEGABYTES_MAX {
        return Err(Refused::file(Why::TooLarge { megabytes, limit: MEGABYTES_MAX }));
    }
    let mut first = Vec::new();
    file.by_ref().take(200).read_to_end(&mut first).map_err(|cause| unreadable(&cause))?;
    drop(file);
    // What a file is, its first bytes say; its name may lie.
    match first.as_slice() {
        [] => Err(Refused::file(Why::NothingThere)),
        [b'P', b'K', 3, 4, ..] => xlsx::read(path, sheet, outlet),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Refused::file(Why::OldWorkbook)),
        text if is_web_page(text) => Err(Refused::file(Why::WebPage)),
        _ => csv::read(path, outlet),
    }
}

/// Some programs "export to Excel" a page of HTML that is called .xls.
fn is_web_page(first: &[u8]) -> bool {
    let text =
        first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(first).trim_ascii_start().to_ascii_lowercase();
    ["<html", "<!doctype html", "<head", "<meta", "<style", "<table"]
        .iter()
        .any(|tag| text.starts_with(tag.as_bytes()))
}

fn unreadable(cause: &io::Error) -> Refused {
    Refused::file(Why::Unreadable { cause: cause.to_string() })
}

/// A file that cannot be read any further when nobody listens any more: whoever has given up, or shuts down, waits for
/// no reader.
struct Heard {
    file: File,
    to: mpsc::Sender<Result<Vec<Raw>, Refused>>,
}

impl Heard {
    fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}

impl Read for Heard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.to.is_closed() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.file.read(buffer)
    }
}

impl Seek for Heard {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Outlet {
    fn file(&self, path: &Path) -> io::Result<Heard> {
        Ok(Heard { file: File::open(path)?, to: self.batches.clone() })
    }

    fn header(&mut self, head: Head) -> Result<(), Stopped> {
        let to = self.head.take().ok_or(Stopped)?;
        to.send(Ok(head)).map_err(|_| Stopped)
    }

    fn row(&mut self, row: Raw) -> Result<Result<(), Stopped>, Refused> {
        self.rows += 1;
        if self.rows > ROWS_MAX {
            return Err(Refused::file(Why::TooManyRows { limit: ROWS_MAX }));
        }
        self.open.push(row);
        Ok(if self.open.len() < BATCH { Ok(()) } else { self.flush() })
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        if self.open.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.open, Vec::with_capacity(BATCH));
        self.batches.blocking_send(Ok(batch)).map_err(|_| Stopped)
    }

    fn fail(&mut self, refused: Refused) {
        // Who does not listen any more needs no reason.
        match self.head.take() {
            Some(head) => {
                let _ = head.send(Err(refused));
            }
            None => {
                let _ = self.flush();
                let _ = self.batches.blocking_send(Err(refused));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_listens_to_is_read_no_further() {
        let (batches, listens) = mpsc::channel(1);
        let outlet = Outlet { head: None, batches, open: Vec::new(), rows: 0 };
        let mut file = outlet.file(Path::new(env!("CARGO_MANIFEST_PATH"))).unwrap();
        let mut byte = [0];
        assert_eq!(file.read(&mut byte).unwrap(), 1);
        drop(listens);
        assert!(file.read(&mut byte).is_err());
    }
}
