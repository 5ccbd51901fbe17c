//! XLSX, cell by cell. Only the shared texts are held; how large they and everything else unpack to is found out
//! before the workbook is opened, by `packed`.

use std::collections::VecDeque;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};

use super::{COLUMNS_MAX, Head, Outlet, Raw, Stopped, packed};
use crate::exchange::cell::Cell;
use crate::exchange::refusal::{Refused, Why, letters};

pub(super) fn read(path: &Path, sheet: Option<&str>, outlet: &mut Outlet) -> Result<(), Refused> {
    packed::check(path, outlet)?;
    let open = || outlet.file(path).map(BufReader::new).map_err(XlsxError::Io);
    let mut workbook: Xlsx<_> = open().and_then(Xlsx::new).map_err(broken)?;
    let names = workbook.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted),
        None => names.first(),
    };
    let Some(name) = name.cloned() else {
        return Err(Refused::file(Why::NoSheet { sheets: names.join(", ") }));
    };
    let mut merged = workbook.merge_cells_by_sheet_name(&name).map_err(broken)?;
    merged.sort_by_key(|region| region.start);
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(broken)?;
    let about = u64::from(cells.dimensions().end.0);
    let merged = VecDeque::from(merged);
    let mut rows = Rows { outlet, columns: None, about, merged, row: 0, cells: Vec::new(), beyond: false };
    while let Some(found) = cells.next_cell_with_formula().map_err(broken)? {
        if found.pos.0 != rows.row {
            if let Err(Stopped) = rows.end_row()? {
                return Ok(());
            }
            rows.row = found.pos.0;
        }
        let computed = found.formula.is_some_and(|formula| !formula.is_empty());
        rows.put(found.pos, read_cell(&found.value, computed));
    }
    let _ = rows.end_row()?;
    if rows.columns.is_none() {
        return Err(Refused::file(Why::NothingThere));
    }
    let _ = outlet.flush();
    Ok(())
}

/// The rows as they come together.
struct Rows<'a> {
    outlet: &'a mut Outlet,
    columns: Option<usize>,
    about: u64,
    /// Those that have not ended yet, by where they begin.
    merged: VecDeque<Dimensions>,
    row: u32,
    cells: Vec<Cell>,
    beyond: bool,
}

impl Rows<'_> {
    fn put(&mut self, (_, column): (u32, u32), cell: Cell) {
        let widest = self.columns.unwrap_or(COLUMNS_MAX);
        let place = column as usize;
        if place >= widest {
            self.beyond |= !cell.is_empty();
            return;
        }
        if self.cells.len() <= place {
            self.cells.resize(place + 1, Cell::Empty);
        }
        self.cells[place] = cell;
    }

    /// A workbook holds the value of a merged cell once; in the other rows and columns of it nothing stands.
    fn mark_merged(&mut self) {
        while self.merged.front().is_some_and(|region| region.end.0 < self.row) {
            self.merged.pop_front();
        }
        let widest = self.columns.unwrap_or(self.cells.len());
        let here = self.merged.iter().take_while(|region| region.start.0 <= self.row);
        for region in here.filter(|region| region.end.0 >= self.row) {
            for place in (region.start.1..=region.end.1)
                .map(|column| column as usize)
                .take_while(|place| *place < widest)
            {
                if self.cells.len() <= place {
                    self.cells.resize(place + 1, Cell::Empty);
                }
                self.cells[place] = Cell::Merged(range(region));
            }
        }
    }

    fn end_row(&mut self) -> Result<Result<(), Stopped>, Refused> {
        self.mark_merged();
        let cells = std::mem::take(&mut self.cells);
        let beyond = std::mem::take(&mut self.beyond);
        let row = self.row;
        if cells.iter().all(Cell::is_empty) && !beyond {
            return Ok(Ok(()));
        }
        let line = u64::from(row) + 1;
        if let Some(columns) = self.columns {
            let broken = beyond.then_some(Why::TooManyCells { columns });
            return self.outlet.row(Raw { line, cells, broken });
        }
        if beyond {
            return Err(Refused::line(line, Why::TooManyColumns { limit: COLUMNS_MAX }));
        }
        if let Some(Cell::Merged(range)) = cells.iter().find(|cell| matches!(cell, Cell::Merged(_))) {
            return Err(Refused::line(line, Why::MergedCell { range: range.clone() }));
        }
        self.columns = Some(cells.len());
        let headers = cells.iter().map(Cell::shown).collect();
        Ok(self.outlet.header(Head { line, headers, about: self.about }))
    }
}

fn range(region: &Dimensions) -> String {
    let name = |(row, column): (u32, u32)| format!("{}{}", letters(column as usize), row + 1);
    format!("{}:{}", name(region.start), name(region.end))
}

fn read_cell(value: &DataRef<'_>, computed: bool) -> Cell {
    match value {
        DataRef::Empty if computed => Cell::Formula,
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(moment) => Cell::Moment(moment),
            None => Cell::Number(moment.as_f64()),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn broken(error: XlsxError) -> Refused {
    let why = match error {
        XlsxError::Password => Why::OldWorkbook,
        other => Why::BrokenWorkbook { cause: other.to_string() },
    };
    Refused::file(why)
}
