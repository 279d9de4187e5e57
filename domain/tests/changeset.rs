//! What every verb leads to from wherever a change set stands, who may give it, and what a set has to be.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use chrono::{DateTime, Utc};
use common::{noon, person};
use domain::{
    acting::{Acting, PersonId, Role, Scope},
    changeset::{
        Approve, Approved, ChangeSet, Command, Event, Kind, MAX_MEMBERS, Member, Origin, Propose, Proposed, Return, Returned, Review,
        Reviewed, Step, Withdraw, Withdrawn, set_hash,
    },
    codec::{CodecError, Streamed},
    decider::{Circumstances, Decider},
    envelope::{ActorId, Code},
    register::Register,
    scenario::given,
    value::Hash,
};
use proptest::prelude::*;
use uuid::Uuid;

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn member(at: &str, kind: Kind) -> Member {
    let content_hash = (kind != Kind::Gone).then(|| Hash::of_bytes(at.as_bytes()));
    let reason = (kind == Kind::Gone).then(|| "新版未列入".to_owned());
    Member { register: Register::Item, code: code(at), kind, content_hash, follows: u32::from(kind != Kind::New), reason }
}

fn members() -> Vec<Member> {
    vec![member("C", Kind::Gone), member("A", Kind::New), member("B", Kind::Changed)]
}

fn sorted() -> Vec<Member> {
    vec![member("A", Kind::New), member("B", Kind::Changed), member("C", Kind::Gone)]
}

fn hash() -> Hash {
    set_hash(&members()).unwrap()
}

fn origin() -> Origin {
    Origin { title: "某市统计局2026年权责清单".into(), list_key: Some("某市统计局".into()), ..Origin::default() }
}

fn agency() -> Code {
    code(common::AGENCY)
}

fn propose() -> Propose {
    Propose { origin: origin(), agency: Some(agency()), members: members() }
}

fn of(members: Vec<Member>) -> Propose {
    Propose { members, ..propose() }
}

fn proposed() -> Event {
    let by = common::drafter();
    Event::Proposed(Proposed { origin: origin(), agency: Some(agency()), members: sorted().into(), hash: hash(), by })
}

fn reviewed() -> Event {
    Event::Reviewed(Reviewed { hash: hash(), by: common::reviewer() })
}

fn approved() -> Event {
    Event::Approved(Approved {
        hash: hash(),
        document: "某政发〔2026〕1号".into(),
        effective_from: noon(9),
        drafters: vec![common::drafter().person],
        reviewer: common::reviewer().person,
        by: common::approver(),
    })
}

fn returned(by: Acting) -> Event {
    Event::Returned(Returned { reason: "缺依据".into(), by })
}

fn withdrawn() -> Event {
    Event::Withdrawn(Withdrawn { reason: "不再需要".into(), by: common::drafter() })
}

fn approve() -> Approve {
    Approve { hash: hash(), document: "某政发〔2026〕1号".into(), effective_from: None }
}

/// The history that leads to a step.
fn up_to(step: Step) -> Vec<Event> {
    match step {
        Step::Absent => vec![],
        Step::Proposed => vec![proposed()],
        Step::Returned => vec![proposed(), returned(common::reviewer())],
        Step::Reviewed => vec![proposed(), reviewed()],
        Step::Approved => vec![proposed(), reviewed(), approved()],
        Step::Withdrawn => vec![proposed(), withdrawn()],
    }
}

/// A verb of the table, who gives it, and what it leads to from each step.
type Row = (&'static str, fn() -> Acting, fn() -> Command, [&'static str; 6]);

const SO: &str = "=";

