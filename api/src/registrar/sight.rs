//! What of an entry is for whom: the one place where commands and answers learn whether somebody may know of a draft.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::{Event, Published, State},
    envelope::Code,
    register::{Content, on_channel},
    value::Channel,
};
use journal::{Loaded, Past};
use projections::{
    Withheld,
    history::{Audience, Told, tell, tell_without},
};

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
    if is_public(state, now) { Sight::Public } else { Sight::Nothing }
}

/// What happened to an entry, as far as somebody may know of it, and as whom they are told it; `None`: for them there is no such entry.
pub fn told<C: Registered>(caller: Option<&Caller>, loaded: &Loaded<C>, now: DateTime<Utc>) -> Option<(Audience, Vec<Told>)> {
    let audience = match sight(caller, &loaded.state, &loaded.history, now) {
        Sight::Whole => Audience::Keeper,
        Sight::Public => Audience::Public,
        Sight::Nothing => return None,
    };
    Some((audience, tell(&loaded.history, audience, now)))
}

/// What everybody is told of an entry as it was known at another moment, without what is withheld by now; `None`: nothing of it was public.
pub fn told_then<C: Registered>(then: &Loaded<C>, at: DateTime<Utc>, withheld: Withheld) -> Option<Vec<Told>> {
    is_public(&then.state, at).then(|| tell_without(&then.history, Audience::Public, withheld))
}

/// Whether anything of an entry is public at a moment.
pub fn is_public<C: Content>(state: &State<C>, now: DateTime<Utc>) -> bool {
    last_public(state, now).is_some()
}

/// The last revision of which everybody may know at a moment, in force or upcoming, with what the website shows of it. An entry that
/// is announced to reach no channel any more is public until then.
pub fn last_public<C: Content>(state: &State<C>, now: DateTime<Utc>) -> Option<(&Published<C>, Arc<C>)> {
    let in_force = state.timeline.partition_point(|published| published.effective_from <= now).saturating_sub(1);
    state.timeline[in_force..].iter().rev().find_map(|published| {
        let shown = on_channel(&published.content, published.content_hash, Channel::Online)?;
        Some((published, shown.content))
    })
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
