//! What is packed in a workbook, before anything is made of it: what the directory says of sizes may be a lie, and a
//! file of a megabyte can keep a reader busy for minutes.

use std::io::{self, BufReader, Read};
use std::path::Path;

use super::{Outlet, ROWS_MAX};
use crate::exchange::refusal::{Refused, Why};

/// No workbook of this kind unpacks to more.
const UNPACKED_MAX: u64 = 1 << 30;

/// The texts that all cells share are held in memory.
const TEXTS_MAX: u64 = 256 << 20;

/// Lists unpack to ten to thirty times their size, nothing at all to a thousand times.
const TIMES_MAX: u64 = 100;

/// As much may be unpacked from however small a file.
const SMALL: u64 = 32 << 20;

/// What stands between two tags is held in memory. No cell is nearly as long; pictures are no text and have no tags,
/// but by chance.
const BETWEEN_MAX: u64 = 16 << 20;

/// So much is unpacked together.
const CHUNK: usize = 64 * 1024;

/// Unpacks everything once, into nothing, and no further than to what is too much.
///
/// # Errors
/// When it is more than any list, or very often the same.
pub(super) fn check(path: &Path, outlet: &Outlet) -> Result<(), Refused> {
    let file = outlet.file(path).map_err(broken)?;
    let packed = file.size().map_err(broken)?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let (mut chunk, mut unpacked) = (vec![0; CHUNK], 0);
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(broken)?;
        let texts = entry.name().is_ok_and(|name| name.to_lowercase().ends_with("sharedstrings.xml"));
        let mut part = Part::default();
        loop {
            let read = entry.read(&mut chunk).map_err(broken)?;
            if read == 0 {
                break;
            }
            part.take(&chunk[..read]);
            part.check(texts)?;
            unpacked += read as u64;
            check_whole(unpacked, packed)?;
        }
    }
    Ok(())
}

fn check_whole(unpacked: u64, packed: u64) -> Result<(), Refused> {
    if unpacked > SMALL + packed * TIMES_MAX {
        return Err(Refused::file(Why::Hollow));
    }
    if unpacked > UNPACKED_MAX {
        return Err(Refused::file(Why::Bomb { limit: UNPACKED_MAX >> 20 }));
    }
    Ok(())
}

fn broken(cause: impl Into<io::Error>) -> Refused {
    Refused::file(Why::BrokenWorkbook { cause: cause.into().to_string() })
}

/// What is seen of a part while it is unpacked.
#[derive(Default)]
struct Part {
    bytes: u64,
    /// Bytes since the last tag began, and the most that there were.
    between: u64,
    longest: u64,
    /// How much of a tag's name is that of a row, without the prefix; none when it is another.
    matched: Option<usize>,
    rows: u64,
}

impl Part {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        bytes.iter().for_each(|byte| self.take_byte(*byte));
    }

    fn take_byte(&mut self, byte: u8) {
        const ROW: &[u8] = b"row";
        match (byte, self.matched) {
            (b'<' | b':', _) => self.matched = Some(0),
            (_, None) => {}
            (byte, Some(matched)) => {
                self.matched = (ROW.get(matched) == Some(&byte)).then_some(matched + 1);
                self.rows += u64::from(self.matched == Some(ROW.len()));
            }
        }
        self.between = if byte == b'<' { 0 } else { self.between + 1 };
        self.longest = self.longest.max(self.between);
    }

    fn check(&self, texts: bool) -> Result<(), Refused> {
        if self.longest > BETWEEN_MAX {
            return Err(Refused::file(Why::Hollow));
        }
        if self.rows > ROWS_MAX {
            return Err(Refused::file(Why::TooManyRows { limit: ROWS_MAX }));
        }
        if texts && self.bytes > TEXTS_MAX {
            return Err(Refused::file(Why::Bomb { limit: TEXTS_MAX >> 20 }));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_however_they_are_cut() {
        let sheet = b"<x:sheet><row r=\"1\"/><x:row/><c>row</c><rob/><brow/></row></x:sheet>";
        for size in [1, 2, 3, 7, sheet.len()] {
            let mut part = Part::default();
            for bytes in sheet.chunks(size) {
                part.take(bytes);
            }
            assert_eq!((part.rows, part.longest), (2, 11));
        }
    }

    #[test]
    fn the_limit_is_told_and_not_what_was_left_of_it() {
        let most = Part { bytes: TEXTS_MAX, ..Part::default() };
        let more = Part { bytes: TEXTS_MAX + 1, ..Part::default() };
        let limit = |checked: Result<(), Refused>| match checked {
            Err(Refused { why: Why::Bomb { limit }, .. }) => Some(limit),
            _ => None,
        };
        assert_eq!((limit(most.check(true)), limit(more.check(true))), (None, Some(256)));
        let packed = UNPACKED_MAX / 30;
        let whole = |unpacked| limit(check_whole(unpacked, packed));
        assert_eq!((whole(UNPACKED_MAX), whole(UNPACKED_MAX + 1)), (None, Some(1024)));
        let hollow =
            |unpacked| check_whole(unpacked, 1 << 20).is_err_and(|refused| refused.why == Why::Hollow);
        assert!(!hollow(132 << 20) && hollow((132 << 20) + 1));
    }
}
