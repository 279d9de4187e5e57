//! Books written for tests, and what reading them gave.
#![allow(dead_code, reason = "each test program uses its part of it")]

use std::path::Path;

use domain::{
    language::assert_each_in_its_language,
    register::{Guide, Item},
};
use exchange::{FileError, ProposedContent, ReadOptions, Reading, Row, RowOutcome, read_bytes};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// A sheet in the making: cells by row, then merged areas with their texts.
pub struct Sheet<'a> {
    /// Its name.
    pub name: &'a str,
    /// Rows of cells.
    pub rows: &'a [&'a [&'a str]],
    /// Areas: top, left, bottom, right.
    pub merges: &'a [(u32, u16, u32, u16)],
}

/// A workbook of sheets.
pub fn book(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.name).unwrap();
        fill(page, sheet);
    }
    book.save_to_buffer().unwrap()
}

fn fill(page: &mut Worksheet, sheet: &Sheet<'_>) {
    for (top, left, bottom, right) in sheet.merges {
        let text = sheet.rows[*top as usize][usize::from(*left)];
        page.merge_range(*top, *left, *bottom, *right, text, &Format::new()).unwrap();
    }
    let inside = |row, column| sheet.merges.iter().any(|(t, l, b, r)| (*t..=*b).contains(&row) && (*l..=*r).contains(&column));
    for (row, cells) in (0..).zip(sheet.rows) {
        for (column, text) in (0..).zip(*cells) {
            if text.is_empty() || inside(row, column) {
                continue;
            }
            match text.parse::<f64>() {
                Ok(number) => page.write_number(row, column, number).unwrap(),
                Err(_) => page.write_string(row, column, *text).unwrap(),
            };
        }
    }
}

/// Reads bytes under a name.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Reading>, FileError> {
    read_with(name, bytes, &ReadOptions::default())
}

/// Reads bytes under a name, with options.
pub fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Vec<Reading>, FileError> {
    let read = read_bytes(Path::new(name), bytes, options, &());
    match &read {
        Ok(readings) => {
            for row in rows(readings) {
                if let RowOutcome::Rejected(why) | RowOutcome::Ignored(why) = &row.outcome {
                    assert_each_in_its_language(&why.zh, &why.en);
                }
            }
        }
        Err(error) => assert_each_in_its_language(&error.zh, &error.en),
    }
    read
}

/// The rows of all sheets.
pub fn rows(readings: &[Reading]) -> Vec<&Row> {
    readings.iter().flat_map(|r| &r.rows).collect()
}

/// The item of a row.
pub fn item(row: &Row) -> &Item {
    match &row.outcome {
        RowOutcome::Proposed(proposal) => match &proposal.content {
            ProposedContent::Item(item) => item,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The guide of a row.
pub fn guide(row: &Row) -> &Guide {
    match &row.outcome {
        RowOutcome::Proposed(proposal) => match &proposal.content {
            ProposedContent::Guide(guide) => guide,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The items of all rows that have one.
pub fn items(readings: &[Reading]) -> Vec<&Item> {
    rows(readings).into_iter().filter(|row| matches!(row.outcome, RowOutcome::Proposed(_))).map(item).collect()
}

/// What became of each row: its number and `ok` or the code of the reason.
pub fn outcomes(readings: &[Reading]) -> Vec<(u32, &str)> {
    let told = |row: &'_ Row| match &row.outcome {
        RowOutcome::Proposed(_) => "ok",
        RowOutcome::Rejected(why) | RowOutcome::Ignored(why) => why.code,
    };
    rows(readings).into_iter().map(|row| (row.place.row, told(row))).collect()
}
