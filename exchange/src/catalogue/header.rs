//! Finds the header of a catalogue: one row, or two with groups over kinds (公开对象 over 全社会 and 特定群体).

use std::collections::BTreeSet;

use domain::value::text;

use super::columns::{OWN, is_kind, kind_of, meaning};
use crate::{field::Field, grid::Grid, headings::plain};

/// A header is at most so many rows high.
const MAX_HEIGHT: u32 = 3;

/// A column with a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its place, from 0.
    pub index: u32,
    pub field: Field,
    /// Its words, group and own, as they are compared.
    pub heading: String,
    /// Where it is for one kind only, `县级` under 公开层级: the word of the kind, for which a tick stands.
    pub kind: Option<String>,
}

impl Column {
    /// What it is called for people.
    pub(super) fn words(&self) -> String {
        self.kind.as_ref().map_or_else(|| self.field.zh().to_owned(), |kind| format!("{}·{kind}", self.field.zh()))
    }
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub top: u32,
    pub bottom: u32,
    pub columns: Vec<Column>,
    /// Headings whose meaning is not known.
    pub unknown: Vec<(u32, String)>,
}

impl Header {
    /// The meaning of a column.
    pub(super) fn field(&self, column: u32) -> Option<Field> {
        self.columns.iter().find(|c| c.index == column).map(|c| c.field)
    }

    /// Whether a column has a heading.
    pub(super) fn knows(&self, column: u32) -> bool {
        self.field(column).is_some() || self.unknown.iter().any(|(index, _)| *index == column)
    }
}

/// The header that a row is the first of, if it is one: it names the matter and three more of what only catalogues have.
pub(super) fn at(grid: &Grid, row: u32, map: &[(String, Field)]) -> Option<Header> {
    let fields: BTreeSet<Field> = grid.own(row).filter_map(|(_, text)| meaning(text, map)).collect();
    let own = OWN.iter().filter(|field| fields.contains(field)).count();
    let named = fields.contains(&Field::OpenName) || fields.contains(&Field::OpenFirstTier);
    // 公开… and not only words that lists of powers have as well.
    let of_catalogue = grid.own(row).filter(|(_, text)| meaning(text, map).is_some() && plain(text).starts_with("公开")).count();
    if !named || own < 4 || of_catalogue < 3 {
        return None;
    }
    let mut bottom = grid.own(row).filter_map(|(column, _)| grid.area(row, column)).map(|area| area.bottom).max().unwrap_or(row);
    while bottom - row < MAX_HEIGHT && continues(grid, bottom + 1, map) {
        bottom += 1;
    }
    (bottom - row < MAX_HEIGHT).then(|| columns_of(grid, row, bottom, map))
}

/// Whether a row holds nothing but words that stand under groups.
fn continues(grid: &Grid, row: u32, map: &[(String, Field)]) -> bool {
    let mut cells = grid.own(row).peekable();
    let is_tier = |text: &str| matches!(meaning(text, map), Some(Field::OpenFirstTier | Field::OpenName));
    cells.peek().is_some() && cells.all(|(_, text)| is_tier(text) || is_kind(text))
}

fn columns_of(grid: &Grid, top: u32, bottom: u32, map: &[(String, Field)]) -> Header {
    let all: BTreeSet<u32> = (top..=bottom).flat_map(|row| grid.columns(row)).collect();
    let mut header = Header { top, bottom, columns: Vec::new(), unknown: Vec::new() };
    let mut group = None;
    for index in all {
        let over = grid.shown(top, index).filter(|shown| shown.row >= top).map(|shown| shown.text);
        // A group that is written once and not merged reaches until the next heading.
        if let Some(over) = over {
            group = Some(over);
        }
        let below = (top + 1..=bottom).rev().filter_map(|row| grid.shown(row, index)).find(|shown| shown.row > top).map(|shown| shown.text);
        let (Some(outer), own) = (if below.is_some() { group } else { over }, below) else { continue };
        let heading = plain(&[outer, own.unwrap_or_default()].concat());
        let of_group = meaning(outer, map);
        let kind = own.filter(|own| of_group.is_some_and(|group| kind_of(group, own)));
        let field = match (kind, own) {
            (Some(_), _) | (None, None) => of_group,
            (None, Some(own)) => meaning(&heading, map).or_else(|| meaning(own, map)),
        };
        match field {
            Some(field) => header.columns.push(Column { index, field, heading, kind: kind.map(text::squash) }),
            None => header.unknown.push((index, text::name(own.unwrap_or(outer)))),
        }
    }
    // 公开事项 over one column that has no tiers is the matter itself; a first tier alone as well.
    if !header.columns.iter().any(|c| c.field == Field::OpenName) {
        header.columns.iter_mut().filter(|c| c.field == Field::OpenFirstTier).for_each(|c| c.field = Field::OpenName);
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;
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

    const TOP: &[&str] = &["序号", "公开事项", "", "公开内容(要素)", "公开依据", "公开时限", "公开方式", "", "公开层级", ""];
    const BELOW: &[&str] = &["", "一级事项", "二级事项", "", "", "", "主动", "依申请", "县级", "乡镇（街道）级"];

    fn told(header: &Header) -> Vec<(u32, Field, Option<&str>)> {
        header.columns.iter().map(|c| (c.index, c.field, c.kind.as_deref())).collect()
    }

    #[test]
    fn groups_give_their_word_to_the_kinds_below_merged_or_not() {
        use Field::{OpenBasis, OpenElements, OpenFirstTier, OpenLevel, OpenLimit, OpenManner, OpenName, Sequence};
        let merges = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3), (0, 4, 1, 4), (0, 5, 1, 5), (0, 6, 0, 7), (0, 8, 0, 9)];
        for merges in [&merges[..], &[]] {
            let header = at(&grid(&[TOP, BELOW, &["1", "甲", "乙"]], merges), 0, &[]).unwrap();
            assert_eq!((header.top, header.bottom), (0, 1));
            let wanted = [
                (0, Sequence, None),
                (1, OpenFirstTier, None),
                (2, OpenName, None),
                (3, OpenElements, None),
                (4, OpenBasis, None),
                (5, OpenLimit, None),
                (6, OpenManner, Some("主动")),
                (7, OpenManner, Some("依申请")),
                (8, OpenLevel, Some("县级")),
                (9, OpenLevel, Some("乡镇（街道）级")),
            ];
            assert_eq!(told(&header), wanted);
            assert!(header.unknown.is_empty());
        }
    }

    #[test]
    fn a_list_of_powers_is_no_catalogue() {
        for row in [
            &["序号", "事项名称", "职权类别", "责任主体", "实施依据", "公开层级"][..],
            &["公开事项", "公开依据", "备注"],
            &["序号", "事项名称", "时限", "责任单位", "层级", "环节"],
        ] {
            assert_eq!(at(&grid(&[row], &[]), 0, &[]), None, "{row:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_told_and_the_caller_may_know_better() {
        let row: &[&str] = &["公开事项", "公开内容", "公开依据", "公开时限", "分管领导"];
        assert_eq!(at(&grid(&[row], &[]), 0, &[]).unwrap().unknown, [(4, "分管领导".to_owned())]);
        let map = [("分管领导".to_owned(), Field::Remark)];
        assert_eq!(at(&grid(&[row], &[]), 0, &map).unwrap().field(4), Some(Field::Remark));
    }
}
