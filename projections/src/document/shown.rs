use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{entry::RepealNotice, register::Content};

use super::{EntryView, RevisionView};

/// What a channel shows of an entry at a moment.
#[derive(Debug)]
pub struct Shown<'v, C> {
    /// What it says.
    pub content: &'v Arc<C>,
    /// The revision in force.
    pub revision: &'v RevisionView<C>,
    /// Until when, if that is known.
    pub effective_until: Option<DateTime<Utc>>,
}

/// What is published and not yet in force.
#[derive(Debug)]
pub enum Upcoming<'v, C> {
    /// A revision that will hold.
    Revision(&'v RevisionView<C>),
    /// The end of the entry, by its own repeal or by that of its item.
    Repeal(&'v RepealNotice),
}

impl<C> Upcoming<'_, C> {
    /// When it will hold.
    pub fn effective_from(&self) -> DateTime<Utc> {
        match self {
            Self::Revision(revision) => revision.effective_from,
            Self::Repeal(repeal) => repeal.effective_from,
        }
    }
}

impl<C: Content> EntryView<C> {
    /// What is published of an entry of which nothing is shown, in order of time: each revision with its day (Art. 10(2)). Empty where something
    /// is shown: there it stands beside that, as [`EntryView::upcoming_at`] tells it.
    pub fn announced_at(&self, now: DateTime<Utc>) -> Vec<&RevisionView<C>> {
        if self.shown_at(now).is_some() { Vec::new() } else { self.revisions_to_come(now).collect() }
    }

    /// From when on a revision is seen, as far as is decided: from when it holds or, where the entry or its item is out of sight then, from when they
    /// are shown again. `None`: at no time, because it reaches no channel, is overtaken or repealed before, or a suspension has no end. What will not be
    /// shown is not announced either (`domain::deadline::sight` counts by the same).
    pub fn seen_from(&self, place: usize) -> Option<DateTime<Utc>> {
        let revision = self.revisions.get(place)?;
        revision.content.as_ref()?;
        let begins = revision.effective_from;
        let until = self.suspension.as_ref().and_then(|suspension| suspension.until);
        let of_item = revision.gate.iter().flat_map(|gate| gate.timeline.steps.iter().map(|(at, _)| *at));
        let end = self.end_of(place);
        let holds = |at: &DateTime<Utc>| *at >= begins && end.is_none_or(|end| *at < end);
        let moments = std::iter::once(begins).chain(until).chain(of_item).filter(holds);
        moments.filter(|at| !self.hides_at(revision, *at)).min()
    }

    /// The same of a revision of the view where that is later than the moment from which it holds.
    pub fn seen_later(&self, revision: &RevisionView<C>) -> Option<DateTime<Utc>> {
        let place = self.revisions.iter().position(|known| known.number == revision.number)?;
        self.seen_from(place).filter(|seen| *seen > revision.effective_from)
    }

    /// Whether the entry, or the item of a guide, is out of sight at a moment at which the revision holds.
    pub(super) fn hides_at(&self, revision: &RevisionView<C>, at: DateTime<Utc>) -> bool {
        let gated = revision.gate.as_ref().is_some_and(|gate| !gate.timeline.shows_at(at));
        gated || self.suspension.as_ref().is_some_and(|s| s.effective_from <= at && s.holds_at(at))
    }

    /// The revisions that are published at a moment and will be shown later, in order of time.
    pub(crate) fn revisions_to_come(&self, now: DateTime<Utc>) -> impl Iterator<Item = &RevisionView<C>> {
        self.upcoming_at(now).into_iter().filter_map(|upcoming| match upcoming {
            Upcoming::Revision(revision) => Some(revision),
            Upcoming::Repeal(_) => None,
        })
    }
}