/// In the order of `Step::ALL`: absent, proposed, returned, reviewed, approved, withdrawn.
#[rustfmt::skip]
const TABLE: [Row; 6] = [
    ("propose",            common::drafter,  || propose().into(),
        ["proposed", SO, "proposed", "UNDER_REVIEW", "CHANGE_SET_CLOSED", "CHANGE_SET_CLOSED"]),
    ("review",             common::reviewer, || Review { hash: hash() }.into(),
        ["CHANGE_SET_NOT_FOUND", "reviewed", "NOT_SUBMITTED", SO, "CHANGE_SET_CLOSED", "CHANGE_SET_CLOSED"]),
    ("approve",            common::approver, || approve().into(),
        ["CHANGE_SET_NOT_FOUND", "NOT_REVIEWED", "NOT_SUBMITTED", "approved", SO, "CHANGE_SET_CLOSED"]),
    ("return by reviewer", common::reviewer, || Return { reason: "缺依据".into() }.into(),
        ["CHANGE_SET_NOT_FOUND", "returned", SO, "ROLE_REQUIRED", "CHANGE_SET_CLOSED", "CHANGE_SET_CLOSED"]),
    ("return by approver", common::approver, || Return { reason: "缺依据".into() }.into(),
        ["CHANGE_SET_NOT_FOUND", "ROLE_REQUIRED", "NOT_SUBMITTED", "returned", "CHANGE_SET_CLOSED", "CHANGE_SET_CLOSED"]),
    ("withdraw",           common::drafter,  || Withdraw { reason: "不再需要".into() }.into(),
        ["CHANGE_SET_NOT_FOUND", "withdrawn", "withdrawn", "withdrawn", "CHANGE_SET_CLOSED", SO]),
];

fn circumstances(by: Acting, now: DateTime<Utc>) -> Circumstances {
    Circumstances { now, actor: ActorId::new("test"), capacity: domain::acting::Capacity::Person(by), command: Uuid::nil() }
}

#[test]
fn every_verb_from_every_step_leads_where_the_table_says() {
    for (verb, who, command, cells) in TABLE {
        for (step, cell) in Step::ALL.into_iter().zip(cells) {
            let state = ChangeSet::fold(&up_to(step));
            assert_eq!(state.step, step);
            let told = match ChangeSet::decide(&state, command(), &circumstances(who(), noon(9))) {
                Ok(events) if events.is_empty() => SO.to_owned(),
                Ok(events) => {
                    // Accepted and given again, it is already so.
                    let after = events.iter().fold(state.clone(), ChangeSet::evolve);
                    let again = ChangeSet::decide(&after, command(), &circumstances(who(), noon(9)));
                    assert_eq!(again.map(|events| events.len()), Ok(0), "{verb} {step:?}");
                    events[0].verb().to_owned()
                }
                Err(refusal) => refusal.code().to_owned(),
            };
            assert_eq!(told, cell, "{verb} from {step:?}");
        }
    }
}

#[test]
fn every_verb_takes_its_role_and_its_agency() {
    let elsewhere = |role| Acting { person: PersonId::new("p-x"), role, scope: Scope::Agency(code("B1")) };
    for (verb, who, command, cells) in TABLE {
        let step = Step::ALL.into_iter().zip(cells).find(|(_, cell)| cell.bytes().all(|b| b.is_ascii_lowercase())).unwrap().0;
        let state = ChangeSet::fold(&up_to(step));
        let answer = |by| ChangeSet::decide(&state, command(), &circumstances(by, noon(9))).map_err(|refusal| refusal.code().to_owned());
        for role in Role::ALL {
            let told = answer(person("p-other", role));
            let returns = verb.starts_with("return") && role != Role::Drafter;
            if role == who().role {
                assert!(told.is_ok(), "{verb} {role:?}: {told:?}");
            } else if !returns {
                assert_eq!(told, Err("ROLE_REQUIRED".to_owned()), "{verb} {role:?}");
            }
        }
        assert_eq!(answer(elsewhere(who().role)), Err("OUTSIDE_AGENCY".to_owned()), "{verb}");
        let import = Circumstances::of_import(noon(9), ActorId::new("test"), Uuid::nil());
        assert_eq!(ChangeSet::decide(&state, command(), &import).unwrap_err().code(), "ROLE_REQUIRED", "{verb}");
    }
}

