//! Receipts of a channel: given, when, then.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{num::NonZeroU16, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, PersonId, Role, Scope},
    calendar::{Calendar, Span},
    codec::Streamed,
    deadline::sight::Story,
    deadline::{Limit, Rule, Ruled, Rules, rulebook},
    decider::{Circumstances, Decider},
    entry::{self, Entry},
    envelope::{Code, EntryName},
    receipt::{CLOCKS_DIFFER, Event, Proven, RECEIPTS_OF_EVENT, RULE, Receipt, Receipts, Record, Served, Showing, Standing, Witness},
    register::{Item, Register},
    scenario::{Given, given},
    value::{Channel, Hash, ItemType},
};
use proptest::prelude::*;

/// A moment by the clocks of China.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

fn adopted(content: Item) -> entry::Event<Item> {
    let adopt = entry::Adopt { content, source: entry::Source { file: "list".into(), ..entry::Source::default() }, effective_from: None };
    let circumstances = domain::decider::Circumstances { now: at("2026-03-02T09:00:00"), ..circumstances() };
    Entry::<Item>::decide(&entry::State::default(), adopt.into(), &circumstances).unwrap().remove(0)
}

fn suspended(from: &str) -> entry::Event<Item> {
    entry::Event::Suspended(entry::Suspended { effective_from: at(from), until: None, reason: "检修".into(), by: acting() })
}

fn resumed(from: &str) -> entry::Event<Item> {
    entry::Event::Resumed(entry::Resumed { effective_from: at(from), by: acting() })
}

