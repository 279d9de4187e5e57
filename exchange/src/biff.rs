//! Looks through the records of an old workbook before the workbook reader does, and takes out what would make that reserve
//! memory without bound.
//!
//! A record is a type and a length, two bytes each, and as many bytes of data. [MS-XLS] numbers them.

use crate::{
    error::damaged,
    limits::{MAX_CELLS, MAX_SHEETS, MAX_TEXT_BYTES, encrypted, too_many_cells},
    reading::Why,
};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const SST: u16 = 0x00FC;
const CONTINUE: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const LABEL_SST: u16 = 0x00FD;
const MUL_RK: u16 = 0x00BD;
/// Formula, Number, Label, RString, BoolErr, RK: a row and a column at their beginning.
const CELLS: [u16; 6] = [0x0006, 0x0203, 0x0204, 0x00D6, 0x0205, 0x027E];
/// The workbook reader keeps a dense rectangle a sheet: a full sheet of this format and a little more.
const MAX_RECTANGLE: u64 = 20_000_000;

struct Record<'a> {
    at: usize,
    kind: u16,
    data: &'a [u8],
}

/// The records from a place on, up to the first that is cut off.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let head = stream.get(at..at + 4)?;
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let data = stream.get(at + 4..at + 4 + length)?;
        let record = Record { at, kind, data };
        at += 4 + length;
        Some(record)
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// Checks a workbook stream and takes its announced dimensions out (the reader reserves a cell for each announced one;
/// the cells themselves tell the dimensions as well).
pub(crate) fn defuse(stream: &mut [u8]) -> Result<(), Why> {
    let (sheets, strings) = globals(stream)?;
    if sheets.len() > MAX_SHEETS {
        return Err(too_many_cells());
    }
    let mut total = Totals::default();
    let mut dimensions = Vec::new();
    for sheet in sheets {
        sheet_records(stream, sheet, &strings, &mut total, &mut dimensions)?;
    }
    for at in dimensions {
        stream[at] = 0;
        stream[at + 1] = 0;
    }
    Ok(())
}

/// Where the sheets begin, and how long the shared strings are.
fn globals(stream: &[u8]) -> Result<(Vec<usize>, Vec<u32>), Why> {
    let mut sheets = Vec::new();
    let mut strings = Vec::new();
    let mut records = records(stream, 0).peekable();
    if records.peek().is_none_or(|first| first.kind != BOF) {
        return Err(damaged("BOF"));
    }
    while let Some(record) = records.next() {
        match record.kind {
            FILE_PASS => return Err(encrypted()),
            BOUND_SHEET => {
                let at = u32_at(record.data, 0).and_then(|at| usize::try_from(at).ok());
                sheets.push(at.filter(|at| *at < stream.len()).ok_or_else(|| damaged("BOUNDSHEET"))?);
            }
            SST => {
                let mut chunks = vec![record.data];
                while let Some(more) = records.next_if(|next| next.kind == CONTINUE) {
                    chunks.push(more.data);
                }
                strings = string_lengths(&chunks).ok_or_else(|| damaged("SST"))?;
            }
            EOF => break,
            _ => {}
        }
    }
    Ok((sheets, strings))
}

#[derive(Default)]
struct Totals {
    cells: usize,
    text: usize,
    rectangles: u64,
}

