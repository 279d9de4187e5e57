use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Source, reforms::Reform};
use crate::{
    acting::{Acting, PersonId},
    envelope::Code,
    register::Content,
    value::Hash,
};

/// Where an entry stands, for everybody. What is drafted is none of it: see [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Nothing was published under this code.
    Absent,
    /// It has a published revision, in force or upcoming.
    Published,
    /// It is published and out of sight for a time.
    Suspended,
    /// It was taken off its list; or, by what was decided alone, will be at a time that is announced: see [`State::stage_at`].
    Repealed,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Absent, Self::Published, Self::Suspended, Self::Repealed];
}

/// Where a draft stands on its way (Art. 8(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Step {
    /// With who drafts it.
    Draft,
    /// Sent back to who drafts it.
    Returned,
    /// With the openness office.
    Submitted,
    /// With the approver.
    Reviewed,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Returned, Self::Submitted, Self::Reviewed];
}

/// A published revision as the lifecycle needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Published<C> {
    /// Number, from 1.
    pub revision: u32,
    /// What it says.
    pub content: Arc<C>,
    /// Hash of the whole content.
    pub content_hash: Hash,
    /// When it comes into force.
    pub effective_from: DateTime<Utc>,
    /// Document by which it was issued, approved or corrected.
    pub document: Option<String>,
    /// Where the entry was last read, if it ever was adopted. A revision that was approved here keeps it: by it the line of a
    /// newer list finds the entry again.
    pub source: Arc<Source>,
    /// Who approved or corrected it here; `None`: it was adopted. A reform changes nothing of that.
    pub decided_by: Option<Acting>,
    /// The reform that made it of the revision before; `None`: it was decided for itself.
    pub reform: Option<Arc<Reform>>,
}

/// A draft on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending<C> {
    /// What the entry is to say.
    pub content: Arc<C>,
    /// Hash of the whole content.
    pub content_hash: Hash,
    /// Number of the published revision that it is to follow; 0 if there was none.
    pub based_on: u32,
    /// Where it was read, if it comes from a list.
    pub source: Option<Arc<Source>>,
    /// Where it stands.
    pub step: Step,
    /// Whoever wrote, changed or submitted it. None of them reviews or approves it.
    pub drafters: BTreeSet<PersonId>,
    /// Who reviewed it.
    pub reviewer: Option<PersonId>,
    /// The last return: what is to be changed, and who said so.
    pub returned: Option<Said>,
}

/// A reason and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The reason.
    pub reason: String,
    /// Who gave it.
    pub by: Acting,
}

/// A suspension that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SuspensionNotice {
    /// From when the entry is out of sight.
    pub effective_from: DateTime<Utc>,
    /// Moment from which it is shown again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

impl SuspensionNotice {
    /// Whether it still holds at a moment after it was decided. The moment at which it ends is no part of it. Clocks may go back
    /// between two decisions; what was decided holds.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// A repeal that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepealNotice {
    /// When the entry ceases.
    pub effective_from: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Entry that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Code>,
}

/// An urgent correction and the review of it (Art. 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// Number of the corrected revision.
    pub revision: u32,
    /// Hash of its content.
    pub content_hash: Hash,
    /// When it came or comes into force.
    pub effective_from: DateTime<Utc>,
    /// What was not accurate, and who corrected it.
    pub said: Said,
    /// Who reviewed it; `None`: the review is owed.
    pub reviewer: Option<PersonId>,
}

/// What the history of an entry amounts to.
#[derive(Debug, Clone, PartialEq)]
pub struct State<C> {
    /// The published revision that comes into force last, in force or upcoming.
    pub latest: Option<Published<C>>,
    /// All published revisions by the time from which they hold; of two of one moment the later one holds.
    pub timeline: Vec<Published<C>>,
    /// What reforms changed, in the order in which they were decided: lists from before them go on naming the old agency.
    pub reforms: Vec<Arc<Reform>>,
    /// Number of published revisions, and of the last one. It is that of [`State::latest`] unless a correction came in before an
    /// upcoming revision that was decided for itself.
    pub revisions: u32,
    /// The draft on its way.
    pub pending: Option<Pending<C>>,
    /// The last withdrawal, until a new draft is begun.
    pub withdrawn: Option<Said>,
    /// The suspension, until it is ended.
    pub suspension: Option<SuspensionNotice>,
    /// The urgent corrections, paid and unpaid, oldest first.
    pub corrections: Vec<Debt>,
    /// The repeal, once decided.
    pub repeal: Option<RepealNotice>,
}

