//! What of an entry is for whom: the one place where commands and answers learn whether somebody may know of a draft.

use chrono::{DateTime, Utc};
use domain::{
    entry::{Event, State},
    envelope::Code,
    register::{Content, on_channel},
    value::Channel,
};
use journal::Past;

use crate::auth::Caller;

/// How much of an entry somebody may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// What is drafted as well: they take part in the changes of whoever answers for it, or audit them.
    Whole,
    /// What is published, and not even that there is more.
    Public,
    /// Nothing: for them there is no such entry.
    Nothing,
}

/// How much somebody may know of an entry at a moment; nobody: an anonymous caller. Until the day of a reform both agencies take part
/// in its changes: one corrects what is in force, the other drafts what follows.
pub fn sight<C: Content>(caller: Option<&Caller>, state: &State<C>, history: &[Past<C>], now: DateTime<Utc>) -> Sight {
    let in_force = state.in_force_at(now).map(|kept| kept.content.agency().cloned());
    let sees = |caller: &Caller| {
        [responsible(state, history), in_force].into_iter().flatten().any(|agency| caller.sees_drafts_of(agency.as_ref()))
    };
    if caller.is_some_and(sees) {
        return Sight::Whole;
    }
    if is_public(state) { Sight::Public } else { Sight::Nothing }
}

/// Whether anything of an entry is public.
pub fn is_public<C: Content>(state: &State<C>) -> bool {
    state.latest.as_ref().is_some_and(|latest| on_channel(&latest.content, latest.content_hash, Channel::Online).is_some())
}

/// Who answers for an entry: an agency, or the city (the inner `None`). Of one that was drafted and never published it is whoever
/// its last draft named, also after that was withdrawn. The outer `None`: nothing ever happened to it.
pub fn responsible<C: Content>(state: &State<C>, history: &[Past<C>]) -> Option<Option<Code>> {
    if let Some(agency) = state.agency() {
        return Some(agency.cloned());
    }
    history.iter().rev().find_map(|past| match &past.event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => Some(drafted.content.agency().cloned()),
        _ => None,
    })
}