fn acting() -> Acting {
    Acting { person: PersonId::new("p-approver"), role: Role::Approver, scope: Scope::City }
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn showing(entry: &str, revision: u32, published: &str, served: &str) -> Showing {
    Showing {
        entry: EntryName::new(Register::Guide, code(entry)),
        revision,
        content_hash: Hash::of_bytes(entry.as_bytes()),
        published_at: at(published),
        served_at: at(served),
        witness: Witness::Commit,
        sight: None,
    }
}

fn record(showings: impl IntoIterator<Item = Showing>) -> Record {
    record_by(Rules::of_rulebook(), showings)
}

fn record_by(rules: Rules, showings: impl IntoIterator<Item = Showing>) -> Record {
    Record {
        channel: Channel::Online,
        showings: showings.into_iter().collect(),
        calendar: Calendar::shipped().known_at(at("2026-11-01T09:00:00")).into(),
        rules: rules.into(),
    }
}

fn receipt(showing: Showing, due: &str, standing: Standing) -> Receipt {
    let Showing { entry, revision, content_hash, published_at, served_at, witness, .. } = showing;
    let EntryName { register, code } = entry;
    Receipt { register, code, revision, content_hash, published_at, begins_at: None, served_at, witness, due_at: Some(at(due)), standing }
}

fn served(receipts: impl IntoIterator<Item = Receipt>) -> Event {
    Event::Served(Arc::new(Served { channel: Channel::Online, receipts: receipts.into_iter().collect() }))
}

/// What happened before, looked at when all that is shown has been shown.
fn after(events: impl IntoIterator<Item = Event>) -> Given<Receipts> {
    given::<Receipts>(events).at(at("2026-06-01T09:00:00"))
}

#[track_caller]
fn standing_of(showing: Showing) -> (DateTime<Utc>, Standing) {
    let events = Receipts::decide(&domain::receipt::State::default(), record([showing]), &circumstances()).unwrap();
    let Event::Served(served) = &events[0];
    (served.receipts[0].due_at.unwrap(), served.receipts[0].standing)
}

fn circumstances() -> domain::decider::Circumstances {
    domain::decider::Circumstances::of_import(at("2028-06-01T09:00:00"), domain::envelope::ActorId::new("test"), uuid::Uuid::nil())
}

#[test]
fn what_a_channel_serves_is_written_down_and_many_share_one_event() {
    let first = || showing("G1", 1, "2026-03-03T09:00:00", "2026-03-03T09:00:01");
    let second = || showing("G2", 4, "2026-03-03T09:00:00", "2026-03-03T09:00:01");
    after([]).when(record([first(), second()])).then([served([
        receipt(first(), "2026-03-05T00:00:00", Standing::InTime),
        receipt(second(), "2026-03-05T00:00:00", Standing::InTime),
    ])]);
}

#[test]
fn a_revision_has_one_receipt_however_often_it_is_shown() {
    let first = || showing("G1", 1, "2026-03-03T09:00:00", "2026-03-03T09:00:01");
    let before = || served([receipt(first(), "2026-03-05T00:00:00", Standing::InTime)]);
    after([before()]).when(record([first()])).then_nothing();
    // Found again later, after a suspension or a restart: the receipt of the first time stands.
    let again = Showing { served_at: at("2026-04-01T00:00:00"), witness: Witness::Found, ..first() };
    after([before()]).when(record([again])).then_nothing();
    let next = || showing("G1", 2, "2026-03-03T09:00:00", "2026-03-03T09:00:01");
    after([before()]).when(record([first(), next(), next()])).then([served([receipt(next(), "2026-03-05T00:00:00", Standing::InTime)])]);
}

#[test]
fn the_same_code_in_another_register_is_another_entry() {
    let guide = || showing("G1", 1, "2026-03-03T09:00:00", "2026-03-03T09:00:01");
    let item = || Showing { entry: EntryName::new(Register::Item, code("G1")), ..guide() };
    let state = after([]).when(record([guide()])).then_state();
    assert!(state.has(&guide().entry, 1) && !state.has(&item().entry, 1) && !state.has(&guide().entry, 2));
}

#[test]
fn art_10_2_it_is_due_with_the_end_of_the_next_working_day() {
    // The eve of the National Day week of 2026.
    let approved = |shown: &str| standing_of(showing("G1", 1, "2026-09-30T17:30:00", shown));
    let due = at("2026-10-09T00:00:00");
    assert_eq!(approved("2026-10-08T23:59:59"), (due, Standing::InTime));
    assert_eq!(approved("2026-10-09T00:00:00"), (due, Standing::Late));
    // Of two clocks one was ahead.
    assert_eq!(approved("2026-09-30T17:29:59"), (due, Standing::InTime));
}

/// What a receipt says of a revision that was published at ten, seen at a moment and written down at another.
fn said(seen: &str, written: &str) -> (DateTime<Utc>, Witness, Standing) {
    let circumstances = domain::decider::Circumstances { now: at(written), ..circumstances() };
    let showing = showing("G1", 1, "2026-03-03T10:00:00", seen);
    let Event::Served(served) = Receipts::decide(&domain::receipt::State::default(), record([showing]), &circumstances).unwrap().remove(0);
    let receipt = &served.receipts[0];
    (receipt.served_at, receipt.witness, receipt.standing)
}

#[test]
fn a_moment_that_cannot_be_is_not_said_to_have_been_seen() {
    let (ten, eleven) = ("2026-03-03T10:00:00", "2026-03-03T11:00:00");
    // Clocks of two nodes differ a little: nothing is shown before it is published.
    assert_eq!(said("2026-03-03T09:59:00", eleven), (at(ten), Witness::Commit, Standing::InTime));
    assert_eq!(said(ten, "2026-03-03T09:59:00"), (at(ten), Witness::Commit, Standing::InTime));
    // The clock was behind when it was seen, and was put right by when it is written down.
    assert_eq!(said("2026-03-03T09:58:59", eleven), (at(eleven), Witness::Found, Standing::InTime));
    assert_eq!(said("2026-02-01T10:00:00", "2026-03-06T10:00:00"), (at("2026-03-06T10:00:00"), Witness::Found, Standing::Unknown));
    // It is behind still: what it says stands there, and that nobody knows.
    let behind = "2026-02-01T10:00:00";
    assert_eq!(said(behind, behind), (at(behind), Witness::Found, Standing::Unknown));
    // It was ahead when it was seen: late by it, and not by the one that is right.
    assert_eq!(said("2026-05-01T10:00:00", eleven), (at(eleven), Witness::Found, Standing::InTime));
    // It is ahead still: nothing contradicts it.
    assert_eq!(said("2026-05-01T10:00:00", "2026-05-01T10:00:01"), (at("2026-05-01T10:00:00"), Witness::Commit, Standing::Late));
}

#[test]
fn where_the_calendar_is_not_known_it_is_in_time_as_long_as_it_cannot_be_late() {
    // Nothing is known of 2028 here.
    let approved = |shown: &str| standing_of(showing("G1", 1, "2027-12-31T17:30:00", shown)).1;
    let due = standing_of(showing("G1", 1, "2027-12-31T17:30:00", "2027-12-31T17:30:00")).0;
    assert_eq!(approved("2027-12-31T17:30:01"), Standing::InTime);
    assert_eq!(due, at("2028-01-02T00:00:00"), "the earliest that it may be");
    assert_eq!(approved("2028-01-01T23:59:59"), Standing::InTime);
    assert_eq!(approved("2028-01-02T00:00:00"), Standing::Unknown);
}

#[test]
fn it_is_judged_by_the_rule_of_when_it_was_published() {
    let longer = || {
        let rule = rulebook().into_iter().find(|rule| rule.code.as_str() == RULE).unwrap();
        Rule { limit: Limit::Within(Span::WorkingDays(NonZeroU16::new(3).unwrap())), ..rule }
    };
    let ruled = |rule: Option<Rule>| {
        let ruled = Ruled { code: code(RULE), rule, effective_from: at("2026-03-10T00:00:00"), document: "d".into() };
        Rules::new([(at("2026-03-09T00:00:00"), Arc::new(ruled))])
    };
    let due = |rules: Rules, published: &str| {
        let command = record_by(rules, [showing("G1", 1, published, published)]);
        let Event::Served(served) = Receipts::decide(&domain::receipt::State::default(), command, &circumstances()).unwrap().remove(0);
        (served.receipts[0].due_at, served.receipts[0].standing)
    };
    let in_time = |due: &str| (Some(at(due)), Standing::InTime);
    assert_eq!(due(ruled(Some(longer())), "2026-03-09T09:00:00"), in_time("2026-03-11T00:00:00"));
    assert_eq!(due(ruled(Some(longer())), "2026-03-10T09:00:00"), in_time("2026-03-14T00:00:00"));
    // Where the rule was ended nothing is due: neither in time nor late, and nobody has to ask since when it could be shown.
    assert_eq!(due(ruled(None), "2026-03-09T09:00:00"), in_time("2026-03-11T00:00:00"), "it was published before that");
    assert_eq!(due(ruled(None), "2026-03-10T09:00:00"), (None, Standing::Unknown));
    let late = showing("G1", 1, "2026-03-10T09:00:00", "2026-04-10T09:00:00");
    let Record { calendar, rules, .. } = record_by(ruled(None), [late.clone()]);
    assert!(Record::is_in_time(&late, &calendar, &rules));
}

#[test]
fn what_was_late_as_it_was_seen_is_counted_and_what_was_found_is_not() {
    let late = || showing("G1", 1, "2026-03-03T09:00:00", "2026-03-09T09:00:00");
    let found = Showing { witness: Witness::Found, ..showing("G2", 1, "2026-03-03T09:00:00", "2026-03-09T09:00:00") };
    let state = after([]).when(record([late(), found])).then_state();
    assert_eq!((state.count(), state.proven().late, state.all().count()), (2, 1, 2));
}

#[test]
fn what_a_receipt_proves_is_in_time_late_or_neither_and_the_three_add_up() {
    let ten = "2026-03-03T10:00:00";
    let of = |code: &str, seen: &str| showing(code, 1, ten, seen);
    let found = |code: &str, seen: &str| Showing { witness: Witness::Found, ..of(code, seen) };
    let behind = "2026-03-03T09:00:00";
    let showings = [of("G1", ten), found("G2", ten), of("G3", "2026-03-09T09:00:00"), found("G4", "2026-03-09T09:00:00")];
    let events = Receipts::decide(&domain::receipt::State::default(), record(showings), &circumstances()).unwrap();
    // Written down by a clock that is behind the publication.
    let by_clock = Circumstances { now: at(behind), ..circumstances() };
    let doubted = Receipts::decide(&domain::receipt::State::default(), record([of("G5", behind)]), &by_clock).unwrap();
    let state = events.iter().chain(&doubted).fold(domain::receipt::State::default(), Receipts::evolve);
    let proven = state.all().map(Receipt::proves).collect::<Vec<_>>();
    assert_eq!(proven, [Standing::InTime, Standing::InTime, Standing::Late, Standing::Unknown, Standing::Unknown]);
    assert_eq!(state.proven(), Proven { in_time: 2, late: 1, unknown: 2 });
    assert_eq!(state.count(), 5);
}

/// A revision that was published in March while it could not be shown, and could be from a moment in April on.
fn from_april(shown: &str) -> Receipt {
    let mut story = Story::default();
    let noted = |moment| Circumstances { now: at(moment), ..circumstances() }.metadata(1);
    story.note(&noted("2026-03-02T09:00:00"), &adopted(Item::new("甲", ItemType::Permission, code("A1"))));
    story.note(&noted("2026-03-03T08:00:00"), &suspended("2026-03-03T08:00:00"));
    story.note(&noted("2026-04-07T09:00:00"), &resumed("2026-04-07T09:00:00"));
    let sight = story.sight(1, None, DateTime::<Utc>::MAX_UTC);
    let showing = Showing { sight, ..showing("G1", 1, "2026-03-02T09:00:00", shown) };
    let Event::Served(served) =
        Receipts::decide(&domain::receipt::State::default(), record([showing]), &circumstances()).unwrap().remove(0);
    served.receipts[0].clone()
}

#[test]
fn what_could_not_be_shown_before_is_due_from_when_it_could() {
    let told = |shown: &str| {
        let receipt = from_april(shown);
        (receipt.begins_at, receipt.due_at.unwrap(), receipt.standing)
    };
    // It was in sight for less than its day, and is due anew.
    let (begins, due) = (Some(at("2026-04-07T09:00:00")), at("2026-04-09T00:00:00"));
    assert_eq!(told("2026-04-07T09:00:01"), (begins, due, Standing::InTime));
    assert_eq!(told("2026-04-08T23:59:59"), (begins, due, Standing::InTime));
    assert_eq!(told("2026-04-09T00:00:00"), (begins, due, Standing::Late));
    // What was seen before it went out of sight is judged by that time.
    assert_eq!(told("2026-03-02T09:00:01"), (None, at("2026-03-04T00:00:00"), Standing::InTime));
}

#[test]
fn a_receipt_of_an_earlier_version_that_calls_late_what_was_found_proves_nothing() {
    let late = Receipt { standing: Standing::Late, ..from_april("2026-04-09T00:00:00") };
    assert_eq!(late.proves(), Standing::Late);
    assert_eq!(Receipt { witness: Witness::Found, ..late }.proves(), Standing::Unknown);
}

#[test]
fn an_event_fits_into_an_append_also_with_the_longest_codes() {
    let long = |n: usize| showing(&format!("{n:064}"), u32::MAX, "2026-03-03T09:00:00.123456", "2026-03-09T09:00:00.123456");
    let long = |n| Showing { witness: Witness::Found, ..long(n) };
    let events = Receipts::decide(&domain::receipt::State::default(), record((0..1_001).map(long)), &circumstances()).unwrap();
    let sizes: Vec<_> = events.iter().map(|event| Receipts::write(event).unwrap().payload.len()).collect();
    assert_eq!(events.len(), 3);
    assert!(sizes.iter().all(|size| *size < 256 * 1024), "{sizes:?}");
    let Event::Served(first) = &events[0];
    assert_eq!(first.receipts.len(), RECEIPTS_OF_EVENT);
}

#[test]
fn each_channel_has_a_stream_of_its_own() {
    let streams = Channel::ALL.map(|channel| Receipts::stream(&Receipts::code_of(channel)).to_string());
    assert_eq!(streams, ["receipt-online", "receipt-counter"]);
}

proptest! {
    /// However what is shown is handed in, in whatever portions and how often: each revision has exactly one receipt, of the first time that it was told.
    #[test]
    fn every_revision_has_exactly_one(told in prop::collection::vec(prop::collection::vec((0_u8..5, 1_u32..4), 0..6), 0..8)) {
        let (mut state, mut first) = (domain::receipt::State::default(), std::collections::BTreeMap::new());
        for (minute, portion) in told.into_iter().enumerate() {
            let of = |(entry, revision): (u8, u32)| {
                showing(&format!("G{entry}"), revision, "2026-03-03T09:00:00", &format!("2026-03-03T09:{minute:02}:00"))
            };
            let showings: Vec<_> = portion.into_iter().map(of).collect();
            for showing in &showings {
                first.entry((showing.entry.clone(), showing.revision)).or_insert(showing.served_at);
            }
            let events = Receipts::decide(&state, record(showings), &circumstances()).unwrap();
            state = events.iter().fold(state, Receipts::evolve);
        }
        let written: Vec<_> = state.all().map(|receipt| ((receipt.entry(), receipt.revision), receipt.served_at)).collect();
        prop_assert_eq!(written.len(), first.len());
        prop_assert_eq!(written.into_iter().collect::<std::collections::BTreeMap<_, _>>(), first);
    }

    /// Whatever the clocks say: a receipt says no moment after the one at which it is written down by more than clocks differ, and none before the publication
    /// without saying that it is not known.
    #[test]
    fn no_moment_is_said_that_cannot_be(seen in -3_000_i64..3_000, written in -3_000_i64..3_000) {
        let ten = at("2026-03-03T10:00:00");
        let moment = |minutes: i64| ten + chrono::TimeDelta::minutes(minutes);
        let text = |minutes: i64| (moment(minutes) + chrono::TimeDelta::hours(8)).format("%Y-%m-%dT%H:%M:%S").to_string();
        let (served, witness, standing) = said(&text(seen), &text(written));
        prop_assert!(served <= moment(written).max(ten) + CLOCKS_DIFFER);
        prop_assert!(served >= ten || (witness, standing) == (Witness::Found, Standing::Unknown));
        prop_assert!(witness == Witness::Found || served == moment(seen).max(ten));
    }
}
