//! The account of an import: what became of every row.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    changeset::{Counts, Kind},
    entry::{RefusalKind, Source},
    envelope::{Code, EntryName},
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
    /// New entries as members of a change set.
    #[serde(skip_serializing_if = "is_none")]
    pub new: u64,
    /// Changed entries as members of a change set.
    #[serde(skip_serializing_if = "is_none")]
    pub changed: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Tally {
    /// Counts one outcome.
    pub fn count(&mut self, acted: &Acted) {
        match acted {
            Acted::Adopted => self.adopted += 1,
            Acted::Revised => self.revised += 1,
            Acted::Collected(Kind::New) => self.new += 1,
            Acted::Collected(_) => self.changed += 1,
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
    /// `adopted`, `revised`, `unchanged`, `rejected` or `ignored`; as members of a change set `new` or `changed` instead of the first two.
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
                    Acted::Collected(Kind::New) => ("new", None),
                    Acted::Collected(_) => ("changed", None),
                    Acted::Unchanged | Acted::Repealed | Acted::Done => ("unchanged", None),
                    // An older edition is no fault of its rows: there is nothing to mend in them.
                    Acted::Refused(refusal) if refusal.kind == RefusalKind::OlderEdition => {
                        ("ignored", Some((refusal.code().to_owned(), refusal.zh, refusal.en)))
                    }
                    Acted::Refused(refusal) => ("rejected", Some((refusal.code().to_owned(), refusal.zh, refusal.en))),
                };
                (outcome, Some((kept.register, kept.code, told.name)), why)
            }
            RowFate::Rejected(why) => ("rejected", None, words(why)),
            RowFate::Ignored(why) => ("ignored", None, words(why)),
        };
        let (register, code, name) = entry.map_or((None, None, None), |(r, c, n)| (Some(r), Some(c), Some(n)));
        Self { place, outcome, register, code, name, why, findings }
    }

    /// The entry that the register holds as the row has it.
    pub(super) fn kept(&self) -> Option<(Register, Code)> {
        let kept = matches!(self.outcome, "adopted" | "revised" | "unchanged");
        Some((self.register.filter(|_| kept)?, self.code.clone()?))
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
    /// The change set that repeals it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_set: Option<Code>,
    /// Why no change set can: a code and words in both languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<(String, String, String)>,
}

/// What became of the change set of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetReport {
    /// The list.
    pub list_key: String,
    /// The set; `None`: there is nothing to change.
    pub code: Option<Code>,
    /// `PROPOSED`, `UNCHANGED`, `REFUSED` or `UNKNOWN`; of a dry run `WOULD_BE_PROPOSED` for the first.
    pub status: &'static str,
    /// How many members it has of each kind.
    pub members: Counts,
    /// Why it was refused: a code and words in both languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<(String, String, String)>,
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
    /// Entries that came along and are to be members of a change set.
    pub(super) along: Vec<RowReport>,
    /// Entries that newer editions do not hold.
    pub repeals: Vec<RepealProposal>,
    /// The change sets, by list.
    pub sets: Vec<SetReport>,
}

impl Account {
    pub(super) fn entries(&mut self, register: Register) -> &mut Tally {
        self.entries.entry(register).or_default()
    }

    pub(super) fn row(&mut self, row: RowReport) {
        self.rows.push(row);
    }

    /// Notes that the rules refused what an entry was to be as a member of a change set: that of a row, one that came along, or one that the
    /// list does not hold any more.
    pub(super) fn refuse(&mut self, entry: &EntryName, (code, zh, en): (&str, &str, &str)) {
        let why = Some((code.to_owned(), zh.to_owned(), en.to_owned()));
        if let Some(gone) = self.repeals.iter_mut().find(|gone| gone.register == entry.register && gone.code == entry.code) {
            gone.why = why;
            return;
        }
        let of_it = |row: &RowReport| row.register == Some(entry.register) && row.code.as_ref() == Some(&entry.code);
        if let Some(place) = self.along.iter().position(of_it) {
            let along = self.along.remove(place);
            self.refused_along.push(along);
        }
        let mut all = self.rows.iter_mut().chain(&mut self.refused_along).filter(|row| of_it(row));
        let Some(row) = all.find(|row| matches!(row.outcome, "new" | "changed")) else { return };
        let tally = self.entries.entry(entry.register).or_default();
        let counted = if row.outcome == "new" { &mut tally.new } else { &mut tally.changed };
        *counted = counted.saturating_sub(1);
        tally.refused += 1;
        row.outcome = "rejected";
        row.why = why;
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
