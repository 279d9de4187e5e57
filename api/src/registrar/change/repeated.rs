//! A command that was given before is answered as the first time; its id does not stand for anything else.

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    decider::Decider,
    entry::{Command, Entry},
    envelope::Position,
};
use journal::{Loaded, Past};
use uuid::Uuid;

use crate::{
    auth::{Caller, Leave},
    registrar::sight::{Sight, sight},
};

/// An entry as it was before a command, if the command has events in it.
pub(super) fn before<C: Registered>(loaded: &Loaded<C>, id: Uuid) -> Option<Loaded<C>> {
    let first = loaded.history.iter().position(|past| past.metadata.command == id)?;
    let history = loaded.history[..first].to_vec();
    let version = history.last().map(|past| past.recorded.version);
    Some(Loaded { state: Entry::<C>::fold(history.iter().map(|past| &past.event)), version, history })
}

/// Whether somebody may be told that the id of a command was used for an entry: they gave it, or may know all that happened to the entry.
pub(super) fn is_known_to<C: Registered>(caller: &Caller, leave: &Leave, loaded: &Loaded<C>, (id, now): (Uuid, DateTime<Utc>)) -> bool {
    let actor = leave.circumstances(now, id).actor;
    let given = loaded.history.iter().any(|past| past.metadata.command == id && past.metadata.actor == actor);
    given || sight(Some(caller), &loaded.state, &loaded.history, now) == Sight::Whole
}

/// The place of the last event of a command, if it is this very command that was given: by the same account, and what it leads to,
/// decided once more on what there was then, is what it led to.
pub(super) fn place<C: Registered>(
    loaded: &Loaded<C>,
    before: &Loaded<C>,
    (leave, id): (&Leave, Uuid),
    command: Command<C>,
) -> Option<Position> {
    let led_to: Vec<&Past<C>> = loaded.history.iter().filter(|past| past.metadata.command == id).collect();
    let last = led_to.last()?;
    let circumstances = leave.circumstances(last.metadata.at, id);
    if last.metadata.actor != circumstances.actor {
        return None;
    }
    let events = Entry::<C>::decide(&before.state, command, &circumstances).ok()?;
    let same = events.len() == led_to.len() && events.iter().zip(&led_to).all(|(event, past)| *event == past.event);
    same.then_some(last.recorded.position)
}
