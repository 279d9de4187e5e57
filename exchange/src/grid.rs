//! A sheet as a grid of texts. Only cells with text are kept; merged areas are asked, not spread.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use domain::value::text;

use crate::limits::MAX_COLUMNS;

/// A merged area, ends included, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// The text that a place shows, and where that text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown<'a> {
    pub text: &'a str,
    pub row: u32,
    pub column: u32,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// A quotation mark is not closed, so that its cells cannot be told apart.
    QuoteUnclosed,
    /// It holds bytes that are no text.
    Unreadable {
        /// They stand in the one cell that it has: it may be the heading of a section.
        alone: bool,
    },
}

/// A sheet.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Its name, if the file has sheets.
    pub sheet: Option<String>,
    /// Whether the workbook hides it.
    pub hidden: bool,
    cells: BTreeMap<u32, BTreeMap<u32, String>>,
    /// Numbers with more digits than a spreadsheet program keeps.
    rounded: BTreeSet<(u32, u32)>,
    /// Rows that cannot be read, and why; what stands in them is no text of the table.
    damaged: BTreeMap<u32, Damage>,
    merges: Vec<Area>,
    /// For each row with more than its own cells, the merges that reach into it, by their left ends.
    reaching: BTreeMap<u32, Vec<usize>>,
}

impl Grid {
    pub(crate) fn new(sheet: Option<String>) -> Self {
        Self { sheet: sheet.map(text::printable), ..Self::default() }
    }

    /// Sets a text, without what is not shown as what it is; blank ones are not kept.
    pub(crate) fn set(&mut self, row: u32, column: u32, text: String) {
        let text = text::printable(text);
        if text.chars().any(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{feff}' | '\u{200b}')) {
            self.cells.entry(row).or_default().insert(column, text);
        }
    }

    /// Marks a number whose last digits a spreadsheet program has lost.
    pub(crate) fn mark_rounded(&mut self, row: u32, column: u32) {
        self.rounded.insert((row, column));
    }

    pub(crate) fn is_rounded(&self, row: u32, column: u32) -> bool {
        self.rounded.contains(&(row, column))
    }

    /// Marks a row that cannot be read.
    pub(crate) fn mark_damaged(&mut self, row: u32, damage: Damage) {
        self.damaged.insert(row, damage);
    }

    /// Why a row cannot be read, if it cannot.
    pub(crate) fn damage(&self, row: u32) -> Option<Damage> {
        self.damaged.get(&row).copied()
    }

    /// The rows whose bytes are no text.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = u32> + '_ {
        self.damaged.iter().filter(|(_, damage)| **damage != Damage::QuoteUnclosed).map(|(row, _)| *row)
    }

    /// Takes the merged areas, within the rows that have text. `None` if they reach too far for a list.
    pub(crate) fn merge(&mut self, merges: impl IntoIterator<Item = Area>) -> Option<()> {
        const MAX_REACH: u64 = 4_000_000;
        let (Some((&first, _)), Some((&last, _))) = (self.cells.first_key_value(), self.cells.last_key_value()) else {
            return Some(());
        };
        let mut reach = 0_u64;
        for area in merges {
            let (top, bottom) = (area.top.max(first), area.bottom.min(last));
            if area.bottom < area.top || area.right < area.left || bottom < top {
                continue;
            }
            reach += u64::from(bottom - top) + 1;
            (reach <= MAX_REACH).then_some(())?;
            self.merges.push(area);
            for row in top..=bottom {
                self.reaching.entry(row).or_default().push(self.merges.len() - 1);
            }
        }
        for row in self.reaching.values_mut() {
            row.sort_by_key(|i| self.merges[*i].left);
        }
        Some(())
    }

    /// The merged area that a place lies in.
    pub(crate) fn area(&self, row: u32, column: u32) -> Option<Area> {
        let row = self.reaching.get(&row)?;
        let after = row.partition_point(|i| self.merges[*i].left <= column);
        let area = self.merges[*row.get(after.checked_sub(1)?)?];
        (area.right >= column).then_some(area)
    }

    /// What a place shows: its own text, or that of the merged area over it.
    pub(crate) fn shown(&self, row: u32, column: u32) -> Option<Shown<'_>> {
        let (row, column) = self.area(row, column).map_or((row, column), |area| (area.top, area.left));
        Some(Shown { text: self.cells.get(&row)?.get(&column)?, row, column })
    }

    /// The rows that have text of their own, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows_from(0)
    }

    /// Those of them from a row on.
    pub(crate) fn rows_from(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        self.cells.range(first..).filter(|(row, cells)| cells.keys().any(|column| self.is_own(**row, *column))).map(|(row, _)| *row)
    }

    /// The texts that stand in a row itself, with their columns: not what a merged area shows there or hides.
    pub(crate) fn own(&self, row: u32) -> impl Iterator<Item = (u32, &str)> {
        let cells = self.cells.get(&row);
        cells.into_iter().flatten().filter(move |(column, _)| self.is_own(row, **column)).map(|(column, text)| (*column, text.as_str()))
    }

    /// The columns of a row that show anything, up to a bound.
    pub(crate) fn columns(&self, row: u32) -> BTreeSet<u32> {
        let bound = u32::try_from(MAX_COLUMNS).unwrap_or(u32::MAX);
        let own = self.cells.get(&row).into_iter().flat_map(|cells| cells.keys().copied()).filter(|column| self.is_own(row, *column));
        let merged = self.reaching.get(&row).into_iter().flatten().map(|i| self.merges[*i]);
        let shown = merged.flat_map(|area| area.left..=area.right.min(bound)).filter(|column| self.shown(row, *column).is_some());
        own.chain(shown).filter(|column| *column < bound).collect()
    }

    fn is_own(&self, row: u32, column: u32) -> bool {
        self.area(row, column).is_none_or(|area| area.top == row && area.left == column)
    }

    /// The different texts of a row within some columns, folded.
    pub(crate) fn distinct(&self, row: u32, columns: &Range<u32>) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for (_, text) in self.own(row).filter(|(column, _)| columns.contains(column)) {
            if !out.iter().any(|seen| *seen == text || alike(seen, text)) {
                out.push(text);
            }
            // What is asked for is whether there are a few at most.
            if out.len() > 4 {
                break;
            }
        }
        out
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

/// Equal but for white space.
fn alike(a: &str, b: &str) -> bool {
    let signs = |text: &'_ str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<Vec<_>>();
    a.len().abs_diff(b.len()) < 64 && a.len() < 1_024 && signs(a) == signs(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_area_shows_its_text_everywhere_and_owns_it_once() {
        let mut grid = Grid::new(None);
        grid.set(0, 0, "甲".into());
        grid.set(1, 0, "藏".into());
        grid.set(2, 1, "乙".into());
        grid.set(3, 0, "  ".into());
        grid.merge([Area { top: 0, left: 0, bottom: 1_000_000, right: 0 }]).unwrap();
        assert_eq!(grid.shown(2, 0).unwrap().text, "甲");
        assert_eq!(grid.shown(2, 0).unwrap().row, 0);
        assert_eq!(grid.shown(2, 2), None);
        assert_eq!(grid.rows().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(grid.own(1).count(), 0);
    }

    #[test]
    fn merges_that_reach_over_everything_again_and_again_are_refused() {
        let mut grid = Grid::new(None);
        grid.set(0, 0, "甲".into());
        grid.set(1_000_000, 0, "乙".into());
        assert!(grid.merge(vec![Area { top: 0, left: 0, bottom: u32::MAX, right: 3 }; 5]).is_none());
    }
}
