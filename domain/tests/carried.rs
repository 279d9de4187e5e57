//! What was decided of a change set is carried to its members, whenever that is: it was decided then, and is recorded when it is.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use common::*;
use domain::{
    acting::{Capacity, OfSet},
    changeset::{self, State as SetState},
    codec::{decode_metadata, encode_metadata},
    decider::{Circumstances, Decider},
    entry::{Approve, Entry, Repeal, Step},
    envelope::ActorId,
    register::Item,
    scenario::{Given, given},
    value::Hash,
};
use proptest::prelude::*;
use uuid::Uuid;

/// The approval of a set of the agency, decided on a day.
fn approved_on(day: u32) -> OfSet {
    let approved = changeset::Approved {
        hash: Hash::of_bytes(b"set"),
        document: "某政发〔2026〕1号".into(),
        effective_from: noon(day),
        drafters: vec![drafter().person],
        reviewer: reviewer().person,
        by: approver(),
    };
    let set = SetState { agency: Some(AGENCY.parse().unwrap()), ..SetState::default() };
    changeset::Event::Approved(approved).carried(&set, noon(day))
}

fn reviewed_at(now: DateTime<Utc>) -> Given<Entry<Item>> {
    given(up_to(Some(Step::Reviewed), 0)).at(now)
}

fn from(day: u32) -> Approve {
    Approve { effective_from: Some(noon(day)), ..approve("乙") }
}

fn repeal_from(day: u32) -> Repeal {
    Repeal { effective_from: Some(noon(day)), document: Some("某政发〔2026〕1号".into()), ..repeal("新版清单未再列入") }
}

#[test]
fn an_approval_of_a_set_takes_effect_when_the_set_does_however_late_it_is_carried() {
    for day in [10, 11, 31] {
        reviewed_at(noon(day)).of_set(approved_on(10)).when(from(10)).then([approved(1, "乙", 10)]);
        let there =
            given::<Entry<Item>>([adopted(1, "甲", "2025", 1)]).at(noon(day)).of_set(approved_on(10)).when(repeal_from(10)).then_state();
        assert_eq!(there.repeal.unwrap().effective_from, noon(10));
    }
}

#[test]
fn nothing_takes_effect_before_the_set_was_decided() {
    reviewed_at(noon(12)).of_set(approved_on(10)).when(from(9)).then_refused("EFFECTIVE_IN_PAST");
    given::<Entry<Item>>([adopted(1, "甲", "2025", 1)])
        .at(noon(12))
        .of_set(approved_on(10))
        .when(repeal_from(9))
        .then_refused("EFFECTIVE_IN_PAST");
}

#[test]
fn only_what_was_decided_of_a_set_may_lie_in_the_past() {
    reviewed_at(noon(12)).acting(approver()).when(from(10)).then_refused("EFFECTIVE_IN_PAST");
    // Whether it could be is asked before the set is decided: of the present.
    reviewed_at(noon(12)).of_set(OfSet::asked(approver(), false)).when(from(10)).then_refused("EFFECTIVE_IN_PAST");
    let repealed = || given::<Entry<Item>>([adopted(1, "甲", "2025", 1)]).at(noon(12));
    repealed().acting(approver()).when(repeal_from(10)).then_refused("EFFECTIVE_IN_PAST");
    repealed().of_set(OfSet::asked(approver(), false)).when(repeal_from(10)).then_refused("EFFECTIVE_IN_PAST");
}

#[test]
fn what_was_recorded_before_both_times_were_kept_was_decided_when_it_was_recorded() {
    let old = br#"{"schema":1,"command":"00000000-0000-0000-0000-000000000000","actor":"a","at":"2026-03-02T04:00:00Z"}"#;
    let metadata = decode_metadata(old).unwrap();
    assert_eq!((metadata.at, metadata.decided(), metadata.decided_at), (noon(2), noon(2), None));
    // And is written as it was.
    assert_eq!(encode_metadata(&metadata).unwrap(), old);
}

fn circumstances_of(capacity: Capacity, now: DateTime<Utc>) -> Circumstances {
    Circumstances { now, actor: ActorId::new("test"), capacity, command: Uuid::nil() }
}

#[test]
fn what_completes_a_reform_was_decided_when_that_was_begun() {
    for capacity in [Capacity::Import, Capacity::Person(approver())] {
        let completing = |begun| circumstances_of(capacity.clone().completing(begun), noon(12));
        let late = completing(noon(10));
        assert_eq!((late.capacity.takes_over(), late.capacity.acting()), (capacity.takes_over(), capacity.acting()));
        assert_eq!((late.metadata(1).at, late.metadata(1).decided_at), (noon(12), Some(noon(10))));
        // By a clock that went back nothing was decided after it was recorded.
        assert_eq!(completing(noon(14)).metadata(1).decided_at, None);
    }
}

proptest! {
    /// However late it is carried, a member becomes the same; and both times are kept.
    #[test]
    fn a_member_becomes_the_same_however_late(seconds in 0_i64..100_000_000) {
        let now = noon(10) + TimeDelta::seconds(seconds);
        let late = circumstances_of(Capacity::OfSet(approved_on(10)), now);
        let state = Entry::<Item>::fold(&up_to(Some(Step::Reviewed), 0));
        let at_once = circumstances_of(Capacity::OfSet(approved_on(10)), noon(10));
        prop_assert_eq!(
            Entry::<Item>::decide(&state, from(10).into(), &late).unwrap(),
            Entry::<Item>::decide(&state, from(10).into(), &at_once).unwrap()
        );
        let metadata = decode_metadata(&encode_metadata(&late.metadata(1)).unwrap()).unwrap();
        prop_assert_eq!((metadata.at, metadata.decided()), (now, noon(10)));
        prop_assert_eq!(metadata.decided_at.is_some(), seconds > 0);
    }
}
