//! The account of an import: what became of every row.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    entry::{RefusalKind, Source},
    envelope::Code,
    register::Register,
    value::Finding,
};
use exchange::{ListInfo, Place, Proposal, ProposedContent, Why};
use serde::Serialize;

use super::{super::Acted, claims, proposal::Kept};

/// Counts of what happened to proposals of a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// New entries.
    pub adopted: u64,
    /// New revisions of entries that were there.
    pub revised: u64,
    /// Entries that say the same.
    pub unchanged: u64,
    /// Proposals that the rules refused.
    pub refused: u64,
}

impl Tally {
    /// Counts one outcome.
    pub fn count(&mut self, acted: &Acted) {
        match acted {
            Acted::Adopted => self.adopted += 1,
            Acted::Revised => self.revised += 1,
            Acted::Unchanged | Acted::Repealed | Acted::Done => self.unchanged += 1,
            Acted::Refused(_) => self.refused += 1,
        }
    }
}

/// What a row proposed, in few words.
#[derive(Debug, Clone)]
pub struct Told {
    /// Name of the entry.
    pub name: String,
    pub(super) agency: Option<Code>,
    pub(super) source: Arc<Source>,
}

impl Told {
    /// Of a proposal of a list.
    pub(super) fn of(proposal: &Proposal, list_key: &str) -> Self {
        let name = match &proposal.content {
            ProposedContent::Agency(agency) => &agency.name,
            ProposedContent::Item(item) => &item.name,
            ProposedContent::Guide(guide) => &guide.name,
            ProposedContent::Material(material) => &material.name,
            ProposedContent::CatalogueEntry(entry) => &entry.name,
        };
        let agency = claims::agency_of(&proposal.content).cloned();
        let source = Source { list_key: Some(list_key.to_owned()), ..proposal.source.clone() };
        Self { name: name.clone(), agency, source: Arc::new(source) }
    }
}

/// What became of a row.
#[derive(Debug, Clone)]
pub enum RowFate {
    /// It was decided.
    Acted(Box<(Kept, Told)>),
    /// It could not be read as an entry.
    Rejected(Why),
    /// It is no entry.
    Ignored(Why),
}

/// A row of the report.
#[derive(Debug, Clone)]
pub struct RowReport {
    /// Where it stands.
    pub place: Place,
    /// `adopted`, `revised`, `unchanged`, `rejected` or `ignored`.
    pub outcome: &'static str,
    /// The register of its entry.
    pub register: Option<Register>,
    /// The code of its entry.
    pub code: Option<Code>,
    /// The name of its entry.
    pub name: Option<String>,
    /// Why it was rejected or ignored: a code and words in both languages.
    pub why: Option<(String, String, String)>,
    /// What the checks of its cells found.
    pub findings: Vec<Finding>,
}

impl RowReport {
    pub(super) fn new(place: Place, fate: RowFate, findings: Vec<Finding>) -> Self {
        let words = |why: Why| Some((why.code.to_owned(), why.zh, why.en));
        let (outcome, entry, why) = match fate {
            RowFate::Acted(acted) => {
                let (kept, told) = *acted;
                let (outcome, why) = match kept.acted {
                    Acted::Adopted => ("adopted", None),
                    Acted::Revised => ("revised", None),
                    Acted::Unchanged | Acted::Repealed | Acted::Done => ("unchanged", None),
                    // An older edition is no fault of its rows: there is nothing to mend in them.
                    Acted::Refused(refusal) if refusal.kind == RefusalKind::OlderEdition => {
                        ("ignored", Some((refusal.kind.code().to_owned(), refusal.zh, refusal.en)))
                    }
                    Acted::Refused(refusal) => ("rejected", Some((refusal.kind.code().to_owned(), refusal.zh, refusal.en))),
                };
                (outcome, Some((kept.register, kept.code, told.name)), why)
            }
            RowFate::Rejected(why) => ("rejected", None, words(why)),
            RowFate::Ignored(why) => ("ignored", None, words(why)),
        };
        let (register, code, name) = entry.map_or((None, None, None), |(r, c, n)| (Some(r), Some(c), Some(n)));
        Self { place, outcome, register, code, name, why, findings }
    }
}

/// An entry that a newer edition of its list does not hold: somebody has to decide whether it is repealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepealProposal {
    /// The list.
    pub list_key: String,
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Title of the list that it stands on.
    pub list: Option<String>,
    /// Edition of that list.
    pub edition: Option<String>,
}

/// What became of everything that was read.
#[derive(Debug, Default)]
pub struct Account {
    /// Every row, in the order in which it was read.
    pub rows: Vec<RowReport>,
    /// The lists, with what was noticed about each as a whole.
    pub lists: Vec<(ListInfo, Vec<Finding>)>,
    /// Entries by register: those of the rows and those that came along.
    pub entries: BTreeMap<Register, Tally>,
    /// Entries that came along and were refused.
    pub refused_along: Vec<RowReport>,
    /// Entries that newer editions do not hold.
    pub repeals: Vec<RepealProposal>,
}

impl Account {
    pub(super) fn entries(&mut self, register: Register) -> &mut Tally {
        self.entries.entry(register).or_default()
    }

    pub(super) fn row(&mut self, row: RowReport) {
        self.rows.push(row);
    }

    /// Number of rows with an outcome.
    pub fn number(&self, outcome: &str) -> u64 {
        self.rows.iter().filter(|row| row.outcome == outcome).count() as u64
    }

    /// Number of findings by code, of rows and lists.
    pub fn findings(&self) -> BTreeMap<&str, u64> {
        let of_lists = self.lists.iter().flat_map(|(_, findings)| findings);
        let mut counts = BTreeMap::new();
        for finding in self.rows.iter().flat_map(|row| &row.findings).chain(of_lists) {
            *counts.entry(finding.code.as_str()).or_default() += 1;
        }
        counts
    }
}
