//! The materials of the catalogue before an import, by their names.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    decider::Decider,
    entry::{Entry, Event, State},
    envelope::Code,
    register::{Abolition, Beside, Material},
};

/// What all materials say. A list changes nothing of which of them are abolished.
#[derive(Debug, Default)]
pub(super) struct Materials {
    states: BTreeMap<Code, State<Material>>,
    beside: Beside,
}

impl Materials {
    /// Notes what happened to one.
    pub(super) fn note(&mut self, code: &Code, event: &Event<Material>) {
        let state = self.states.entry(code.clone()).or_default();
        *state = Entry::<Material>::evolve(std::mem::take(state), event);
    }

    /// Makes them found by their names, when everything was read.
    pub(super) fn find_names(&mut self) {
        let states = std::mem::take(&mut self.states);
        let materials = states.into_iter().filter_map(|(code, state)| Some((code, state.stands()?))).collect();
        self.beside = Beside { materials, ..Beside::default() }.by_names();
    }

    /// The proof that is abolished at a moment under a name, or else the one that is announced to be first.
    pub(super) fn abolished(&self, name: &str, now: DateTime<Utc>) -> Option<(&Code, Abolition<'_>)> {
        let abolitions = self.beside.materials_named(name).filter_map(|(code, material)| Some((code, material.abolition(now)?)));
        abolitions.filter(|(_, abolition)| abolition.bears(name)).min_by_key(|(_, abolition)| abolition.since)
    }
}
