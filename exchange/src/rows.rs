//! The rows of a table as people read them: a row of a list may take several rows of its sheet, and not every row of a sheet is
//! a row of the list.

mod between;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use domain::value::{ItemType, text};

use crate::{
    blocks, cancelled,
    card::{self, is_card},
    encoding::line_unreadable,
    field::Field,
    grid::{Damage, Grid},
    header::{self, Header},
    headings::plain,
    item, no_row,
    reading::Why,
    same,
    table_row::{Above, TableRow},
    ticks, types,
};

/// A line of the table.
#[derive(Debug)]
pub(crate) enum Line {
    /// A row of the list.
    Row(Box<TableRow>),
    /// What is no row of the list.
    Ignored { row: u32, why: Why },
    /// What should be a row and cannot be.
    Rejected { row: u32, why: Why },
}

/// A table: what stands above it, its header and its lines.
#[derive(Debug)]
pub(crate) struct Table {
    pub header: Header,
    /// How many tables stand side by side under it.
    pub blocks: usize,
    /// Headings of all headers of the sheet whose values are subjects of services and no types.
    pub categories: Vec<String>,
    /// Texts that stand alone in a row above the header.
    pub titles: Vec<String>,
    pub lines: Vec<Line>,
    /// The headings of all its headers, as they are compared.
    headings: BTreeSet<String>,
    /// Columns without a heading that have text, with how many cells.
    pub stray: Vec<(u32, usize)>,
}

impl Table {
    /// Whether a heading occurs in it, as the caller writes headings.
    pub(crate) fn has(&self, heading: &str) -> bool {
        self.headings.contains(&plain(heading))
    }
}

/// Reads the table of a sheet. `None` if no header is found in it.
pub(crate) fn read(grid: &Grid, map: &[(String, Field)]) -> Option<Table> {
    /// A header stands within so many filled rows.
    const SEARCHED: usize = 200;
    let first = grid.rows().take(SEARCHED).find_map(|row| header::at(grid, row, map).filter(|header| !is_card(grid, header, map)))?;
    let titles: Vec<String> =
        above(grid, &first).filter(|row| grid.damage(*row).is_none()).filter_map(|row| alone(grid, row)).map(str::to_owned).collect();
    let mut reader = Reader {
        grid,
        map,
        blocks: Vec::new(),
        header: first.clone(),
        categories: Vec::new(),
        // 一、行政许可 may stand between the title and the header.
        section_type: titles.last().and_then(|title| types::of_label(title)),
        section_agency: None,
        section_cancelled: titles
            .last()
            .filter(|title| cancelled::is_heading(title))
            .map(|title| (cancelled::depth(title), text::name(title))),
        unreadable: None,
        note: None,
        in_form: false,
        lines: Vec::new(),
        headings: BTreeSet::new(),
        counts: BTreeMap::new(),
    };
    for row in above(grid, &first) {
        if let Some(damage) = grid.damage(row) {
            reader.reject_damaged(row, damage);
        }
    }
    reader.under(first);
    let first = reader.header.clone();
    let blocks = reader.blocks.len();
    for row in grid.rows().filter(|row| *row > first.bottom) {
        reader.take(row);
    }
    let stray = reader.counts.into_iter().collect();
    Some(Table { header: first, blocks, categories: reader.categories, titles, lines: reader.lines, headings: reader.headings, stray })
}

/// The rows above a header.
fn above<'a>(grid: &'a Grid, header: &Header) -> impl Iterator<Item = u32> + use<'a> {
    let top = header.top;
    grid.rows().take_while(move |row| *row < top)
}

/// The text of a row that has but one.
fn alone(grid: &Grid, row: u32) -> Option<&str> {
    match grid.distinct(row, &(0..u32::MAX))[..] {
        [only] => Some(only),
        _ => None,
    }
}

struct Reader<'a> {
    grid: &'a Grid,
    map: &'a [(String, Field)],
    header: Header,
    /// The tables under it, side by side; mostly one.
    blocks: Vec<Header>,
    categories: Vec<String>,
    section_type: Option<ItemType>,
    section_agency: Option<String>,
    /// The heading of a section of what is cancelled, with how deep it stands.
    section_cancelled: Option<(u8, String)>,
    /// The last row that cannot be read, until another item begins: what it said of the rows below is not known.
    unreadable: Option<u32>,
    /// The last note: where it stands, and the last that it says.
    note: Option<(u32, String)>,
    /// Whether a form stands here, below the table.
    in_form: bool,
    lines: Vec<Line>,
    headings: BTreeSet<String>,
    /// Texts that stand under no heading, by column.
    counts: BTreeMap<u32, usize>,
}

