//! Forms: one entry a sheet, each label beside its value. They are no tables, and read as such they make entries out of labels.

use crate::{field::Field, grid::Grid, header::Header, headings};

/// So many rows below a header are looked at.
const LOOKED_AT: usize = 8;

/// Whether what looks like the header of a table is a row of a form: label, value, label, value, with further labels at the
/// beginning of rows below; or most rows below begin with labels.
pub(crate) fn is_card(grid: &Grid, header: &Header, map: &[(String, Field)]) -> bool {
    let label = |text: &str| headings::exact(text, map);
    let own = label_of_first(grid, header.top, map);
    let below = grid.rows_from(header.bottom + 1).take(LOOKED_AT);
    // The header once more, further down, is that of a table.
    let begins: Vec<bool> = below.map(|row| label_of_first(grid, row, map)).map(|found| found.is_some() && found != own).collect();
    let labels = begins.iter().filter(|begins| **begins).count();
    if labels >= 2 && labels * 2 > begins.len() {
        return true;
    }
    let cells: Vec<bool> = grid.own(header.top).map(|(_, text)| label(text).is_some()).collect();
    let alternates = cells.len() >= 3 && cells.iter().enumerate().all(|(i, known)| *known == (i % 2 == 0));
    alternates && (labels > 0 || begins.is_empty())
}

/// Whether a form begins in a row below a table: label, value, label, value after a blank row, or after a title that follows one.
pub(crate) fn begins_below(grid: &Grid, row: u32, map: &[(String, Field)]) -> bool {
    let known = |text: &str| headings::exact(text, map).is_some();
    let alternates = |row: u32| {
        let cells: Vec<bool> = grid.own(row).map(|(_, text)| known(text)).collect();
        cells.len() >= 4 && cells.iter().enumerate().all(|(i, known)| *known == (i % 2 == 0))
    };
    let is_blank = |row: Option<u32>| row.is_some_and(|row| grid.own(row).next().is_none());
    let is_title = |row: Option<u32>| row.is_some_and(|row| grid.distinct(row, &(0..u32::MAX)).len() == 1);
    let above = |n: u32| row.checked_sub(n);
    alternates(row) && (is_blank(above(1)) || is_title(above(1)) && is_blank(above(2)))
}

/// What the first cell of a row means, if it is a known heading.
fn label_of_first(grid: &Grid, row: u32, map: &[(String, Field)]) -> Option<Field> {
    grid.own(row).next().and_then(|(_, text)| headings::exact(text, map))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header;

    fn told(rows: &[&[&str]]) -> Option<bool> {
        let mut grid = Grid::new(None);
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                grid.set(row, column, (*text).to_owned());
            }
        }
        header::at(&grid, 0, &[]).map(|header| is_card(&grid, &header, &[]))
    }

    #[test]
    fn labels_beside_values_are_a_form_and_headings_over_values_a_table() {
        let first: &[&str] = &["事项名称", "对甲的处罚", "权力类型", "行政处罚"];
        assert_eq!(told(&[first, &["实施依据", "《甲法》第一条"]]), Some(true));
        assert_eq!(told(&[first]), Some(true));
        assert_eq!(told(&[&["事项名称", "权力类型"], &["实施依据", "甲"], &["办理流程", "乙"], &["丙", "丁"]]), Some(true));
        let table: &[&str] = &["事项名称", "分管领导", "权力类型", "经办"];
        assert_eq!(told(&[table, &["甲", "张三", "行政许可", "李四"]]), Some(false));
        assert_eq!(told(&[table, &["甲", "张三", "行政许可", "李四"], table, &["乙", "张三", "行政许可", "李四"]]), Some(false));
        assert_eq!(told(&[&["序号", "事项名称", "权力类型"], &["1", "甲", "行政许可"]]), Some(false));
    }
}