#[test]
fn drafter_reviewer_and_approver_are_three_persons() {
    let as_ = |id, role| person(id, role);
    given::<ChangeSet>(up_to(Step::Proposed))
        .acting(as_("p-drafter", Role::Reviewer))
        .when(Review { hash: hash() })
        .then_refused("SAME_PERSON");
    for id in ["p-drafter", "p-reviewer"] {
        given::<ChangeSet>(up_to(Step::Reviewed)).at(noon(9)).acting(as_(id, Role::Approver)).when(approve()).then_refused("SAME_PERSON");
    }
    // Whoever proposed an earlier round is a drafter of the set for ever.
    let other = Event::Proposed(Proposed {
        origin: origin(),
        agency: Some(agency()),
        members: vec![member("A", Kind::New)].into(),
        hash: set_hash(&[member("A", Kind::New)]).unwrap(),
        by: person("p-second", Role::Drafter),
    });
    given::<ChangeSet>([proposed(), returned(common::reviewer()), other])
        .acting(as_("p-drafter", Role::Reviewer))
        .when(Review { hash: set_hash(&[member("A", Kind::New)]).unwrap() })
        .then_refused("SAME_PERSON");
}

#[test]
fn a_set_of_the_city_is_approved_for_the_city_and_one_of_an_agency_by_the_agency() {
    let city = |role| Acting { scope: Scope::City, ..person("p-city", role) };
    given::<ChangeSet>(up_to(Step::Reviewed)).at(noon(9)).acting(city(Role::Approver)).when(approve()).then_refused("OUTSIDE_AGENCY");
    let of_city = Propose { agency: None, ..propose() };
    given::<ChangeSet>([]).acting(common::drafter()).when(of_city.clone()).then_refused("OUTSIDE_AGENCY");
    let state = given::<ChangeSet>([]).acting(city(Role::Drafter)).when(of_city).then_state();
    assert_eq!((state.step, state.agency), (Step::Proposed, None));
    // The city reviews everywhere.
    given::<ChangeSet>(up_to(Step::Proposed)).acting(city(Role::Reviewer)).when(Review { hash: hash() }).then_state();
}

#[test]
fn what_was_looked_at_is_what_is_passed() {
    let other = Hash::of_bytes(b"other");
    given::<ChangeSet>(up_to(Step::Proposed)).acting(common::reviewer()).when(Review { hash: other }).then_refused("CHANGE_SET_CHANGED");
    let named = Approve { hash: other, ..approve() };
    given::<ChangeSet>(up_to(Step::Reviewed)).at(noon(9)).acting(common::approver()).when(named).then_refused("CHANGE_SET_CHANGED");
}

#[test]
fn an_approval_has_a_document_and_is_not_for_the_past() {
    let reviewed = || given::<ChangeSet>(up_to(Step::Reviewed)).at(noon(9)).acting(common::approver());
    reviewed().when(Approve { document: " ".into(), ..approve() }).then_refused("CHANGE_SET_INCOMPLETE");
    reviewed().when(Approve { document: "文".repeat(2_001), ..approve() }).then_refused("CHANGE_SET_TOO_LARGE");
    reviewed().when(Approve { effective_from: Some(noon(8)), ..approve() }).then_refused("EFFECTIVE_IN_PAST");
    let mistyped = "2206-12-01T00:00:00Z".parse().unwrap();
    reviewed().when(Approve { effective_from: Some(mistyped), ..approve() }).then_refused("EFFECTIVE_TOO_LATE");
    reviewed().when(approve()).then([approved()]);
}

