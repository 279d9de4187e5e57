//! The rows of a table as people read them: a row of a list may take several rows of its sheet, and not every row of a sheet is
//! a row of the list.

use domain::value::{ItemType, text};

use crate::{
    error::why,
    field::Field,
    grid::Grid,
    header::{self, Header},
    reading::Why,
    record::Record,
    title,
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

/// A row of the list.
#[derive(Debug, Default)]
pub(crate) struct TableRow {
    /// Row of the sheet where it begins, from 0.
    pub row: u32,
    pub record: Record,
    /// The type and the agency of the section that it stands in.
    pub section_type: Option<ItemType>,
    pub section_agency: Option<String>,
    /// Rows of the sheet with more text of it.
    pub continued: Vec<u32>,
    /// Where its code stands, which may be a merged cell over several rows.
    pub code_at: Option<(u32, u32)>,
    /// Headings that the table has twice with different values in this row.
    pub twice: Vec<String>,
    /// Where its name and its sequence stand.
    name_at: Option<(u32, u32)>,
    sequence_at: Option<(u32, u32)>,
}

/// A table: what stands above it, its header and its lines.
#[derive(Debug)]
pub(crate) struct Table {
    pub header: Header,
    /// Texts that stand alone in a row above the header.
    pub titles: Vec<String>,
    pub lines: Vec<Line>,
    /// Columns without a heading that have text, with how many cells.
    pub stray: Vec<(u32, usize)>,
}

/// Reads the table of a sheet. `None` if no header is found in it.
pub(crate) fn read(grid: &Grid, map: &[(String, Field)]) -> Option<Table> {
    /// A header stands within so many filled rows.
    const SEARCHED: usize = 200;
    let first = grid.rows().take(SEARCHED).find_map(|row| header::at(grid, row, map))?;
    let titles = grid.rows().take_while(|row| *row < first.top).filter_map(|row| alone(grid, row)).map(str::to_owned).collect();
    let mut reader = Reader { grid, map, header: first.clone(), section_type: None, section_agency: None, lines: Vec::new() };
    for row in grid.rows().filter(|row| *row > first.bottom) {
        reader.take(row);
    }
    let stray = stray(grid, &first);
    Some(Table { header: first, titles, lines: reader.lines, stray })
}

/// The text of a row that has but one.
fn alone(grid: &Grid, row: u32) -> Option<&str> {
    match grid.distinct(row)[..] {
        [only] => Some(only),
        _ => None,
    }
}

fn stray(grid: &Grid, header: &Header) -> Vec<(u32, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for row in grid.rows().filter(|row| *row > header.bottom) {
        for (column, _) in grid.own(row) {
            let known = header.columns.iter().any(|c| c.index == column) || header.unknown.iter().any(|(c, _)| *c == column);
            if !known {
                *counts.entry(column).or_default() += 1;
            }
        }
    }
    counts.into_iter().collect()
}

struct Reader<'a> {
    grid: &'a Grid,
    map: &'a [(String, Field)],
    header: Header,
    section_type: Option<ItemType>,
    section_agency: Option<String>,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn take(&mut self, row: u32) {
        // The second row of a header that came again further down.
        if self.header.top <= row && row <= self.header.bottom {
            return self.ignore(row, repeated());
        }
        if let Some(again) = header::at(self.grid, row, self.map) {
            self.header = again;
            return self.ignore(row, repeated());
        }
        if let Some(why) = self.no_row(row) {
            return self.ignore(row, why);
        }
        let next = self.gather(row);
        let begins = self.begins(row, &next);
        if begins && (next.record.has(Field::Name) || next.record.has(Field::SubName) || next.record.has(Field::MainName)) {
            return self.lines.push(Line::Row(Box::new(next)));
        }
        let last = self.lines.iter_mut().rev().find_map(|line| match line {
            Line::Row(row) => Some(row),
            _ => None,
        });
        match last {
            Some(last) if !begins => last.continue_with(row, &next.record),
            _ => self.lines.push(Line::Rejected { row, why: name_missing() }),
        }
    }

    fn ignore(&mut self, row: u32, why: Why) {
        self.lines.push(Line::Ignored { row, why });
    }

    /// Whether a row begins a row of the list: one of its identity cells stands in it and is not merely shown there.
    fn begins(&self, row: u32, next: &TableRow) -> bool {
        let own = |wanted: &dyn Fn(Field) -> bool| {
            self.header.columns.iter().any(|c| {
                wanted(c.field)
                    && self
                        .grid
                        .shown(row, c.index)
                        .is_some_and(|s| (s.row, s.column) == (row, c.index) && text::something(s.text).is_some())
            })
        };
        own(&Field::is_identity)
            || next.name_at.is_some() && own(&|field| matches!(field, Field::Level | Field::Authority | Field::LevelAuthority))
    }

    /// Why a row is no row of the list, if it is none; sections are remembered.
    fn no_row(&mut self, row: u32) -> Option<Why> {
        let distinct = self.grid.distinct(row);
        let first = distinct.first().copied().unwrap_or_default();
        if distinct.len() <= 3 && is_footnote(first) {
            return Some(why("FOOTNOTE", "脚注或说明，不是事项", "a footnote, no entry"));
        }
        if ["合计", "小计", "总计", "共计"].iter().any(|word| text::squash(first).starts_with(word))
            && text::squash(first).chars().count() <= 12
        {
            return Some(why("SUBTOTAL", "合计行，不是事项", "a sum, no entry"));
        }
        let [only] = distinct[..] else { return None };
        let (column, _) = self.grid.own(row).next()?;
        let field = self.header.columns.iter().find(|c| c.index == column).map(|c| c.field);
        let width = self.grid.area(row, column).map_or(1, |area| area.right - area.left + 1);
        let stands_alone = self.header.columns.iter().all(|c| self.grid.shown(row, c.index).is_none_or(|s| s.row == row));
        if let Some(found) = title::item_type(only).filter(|_| stands_alone) {
            self.section_type = Some(found);
            return Some(why(
                "SECTION",
                format!("分节标题“{}”，其下事项按此类型", text::name(only)),
                "the heading of a section; it gives its type to the rows below",
            ));
        }
        if !stands_alone {
            return None;
        }
        if field == Some(Field::Sequence) && text::squash(only).chars().all(|c| c.is_ascii_digit() || ".、".contains(c)) {
            return Some(why("NUMBER_ONLY", "只有序号，没有内容", "a number and nothing else"));
        }
        if field.is_none() || field == Some(Field::Sequence) || width >= 3 {
            let body = text::name(&title::outside_brackets(only));
            let body = body.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．".contains(c));
            if title::looks_like_body(body) && field.is_some() {
                self.section_agency = Some(body.to_owned());
            }
            return Some(why("SECTION", format!("标题或说明行“{}”，不是事项", short(only)), "a heading or note over the table, no entry"));
        }
        None
    }

    /// The values of a row, its own and those of merged cells over it.
    fn gather(&self, row: u32) -> TableRow {
        let mut out = TableRow { row, section_type: self.section_type, section_agency: self.section_agency.clone(), ..TableRow::default() };
        let mut groups: Vec<(Field, u32)> = Vec::new();
        for column in &self.header.columns {
            let Some(shown) = self.grid.shown(row, column.index).filter(|shown| shown.row > self.header.bottom) else { continue };
            // A cell merged over several columns belongs to the first of them.
            if shown.column != column.index || text::something(shown.text).is_none() {
                continue;
            }
            let at = Some((shown.row, shown.column));
            match column.field {
                Field::Name => out.name_at = out.name_at.or(at),
                Field::Sequence => out.sequence_at = out.sequence_at.or(at),
                Field::Code => out.code_at = out.code_at.or(at),
                _ => {}
            }
            // The same heading twice: the second fills in where the first has nothing.
            match groups.iter().find(|(field, _)| *field == column.field) {
                Some((_, group)) if *group != column.group => {
                    if out.record.all(column.field).iter().all(|v| text::squash(v) != text::squash(shown.text)) {
                        out.twice.push(column.heading.clone());
                    }
                    continue;
                }
                _ => groups.push((column.field, column.group)),
            }
            out.record.add(column.field, &with_unit(shown.text, &column.heading));
        }
        self.carry(&mut out);
        out
    }

    /// A sub-item without the name of its item stands under the item above, if it has no number of its own; and what stands
    /// under the same item has its type and agency.
    fn carry(&self, out: &mut TableRow) {
        let Some(last) = self.lines.iter().rev().find_map(|line| match line {
            Line::Row(row) => Some(row),
            _ => None,
        }) else {
            return;
        };
        let unnumbered = out.sequence_at.is_none() || out.sequence_at == last.sequence_at;
        let under = out.name_at.is_none() && out.record.has(Field::SubName) && last.record.has(Field::SubName) && unnumbered;
        if under && let Some(name) = last.record.first(Field::Name) {
            out.record.add(Field::Name, name);
            out.name_at = last.name_at;
        }
        if out.name_at.is_some() && out.name_at == last.name_at {
            for field in [Field::Type, Field::Agency] {
                if !out.record.has(field)
                    && let Some(value) = last.record.first(field)
                {
                    out.record.add(field, value);
                }
            }
        }
    }
}

