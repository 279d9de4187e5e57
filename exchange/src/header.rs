//! Finds the header of a table, wherever it is, by the meaning of its cells.

use std::collections::BTreeSet;

use domain::value::text;

use crate::{
    field::Field,
    grid::Grid,
    headings::{self, Sureness, meaning},
    types,
};

/// A header is at most so many rows high.
const MAX_HEIGHT: u32 = 4;
/// From so many columns that only guides have, the lines of a list are guides.
pub(crate) const GUIDE_COLUMNS: usize = 3;

/// A column with a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its place, from 0.
    pub index: u32,
    pub field: Field,
    /// As written, the group above it first.
    pub heading: String,
    /// Its own word, without the group.
    pub own: String,
    /// The column where its heading begins: columns under one merged heading belong together.
    pub group: u32,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub top: u32,
    pub bottom: u32,
    pub columns: Vec<Column>,
    /// Headings whose meaning is not known.
    pub unknown: Vec<(u32, String)>,
    /// Columns to the left of several tables that stand side by side: they hold for each of them.
    pub shared: Vec<Column>,
}

impl Header {
    /// How many meanings it has that only guides have. A name of the guide beside that of its item is as good as enough of them.
    pub(crate) fn guide_columns(&self) -> usize {
        let fields: BTreeSet<Field> = self.columns.iter().map(|c| c.field).filter(|field| field.is_of_a_guide()).collect();
        if fields.contains(&Field::GuideName) { fields.len().max(GUIDE_COLUMNS) } else { fields.len() }
    }

    /// The heading over names, which may say their type.
    pub(crate) fn name_heading(&self) -> Option<&str> {
        self.columns.iter().find(|c| c.field == Field::Name).map(|c| c.heading.as_str())
    }

    /// What the column means that names the items: 主项 where there is no other.
    pub(crate) fn field_of_items(&self) -> Field {
        if self.has(Field::Name) { Field::Name } else { Field::MainName }
    }

    /// Whether a column has a meaning.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    /// The first column and the one after the last.
    pub(crate) fn range(&self) -> std::ops::Range<u32> {
        let all = || self.columns.iter().map(|c| c.index).chain(self.unknown.iter().map(|(index, _)| *index));
        all().min().unwrap_or(0)..all().max().map_or(0, |last| last + 1)
    }
}

/// The header that a row belongs to, if it is one.
pub(crate) fn at(grid: &Grid, row: u32, map: &[(String, Field)]) -> Option<Header> {
    let columns = grid.columns(row);
    // Nearly every row is none, and that is told by its own cells.
    let shown = || columns.iter().filter_map(|column| grid.shown(row, *column));
    if shown().filter(|shown| headings::exact(shown.text, map).is_some()).take(2).count() < 2 {
        return None;
    }
    let mut origins = BTreeSet::new();
    let mut fields = BTreeSet::new();
    let (mut exact, mut cells) = (0, 0);
    let (mut top, mut bottom) = (row, row);
    for &column in &columns {
        let Some(shown) = grid.shown(row, column) else { continue };
        if !origins.insert((shown.row, shown.column)) {
            continue;
        }
        // Names of levels and types over ticks count for neither side.
        cells += usize::from(!types::is_name(shown.text));
        if let Some((field, sureness)) = meaning(shown.text, map) {
            fields.insert(field);
            exact += usize::from(sureness == Sureness::Exact);
            let area = grid.area(row, column);
            top = top.min(shown.row);
            bottom = bottom.max(area.map_or(row, |area| area.bottom));
        }
    }
    let named = [Field::Name, Field::SubName, Field::MainName, Field::GuideName].iter().any(|field| fields.contains(field));
    let is_header = named && fields.len() >= 2 && exact >= 2 && fields.len() * 2 >= cells && bottom - top < MAX_HEIGHT;
    if !is_header {
        return None;
    }
    while bottom - top + 1 < MAX_HEIGHT && bottom <= row + 1 && continues(grid, top, bottom + 1, map) {
        bottom += 1;
    }
    Some(columns_of(grid, top, bottom, map))
}

/// Whether the row below a header goes on with it: it holds headings, alone or with the word of the group above them, and
/// hardly anything else.
fn continues(grid: &Grid, top: u32, row: u32, map: &[(String, Field)]) -> bool {
    let (mut cells, mut known, mut exact) = (0, 0, 0);
    for (column, text) in grid.own(row) {
        let own = text::squash(text);
        if own.chars().count() > 16 || own.chars().all(|c| c.is_ascii_digit()) {
            return false;
        }
        let whole = group_over(grid, top, row, column).map(|(_, _, group)| format!("{}{}", text::name(group), text::name(text)));
        let is_exact = headings::exact(text, map).is_some() || whole.is_some_and(|whole| headings::exact(&whole, map).is_some());
        cells += 1;
        exact += usize::from(is_exact);
        known += usize::from(is_exact || meaning(text, map).is_some());
    }
    known >= 2 && (known == cells || exact >= 2 && known * 3 >= cells * 2)
}

/// The word of the group that a cell of a second row stands under: over it, or to its left where the group is written once
/// without being merged over its columns.
fn group_over(grid: &Grid, top: u32, row: u32, column: u32) -> Option<(u32, u32, &str)> {
    if let Some(over) = grid.shown(top, column) {
        return (over.row < row).then_some((over.row, over.column, over.text));
    }
    let left = (0..column).rev().take_while(|c| column - c <= 16).find_map(|c| grid.shown(top, c))?;
    // A merged group says itself how far it reaches, and a heading without a second word is no group.
    let is_group = grid.area(left.row, left.column).is_none() && grid.own(row).any(|(c, _)| c == left.column);
    is_group.then_some((left.row, left.column, left.text))
}

