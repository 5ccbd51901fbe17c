//! CSV: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::decode::{Decoding, detect};
use super::{Outlet, Raw, Stopped};
use crate::exchange::cell::Cell;
use crate::exchange::refusal::{Refused, Why};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn read(path: &Path, outlet: &mut Outlet) -> Result<(), Refused> {
    let unreadable = |cause: std::io::Error| Refused::file(Why::Unreadable { cause: cause.to_string() });
    let encoding = detect(path)?;
    let open = || File::open(path).map(|file| BufReader::new(Decoding::new(file, encoding)));
    let (separator, lines) = survey(open().map_err(unreadable)?).map_err(unreadable)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(open().map_err(unreadable)?);
    let mut record = StringRecord::new();
    let mut columns = None;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.iter().all(|field| field.trim().is_empty()) => {}
            Ok(true) => {
                let done = match columns {
                    None => {
                        let headers: Vec<_> = record.iter().map(|name| name.trim().to_owned()).collect();
                        columns = Some(headers.len());
                        outlet.header(headers, lines.saturating_sub(1))
                    }
                    Some(columns) => outlet.row(row(&record, columns))?,
                };
                if let Err(Stopped) = done {
                    return Ok(());
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(Refused::line(line, Why::BrokenLine { cause: error.to_string() }));
            }
        }
    }
    if columns.is_none() {
        return Err(Refused::file(Why::NothingThere));
    }
    let _ = outlet.flush();
    Ok(())
}

fn row(record: &StringRecord, columns: usize) -> Raw {
    let line = record.position().map_or(0, csv::Position::line);
    let beyond = record.iter().skip(columns).any(|field| !field.trim().is_empty());
    let broken = beyond.then_some(Why::TooManyCells { columns });
    Raw { line, cells: record.iter().take(columns).map(cell).collect(), broken }
}

/// What this program, or another that knows the danger, wrote with an apostrophe before it, so that no spreadsheet
/// takes it for a formula, is read without.
fn cell(field: &str) -> Cell {
    let field = field.trim();
    let plain = field.strip_prefix('\'').filter(|rest| rest.starts_with(super::super::out::DANGEROUS));
    Cell::text(plain.unwrap_or(field))
}

/// What separates the header's names, and how many lines there are.
fn survey(mut text: impl BufRead) -> std::io::Result<(u8, u64)> {
    let mut counts = [0_usize; SEPARATORS.len()];
    let (mut quoted, mut lines, mut any) = (false, 0, false);
    loop {
        let buffer = text.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        for byte in buffer {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => lines += u64::from(any || lines > 0),
                _ if lines == 0 => {
                    any |= !byte.is_ascii_whitespace();
                    if let Some(place) = SEPARATORS.iter().position(|separator| separator == byte) {
                        counts[place] += usize::from(!quoted);
                    }
                }
                _ => {}
            }
        }
        let length = buffer.len();
        text.consume(length);
    }
    let most = (0..SEPARATORS.len()).rev().max_by_key(|place| counts[*place]).unwrap_or(0);
    Ok((SEPARATORS[most], lines))
}
