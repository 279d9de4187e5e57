//! Workbooks as grids.

use std::{
    io::{Cursor, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, DataRef, Dimensions, Reader, SheetVisible, Xls, Xlsx};

use crate::{
    biff,
    error::damaged,
    grid::{Area, Grid},
    limits::{MAX_CELLS, MAX_SHEETS, MAX_TEXT_BYTES, check_package, encrypted, too_many_cells},
    reading::Why,
};

/// Reads a packed workbook.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Grid>, Why> {
    check_package(bytes)?;
    guarded(|| {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsxError::Password => encrypted(),
            other => damaged(other),
        })?;
        let sheets: Vec<_> = book.sheets_metadata().iter().map(|s| (s.name.clone(), s.visible)).collect();
        let mut budget = Budget::default();
        few_enough(sheets.len())?;
        let mut grids = Vec::new();
        for (name, visible) in sheets {
            let mut grid = Grid::new(Some(name.clone()));
            grid.hidden = visible != SheetVisible::Visible;
            // A sheet of another kind (a chart, a macro sheet) has no cells.
            if let Ok(mut cells) = book.worksheet_cells_reader(&name) {
                while let Some(cell) = cells.next_cell().map_err(damaged)? {
                    let (row, column) = cell.get_position();
                    if let Some(text) = text_ref(cell.get_value()) {
                        budget.take(&text)?;
                        if is_rounded(number_ref(cell.get_value())) {
                            grid.mark_rounded(row, column);
                        }
                        grid.set(row, column, text);
                    }
                }
            }
            let merges = if grid.is_empty() { Vec::new() } else { book.merge_cells_by_sheet_name(&name).map_err(damaged)? };
            grid.merge(merges.iter().map(area)).ok_or_else(too_many_cells)?;
            grids.push(grid);
        }
        Ok(grids)
    })
}

/// Reads the stream of an old workbook.
///
/// The stream is put into a new compound file of its own: the workbook reader follows the chains of a damaged one in circles.
pub(crate) fn read_old(mut stream: Vec<u8>) -> Result<Vec<Grid>, Why> {
    biff::defuse(&mut stream)?;
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).map_err(damaged)?;
    file.create_stream("/Workbook").and_then(|mut s| s.write_all(&stream).and_then(|()| s.flush())).map_err(damaged)?;
    file.flush().map_err(damaged)?;
    let bytes = file.into_inner();
    guarded(|| {
        let mut book = Xls::new(bytes).map_err(|error| match error {
            calamine::XlsError::Password => encrypted(),
            other => damaged(other),
        })?;
        let sheets: Vec<_> = book.sheets_metadata().iter().map(|s| (s.name.clone(), s.visible)).collect();
        let mut budget = Budget::default();
        few_enough(sheets.len())?;
        let mut grids = Vec::new();
        for (name, visible) in sheets {
            let mut grid = Grid::new(Some(name.clone()));
            grid.hidden = visible != SheetVisible::Visible;
            let range = book.worksheet_range(&name).map_err(damaged)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                if let Some(text) = text_of(value) {
                    budget.take(&text)?;
                    let place = |start: u32, offset: usize| start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                    let (row, column) = (place(top, row), place(left, column));
                    if is_rounded(number_of(value)) {
                        grid.mark_rounded(row, column);
                    }
                    grid.set(row, column, text);
                }
            }
            let merges = book.merge_cells_by_sheet_name(&name).map_err(damaged)?;
            grid.merge(merges.iter().map(area)).ok_or_else(too_many_cells)?;
            grids.push(grid);
        }
        Ok(grids)
    })
}

/// Calls the workbook reader. It indexes without looking in places where a damaged file makes it panic; this is the one place
/// where a panic is caught, as one bad file must not stop the import of the others. Nothing is shared with what panicked.
fn guarded<T>(read: impl FnOnce() -> Result<T, Why>) -> Result<T, Why> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("unreadable record")))
}

fn few_enough(sheets: usize) -> Result<(), Why> {
    if sheets > MAX_SHEETS { Err(too_many_cells()) } else { Ok(()) }
}

#[derive(Default)]
struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    fn take(&mut self, text: &str) -> Result<(), Why> {
        self.cells += 1;
        self.text += text.len();
        if self.cells > MAX_CELLS || self.text > MAX_TEXT_BYTES { Err(too_many_cells()) } else { Ok(()) }
    }
}

/// Whether a number is longer than the 15 digits that spreadsheet programs keep.
fn is_rounded(number: Option<f64>) -> bool {
    number.is_some_and(|number| number.abs() >= 1e15)
}

fn area(merge: &Dimensions) -> Area {
    Area { top: merge.start.0, left: merge.start.1, bottom: merge.end.0, right: merge.end.1 }
}

fn text_ref(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::SharedString(text) => Some((*text).to_owned()),
        other => text_of(&Data::from(other.clone())),
    }
}

fn number_ref(value: &DataRef<'_>) -> Option<f64> {
    match value {
        DataRef::SharedString(_) => None,
        other => number_of(&Data::from(other.clone())),
    }
}

/// The number of a cell that holds one; a text of digits is none, it is kept as it is.
fn number_of(value: &Data) -> Option<f64> {
    match value {
        Data::Float(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "only its size is asked")]
        Data::Int(number) => Some(*number as f64),
        _ => None,
    }
}

/// A cell as people read it: whole numbers without a point, dates as dates; errors of formulas are nothing.
fn text_of(value: &Data) -> Option<String> {
    match value {
        Data::Empty | Data::Error(_) => None,
        Data::String(text) => Some(text.clone()),
        Data::Float(number) => Some(number.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Bool(flag) => Some(if *flag { "是" } else { "否" }.to_owned()),
        Data::DateTime(date) => {
            let (year, month, day, hour, minute, _, _) = date.to_ymd_hms_milli();
            let time = if hour == 0 && minute == 0 { String::new() } else { format!(" {hour:02}:{minute:02}") };
            Some(format!("{year:04}-{month:02}-{day:02}{time}"))
        }
        other => Some(other.to_string()),
    }
}