#[test]
fn a_set_is_whole_or_is_none() {
    let proposes = |members| given::<ChangeSet>([]).acting(common::drafter()).when(of(members));
    proposes(vec![]).then_refused("CHANGE_SET_INCOMPLETE");
    proposes(vec![member("A", Kind::New), member("A", Kind::Gone)]).then_refused("CHANGE_SET_INCOMPLETE");
    for wrong in [
        Member { follows: 1, ..member("A", Kind::New) },
        Member { follows: 0, ..member("A", Kind::Changed) },
        Member { content_hash: None, ..member("A", Kind::Changed) },
        Member { reason: Some("为何".into()), ..member("A", Kind::New) },
        Member { reason: None, ..member("A", Kind::Gone) },
        Member { reason: Some(" ".into()), ..member("A", Kind::Gone) },
        Member { follows: 0, ..member("A", Kind::Gone) },
        Member { content_hash: Some(hash()), ..member("A", Kind::Gone) },
    ] {
        proposes(vec![wrong]).then_refused("CHANGE_SET_INCOMPLETE");
    }
    let untitled = Propose { origin: Origin::default(), ..propose() };
    given::<ChangeSet>([]).acting(common::drafter()).when(untitled).then_refused("CHANGE_SET_INCOMPLETE");
    let many = |count| (0..count).map(|n| member(&format!("A{n}"), Kind::New)).collect::<Vec<_>>();
    proposes(many(MAX_MEMBERS + 1)).then_refused("CHANGE_SET_TOO_LARGE");
    let long = Member { reason: Some("因".repeat(2_000)), ..member("A", Kind::Gone) };
    let wordy = (0..200).map(|n| Member { code: code(&format!("A{n}")), ..long.clone() }).collect();
    proposes(wordy).then_refused("CHANGE_SET_TOO_LARGE");
}

#[test]
fn the_largest_set_fits_into_an_event() {
    // With codes as long as the national catalogue has them.
    let members = (0..MAX_MEMBERS).map(|n| member(&format!("11650200MB1234567X3650201{n:08}"), Kind::Changed)).collect();
    let state = ChangeSet::decide(&ChangeSet::fold([]), of(members).into(), &circumstances(common::drafter(), noon(1))).unwrap();
    let stored = ChangeSet::write(&state[0]).unwrap();
    assert!(stored.payload.len() < 1024 * 1024 - 4_096, "{} bytes", stored.payload.len());
}

#[test]
fn kinds_of_other_streams_and_of_newer_versions_are_told_apart() {
    assert!(matches!(ChangeSet::read("item.adopted", 1, b"{}"), Ok(None)));
    assert!(matches!(ChangeSet::read("changeset.sealed", 1, b"{}"), Err(CodecError::UnknownKind(_))));
    assert!(matches!(ChangeSet::read("dataset.proposed", 1, b"{}"), Err(CodecError::UnknownKind(_))));
    assert!(matches!(ChangeSet::read("changeset.proposed", 9, b"{}"), Err(CodecError::NewerSchema { found: 9, .. })));
    for payload in [&b"{"[..], b"{}", b"[]", b"\xff"] {
        assert!(matches!(ChangeSet::read("changeset.reviewed", 1, payload), Err(CodecError::Payload { .. })));
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let any = prop::sample::select(vec![
        proposed(),
        reviewed(),
        approved(),
        returned(common::reviewer()),
        returned(common::approver()),
        withdrawn(),
    ]);
    prop::collection::vec(any, 0..8)
}

proptest! {
    /// Whatever happened, deciding never panics, an accepted command repeated changes nothing, and events are read as they were written.
    #[test]
    fn deciding_is_total_and_repeatable(history in events(), row in 0..TABLE.len(), day in 1_u32..20) {
        let state = ChangeSet::fold(&history);
        let (_, who, command, _) = TABLE[row];
        if let Ok(events) = ChangeSet::decide(&state, command(), &circumstances(who(), noon(day))) {
            let after = events.iter().fold(state, ChangeSet::evolve);
            let again = ChangeSet::decide(&after, command(), &circumstances(who(), noon(day)));
            prop_assert!(events.is_empty() || again.as_ref().is_ok_and(Vec::is_empty), "{again:?}");
        }
        for event in &history {
            let stored = ChangeSet::write(event).unwrap();
            prop_assert_eq!(ChangeSet::read(&stored.kind, stored.schema, &stored.payload).unwrap(), Some(event.clone()));
        }
    }

    /// The hash of a set does not depend on the order in which its members came.
    #[test]
    fn the_hash_of_a_set_has_no_order(mut shuffled in Just(sorted()).prop_shuffle(), drop in prop::option::of(0_usize..3)) {
        let whole = hash();
        if let Some(place) = drop {
            shuffled.remove(place);
        }
        prop_assert_eq!(set_hash(&shuffled).unwrap() == whole, drop.is_none());
    }
}
