//! What can be told from the readings of a run before any of it is decided.

use std::collections::{HashMap, HashSet};

use domain::{entry::Source, envelope::Code, register::Register};
use exchange::{Place, Proposal, ProposedCode, ProposedContent, Reading, RowOutcome, Why};

use super::RowFate;

/// One edition of one list, from however many sheets and files.
pub(super) struct List {
    pub(super) key: String,
    pub(super) edition: Option<String>,
    pub(super) readings: Vec<Reading>,
}

/// The lists of a run, in the order in which they first come up.
pub(super) fn lists(readings: Vec<Reading>) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    let mut places: HashMap<(String, Option<String>), usize> = HashMap::new();
    for reading in readings {
        let (key, edition) = (reading.info.key.clone(), reading.info.edition.clone());
        let place = *places.entry((key.clone(), edition.clone())).or_insert_with(|| {
            lists.push(List { key, edition, readings: Vec::new() });
            lists.len() - 1
        });
        lists[place].readings.push(reading);
    }
    lists
}

/// What comes along anywhere in the run, each entry in its last description: newer editions come later. What a row proposes itself
/// does not come along.
pub(super) fn said_along(readings: &[Reading]) -> HashMap<(Register, Code), Proposal> {
    let mut rows: HashSet<(Register, Code)> = HashSet::new();
    for proposal in readings.iter().flat_map(|r| &r.rows).filter_map(proposal_of) {
        let register = proposal.content.register();
        rows.extend(proposal.code.code(register, 0).map(|code| (register, code)));
    }
    let mut along = HashMap::new();
    for proposal in readings.iter().flat_map(|reading| &reading.along) {
        let register = proposal.content.register();
        let Some(code) = proposal.code.code(register, 0) else { continue };
        if !rows.contains(&(register, code.clone())) {
            along.insert((register, code), proposal.clone());
        }
    }
    along
}

/// Rows of one edition whose published code stands in an earlier row, maybe of another file: with the same content the row is
/// ignored, with another it is rejected. By number of the reading and of the row.
pub(super) fn said_twice(readings: &[Reading]) -> HashMap<(usize, usize), RowFate> {
    let mut first: HashMap<(Register, &Code), (&Place, &ProposedContent)> = HashMap::new();
    let mut twice = HashMap::new();
    for (i, reading) in readings.iter().enumerate() {
        for (j, row) in reading.rows.iter().enumerate() {
            let Some(proposal) = proposal_of(row) else { continue };
            let ProposedCode::Published(code) = &proposal.code else { continue };
            let register = proposal.content.register();
            match first.get(&(register, code)) {
                None => drop(first.insert((register, code), (&row.place, &proposal.content))),
                Some((place, content)) => drop(twice.insert((i, j), fate(code, place, **content == proposal.content))),
            }
        }
    }
    twice
}

fn fate(code: &Code, first: &Place, same: bool) -> RowFate {
    let sheet = first.sheet.as_deref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
    let (file, row) = (&first.file, first.row);
    if same {
        return RowFate::Ignored(Why {
            code: "DUPLICATE",
            zh: format!("与{file}{sheet}第{row}行完全相同"),
            en: format!("the same as {file}{sheet}, row {row}"),
        });
    }
    RowFate::Rejected(Why {
        code: "DUPLICATE_CODE",
        zh: format!("编码{code}已用于{file}{sheet}第{row}行；同一编码只能对应一条，请核对源表"),
        en: format!("code {code} stands in {file}{sheet}, row {row} already; a code names one entry, please check the source"),
    })
}

fn proposal_of(row: &exchange::Row) -> Option<&Proposal> {
    if let RowOutcome::Proposed(proposal) = &row.outcome { Some(proposal) } else { None }
}

/// Where something that came along was read.
pub(super) fn place_of(source: Source) -> Place {
    Place { file: source.file, sheet: source.sheet, row: source.row.unwrap_or(0) }
}
