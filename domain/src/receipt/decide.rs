use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Event, Receipt, Record, Served, Showing, Standing, State, Witness};
use crate::{
    calendar::{CalendarAt, china},
    deadline::sight::{Proof, Sight},
    deadline::{Limit, Rules, Status},
};

/// The rule by which a revision has to be served.
pub const RULE: &str = "ART-10-2";

/// Most receipts of one event: a quarter of what an append may be, with the longest codes.
pub const RECEIPTS_OF_EVENT: usize = 500;

/// By how much the clocks of two nodes may differ that are looked after. What differs by more is not believed.
pub const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// Receipts of what has none yet, in the order in which it was shown; of a revision that is named twice the first counts.
pub(super) fn record(state: &State, command: Record, now: DateTime<Utc>) -> Vec<Event> {
    let Record { channel, showings, calendar, rules } = command;
    let mut seen = BTreeSet::new();
    let new = showings.into_iter().filter(|showing| !state.has(&showing.entry, showing.revision));
    let new = new.filter(|showing| seen.insert((showing.entry.clone(), showing.revision)));
    let receipts: Vec<_> = new.map(|showing| receipt(believed(showing, now), &calendar, &rules)).collect();
    let served = receipts.chunks(RECEIPTS_OF_EVENT).map(|receipts| Served { channel, receipts: receipts.to_vec() });
    served.map(|served| Event::Served(served.into())).collect()
}

/// What is shown with a moment that can be. Nothing is shown before it was published, and nothing that is written down now begins later: where a moment says so,
/// a clock went wrong, and all that is known is that it is shown now.
fn believed(mut showing: Showing, now: DateTime<Utc>) -> Showing {
    let published_at = showing.published_at;
    if published_at - showing.served_at > CLOCKS_DIFFER || showing.served_at - now > CLOCKS_DIFFER {
        (showing.served_at, showing.witness) = (now, Witness::Found);
    }
    if published_at - showing.served_at <= CLOCKS_DIFFER {
        showing.served_at = showing.served_at.max(published_at);
    }
    showing
}

fn receipt(showing: Showing, calendar: &CalendarAt, rules: &Rules) -> Receipt {
    let Showing { entry, revision, content_hash, published_at, served_at, witness, sight } = showing;
    let (register, code) = (entry.register, entry.code);
    let Some(limit) = limit(rules, published_at) else {
        let (begins_at, due_at, standing) = (None, None, Standing::Unknown);
        return Receipt { register, code, revision, content_hash, published_at, begins_at, served_at, witness, due_at, standing };
    };
    let sight = sight.unwrap_or_else(|| Sight::always(published_at));
    let clock = sight.clock(Some(served_at), |from| limit.due(from, calendar));
    let proof = Proof { at: served_at, seen: Some(served_at).filter(|_| witness == Witness::Commit), certain: true, doubted: false };
    let standing = match sight.stands(&clock, Some(proof), served_at) {
        // The clock by which it is written down is behind as well: nobody can say.
        _ if served_at < published_at => Standing::Unknown,
        Status::FulfilledInTime => Standing::InTime,
        Status::FulfilledLate => Standing::Late,
        _ => Standing::Unknown,
    };
    // If a day that it needs is not known: the earliest moment that it may be.
    let due_at = clock.due.map_or_else(|unknown| china::end_of(unknown.day), |due| due.at);
    let begins_at = clock.start.filter(|start| *start != published_at);
    let due_at = Some(due_at);
    Receipt { register, code, revision, content_hash, published_at, begins_at, served_at, witness, due_at, standing }
}

pub(super) fn is_in_time(showing: &Showing, calendar: &CalendarAt, rules: &Rules) -> bool {
    let Some(limit) = limit(rules, showing.published_at) else { return true };
    let due = limit.due(showing.published_at, calendar);
    showing.served_at < due.map_or_else(|unknown| china::end_of(unknown.day), |due| due.at)
}

/// How long there is, by the rule as it was when it was published; `None`: it was ended, so nothing says when it is due.
fn limit(rules: &Rules, published_at: DateTime<Utc>) -> Option<Limit> {
    rules.all_in_force(published_at).into_iter().find(|rule| rule.code.as_str() == RULE).map(|rule| rule.limit)
}
