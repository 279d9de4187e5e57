//! What institutional reforms decided about an entry (Art. 5(1)), and what it says because of them before and after their day.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Published, State, Transferred};
use crate::{
    acting::Acting,
    register::{Content, Handover},
};

/// A reform that handed the entry over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reform {
    /// The same in every entry that it changes.
    pub id: Uuid,
    /// What it changes.
    pub handover: Handover,
    /// From when: its day, or when the entry comes into force if that is later.
    pub effective_from: DateTime<Utc>,
    /// Number of the document of the city.
    pub document: String,
    /// The approver of the city who gave it; `None`: the command line of the register.
    pub by: Option<Acting>,
}

impl<C> State<C> {
    /// Notes a reform, of which there is one event for each revision that it changed.
    pub(super) fn note_reform(&mut self, transferred: &Transferred<C>) -> Arc<Reform> {
        let Transferred { reform: id, handover, effective_from, document, by, .. } = transferred;
        let is_it = |reform: &Reform| reform.id == *id && reform.handover == *handover;
        let made_anew =
            self.timeline.iter().any(|kept| kept.effective_from == *effective_from && kept.reform.as_deref().is_some_and(is_it));
        let last = self.reforms.len().saturating_sub(1);
        let place = self.reforms.iter().enumerate().rposition(|(place, reform)| is_it(reform) && (made_anew || place == last));
        if let Some(known) = place.and_then(|place| self.reforms.get_mut(place)) {
            if *effective_from < known.effective_from {
                Arc::make_mut(known).effective_from = *effective_from;
            }
            return known.clone();
        }
        let (handover, document, by) = (handover.clone(), document.clone(), by.clone());
        let reform = Arc::new(Reform { id: *id, handover, effective_from: *effective_from, document, by });
        self.reforms.push(reform.clone());
        reform
    }

    /// The published revision that comes into force last of those that were decided for themselves.
    pub fn last_decided(&self) -> Option<&Published<C>> {
        self.timeline.iter().rev().find(|kept| kept.reform.is_none())
    }

    /// What reforms make, after a moment, of what is in force then: the revisions of each later moment, up to the first at which
    /// something else was decided.
    pub(super) fn made_of_it_after(&self, at: DateTime<Utc>) -> impl Iterator<Item = &[Published<C>]> {
        let later = &self.timeline[self.timeline.partition_point(|kept| kept.effective_from <= at)..];
        let moments = later.chunk_by(|a, b| a.effective_from == b.effective_from);
        moments.take_while(|revisions| revisions.iter().all(|kept| kept.reform.is_some()))
    }
}

impl<C: Content> State<C> {
    /// What a list says, as it follows all reforms of the entry, also those that are announced: a list that still names the agency that
    /// handed it over does not bring it back (Art. 5(1)).
    pub fn followed(&self, content: C) -> C {
        self.reforms.iter().fold(content, handed_over)
    }

    /// The same as it holds at a moment: until the day of a reform the agency that hands over answers for it, also where the list names the
    /// successor already.
    pub fn followed_at(&self, content: C, at: DateTime<Utc>) -> C {
        let announced = self.reforms.iter().rev().filter(|reform| reform.effective_from > at);
        let content = announced.fold(content, |content, reform| {
            let back = reform.handover.reversed();
            back.and_then(|back| content.handed_over(&back)).unwrap_or(content)
        });
        self.reforms.iter().filter(|reform| reform.effective_from <= at).fold(content, handed_over)
    }

    /// What the entry says last, as lists from before its reforms would say it.
    pub fn as_lists_say(&self) -> Option<Arc<C>> {
        let latest = self.latest.as_ref()?.content.clone();
        let back = |content: Arc<C>, reform: &Arc<Reform>| {
            let before = reform.handover.reversed().and_then(|back| content.handed_over(&back));
            before.map_or(content, Arc::new)
        };
        Some(self.reforms.iter().rev().fold(latest, back))
    }
}

fn handed_over<C: Content>(content: C, reform: &Arc<Reform>) -> C {
    content.handed_over(&reform.handover).unwrap_or(content)
}