fn sheet_records(stream: &[u8], from: usize, strings: &[u32], total: &mut Totals, dimensions: &mut Vec<usize>) -> Result<(), Why> {
    let mut corner: Option<[u16; 4]> = None;
    let mut depth = 0_usize;
    for record in records(stream, from) {
        match record.kind {
            DIMENSIONS => dimensions.push(record.at),
            BOF => depth += 1,
            // An embedded chart ends; its sheet goes on.
            EOF if depth > 1 => depth -= 1,
            EOF => break,
            kind if kind == LABEL_SST || kind == MUL_RK || CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (u16_at(record.data, 0), u16_at(record.data, 2)) else {
                    return Err(damaged("cell"));
                };
                let mut last = column;
                if kind == MUL_RK {
                    let count = record.data.len().saturating_sub(6) / 6;
                    last = column.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
                    total.cells += count;
                } else if kind == LABEL_SST {
                    let index = u32_at(record.data, 6).and_then(|i| usize::try_from(i).ok()).ok_or_else(|| damaged("LABELSST"))?;
                    let length = strings.get(index).copied().unwrap_or(0);
                    // Two-byte characters take up to three bytes in UTF-8.
                    total.text = total.text.saturating_add(length as usize * 3);
                }
                total.cells += 1;
                let [top, left, bottom, right] = corner.unwrap_or([row, column, row, last]);
                corner = Some([top.min(row), left.min(column), bottom.max(row), right.max(last)]);
            }
            _ => {}
        }
        if total.cells > MAX_CELLS || total.text > MAX_TEXT_BYTES {
            return Err(too_many_cells());
        }
    }
    if let Some([top, left, bottom, right]) = corner {
        total.rectangles += (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1);
    }
    if total.rectangles > MAX_RECTANGLE { Err(too_many_cells()) } else { Ok(()) }
}

/// The lengths of the shared strings in characters. `None` if they are not what they announce.
fn string_lengths(chunks: &[&[u8]]) -> Option<Vec<u32>> {
    let mut reader = Chunks { all: chunks, chunk: 0, at: 8 };
    let count = u32_at(chunks.first()?, 4)?;
    let mut lengths = Vec::new();
    for _ in 0..count {
        if reader.is_done() {
            break;
        }
        let length = u32::from(u16::from_le_bytes(reader.take()?));
        let [flags] = reader.take()?;
        let runs = if flags & 0x08 != 0 { u32::from(u16::from_le_bytes(reader.take()?)) * 4 } else { 0 };
        let extra = if flags & 0x04 != 0 { u32::from_le_bytes(reader.take()?) } else { 0 };
        reader.skip_characters(length, flags & 0x01 != 0)?;
        reader.skip(runs.checked_add(extra)?)?;
        lengths.push(length);
    }
    Some(lengths)
}

struct Chunks<'a> {
    all: &'a [&'a [u8]],
    chunk: usize,
    at: usize,
}

impl Chunks<'_> {
    /// What is left of the present chunk, which may be the next one.
    fn left(&mut self) -> usize {
        while self.chunk < self.all.len() && self.at >= self.all[self.chunk].len() {
            self.chunk += 1;
            self.at = 0;
        }
        self.all.get(self.chunk).map_or(0, |chunk| chunk.len() - self.at)
    }

    fn is_done(&mut self) -> bool {
        self.left() == 0
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut out = [0; N];
        for byte in &mut out {
            (self.left() > 0).then_some(())?;
            *byte = self.all[self.chunk][self.at];
            self.at += 1;
        }
        Some(out)
    }

    fn skip(&mut self, mut bytes: u32) -> Option<()> {
        while bytes > 0 {
            let step = u32::try_from(self.left()).ok()?.min(bytes);
            (step > 0).then_some(())?;
            self.at += step as usize;
            bytes -= step;
        }
        Some(())
    }

    /// Characters of one or two bytes; where they go on in the next chunk, that begins with a new flag for their width.
    fn skip_characters(&mut self, mut characters: u32, mut wide: bool) -> Option<()> {
        while characters > 0 {
            let chunk = self.chunk;
            let left = self.left();
            if self.chunk != chunk {
                let [flags] = self.take()?;
                wide = flags & 0x01 != 0;
                continue;
            }
            let width = if wide { 2 } else { 1 };
            let here = u32::try_from(left / width).ok()?.min(characters);
            if here == 0 {
                // Half a character at the end of a chunk.
                (left > 0).then_some(())?;
                self.at += left;
                continue;
            }
            self.at += here as usize * width;
            characters -= here;
        }
        Some(())
    }
}