fn columns_of(grid: &Grid, top: u32, bottom: u32, map: &[(String, Field)]) -> Header {
    let all: BTreeSet<u32> = (top..=bottom).flat_map(|row| grid.columns(row)).collect();
    let mut header = Header { top, bottom, columns: Vec::new(), unknown: Vec::new(), shared: Vec::new() };
    for column in all {
        let mut parts: Vec<(u32, u32, &str)> = Vec::new();
        for shown in (top..=bottom).filter_map(|row| grid.shown(row, column)).filter(|shown| shown.row >= top) {
            if parts.last().is_none_or(|(row, col, _)| (*row, *col) != (shown.row, shown.column)) {
                parts.push((shown.row, shown.column, shown.text));
            }
        }
        let Some(&(row, group, last)) = parts.last() else { continue };
        if parts.len() == 1
            && row > top
            && let Some(over) = group_over(grid, top, row, column)
        {
            parts.insert(0, over);
        }
        let heading: String = parts.iter().map(|(_, _, text)| text::name(text)).collect();
        let whole = meaning(&heading, map);
        let own = meaning(last, map);
        let outer = parts.first().and_then(|(_, _, text)| meaning(text, map));
        let is_exact = |found: &Option<(Field, Sureness)>| found.filter(|(_, sureness)| *sureness == Sureness::Exact);
        let best = is_exact(&whole).or(is_exact(&own)).or(whole).or(own).or(outer);
        match best {
            Some((field, _)) => {
                // The same heading written over neighbouring columns is one heading, as if it were merged.
                let neighbour = header.columns.last().filter(|last| last.index + 1 == column && last.heading == heading);
                let group = neighbour.map_or(group, |last| last.group);
                header.columns.push(Column { index: column, field, heading, own: text::name(last), group });
            }
            None => header.unknown.push((column, heading)),
        }
    }
    // 实施层级及权限 over two columns, merged or not.
    if let Some(found) = header.columns.iter().position(|c| c.field == Field::LevelAuthority) {
        let next = Column { index: header.columns[found].index + 1, ..header.columns[found].clone() };
        let taken = header.columns.iter().any(|c| c.index == next.index) || header.unknown.iter().any(|(c, _)| *c == next.index);
        if !taken {
            header.columns.insert(found + 1, next);
        }
    }
    // 办理项名称 names the items where nothing else does.
    if !header.columns.iter().any(|c| c.field == Field::Name) {
        header.columns.iter_mut().filter(|c| c.field == Field::GuideName).for_each(|c| c.field = Field::Name);
    }
    rank_agencies(&mut header);
    header
}

/// Of several headings for agencies the one of who exercises the power counts; the others are kept beside it.
fn rank_agencies(header: &mut Header) {
    let rank = |heading: &str| {
        const RANKS: [&[&str]; 3] =
            [&["实施", "行使", "权力主体", "职权主体", "执法", "行政主体", "行权"], &["责任", "服务", "提供", "办理"], &["审批"]];
        let own = RANKS.iter().position(|words| words.iter().any(|word| heading.contains(word)));
        own.unwrap_or(if heading.contains("主管") { 4 } else { 3 })
    };
    let ranks = header.columns.iter().filter(|c| c.field == Field::Agency).map(|c| rank(&c.heading));
    let Some(best) = ranks.min() else { return };
    for column in header.columns.iter_mut().filter(|c| c.field == Field::Agency && rank(&c.heading) > best) {
        column.field = Field::OtherAgency;
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Field::{Duty, DutyBasis, LegalBasis, Name, Sequence},
        *,
    };
    use crate::grid::Area;

    fn grid(rows: &[&[&str]], merges: &[(u32, u32, u32, u32)]) -> Grid {
        let mut grid = Grid::new(None);
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                grid.set(row, column, (*text).to_owned());
            }
        }
        grid.merge(merges.iter().map(|(top, left, bottom, right)| Area { top: *top, left: *left, bottom: *bottom, right: *right }))
            .unwrap();
        grid
    }

    fn fields(header: &Header) -> Vec<(u32, Field)> {
        header.columns.iter().map(|c| (c.index, c.field)).collect()
    }

    #[test]
    fn a_group_over_two_columns_gives_its_word_to_both() {
        let grid = grid(
            &[&["序号", "事项名称", "责任事项", "", "实施依据"], &["", "", "内容", "依据"], &["1", "甲", "乙", "丙", "丁"]],
            &[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)],
        );
        let header = at(&grid, 0, &[]).unwrap();
        assert_eq!((header.top, header.bottom), (0, 1));
        assert_eq!(fields(&header), [(0, Sequence), (1, Name), (2, Duty), (3, DutyBasis), (4, LegalBasis)]);
        assert_eq!(at(&grid, 1, &[]).unwrap(), header);
        assert_eq!(at(&grid, 2, &[]), None);
    }

    #[test]
    fn level_and_authority_take_two_columns_even_without_a_merge() {
        let grid = grid(&[&["序号", "事项名称", "实施层级及权限", "", "备注", "分管领导"]], &[]);
        let header = at(&grid, 0, &[]).unwrap();
        assert_eq!(header.columns[3].index, 3);
        assert_eq!(header.columns[3].field, Field::LevelAuthority);
        assert_eq!(header.unknown, [(5, "分管领导".to_owned())]);
    }
}
