//! What can be told from the readings of a run before any of it is decided.

use std::collections::{HashMap, HashSet};

use domain::{
    entry::{Source, is_older_edition},
    envelope::Code,
    register::Register,
};
use exchange::{Place, Proposal, ProposedCode, ProposedContent, Reading, RowOutcome, Why};

use super::{RowFate, claims};

/// A row of a list: number of the reading, number of the row.
pub(super) type At = (usize, usize);

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
        let at = (register, code);
        // What only mentions an entry says less of it than what describes it.
        let says_less = proposal.is_mention && along.contains_key(&at);
        if !rows.contains(&at) && !says_less {
            along.insert(at, proposal.clone());
        }
    }
    along
}

/// The entries that a list names by a code, and those that come along with it: it holds them, whatever becomes of its rows.
pub(super) fn named(readings: &[Reading]) -> Vec<(Register, Code)> {
    let rows = readings.iter().flat_map(|reading| &reading.rows).filter_map(proposal_of);
    let rows = rows.filter(|proposal| matches!(proposal.code, ProposedCode::Published(_)));
    let all = rows.chain(readings.iter().flat_map(|reading| &reading.along));
    all.filter_map(|proposal| Some((proposal.content.register(), proposal.code.code(proposal.content.register(), 0)?))).collect()
}

/// Rows of one edition whose code stands in an earlier row, maybe of another file: with the same content the row is ignored, with
/// another it is rejected. By number of the reading and of the row.
pub(super) fn said_twice(key: &str, readings: &[Reading]) -> HashMap<At, RowFate> {
    let mut first: HashMap<(Register, &Code, Option<&Code>), (&Place, &ProposedContent)> = HashMap::new();
    let mut twice = HashMap::new();
    for (i, reading) in readings.iter().enumerate() {
        for (j, row) in reading.rows.iter().enumerate() {
            let Some(proposal) = proposal_of(row) else { continue };
            let (code, owner) = match &proposal.code {
                ProposedCode::Published(code) => (code, None),
                ProposedCode::Local(code) => (code, claims::owner_within(key, &proposal.content)),
                ProposedCode::Assigned(_) => continue,
            };
            let at = (proposal.content.register(), code, owner);
            match first.get(&at) {
                None => drop(first.insert(at, (&row.place, &proposal.content))),
                Some((place, content)) => drop(twice.insert((i, j), fate(code, place, **content == proposal.content))),
            }
        }
    }
    twice
}

/// A place in words: file, sheet, row.
pub(super) fn told_zh(place: &Place) -> String {
    let sheet = place.sheet.as_deref().map(|sheet| format!("“{sheet}”")).unwrap_or_default();
    format!("“{}”{sheet}第{}行", place.file, place.row)
}

/// The same in English.
pub(super) fn told_en(place: &Place) -> String {
    let sheet = place.sheet.as_deref().map(|sheet| format!(", sheet {sheet:?}")).unwrap_or_default();
    format!("{:?}{sheet}, row {}", place.file, place.row)
}

fn fate(code: &Code, first: &Place, same: bool) -> RowFate {
    let (zh, en) = (told_zh(first), told_en(first));
    if same {
        return RowFate::Ignored(Why { code: "DUPLICATE", zh: format!("与{zh}完全相同"), en: format!("the same as {en}") });
    }
    RowFate::Rejected(Why {
        code: "DUPLICATE_CODE",
        zh: format!("编码{code}已用于{zh}；同一编码只能对应一条，请核对源表"),
        en: format!("code {code} stands in {en} already; a code names one entry, please check the source"),
    })
}

fn proposal_of(row: &exchange::Row) -> Option<&Proposal> {
    if let RowOutcome::Proposed(proposal) = &row.outcome { Some(proposal) } else { None }
}

/// Where something that came along was read.
pub(super) fn place_of(source: &Source) -> Place {
    Place { file: source.file.clone(), sheet: source.sheet.clone(), row: source.row.unwrap_or(0) }
}

/// What a run has met of one list: its newest edition, and what that holds.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) edition: Option<String>,
    pub(super) entries: HashSet<(Register, Code)>,
}

impl Seen {
    /// Takes an edition in, unless it is older than the one that is there.
    pub(super) fn note(&mut self, edition: Option<String>, entries: HashSet<(Register, Code)>) {
        let is_older = match (&edition, &self.edition) {
            (Some(edition), Some(newest)) => is_older_edition(edition, newest),
            (None, Some(_)) => true,
            (Some(_) | None, None) => false,
        };
        if !is_older {
            *self = Self { edition, entries };
        }
    }
}
