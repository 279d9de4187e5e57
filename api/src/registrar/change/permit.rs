//! In which role somebody acts on an entry, or why they may not.

use domain::{
    acting::Role,
    codec::Registered,
    decider::Decider,
    entry::{Command, Entry, Refusal, State},
    envelope::Code,
};
use journal::Loaded;

use super::said::{moves, returning};
use crate::{
    auth::{Caller, Leave},
    registrar::sight::{is_public, responsible},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Whether somebody may ask a command of an entry.
pub(super) enum Permit {
    /// In this role, for whoever answers for the entry.
    Given(Leave),
    /// Not here; they hold the role elsewhere.
    Elsewhere(Leave),
    /// They hold the role for nobody.
    Never,
}

/// In which role a caller asks a command of an entry.
pub(super) fn permit<C: Registered>(
    caller: &Caller,
    loaded: &Loaded<C>,
    command: &Command<C>,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Permit {
    let Some(elsewhere) = roles.iter().find_map(|role| caller.leave_anywhere(*role)) else { return Permit::Never };
    let given = candidates(loaded, command, roles, now).into_iter().find_map(|(role, agency)| caller.leave(role, agency.as_ref()));
    given.map_or(Permit::Elsewhere(elsewhere), Permit::Given)
}

/// For whom the command can be asked, and in which role; the one that fits best first.
fn candidates<C: Registered>(loaded: &Loaded<C>, command: &Command<C>, roles: &[Role], now: DateTime<Utc>) -> Vec<(Role, Option<Code>)> {
    let state = &loaded.state;
    // What is done to a published entry is for whoever answers for it then: until the day of a reform the agency that hands over.
    let in_force = match command {
        Command::Suspend(_) | Command::Resume(_) => state.answered_by_at(now),
        Command::Repeal(repeal) => state.answered_by_at(repeal.effective_from.unwrap_or(now)),
        Command::Correct(correct) => state.answered_by_at(correct.effective_from.unwrap_or(now)),
        _ => None,
    };
    let published = in_force.or(state.last_content());
    let pending = state.pending.as_ref();
    let agency = match command {
        // A new entry belongs to the agency that it names; one that was drafted before, and withdrawn, to the agency of that draft.
        Command::Draft(draft) if published.is_none() => {
            responsible(state, &loaded.history).or_else(|| Some(draft.content.agency().cloned()))
        }
        _ => in_force.map(|content| content.agency().cloned()).or_else(|| responsible(state, &loaded.history)),
    };
    let Some(agency) = agency else { return Vec::new() };
    let content = match command {
        Command::Approve(_) | Command::Return(_) => pending.map(|pending| pending.content.as_ref()),
        Command::Correct(correct) => Some(&correct.content),
        _ => None,
    };
    let roles = if let Command::Return(_) = command { returning(pending).to_vec() } else { roles.to_vec() };
    let mut candidates = Vec::new();
    for role in roles {
        if role == Role::Approver && moves(published, content) {
            candidates.push((role, None));
        }
        candidates.push((role, agency.clone()));
    }
    candidates
}

/// What the domain says to somebody who holds the role elsewhere. It is asked about what everybody may know: the answer is the same
/// whatever is drafted, and that of a code that does not exist where nothing is public.
pub(super) fn refused_elsewhere<C: Registered>(
    leave: &Leave,
    state: &State<C>,
    command: Command<C>,
    (now, id): (DateTime<Utc>, Uuid),
) -> Option<Refusal> {
    let known = if is_public(state, now) { State { pending: None, withdrawn: None, ..state.clone() } } else { State::default() };
    Entry::<C>::decide(&known, command, &leave.circumstances(now, id)).err()
}
