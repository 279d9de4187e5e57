//! What stands between the rows of a table: notes, sums, headings of sections, numbers of columns.

use std::ops::Range;

use domain::value::text;

use super::{Line, Reader};
use crate::{
    cancelled,
    field::Field,
    no_row::{self, Between},
    reading::Why,
    types,
};

impl Reader<'_> {
    /// Why a row is no row of the list, if it is none; sections are remembered.
    pub(super) fn no_row(&mut self, row: u32, columns: &Range<u32>) -> Option<Why> {
        let distinct = self.grid.distinct(row, columns);
        let first = self.grid.own(row).find(|(column, _)| columns.contains(column)).map(|(column, _)| column);
        if let Some(between) = no_row::note_or_sum(&distinct, first.is_some_and(|first| self.names_rows(first, columns))) {
            if matches!(between, Between::Note) {
                // Its text is the last: its label may have a cell of its own.
                let last = self.grid.own(row).filter(|(column, _)| columns.contains(column)).last();
                self.note = last.map(|(column, text)| (column, text.to_owned()));
            }
            return Some(between.why());
        }
        // The columns are numbered under their headings, and nowhere else.
        if !matches!(self.lines.last(), Some(Line::Row(_) | Line::Rejected { .. })) {
            let own: Vec<&str> = self.grid.own(row).filter(|(column, _)| columns.contains(column)).map(|(_, text)| text).collect();
            if let Some(why) = no_row::column_numbers(&own) {
                return Some(why);
            }
        }
        let [only] = distinct[..] else { return None };
        let (column, _) = self.grid.own(row).find(|(column, _)| columns.contains(column))?;
        let field = self.header.columns.iter().find(|c| c.index == column).map(|c| c.field);
        let width = self.grid.area(row, column).map_or(1, |area| area.right - area.left + 1);
        let own = self.header.columns.iter().filter(|c| columns.contains(&c.index));
        let stands_alone = own.map(|c| self.grid.shown(row, c.index)).all(|shown| shown.is_none_or(|s| s.row == row));
        if stands_alone && cancelled::is_heading(only) {
            self.section_type = types::of_title(only);
            self.section_cancelled = Some((cancelled::depth(only), text::name(only)));
            return Some(no_row::section_cancelled(only));
        }
        if let Some(found) = types::of_label(only).filter(|_| stands_alone) {
            self.section_type = Some(found);
            self.end_cancelled(only);
            return Some(no_row::section_with_type(only));
        }
        if !stands_alone {
            return None;
        }
        if field == Some(Field::Sequence) && text::squash(only).chars().all(|c| c.is_ascii_digit() || ".、".contains(c)) {
            return Some(no_row::number_only());
        }
        if field.is_none() || field == Some(Field::Sequence) || width >= 3 {
            return Some(self.section(only, field.is_some()));
        }
        let below_note = matches!(self.lines.last(), Some(Line::Ignored { why, .. }) if why.code == "FOOTNOTE");
        let goes_on = self.note.as_ref().is_some_and(|(of_note, note)| *of_note == column && no_row::goes_on_with_note(note, only));
        if !below_note || !goes_on {
            return None;
        }
        self.note = Some((column, only.to_owned()));
        Some(no_row::footnote())
    }

    /// Whether a row has its number or its name in a column, or nothing that is known.
    fn names_rows(&self, column: u32, columns: &Range<u32>) -> bool {
        let mut own = self.header.columns.iter().filter(|c| columns.contains(&c.index));
        own.find(|c| c.index == column).is_none_or(|c| c.field == Field::Sequence || c.field.is_identity())
    }

    /// The heading of a section or the title of another table: it may give a type or an agency to the rows below.
    fn section(&mut self, only: &str, in_table: bool) -> Why {
        if let Some(found) = types::of_title(only) {
            self.section_type = Some(found);
            self.end_cancelled(only);
            return no_row::section_with_type(only);
        }
        // The title of another list ends what the section before it said.
        if ["清单", "目录"].iter().any(|word| text::squash(only).ends_with(word)) {
            self.section_type = None;
            self.section_cancelled = None;
        } else if cancelled::depth(only) > 0 {
            self.end_cancelled(only);
        }
        let body = text::name(&crate::brackets::outside_brackets(only));
        let body = body.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．".contains(c));
        if crate::body::looks_like_body(body) && in_table {
            self.section_agency = Some(body.to_owned());
        }
        no_row::section(only)
    }

    /// The next heading ends a section of what is cancelled, unless it stands deeper.
    fn end_cancelled(&mut self, heading: &str) {
        let depth = cancelled::depth(heading);
        self.section_cancelled.take_if(|(of_section, _)| *of_section == 0 || (1..=*of_section).contains(&depth));
    }
}