impl<C> Default for State<C> {
    fn default() -> Self {
        Self {
            latest: None,
            timeline: Vec::new(),
            reforms: Vec::new(),
            revisions: 0,
            pending: None,
            withdrawn: None,
            suspension: None,
            corrections: Vec::new(),
            repeal: None,
        }
    }
}

impl<C> State<C> {
    /// Where the entry stands by what was decided. A suspension counts until it is ended, whatever the time: see
    /// [`State::stage_at`].
    pub fn stage(&self) -> Stage {
        match (&self.latest, &self.suspension, &self.repeal) {
            (_, _, Some(_)) => Stage::Repealed,
            (Some(_), Some(_), None) => Stage::Suspended,
            (Some(_), None, None) => Stage::Published,
            (None, _, None) => Stage::Absent,
        }
    }

    /// Where the entry stands at a moment: a suspension that has run out is none, and what is to cease later is in force until then (Art. 10(2)).
    pub fn stage_at(&self, now: DateTime<Utc>) -> Stage {
        match (self.stage(), &self.repeal) {
            (Stage::Absent, _) => Stage::Absent,
            (_, Some(repeal)) if repeal.effective_from <= now => Stage::Repealed,
            _ if self.is_suspended_at(now) => Stage::Suspended,
            _ => Stage::Published,
        }
    }

    /// Whether it is out of sight at a moment.
    pub fn is_suspended_at(&self, now: DateTime<Utc>) -> bool {
        self.suspension.as_ref().is_some_and(|suspension| suspension.holds_at(now))
    }

    /// The published revision in force at a moment.
    pub fn in_force_at(&self, at: DateTime<Utc>) -> Option<&Published<C>> {
        let after = self.timeline.partition_point(|kept| kept.effective_from <= at);
        self.timeline[..after].last()
    }

    /// The published content that comes into force last: what a draft follows.
    pub fn last_content(&self) -> Option<&C> {
        self.latest.as_ref().map(|latest| latest.content.as_ref())
    }

    /// The content by which somebody answers for the entry at a moment: what is in force, or what will be first.
    pub fn answered_by_at(&self, at: DateTime<Utc>) -> Option<&C> {
        self.in_force_at(at).or(self.timeline.first()).map(|kept| kept.content.as_ref())
    }

    /// The revision that is published last, if the entry is neither repealed nor suspended at a moment: one on which others may build.
    pub fn standing_at(&self, now: DateTime<Utc>) -> Option<&Published<C>> {
        let ceased = self.repeal.as_ref().is_some_and(|repeal| repeal.effective_from <= now);
        self.latest.as_ref().filter(|_| !ceased && !self.is_suspended_at(now))
    }

    /// The same if that revision is in force at the moment. Nothing where it is only announced, although an earlier one holds until then.
    pub fn latest_in_force_at(&self, now: DateTime<Utc>) -> Option<&Published<C>> {
        self.standing_at(now).filter(|latest| latest.effective_from <= now)
    }

    /// Where the draft stands, if there is one.
    pub fn step(&self) -> Option<Step> {
        self.pending.as_ref().map(|pending| pending.step)
    }

    /// What was submitted and neither returned, withdrawn nor approved yet.
    pub fn under_way(&self) -> Option<&Arc<C>> {
        self.pending.as_ref().filter(|pending| matches!(pending.step, Step::Submitted | Step::Reviewed)).map(|pending| &pending.content)
    }

    /// The urgent corrections of which the review is owed (Art. 7), oldest first.
    pub fn debts(&self) -> impl Iterator<Item = &Debt> {
        self.corrections.iter().filter(|debt| debt.reviewer.is_none())
    }

    /// Whether the entry is kept here: its latest revision was approved or corrected here, or a draft is on its way. A list that
    /// is imported does not change it (see `docs/adr/0013`).
    pub fn is_kept_here(&self) -> bool {
        self.pending.is_some() || !self.corrections.is_empty() || self.latest.as_ref().is_some_and(|latest| latest.decided_by.is_some())
    }
}

impl<C: Content> State<C> {
    /// The agency that answers for what is drafted: that of the entry as it is published last, or as it is drafted where nothing is published yet. The outer
    /// `None`: there is no such entry; the inner: the city answers for it.
    pub fn agency(&self) -> Option<Option<&Code>> {
        let published = self.latest.as_ref().map(|latest| &latest.content);
        published.or(self.pending.as_ref().map(|pending| &pending.content)).map(|content| content.agency())
    }
}
