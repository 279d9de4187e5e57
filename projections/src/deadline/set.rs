//! What was approved with a change set and has not reached its entry, because whoever approved is still at it or was cut off.
//!
//! The time of Art. 10(2) runs from the approval of the set, so there is a case from then on. Once the entry is reached it has a case of its own that runs
//! from the same moment, and the one of the set is void. What was told before the entry was reached stays told of that time.

use chrono::{DateTime, Utc};
use domain::{
    changeset::{self, Member},
    deadline::Occasion,
    entry,
    envelope::Metadata,
};
use journal::Recorded;

use super::occurred::{Occurred, Occurrence};

/// Notes an event of a set.
pub(super) fn event(occurred: &mut Occurred, recorded: &Recorded, metadata: &Metadata, event: &changeset::Event) {
    let code = &recorded.stream.code;
    match event {
        changeset::Event::Proposed(proposed) => {
            occurred.sets.insert(code.clone(), proposed.members.clone());
        }
        changeset::Event::Approved(_) => {
            for member in occurred.sets.remove(code).iter().flat_map(|members| members.iter()) {
                approved(occurred, recorded, metadata, member);
            }
        }
        changeset::Event::Withdrawn(_) => {
            occurred.sets.remove(code);
        }
        // It is proposed anew with its members.
        changeset::Event::Reviewed(_) | changeset::Event::Returned(_) => {}
    }
}

/// A repeal shows nothing, and begins no time.
fn approved(occurred: &mut Occurred, recorded: &Recorded, metadata: &Metadata, member: &Member) {
    let Some(row) = occurred.number_of(&member.entry()).filter(|_| member.content_hash.is_some()) else { return };
    if !occurred.rows[row as usize].drafted.as_ref().is_some_and(|drafted| drafted.reaches) {
        return;
    }
    let number = occurred.begin(Occurrence {
        occasion: Occasion::RevisionApproved,
        row,
        place: recorded.position,
        trigger: metadata.decided(),
        recorded_at: metadata.at,
        revision: None,
        acts: Vec::new(),
        report: None,
        void_since: None,
    });
    occurred.rows[row as usize].owed = Some(number);
}

/// Notes that an event reached an entry: that of the set, or one by which the draft is not what was approved any more, or follows what is no longer the last
/// revision, so that the set reaches it no more.
pub(super) fn reached<C>(occurred: &mut Occurred, row: u32, now: DateTime<Utc>, event: &entry::Event<C>) {
    if matches!(event, entry::Event::Suspended(_) | entry::Event::Resumed(_) | entry::Event::Reviewed(_)) {
        return;
    }
    if let Some(number) = occurred.rows[row as usize].owed.take() {
        occurred.give_up(number, now);
    }
}
