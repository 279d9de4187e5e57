//! The rows of a catalogue as people read them: a first tier merged over many, 同上, and rows that go on with the one above.

use std::collections::{BTreeMap, BTreeSet};

use domain::value::text;

use super::{
    Line, Table,
    header::{self, Header},
    line::Cells,
};
use crate::{
    encoding::line_unreadable,
    error::why,
    field::Field,
    grid::{Damage, Grid},
    no_row,
    reading::Why,
    same,
    table::rearmed,
    ticks,
};

/// A header stands within so many filled rows.
const SEARCHED: usize = 200;

/// Fields of which more may stand in a row below without a name of its own.
const MAY_GO_ON: [Field; 3] = [Field::OpenElements, Field::OpenBasis, Field::Remark];

/// Reads the catalogue of a sheet; `None` if it has no header of one.
pub(super) fn read(grid: &Grid, map: &[(String, Field)]) -> Option<Table> {
    let first = grid.rows().take(SEARCHED).find_map(|row| header::at(grid, row, map))?;
    let alone = |row: u32| match grid.distinct(row, &(0..u32::MAX))[..] {
        [only] => Some(text::block(only)),
        _ => None,
    };
    let above: Vec<u32> = grid.rows().take_while(|row| *row < first.top).collect();
    let titles = above.iter().filter(|row| grid.damage(**row).is_none()).filter_map(|row| alone(*row)).collect();
    let mut reader = Reader { grid, map, header: first.clone(), lines: Vec::new(), last: None, stray: BTreeMap::new() };
    for row in above.into_iter().filter(|row| grid.damage(*row).is_some()) {
        reader.take(row);
    }
    for row in grid.rows().filter(|row| *row > first.bottom) {
        reader.take(row);
    }
    let Reader { lines, stray, .. } = reader;
    Some(Table { header: first, titles, lines, stray: stray.into_iter().collect() })
}

struct Reader<'a> {
    grid: &'a Grid,
    map: &'a [(String, Field)],
    header: Header,
    lines: Vec<Line>,
    /// Where in the lines the last entry is, and what its columns said.
    last: Option<(usize, BTreeMap<u32, String>)>,
    stray: BTreeMap<u32, usize>,
}

