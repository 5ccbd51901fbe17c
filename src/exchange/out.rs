//! A table written row by row, as CSV or XLSX; the same rows give the same bytes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::cell::{Cell, is_error, plain};

/// A text that begins with one of these could be taken for a formula, or for the mark that says it is none.
const DANGEROUS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// The mark before a text that is no formula.
pub(crate) const ESCAPE: char = '\'';

/// The rows of a spreadsheet, its header among them.
const ROWS_MAX: u32 = 1_048_576;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Separated by commas, UTF-8 with a byte order mark, by which spreadsheets know it.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}

/// Why a table was not written.
#[derive(Debug, thiserror::Error)]
pub enum OutError {
    /// The disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The CSV writer.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The XLSX writer.
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
    /// More rows than a sheet holds.
    #[error(
        "a sheet holds 1,048,575 rows and there are more; export them as CSV, or one community at a time"
    )]
    TooManyRows,
}

/// A table that is being written.
pub(crate) enum Table {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx { workbook: Box<Workbook>, row: u32 },
}

impl Table {
    /// Begins a table in a new file.
    pub(crate) fn create(path: &Path, format: Format) -> Result<Self, OutError> {
        match format {
            Format::Csv => {
                let mut file = BufWriter::new(File::create(path)?);
                file.write_all("\u{feff}".as_bytes())?;
                let terminator = csv::Terminator::CRLF;
                Ok(Self::Csv(Box::new(csv::WriterBuilder::new().terminator(terminator).from_writer(file))))
            }
            Format::Xlsx => {
                // Not when it was written: the same rows give the same file.
                let written = ExcelDateTime::from_ymd(2000, 1, 1)?;
                let mut workbook = Box::new(Workbook::new());
                workbook.set_properties(&DocProperties::new().set_creation_datetime(&written));
                workbook.add_worksheet_with_constant_memory()?;
                Ok(Self::Xlsx { workbook, row: 0 })
            }
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), OutError> {
        match self {
            Self::Csv(table) => Ok(table.write_record(cells.iter().map(csv_field))?),
            Self::Xlsx { workbook, row } => {
                if *row >= ROWS_MAX {
                    return Err(OutError::TooManyRows);
                }
                let sheet = workbook.worksheet_from_index(0)?;
                for (column, cell) in (0..).zip(cells) {
                    match cell {
                        Cell::Empty => {}
                        Cell::Number(number) => {
                            sheet.write_number(*row, column, *number)?;
                        }
                        other => {
                            sheet.write_string(*row, column, other.shown())?;
                        }
                    }
                }
                *row += 1;
                Ok(())
            }
        }
    }

    /// Ends it; `path` is where it was begun.
    pub(crate) fn finish(self, path: &Path) -> Result<(), OutError> {
        match self {
            Self::Csv(mut table) => Ok(table.flush()?),
            Self::Xlsx { mut workbook, .. } => Ok(workbook.save(path)?),
        }
    }
}

/// Whether a text could be taken for something else than text: by a spreadsheet, or when it is read in again.
pub(crate) fn needs_escape(text: &str) -> bool {
    text.starts_with(DANGEROUS) || is_error(text)
}

/// A text that no spreadsheet takes for a formula.
pub(crate) fn harmless(text: &str) -> String {
    if needs_escape(text) { format!("{ESCAPE}{text}") } else { text.to_owned() }
}

fn csv_field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => plain(*number),
        other => other.shown(),
    }
}
