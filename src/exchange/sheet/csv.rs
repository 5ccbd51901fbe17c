//! CSV: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030.

use std::io::{BufRead, BufReader};
use std::path::Path;

use super::decode::{Decoding, detect};
use super::records::{Record, Records};
use super::{Head, Outlet, ROWS_MAX, Raw, Stopped, unreadable};
use crate::exchange::cell::{Cell, is_error, quoted};
use crate::exchange::out::{ESCAPE, needs_escape};
use crate::exchange::refusal::{Refused, Why};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn read(path: &Path, outlet: &mut Outlet) -> Result<(), Refused> {
    let encoding = detect(path, outlet)?;
    let open = || outlet.file(path).map(|file| BufReader::new(Decoding::new(file, encoding)));
    let open = || open().map_err(|cause| unreadable(&cause));
    let separator = separator(open()?).map_err(|cause| unreadable(&cause))?;
    // All of it is looked at before a row is given on: a mark that is never closed shows only at the end.
    let about = count(Records::new(open()?, separator))?.saturating_sub(1);
    let mut records = Records::new(open()?, separator);
    let Some(header) = records.next()? else {
        return Err(Refused::file(Why::NothingThere));
    };
    let headers: Vec<_> = header.fields.iter().map(|name| cell(name).shown()).collect();
    let columns = headers.len();
    if let Err(Stopped) = outlet.header(Head { line: header.row, headers, about }) {
        return Ok(());
    }
    while let Some(record) = records.next()? {
        if let Err(Stopped) = outlet.row(row(&record, columns))? {
            return Ok(());
        }
    }
    let _ = outlet.flush();
    Ok(())
}

/// How many rows there are, the header among them.
fn count(mut records: Records<impl BufRead>) -> Result<u64, Refused> {
    let mut rows = 0;
    while records.next()?.is_some() {
        rows += 1;
        if rows > ROWS_MAX + 1 {
            return Err(Refused::file(Why::TooManyRows { limit: ROWS_MAX }));
        }
    }
    Ok(rows)
}

fn row(record: &Record, columns: usize) -> Raw {
    let beyond = record.fields.iter().skip(columns).any(|field| !field.trim().is_empty());
    let broken = beyond.then_some(Why::TooManyCells { columns });
    let cells = record.fields.iter().take(columns).map(|field| cell(field)).collect();
    Raw { line: record.row, cells, broken }
}

/// What this program, or another that knows the danger, wrote with an apostrophe before it, so that no spreadsheet
/// takes it for a formula, is read without.
fn cell(field: &str) -> Cell {
    let field = field.trim();
    if let Some(plain) = field.strip_prefix(ESCAPE).filter(|rest| needs_escape(rest)) {
        return Cell::text(plain);
    }
    if is_error(field) {
        return Cell::Error(field.to_owned());
    }
    if !field.starts_with('=') {
        return Cell::text(field);
    }
    // Programs write ="0103" so that a spreadsheet keeps the nought.
    quoted(field).map_or_else(|| Cell::FormulaText(field.to_owned()), |content| Cell::text(&content))
}

/// What separates the header's names.
fn separator(mut text: impl BufRead) -> std::io::Result<u8> {
    let mut counts = [0_usize; SEPARATORS.len()];
    let (mut quoted, mut any, mut ended) = (false, false, false);
    while !ended {
        let buffer = text.fill_buf()?;
        ended = buffer.is_empty();
        for byte in buffer {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if any && !quoted => {
                    ended = true;
                    break;
                }
                _ => {}
            }
            any |= !byte.is_ascii_whitespace();
            if let Some(place) = SEPARATORS.iter().position(|separator| separator == byte) {
                counts[place] += usize::from(!quoted);
            }
        }
        let length = buffer.len();
        text.consume(length);
    }
    let most = (0..SEPARATORS.len()).rev().max_by_key(|place| counts[*place]).unwrap_or(0);
    Ok(SEPARATORS[most])
}
