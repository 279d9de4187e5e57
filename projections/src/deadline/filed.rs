//! Cases in the order in which they are due, as far as rules and calendar are known.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    calendar::{Due, UnknownDue},
    deadline::sight::{Clock, Hidden, Proof, Sight},
    deadline::{Done, Occasion, Rule, Status, Trigger},
    envelope::Code,
};

use super::{
    entry::Shown,
    known::Knowledge,
    occurred::{Acted, Occurred, Occurrence},
};

/// The place of a case: when it is due, those of which that is not known last; what it is about; and its rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) due: DateTime<Utc>,
    pub(super) number: u64,
    pub(super) rule: Code,
}

/// What is known of a case without judging it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filed {
    pub(super) rule: Arc<Rule>,
    /// When what is to be done can be done.
    pub(super) sight: Sight,
    pub(super) clock: Clock,
    /// When all was done. It may lie ahead.
    pub(super) proof: Option<Proof>,
}

/// All cases of entries.
pub(super) struct Filing {
    pub(super) knowledge: Knowledge,
    pub(super) by_due: BTreeMap<Key, Filed>,
    /// Those of which something was not done yet, when they were last looked at.
    pub(super) open: BTreeSet<Key>,
    /// The keys of what happened, by its number.
    keys: HashMap<u32, Vec<Key>>,
}

impl Key {
    pub(super) fn of(due: Result<Due, UnknownDue>, number: u64, rule: &Rule) -> Self {
        Self { due: due.map_or(DateTime::<Utc>::MAX_UTC, |due| due.at), number, rule: rule.code.clone() }
    }
}

impl Filed {
    pub(super) fn status(&self, now: DateTime<Utc>) -> Status {
        self.sight.stands(&self.clock, self.proof, now)
    }

    /// Whether nobody can say of it that it was not done: what had to be shown before the register had receipts is a case only if it is proven, because there is no
    /// account of that time by which anything could be called late.
    pub(super) fn is_of_no_account(&self, receipts_since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        let (Ok(due), Some(_)) = (self.clock.due, self.clock.start) else { return false };
        let resting = self.clock.rests.is_some() && !self.sight.is_over();
        let proven = || matches!(self.status(DateTime::<Utc>::MAX_UTC), Status::FulfilledInTime | Status::FulfilledLate);
        self.rule.trigger == Trigger::On(Occasion::RevisionApproved) && !resting && due.at <= receipts_since.unwrap_or(now) && !proven()
    }

    /// The place of the case.
    fn key(&self, number: u32) -> Key {
        let due = self.clock.due;
        let rests = self.clock.start.is_none() || (self.clock.rests.is_some() && !self.sight.is_over());
        Key { due: due.ok().filter(|_| !rests).map_or(DateTime::<Utc>::MAX_UTC, |due| due.at), ..Key::of(due, number.into(), &self.rule) }
    }
}

impl Filing {
    pub(super) fn new(knowledge: Knowledge) -> Self {
        Self { knowledge, by_due: BTreeMap::new(), open: BTreeSet::new(), keys: HashMap::new() }
    }

    /// All that happened as far as it was recorded by a moment.
    pub(super) fn of(occurred: &Occurred, knowledge: Knowledge, until: DateTime<Utc>) -> Self {
        let mut filing = Self::new(knowledge);
        for (number, _) in (0_u32..).zip(&occurred.occurrences) {
            filing.file(number, occurred, until);
        }
        filing
    }

    /// The cases of what happened.
    pub(super) fn cases_of(&self, number: u32) -> impl Iterator<Item = (&Key, &Filed)> {
        self.keys.get(&number).into_iter().flatten().filter_map(|key| self.by_due.get_key_value(key))
    }

    /// Files an occurrence as it is, or as it was known by a moment.
    pub(super) fn file(&mut self, number: u32, occurred: &Occurred, until: DateTime<Utc>) {
        for key in self.keys.remove(&number).unwrap_or_default() {
            self.by_due.remove(&key);
            self.open.remove(&key);
        }
        let occurrence = &occurred.occurrences[number as usize];
        if occurrence.recorded_at > until || occurrence.void_since.is_some_and(|since| since <= until) {
            return;
        }
        let rules: Vec<_> = self.knowledge.in_force(occurrence.trigger).to_vec();
        for rule in rules.into_iter().filter(|rule| rule.trigger == Trigger::On(occurrence.occasion)) {
            let (sight, acts) = done_by(occurred, occurrence, until);
            let proof = rule.proof(&acts.iter().map(|acted| (acted.done, acted.by)).collect::<Vec<_>>());
            let clock = sight.clock(proof.map(|proof| proof.at), |from| self.knowledge.due(&rule, from));
            let filed = Filed { rule, sight, clock, proof };
            let since = occurred.receipts_since.filter(|since| *since <= until);
            if since.is_some() && filed.is_of_no_account(since, until) {
                continue;
            }
            let key = filed.key(number);
            // What is to be done ahead is open until then.
            let has_happened = proof.is_some_and(|proof| acts.iter().any(|acted| proof.at <= acted.recorded_at));
            if !has_happened || !filed.status(DateTime::<Utc>::MAX_UTC).is_settled() {
                self.open.insert(key.clone());
            }
            self.keys.entry(number).or_default().push(key.clone());
            self.by_due.insert(key, filed);
        }
    }
}

/// When something could be done, and what was done by a moment, as it was known by it.
pub(super) fn done_by(occurred: &Occurred, occurrence: &Occurrence, until: DateTime<Utc>) -> (Sight, Vec<Acted>) {
    let acts = occurrence.acts.iter().filter(|acted| acted.recorded_at <= until);
    let always = || Sight::always(occurrence.trigger);
    let sight = occurrence.revision.and_then(|revision| occurred.sight(occurrence.row, revision, until));
    match (occurrence.occasion, occurrence.revision, sight) {
        (Occasion::RevisionApproved, Some(revision), Some(sight)) => {
            // What took its place stands for it: of what was superseded before any channel had it there is no receipt.
            let counts = |shown: &&Shown| {
                let replaced = || shown.revision > revision && sight.hidden_at(shown.acted.done.at) == Some(Hidden::Superseded);
                shown.acted.recorded_at <= until && (shown.revision == revision || replaced())
            };
            let shown = occurred.rows[occurrence.row as usize].shown.iter().filter(counts).map(|shown| shown.acted).collect();
            (sight, shown)
        }
        (Occasion::InformationChanged, Some(_), Some(sight)) if acts.clone().next().is_some() => {
            // It is public from when it can be shown, and not before it was recorded; until it is published the time runs.
            let public = |acted: &Acted| Some(Acted { done: Done { at: sight.first()?.max(acted.done.at), ..acted.done }, ..*acted });
            let acts: Vec<_> = acts.filter_map(public).collect();
            (always().then(&sight), acts)
        }
        _ => (always(), acts.copied().collect()),
    }
}
