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

    /// The revisions that are published at a moment and will come into force, in order of time.
    pub(crate) fn revisions_to_come(&self, now: DateTime<Utc>) -> impl Iterator<Item = &RevisionView<C>> {
        self.upcoming_at(now).into_iter().filter_map(|upcoming| match upcoming {
            Upcoming::Revision(revision) => Some(revision),
            Upcoming::Repeal(_) => None,
        })
    }
}
