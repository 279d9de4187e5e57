//! Tables with delimiters as grids.

use crate::{
    error::damaged,
    grid::Grid,
    limits::{MAX_CELLS, MAX_COLUMNS, too_many_cells},
    reading::Why,
};

/// Reads CSV, TSV and their kin. A row of the grid is a line of the file: a record that spans lines stands on its first.
pub(crate) fn read(text: &str) -> Result<Grid, Why> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let mut grid = Grid::new(None);
    let mut cells = 0;
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let (line, byte) = record.position().map_or((1, 0), |p| (p.line(), p.byte()));
        // The reader passes over blank lines before a record and counts them to it.
        let rest = usize::try_from(byte).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
        let blank = rest.iter().take_while(|b| b"\r\n".contains(b)).filter(|b| **b == b'\n').count() as u64;
        let row = u32::try_from((line + blank).saturating_sub(1)).map_err(|_| too_many_cells())?;
        for (column, text) in (0_u32..).zip(record.iter().take(MAX_COLUMNS)) {
            cells += 1;
            if cells > MAX_CELLS {
                return Err(too_many_cells());
            }
            grid.set(row, column, text.to_owned());
        }
    }
    Ok(grid)
}

/// The delimiter: the sign that most of the first records agree on, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let head: Vec<String> = unquoted(text).lines().filter(|line| !line.trim().is_empty()).take(30).map(str::to_owned).collect();
    let agreement = |sign: u8| {
        let counts: Vec<_> = head.iter().map(|line| line.bytes().filter(|b| *b == sign).count()).collect();
        counts.iter().copied().filter(|n| *n > 0).map(|n| n * counts.iter().filter(|m| **m == n).count()).max().unwrap_or(0)
    };
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|sign| agreement(*sign)).unwrap_or(b',')
}

/// The beginning of a text without what stands in quotation marks.
fn unquoted(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .take(1 << 16)
        .filter(|c| {
            inside ^= *c == '"';
            !inside
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found_and_lines_are_counted() {
        let grid = read("序号\t事项名称\n1\t\"甲,\n乙\"\n\n2\t丙").unwrap();
        assert_eq!(grid.rows().collect::<Vec<_>>(), [0, 1, 4]);
        assert_eq!(grid.shown(1, 1).unwrap().text, "甲,\n乙");
        assert_eq!(delimiter("a;b,c;d\n1;2;3"), b';');
    }
}
