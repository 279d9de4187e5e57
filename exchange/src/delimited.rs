//! Tables with delimiters as grids.

use crate::{
    encoding::UNREADABLE,
    error::damaged,
    grid::{Damage, Grid},
    limits::{MAX_CELLS, MAX_COLUMNS, too_many_cells},
    reading::Why,
};

/// So many marks without their other half, and the file is none of a table.
const MAX_UNCLOSED: usize = 200;

/// Reads CSV, TSV and their kin. A row of the grid is a line of the file: a record that spans lines stands on its first. A line with
/// a quotation mark that is not closed is marked, and reading goes on with the next line: it must not swallow the rest. So is a
/// record with bytes that are no text: nothing of it is kept.
pub(crate) fn read(text: &str) -> Result<Grid, Why> {
    let sign = delimiter(text);
    let mut grid = Grid::new(None);
    let (mut rest, mut line, mut cells, mut unclosed) = (text, 0_u32, 0_usize, 0_usize);
    while !rest.is_empty() {
        let record = record(rest, sign);
        let whole = record.is_some();
        let (mut fields, length) = record.unwrap_or_else(|| {
            let end = rest.find('\n').map_or(rest.len(), |i| i + 1);
            (vec![rest[..end].trim_end().to_owned()], end)
        });
        if rest[..length].contains(UNREADABLE) {
            let alone = fields.iter().filter(|field| !field.trim().is_empty()).count() < 2;
            grid.mark_damaged(line, Damage::Unreadable { alone });
            fields = vec![UNREADABLE.to_string()];
        } else if !whole {
            unclosed += 1;
            grid.mark_damaged(line, Damage::QuoteUnclosed);
            if unclosed > MAX_UNCLOSED {
                return Err(damaged("\""));
            }
        }
        for (column, text) in (0_u32..).zip(fields.into_iter().take(MAX_COLUMNS)) {
            cells += 1;
            if cells > MAX_CELLS {
                return Err(too_many_cells());
            }
            grid.set(line, column, text);
        }
        let lines = memchr::memchr_iter(b'\n', &rest.as_bytes()[..length]).count();
        line = u32::try_from(lines.max(1)).ok().and_then(|lines| line.checked_add(lines)).ok_or_else(too_many_cells)?;
        rest = &rest[length..];
    }
    Ok(grid)
}

/// The fields of the first record of a text and how long it is. `None` if a quotation mark in it is never closed, or only by one
/// lines below that closes no field.
fn record(text: &str, sign: u8) -> Option<(Vec<String>, usize)> {
    let bytes = text.as_bytes();
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        // A bad byte before a quotation mark does not open the cell to what it encloses.
        let start = at + (text[at..].len() - text[at..].trim_start_matches(UNREADABLE).len());
        let (field, end) = if bytes.get(start) == Some(&b'"') { quoted(text, start, sign)? } else { plain(text, at, sign) };
        fields.push(field);
        match bytes.get(end) {
            Some(b) if *b == sign => at = end + 1,
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => return Some((fields, end + 2)),
            Some(_) => return Some((fields, end + 1)),
            None => return Some((fields, end)),
        }
    }
}

/// A field without quotation marks around it, and where it ends.
fn plain(text: &str, at: usize, sign: u8) -> (String, usize) {
    let rest = &text.as_bytes()[at..];
    let end = rest.iter().position(|b| *b == sign || matches!(b, b'\n' | b'\r')).map_or(text.len(), |i| at + i);
    (text[at..end].to_owned(), end)
}

/// A field in quotation marks, doubled ones within it being one. What follows its end before the next sign is kept with it.
fn quoted(text: &str, at: usize, sign: u8) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut from = at + 1;
    loop {
        let end = from + memchr::memchr(b'"', &text.as_bytes()[from..])?;
        out.push_str(&text[from..end]);
        if text.as_bytes().get(end + 1) == Some(&b'"') {
            out.push('"');
            from = end + 2;
            continue;
        }
        let (after, stop) = plain(text, end + 1, sign);
        if !after.trim_matches(|c: char| c.is_whitespace() || c == UNREADABLE).is_empty() {
            if out.contains('\n') {
                return None;
            }
            out.push_str(&after);
        }
        return Some((out, stop));
    }
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

    #[test]
    fn a_record_with_bytes_that_are_no_text_is_marked_and_kept_in_its_bounds() {
        for broken in
            ["2,\u{FFFF}\"乙\n丙,丁\"", "2,\"乙\n丙\u{FFFF},丁\"", "2,\"乙\n丙,丁\"\u{FFFF}", "2,\"\u{FFFF}乙\"\n", "2,\"乙\u{FFFF}\n"]
        {
            let grid = read(&format!("序号,事项名称\n1,甲\n{broken}\n3,\"戊\"\n")).unwrap();
            assert_eq!(grid.unreadable().collect::<Vec<_>>(), [2], "{broken:?}");
            assert_eq!(grid.own(2).map(|(_, text)| text).collect::<Vec<_>>(), ["\u{FFFF}"], "{broken:?}");
            assert_eq!(grid.rows().count(), 4, "{broken:?}");
            assert_eq!(grid.shown(4, 1).unwrap().text, "戊", "{broken:?}");
        }
    }

    #[test]
    fn an_unclosed_mark_costs_its_own_line() {
        let grid = read("序号,事项名称\r\n1,\"甲\r\n2,\"乙\"\"丙\"\r\n3,\"丁\n戊\"\r\n4,己").unwrap();
        assert_eq!(grid.rows().filter(|row| grid.damage(*row).is_some()).collect::<Vec<_>>(), [1]);
        assert_eq!(grid.shown(2, 1).unwrap().text, "乙\"丙");
        assert_eq!(grid.shown(3, 1).unwrap().text, "丁\n戊");
        assert_eq!(grid.shown(5, 1).unwrap().text, "己");
        let last = read("序号,事项名称\n1,甲\n2,\"乙\n3,丙").unwrap();
        assert_eq!(last.rows().filter(|row| last.damage(*row).is_some()).collect::<Vec<_>>(), [2]);
        assert_eq!(last.shown(3, 1).unwrap().text, "丙");
    }
}
