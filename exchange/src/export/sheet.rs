//! A form as a file: a workbook with merged cells, or a table with delimiters that says in each row what is merged there.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::table::{CELL_MAX, disarmed};

/// A column.
pub(super) struct Column {
    /// Its heading, or that of the group it stands under.
    pub group: &'static str,
    /// Its own word under the group.
    pub kind: Option<&'static str>,
    /// Width in characters.
    pub width: u8,
}

/// A row below the headings.
pub(super) struct Row {
    /// A text for each column.
    pub cells: Vec<String>,
    /// Rows of one group that follow each other share their second cell.
    pub group: Option<String>,
    /// The text of the second cell takes the third as well.
    pub over_both: bool,
}

/// A table with a title and headings of two rows.
pub(super) struct Form {
    /// Name of the sheet.
    pub name: String,
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

/// Rows above the first line.
const ABOVE: u32 = 3;
/// The column that is merged over rows.
const TIER: u16 = 1;

/// With a byte order mark, as spreadsheet programs need it. A cell that begins like a formula is disarmed.
pub(super) fn csv(form: &Form) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let width = form.columns.len();
    let mut title = vec![String::new(); width];
    title[0].clone_from(&form.title);
    writer.write_record(&title)?;
    // A group is written over the first of its columns, as a merged cell is when a workbook is saved in this form.
    let begins = |i: usize| i == 0 || form.columns[i].kind.is_none() || form.columns[i - 1].group != form.columns[i].group;
    writer.write_record((0..width).map(|i| if begins(i) { form.columns[i].group } else { "" }))?;
    writer.write_record(form.columns.iter().map(|column| column.kind.unwrap_or_default()))?;
    for row in &form.rows {
        writer.write_record(row.cells.iter().map(|cell| disarmed(cell)))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A workbook. All cells are texts, so none is a formula.
pub(super) fn xlsx(form: &Form) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(&form.name)?;
    sheet.set_freeze_panes(ABOVE, 3)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(1, 2)?;
    for (index, column) in (0..).zip(&form.columns) {
        sheet.set_column_width(index, column.width)?;
    }
    headings(sheet, form)?;
    let cell = Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let mut from = 0;
    for group in form.rows.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
        let top = ABOVE + from;
        let bottom = top + u32::try_from(group.len()).unwrap_or(1) - 1;
        for (row, line) in (top..).zip(group) {
            for (column, text) in (0..).zip(&line.cells) {
                let merged = column == TIER && bottom > top || line.over_both && (column == TIER || column == TIER + 1);
                if !merged {
                    sheet.write_string_with_format(row, column, fits(text), &cell)?;
                }
            }
            if line.over_both {
                sheet.merge_range(row, TIER, row, TIER + 1, fits(&line.cells[usize::from(TIER)]), &cell)?;
            }
        }
        if bottom > top {
            sheet.merge_range(top, TIER, bottom, TIER, fits(&group[0].cells[usize::from(TIER)]), &cell)?;
        }
        from += u32::try_from(group.len()).unwrap_or(1);
    }
    book.save_to_buffer()
}

fn headings(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    let last = u16::try_from(form.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, &form.title, &title)?;
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let mut index = 0_u16;
    for group in form.columns.chunk_by(|a, b| a.kind.is_some() && b.kind.is_some() && a.group == b.group) {
        let end = index + u16::try_from(group.len()).unwrap_or(1) - 1;
        match group {
            [alone] if alone.kind.is_none() => drop(sheet.merge_range(1, index, 2, index, alone.group, &head)?),
            [only] => drop(sheet.write_string_with_format(1, index, only.group, &head)?),
            _ => drop(sheet.merge_range(1, index, 1, end, group[0].group, &head)?),
        }
        for (column, kind) in (index..).zip(group) {
            if let Some(kind) = kind.kind {
                sheet.write_string_with_format(2, column, kind, &head)?;
            }
        }
        index = end + 1;
    }
    Ok(())
}

/// As much of a text as a cell holds.
fn fits(text: &str) -> &str {
    text.char_indices().nth(CELL_MAX).map_or(text, |(end, _)| &text[..end])
}
