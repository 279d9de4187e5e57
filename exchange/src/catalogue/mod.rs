//! Openness catalogues 政务公开事项目录 (Art. 5(3)) come in and go out in the table form in which governments publish them: headings of
//! two rows, a first tier merged over many rows, ticks and checkboxes.

mod boxes;
mod columns;
mod header;
mod line;
mod rows;
mod title;

use domain::value::{Finding, Severity};

pub(crate) use boxes::{CHOSEN, NOT_CHOSEN};
use header::Header;
use line::Cells;

use crate::{
    assemble::Assembler,
    field::Field,
    grid::Grid,
    headings::plain,
    options::{Progress, ReadOptions},
    reading::{Place, Reading, Row, RowOutcome, Why},
    remarks,
};

/// A row of the sheet and what it is.
#[derive(Debug)]
enum Line {
    /// A line of the catalogue.
    Entry(Box<Cells>),
    /// What is none.
    Ignored { row: u32, why: Why },
    /// What should be one and cannot be.
    Rejected { row: u32, why: Why },
}

/// The catalogue of a sheet.
#[derive(Debug)]
pub(crate) struct Table {
    header: Header,
    /// Texts that stand alone in a row above the header.
    titles: Vec<String>,
    lines: Vec<Line>,
    /// Columns without a heading that have text, with how many cells.
    stray: Vec<(u32, usize)>,
}

impl Table {
    /// Whether a heading occurs in it, as the caller writes headings.
    pub(crate) fn has(&self, heading: &str) -> bool {
        self.header.columns.iter().any(|column| column.heading == plain(heading))
            || self.header.unknown.iter().any(|(_, unknown)| plain(unknown) == plain(heading))
    }

    /// How many rows it accounts for.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }
}

/// The catalogue of a sheet; `None` if it is none.
pub(crate) fn read(grid: &Grid, map: &[(String, Field)]) -> Option<Table> {
    rows::read(grid, map)
}

/// The lines of a catalogue with what they propose.
pub(crate) fn reading(
    file: &str,
    grid: &Grid,
    table: Table,
    assembler: &mut Assembler,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Reading {
    let title::Said { info, topic, place, assumed } = title::said(file, grid, &table.titles, options);
    assembler.agencies.set_publisher(info.publisher.clone(), place);
    let mut findings: Vec<Finding> = table.header.unknown.iter().map(|(_, heading)| remarks::heading_unknown(heading)).collect();
    findings.extend(table.stray.iter().map(|(column, cells)| remarks::without_heading(*column, *cells)));
    if let Some(assumed) = assumed.then_some(info.publisher.as_deref()).flatten() {
        findings.push(Finding::new(
            Severity::Info,
            "PUBLISHER_ASSUMED",
            "publisher",
            format!("标题未写明发布单位，按“{assumed}”采集；如有误请用--publisher指明"),
            format!("the title names no publisher, so {assumed:?} is taken; say --publisher if that is wrong"),
        ));
    }
    let at = |row: u32| Place { file: file.to_owned(), sheet: grid.sheet.clone(), row: row + 1 };
    let mut rows = Vec::with_capacity(table.lines.len());
    for line in table.lines {
        rows.push(match line {
            Line::Ignored { row, why } => Row { place: at(row), outcome: RowOutcome::Ignored(why), findings: Vec::new() },
            Line::Rejected { row, why } => Row { place: at(row), outcome: RowOutcome::Rejected(why), findings: Vec::new() },
            Line::Entry(cells) => {
                let place = at(cells.row);
                let source = options.source(&info, &place);
                line::row(&cells, place, &source, topic.as_deref(), assembler)
            }
        });
        progress.advance(1);
    }
    assembler.bring_agencies();
    // What is said of an agency here is no more than its name.
    let along = assembler.take_along().into_iter().map(|proposal| crate::reading::Proposal { is_mention: true, ..proposal }).collect();
    Reading { info, along, rows, findings }
}