impl Reader<'_> {
    fn take(&mut self, row: u32) {
        if let Some(damage) = self.grid.damage(row) {
            let why = match damage {
                Damage::QuoteUnclosed => no_row::quote_unclosed(),
                Damage::Unreadable { .. } => line_unreadable(),
            };
            // What it said, the rows below it cannot take over.
            self.last = None;
            return self.lines.push(Line::Rejected { row, why });
        }
        if self.header.top <= row && row <= self.header.bottom {
            return self.ignore(row, no_row::repeated());
        }
        if let Some(again) = header::at(self.grid, row, self.map) {
            self.header = again;
            self.last = None;
            return self.ignore(row, no_row::repeated());
        }
        if let Some(why) = self.no_row(row) {
            return self.ignore(row, why);
        }
        for (column, _) in self.grid.own(row).filter(|(column, _)| !self.header.knows(*column)) {
            *self.stray.entry(column).or_default() += 1;
        }
        self.entry(row);
    }

    fn ignore(&mut self, row: u32, why: Why) {
        self.lines.push(Line::Ignored { row, why });
    }

    /// Why a row is no line of the catalogue, if it is none.
    fn no_row(&self, row: u32) -> Option<Why> {
        let distinct = self.grid.distinct(row, &(0..u32::MAX));
        if let Some(between) = no_row::note_or_sum(&distinct, true) {
            return Some(between.why());
        }
        let digits = |text: &str| text::squash(text).chars().all(|c| c.is_ascii_digit());
        let own: Vec<(u32, &str)> = self.grid.own(row).collect();
        if let Some(why) = no_row::column_numbers(&own.iter().map(|(_, text)| *text).collect::<Vec<_>>()) {
            return Some(why);
        }
        let [(column, only)] = own[..] else { return None };
        let field = self.header.field(column);
        if field == Some(Field::Sequence) && digits(only) && self.shows_no_more(row, column) {
            return Some(no_row::number_only());
        }
        let width = self.grid.area(row, column).map_or(1, |area| area.right - area.left + 1);
        let is_heading = field.is_none() || field == Some(Field::Sequence) || width >= 3;
        (is_heading && self.shows_no_more(row, column)).then(|| no_row::section(only))
    }

    /// Whether nothing else is shown in a row, by a merged cell that reaches into it.
    fn shows_no_more(&self, row: u32, column: u32) -> bool {
        self.header.columns.iter().all(|c| c.index == column || self.grid.shown(row, c.index).is_none_or(|s| s.row == row))
    }

    /// Takes a row as a line of its own, or as more of the one above.
    fn entry(&mut self, row: u32) {
        let own: BTreeSet<Field> = self.own_fields(row);
        let columns = self.header.columns.iter().map(|column| column.field).collect();
        let mut cells = Cells::of(row, columns);
        let mut shown = BTreeMap::new();
        let above = self.last.as_ref().map(|(_, shown)| shown);
        for column in &self.header.columns {
            let Some(text) = self.shown(row, column.index, column.kind.is_some()) else { continue };
            let text = if same::is_same(text) {
                let found = above.and_then(|above| above.get(&column.index));
                let told = if found.is_some() { &mut cells.same.taken } else { &mut cells.same.unknown };
                told.push(column.words());
                let Some(found) = found else { continue };
                found.clone()
            } else {
                text.to_owned()
            };
            shown.insert(column.index, text.clone());
            cells.add(column, text);
        }
        let named_here = own.contains(&Field::OpenName) || own.contains(&Field::OpenFirstTier);
        let goes_on = !named_here && !own.contains(&Field::Sequence) && own.iter().all(|field| MAY_GO_ON.contains(field));
        cells.above = self.last.as_ref().and_then(|(at, _)| self.entry_at(*at)).map(|above| above.row);
        if goes_on && let Some((at, _)) = &self.last {
            if let Some(Line::Entry(above)) = self.lines.get_mut(*at) {
                above.go_on(row, cells, &own);
            }
            return;
        }
        let last = self.last.as_ref().and_then(|(at, shown)| Some((self.entry_at(*at)?, shown)));
        if let Some((above, above_shown)) = last {
            cells.carry(above, named_here, own.contains(&Field::OpenName));
            // A table with delimiters has no merged cells: what was merged is blank below the first.
            if !named_here && self.grid.sheet.is_none() {
                let blank = |column: &&header::Column| column.kind.is_none() && !own.contains(&column.field);
                for column in self.header.columns.iter().filter(blank) {
                    let Some(text) = above_shown.get(&column.index).filter(|_| !shown.contains_key(&column.index)) else { continue };
                    shown.insert(column.index, text.clone());
                    if !cells.has(column.field) {
                        cells.add(column, text.clone());
                    }
                }
            }
        }
        if !cells.is_named() {
            return self.lines.push(Line::Rejected { row, why: name_missing() });
        }
        self.last = Some((self.lines.len(), shown));
        self.lines.push(Line::Entry(Box::new(cells)));
    }

    fn entry_at(&self, at: usize) -> Option<&Cells> {
        match self.lines.get(at) {
            Some(Line::Entry(cells)) => Some(cells),
            _ => None,
        }
    }

    /// The fields that have text in the row itself.
    fn own_fields(&self, row: u32) -> BTreeSet<Field> {
        let own = self.grid.own(row).filter(|(_, text)| text::something(text).is_some());
        own.filter_map(|(column, _)| self.header.field(column)).collect()
    }

    /// What a row shows in a column. A cell merged over several columns belongs to the first of them; a tick to all.
    fn shown(&self, row: u32, column: u32, is_kind: bool) -> Option<&str> {
        let shown = self.grid.shown(row, column).filter(|shown| shown.row > self.header.bottom)?;
        let belongs = shown.column == column || is_kind && ticks::is_tick(shown.text);
        // What a table with delimiters says of formulas, a workbook says by the kind of its cells.
        let text = if self.grid.sheet.is_none() { rearmed(shown.text) } else { shown.text };
        belongs.then_some(text).filter(|text| text::something(text).is_some())
    }
}

fn name_missing() -> Why {
    why(
        "NAME_MISSING",
        "缺少公开事项的名称；请在源表中补齐该行的一级或二级事项",
        "the matter has no name; add its first or second tier in this row",
    )
}
