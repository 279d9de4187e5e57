//! What goes out: registers in the table forms in which they are published, so that reading them again gives the same contents; and folders of files
//! with their sums.

mod bases;
mod catalogue;
mod folder;
mod sheet;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use domain::{envelope::Code, register::CatalogueEntry, value::Openness};
pub(crate) use folder::sums;
pub use folder::{Folder, FolderError, SUMS, Writing, Written};

use crate::{
    options::ReadOptions,
    read::read_bytes,
    reading::{ProposedCode, ProposedContent, RowOutcome},
    table::{self, TableError},
};

/// A line of the openness catalogue that goes out.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueLine {
    /// Its code.
    pub code: Code,
    /// What it says, without what is withheld.
    pub entry: Arc<CatalogueEntry>,
    /// Name of its agency.
    pub agency: String,
}

/// Writes a catalogue by the ending of the file, `.xlsx` or `.csv`, in the form of published ones: the ten columns with headings of two
/// rows, the first tier merged over its lines, checkboxes and ticks; to their right what that form has no column for, among it the
/// codes of line and agency, by which the way back leads to the same entries.
///
/// The lines are sorted by topic, first tier, matter and code. What is written is read again before it is kept; the answer is
/// the lines that do not read the same, with the names of the fields. The openness of the line itself (Art. 8(1)) is no part of
/// the form.
pub fn write_catalogue(path: &Path, title: &str, mut lines: Vec<CatalogueLine>) -> Result<Vec<(Code, Vec<String>)>, TableError> {
    lines.sort_by(|a, b| catalogue::order(a).cmp(&catalogue::order(b)));
    let form = catalogue::form(title, &lines);
    let bytes = if table::ending(path)? == "csv" {
        sheet::csv(&form).map_err(|source| TableError::Write { path: path.to_owned(), source })?
    } else {
        sheet::xlsx(&form).map_err(|source| TableError::Workbook { path: path.to_owned(), source: Box::new(source) })?
    };
    let differences = differences(path, &bytes, &lines);
    table::put(path, &bytes).map_err(|source| TableError::Write { path: path.to_owned(), source })?;
    Ok(differences)
}

/// The lines that do not read as they were written.
fn differences(path: &Path, bytes: &[u8], lines: &[CatalogueLine]) -> Vec<(Code, Vec<String>)> {
    let readings = read_bytes(path, bytes, &ReadOptions::default(), &()).unwrap_or_default();
    let mut read = BTreeMap::new();
    for row in readings.into_iter().flat_map(|reading| reading.rows) {
        if let RowOutcome::Proposed(proposal) = row.outcome
            && let (ProposedCode::Published(code) | ProposedCode::Local(code), ProposedContent::CatalogueEntry(entry)) =
                (proposal.code, proposal.content)
        {
            read.insert(code, *entry);
        }
    }
    let changed = lines.iter().filter_map(|line| {
        let fields = match read.get(&line.code) {
            None => vec!["code".to_owned()],
            Some(read) => unlike(read, &line.entry),
        };
        (!fields.is_empty()).then(|| (line.code.clone(), fields))
    });
    changed.collect()
}

/// The fields in which two lines differ.
fn unlike(read: &CatalogueEntry, written: &CatalogueEntry) -> Vec<String> {
    let of = |entry: &CatalogueEntry| serde_json::to_value(CatalogueEntry { openness: Openness::default(), ..entry.clone() });
    let (Ok(read), Ok(written)) = (of(read), of(written)) else { return Vec::new() };
    let (read, written) = (read.as_object(), written.as_object());
    let names = read.into_iter().chain(written).flat_map(|fields| fields.keys());
    let mut unlike: Vec<String> =
        names.filter(|name| read.and_then(|r| r.get(*name)) != written.and_then(|w| w.get(*name))).cloned().collect();
    unlike.sort_unstable();
    unlike.dedup();
    unlike
}