impl TableRow {
    fn continue_with(&mut self, row: u32, more: &Record) {
        self.continued.push(row);
        for field in Field::ALL {
            for value in more.all(*field) {
                let there = self.record.all(*field).iter().any(|v| text::squash(v).contains(&text::squash(value)));
                if !there && *field != Field::Sequence {
                    self.record.add(*field, value);
                }
            }
        }
    }
}

/// A bare number under `法定办结时限（工作日）` is a number of working days.
fn with_unit(cell: &str, heading: &str) -> String {
    let number = text::squash(cell);
    let unit = ["工作日", "自然日", "小时"].iter().find(|unit| heading.contains(**unit));
    match unit {
        Some(unit) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => format!("{number}{unit}"),
        _ => cell.to_owned(),
    }
}

fn is_footnote(written: &str) -> bool {
    let start: String = text::squash(written).chars().take(12).collect();
    let marks = [
        "备注",
        "注",
        "说明",
        "附注",
        "填表说明",
        "填表人",
        "填报人",
        "制表人",
        "联系人",
        "审核人",
        "填表日期",
        "填报日期",
        "填报单位",
        "制表",
    ];
    marks.iter().any(|mark| {
        let after = start.strip_prefix(mark).map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四".contains(c)));
        after.is_some_and(|rest| rest.starts_with(['：', ':', '.', '、']))
    }) || start.starts_with(['※', '*', '★'])
}

fn short(written: &str) -> String {
    let name = text::name(written);
    if name.chars().count() <= 30 { name } else { name.chars().take(30).chain(['…']).collect() }
}

fn repeated() -> Why {
    why("REPEATED_HEADER", "重复的表头", "the header once more")
}

fn name_missing() -> Why {
    why(
        "NAME_MISSING",
        "缺少事项名称；请在源表中补齐该行的名称，或用--map指明名称所在的列",
        "the name is missing; add it in this row, or name its column with --map",
    )
}
