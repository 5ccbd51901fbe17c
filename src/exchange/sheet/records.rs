//! The rows of a CSV. Quotation marks are taken at their word: where other readers guess, this one refuses, for a mark
//! that is never closed makes one cell of all the rows below it. No row grows in memory beyond what a sheet holds.

use std::io::BufRead;

use super::{CELL_MAX, COLUMNS_MAX};
use crate::exchange::refusal::{Refused, Why};

/// Reads a text row by row.
pub(super) struct Records<R> {
    text: R,
    separator: u8,
    /// How many rows have ended.
    row: u64,
    /// The last row ended with a carriage return; a line feed right after it is of that row.
    returned: bool,
}

/// One row.
pub(super) struct Record {
    /// Its number as a spreadsheet counts: blank rows too, and a cell of several lines is in one row.
    pub(super) row: u64,
    pub(super) fields: Vec<String>,
}

/// Where in a row the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first byte of a cell.
    Begin,
    /// In a cell without quotation marks around it; those within it are text.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark that closes, unless a second one follows.
    Closed,
}

/// A row as it comes together.
struct Growing {
    at: At,
    record: Record,
    field: Vec<u8>,
    characters: usize,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(text: R, separator: u8) -> Self {
        Self { text, separator, row: 0, returned: false }
    }

    /// The next row that is not blank; none at the end.
    ///
    /// # Errors
    /// When its quotation marks do not match, or it is larger than any row of a sheet.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Refused> {
        loop {
            let record = self.next_of_all()?;
            if record.as_ref().is_none_or(|record| !record.is_blank()) {
                return Ok(record);
            }
        }
    }

    fn next_of_all(&mut self) -> Result<Option<Record>, Refused> {
        let mut growing = Growing::new(self.row + 1);
        loop {
            let buffer = self.text.fill_buf().map_err(|cause| super::unreadable(&cause))?;
            if buffer.is_empty() {
                return growing.end_of_file();
            }
            let skipped = usize::from(std::mem::take(&mut self.returned) && buffer[0] == b'\n');
            let mut end = None;
            for (place, byte) in buffer.iter().enumerate().skip(skipped) {
                if growing.take(*byte, self.separator)? {
                    end = Some((place, *byte));
                    break;
                }
            }
            let length = buffer.len();
            let Some((place, byte)) = end else {
                self.text.consume(length);
                continue;
            };
            self.text.consume(place + 1);
            self.returned = byte == b'\r';
            self.row += 1;
            return Ok(Some(growing.record));
        }
    }
}

impl Record {
    fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

impl Growing {
    fn new(row: u64) -> Self {
        let record = Record { row, fields: Vec::new() };
        Self { at: At::Begin, record, field: Vec::new(), characters: 0 }
    }

    /// Takes a byte, and tells whether the row ends with it.
    fn take(&mut self, byte: u8, separator: u8) -> Result<bool, Refused> {
        match (self.at, byte) {
            (At::Begin, b'"') => self.at = At::Quoted,
            (At::Quoted, b'"') => self.at = At::Closed,
            (At::Quoted, _) => self.push(byte)?,
            (At::Closed, b'"') => {
                self.push(byte)?;
                self.at = At::Quoted;
            }
            (_, b'\r' | b'\n') => {
                self.end_field()?;
                return Ok(true);
            }
            (_, byte) if byte == separator => self.end_field()?,
            (At::Closed, _) => return Err(self.refuse(Why::BrokenLine)),
            (At::Begin | At::Plain, _) => {
                self.push(byte)?;
                self.at = At::Plain;
            }
        }
        Ok(false)
    }

    fn push(&mut self, byte: u8) -> Result<(), Refused> {
        // All bytes of a character but the first begin with the bits 10.
        self.characters += usize::from(byte & 0xC0 != 0x80);
        if self.characters > CELL_MAX {
            return Err(self.refuse(Why::CellTooLarge { limit: CELL_MAX }));
        }
        self.field.push(byte);
        Ok(())
    }

    fn end_field(&mut self) -> Result<(), Refused> {
        let field = self.text();
        self.field.clear();
        self.characters = 0;
        self.at = At::Begin;
        if self.record.fields.len() < COLUMNS_MAX {
            self.record.fields.push(field);
            return Ok(());
        }
        // Some programs write the separators of columns in which nothing stands.
        if field.trim().is_empty() {
            return Ok(());
        }
        Err(Refused::line(self.record.row, Why::TooManyColumns { limit: COLUMNS_MAX }))
    }

    fn end_of_file(mut self) -> Result<Option<Record>, Refused> {
        if self.at == At::Quoted {
            return Err(self.refuse(Why::BrokenLine));
        }
        if self.at == At::Begin && self.record.fields.is_empty() {
            return Ok(None);
        }
        self.end_field()?;
        Ok(Some(self.record))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.field).into_owned()
    }

    /// Refuses the cell: it is known by the row in which it began, and by how it begins.
    fn refuse(&self, why: Why) -> Refused {
        Refused::cell(self.record.row, None, &self.text(), why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (u64, Vec<String>);

    /// The rows, each with its number; or the row and the code of what is refused.
    fn read(text: &str) -> Result<Vec<Row>, (Option<u64>, &'static str)> {
        let mut records = Records::new(text.as_bytes(), b',');
        let mut rows = Vec::new();
        while let Some(record) = records.next().map_err(|refused| (refused.line, refused.why.code()))? {
            rows.push((record.row, record.fields));
        }
        Ok(rows)
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        for (text, expected) in [
            ("a,b\r\nc,\r\n", vec![(1, vec!["a", "b"]), (2, vec!["c", ""])]),
            ("a\rb\n\n,\nc", vec![(1, vec!["a"]), (2, vec!["b"]), (5, vec!["c"])]),
            ("\"a,\"\"b\"\"\r\nc\",d\ne", vec![(1, vec!["a,\"b\"\r\nc", "d"]), (2, vec!["e"])]),
            ("5\" pipe,=\"0103\"\n", vec![(1, vec!["5\" pipe", "=\"0103\""])]),
            ("\"a\"", vec![(1, vec!["a"])]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(row, fields)| (row, fields.into_iter().map(str::to_owned).collect()))
                .collect();
            assert_eq!(read(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn marks_that_do_not_match_are_refused() {
        for (text, row) in
            [("a\nb,\"c\nd\ne", 2), ("\"a\nb\"c,d", 1), ("a\n\n\"b\" ,c", 3), ("\"", 1), ("\"a\"\"", 1)]
        {
            assert_eq!(read(text), Err((Some(row), "BROKEN_LINE")), "{text:?}");
        }
    }

    #[test]
    fn what_no_sheet_holds_is_refused_before_it_is_held() {
        let wide = format!("a\n{}b", ",".repeat(COLUMNS_MAX));
        assert_eq!(read(&wide), Err((Some(2), "TOO_MANY_COLUMNS")));
        assert_eq!(read(&",".repeat(COLUMNS_MAX * 3)), Ok(vec![]));
        let large = "长".repeat(CELL_MAX);
        assert_eq!(read(&large), Ok(vec![(1, vec![large.clone()])]));
        assert_eq!(read(&format!("a\n\"{large}长\"")), Err((Some(2), "CELL_TOO_LARGE")));
    }
}