impl Reader<'_> {
    /// Goes on under another header.
    fn under(&mut self, mut header: Header) {
        self.tell_categories(&mut header);
        self.tell_codes(&mut header);
        ticks::settle(self.grid, &mut header);
        let known = header.columns.iter().flat_map(|c| [plain(&c.heading), plain(&c.own)]);
        self.headings.extend(known.chain(header.unknown.iter().map(|(_, heading)| plain(heading))));
        self.blocks = blocks::split(&header);
        self.header = header;
    }

    /// `服务类别` and their kin hold the type of an item or the subject of a service (公共教育, 劳动就业): their values tell.
    fn tell_categories(&mut self, header: &mut Header) {
        const LOOKED_AT: usize = 200;
        const WORDS: [&str; 6] = ["服务类别", "服务类型", "公共服务类型", "公共服务类别", "服务分类", "类别"];
        for column in header.columns.iter_mut().filter(|c| c.field == Field::Type) {
            let heading = plain(&column.heading);
            let said = self.map.iter().any(|(said, _)| plain(said) == heading);
            if said || !WORDS.contains(&heading.as_str()) {
                continue;
            }
            let below = self.grid.rows_from(header.bottom + 1).take(LOOKED_AT);
            let cells = below
                .filter_map(|row| self.grid.own(row).find(|(c, _)| *c == column.index))
                .filter_map(|(_, t)| text::something(t))
                .filter(|t| !same::is_same(t));
            let (mut types, mut all) = (0, 0);
            for cell in cells {
                all += 1;
                types += usize::from(types::is_type(cell));
            }
            if all > 0 && types * 2 <= all {
                column.field = Field::Category;
                self.categories.push(column.heading.clone());
            }
        }
    }

    /// `编号` is the number of a row or the code of its entry (JT-00000002): its values tell.
    fn tell_codes(&self, header: &mut Header) {
        const LOOKED_AT: usize = 200;
        if header.has(Field::Code) {
            return;
        }
        let said = |heading: &str| self.map.iter().any(|(said, _)| plain(said) == heading);
        let numbers = header.columns.iter_mut().filter(|c| c.field == Field::Sequence && plain(&c.heading) == "编号" && !said("编号"));
        for column in numbers {
            let cells = self.grid.rows_from(header.bottom + 1).take(LOOKED_AT);
            let cells =
                cells.filter_map(|row| self.grid.own(row).find(|(c, _)| *c == column.index)).filter_map(|(_, t)| text::something(t));
            let (mut codes, mut all) = (0, 0);
            for cell in cells {
                all += 1;
                codes += usize::from(item::is_plain_code(cell));
            }
            if codes * 2 > all {
                column.field = Field::Code;
            }
        }
    }

    fn take(&mut self, row: u32) {
        if let Some(damage) = self.grid.damage(row) {
            return self.reject_damaged(row, damage);
        }
        // The second row of a header that came again further down.
        if self.header.top <= row && row <= self.header.bottom {
            return self.ignore(row, no_row::repeated());
        }
        let again = header::at(self.grid, row, self.map);
        let is_form = again.as_ref().is_some_and(|again| is_card(self.grid, again, self.map));
        if let Some(again) = again.filter(|_| !is_form) {
            self.in_form = false;
            self.under(again);
            return self.ignore(row, no_row::repeated());
        }
        // A form ends the table, until the header of another one.
        self.in_form |= is_form || card::begins_below(self.grid, row, self.map);
        if self.in_form {
            return self.ignore(row, no_row::form());
        }
        self.count_strays(row);
        let filled: Vec<usize> = (0..self.blocks.len()).filter(|i| self.holds(row, &self.blocks[*i].range())).collect();
        // With one table, everything in a row is of it; with several, what stands alone in a row is said of all of them.
        if filled.len() < 2 {
            let block = filled.first().copied().unwrap_or(0);
            if let Some(why) = self.no_row(row, &(0..u32::MAX)) {
                return self.ignore(row, why);
            }
            return self.line(row, block);
        }
        for block in filled {
            match self.no_row(row, &self.blocks[block].range()) {
                Some(why) => self.ignore(row, why),
                None => self.line(row, block),
            }
        }
    }

    /// Rejects a row that cannot be read. Where it may have been the heading of a section, the section before it has ended.
    fn reject_damaged(&mut self, row: u32, damage: Damage) {
        let why = match damage {
            Damage::QuoteUnclosed => no_row::quote_unclosed(),
            Damage::Unreadable { alone } => {
                self.unreadable = Some(row);
                if alone {
                    self.section_type = None;
                    self.section_agency = None;
                }
                line_unreadable()
            }
        };
        self.lines.push(Line::Rejected { row, why });
    }

    fn holds(&self, row: u32, columns: &Range<u32>) -> bool {
        self.grid.own(row).any(|(column, text)| columns.contains(&column) && text::something(text).is_some())
    }

    fn count_strays(&mut self, row: u32) {
        for (column, _) in self.grid.own(row) {
            let known = self.header.columns.iter().any(|c| c.index == column) || self.header.unknown.iter().any(|(c, _)| *c == column);
            if !known {
                *self.counts.entry(column).or_default() += 1;
            }
        }
    }

    /// Takes a row as one of a table.
    fn line(&mut self, row: u32, block: usize) {
        let header = &self.blocks[block];
        let above = self.lines.iter().rposition(|line| matches!(line, Line::Row(row) if row.block == block));
        let mut next = TableRow::gather(self.grid, header, row, above.and_then(|at| self.known_above(at)));
        next.block = block;
        next.section_type = self.section_type;
        next.section_agency.clone_from(&self.section_agency);
        next.section_cancelled = self.section_cancelled.as_ref().map(|(_, heading)| heading.clone());
        next.heading_type = header.name_heading().and_then(types::of_heading);
        next.guide_columns = header.guide_columns();
        let begins = begins(self.grid, header, row, &next);
        let is_under = !begins || next.name_at.is_none() && next.record.has(Field::SubName) && header.has(header.field_of_items());
        if !is_under {
            self.unreadable = None;
        } else if let Some(above) = self.unreadable {
            return self.lines.push(Line::Rejected { row, why: no_row::below_unreadable(above) });
        }
        let last = above.and_then(|at| match &mut self.lines[at] {
            Line::Row(row) => Some(row),
            _ => None,
        });
        if let Some(last) = &last {
            next.carry(last);
        }
        if begins && next.is_named() {
            // Only the last row of a table is asked for what stands above.
            if let Some(last) = last {
                last.cells = Vec::new();
            }
            return self.lines.push(Line::Row(Box::new(next)));
        }
        match last {
            Some(last) if !begins => last.continue_with(row, next),
            _ => self.lines.push(Line::Rejected { row, why: no_row::name_missing() }),
        }
    }

    /// A row as the one above the next, unless one stands between them of which it is not known what it says.
    fn known_above(&self, at: usize) -> Option<Above<'_>> {
        let between = &self.lines[at + 1..];
        let Line::Row(row) = &self.lines[at] else { return None };
        let under_heading = between.iter().any(|line| matches!(line, Line::Ignored { why, .. } if why.code == "SECTION"));
        let is_known = !between.iter().any(|line| matches!(line, Line::Rejected { .. }));
        is_known.then_some(Above { row, under_heading })
    }

    fn ignore(&mut self, row: u32, why: Why) {
        self.lines.push(Line::Ignored { row, why });
    }
}

/// Whether a row begins a row of the list: one of its identity cells stands in it and is not merely shown there.
fn begins(grid: &Grid, header: &Header, row: u32, next: &TableRow) -> bool {
    let own = |wanted: &dyn Fn(Field) -> bool| {
        header.columns.iter().any(|c| {
            wanted(c.field)
                && grid.shown(row, c.index).is_some_and(|s| (s.row, s.column) == (row, c.index) && text::something(s.text).is_some())
        })
    };
    own(&Field::is_identity)
        || next.name_at.is_some() && own(&|field| matches!(field, Field::Level | Field::Authority | Field::LevelAuthority))
}
