//! Ticks: a table that has a column for each level or type, with `√` in those that hold.

use domain::value::text;

use crate::{
    field::Field,
    grid::Grid,
    header::{Column, Header},
    types::meaning,
};

/// So many rows below a header are looked at.
const LOOKED_AT: usize = 200;

/// Whether a cell is a tick.
pub(crate) fn is_tick(cell: &str) -> bool {
    matches!(text::squash(cell).as_str(), "√" | "✓" | "✔" | "☑" | "●" | "是" | "有")
}

/// Whether a cell says that there is none.
fn is_none(cell: &str) -> bool {
    text::something(cell).is_none() || matches!(text::squash(cell).as_str(), "×" | "✗" | "✘" | "✕" | "否" | "○" | "☐" | "□")
}

/// What a cell says in a column of a level or a type: its tick stands for the word of the column, a cross for no word. `None`
/// in every other column and of every other text.
pub(crate) fn said<'a>(column: &'a Column, cell: &str) -> Option<&'a str> {
    if !matches!(column.field, Field::Level | Field::Type) || meaning(&column.own) != Some(column.field) {
        return None;
    }
    if is_tick(cell) {
        return Some(&column.own);
    }
    is_none(cell).then_some("")
}

/// Gives their meaning to columns under the bare name of a level or a type that hold ticks and nothing else.
pub(crate) fn settle(grid: &Grid, header: &mut Header) {
    let from = header.bottom + 1;
    let named = header.unknown.iter().filter_map(|(index, heading)| Some((*index, meaning(heading)?, heading.clone())));
    let ticks = |index: u32, heading: &str| ticks_in(grid, from, index, heading);
    let mut found: Vec<(u32, Field, String)> = named.filter(|(index, _, heading)| ticks(*index, heading).is_some()).collect();
    // One without a tick is known by those beside it.
    let ticked: Vec<Field> = found.iter().filter(|(i, _, heading)| ticks(*i, heading) > Some(0)).map(|(_, field, _)| *field).collect();
    found.retain(|(_, field, _)| ticked.contains(field));
    for (index, field, heading) in found {
        header.unknown.retain(|(unknown, _)| *unknown != index);
        header.columns.push(Column { index, field, own: heading.clone(), heading, group: index });
    }
    header.columns.sort_by_key(|column| column.index);
    // 权限划分 over 市级, 县级.
    for column in header.columns.iter_mut().filter(|c| matches!(c.field, Field::Authority | Field::LevelAuthority)) {
        if meaning(&column.own) == Some(Field::Level) && ticks_in(grid, from, column.index, &column.own) > Some(0) {
            column.field = Field::Level;
        }
    }
}

/// How many ticks a column holds, if it holds nothing else.
fn ticks_in(grid: &Grid, from: u32, column: u32, heading: &str) -> Option<usize> {
    let below = grid.rows_from(from).take(LOOKED_AT).filter(|row| grid.damage(*row).is_none());
    let cells = below.filter_map(|row| grid.own(row).find(|(c, _)| *c == column).map(|(_, text)| text));
    let mut ticks = 0;
    // The header may come again.
    for cell in cells.filter(|cell| text::squash(cell) != text::squash(heading)) {
        if is_tick(cell) {
            ticks += 1;
        } else if !is_none(cell) {
            return None;
        }
    }
    Some(ticks)
}
