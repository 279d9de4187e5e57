//! When channels can show a revision, and the clock that runs while they can.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    acting::{Acting, PersonId, Role, Scope},
    calendar::{Calendar, CalendarAt, Span},
    deadline::sight::{Hidden, Proof, Sight, Story},
    deadline::{Limit, Status},
    decider::{Circumstances, Decider},
    entry::{Adopt, Entry, Event, Repealed, Resumed, Source, State, Suspended},
    envelope::{ActorId, Metadata},
    register::Item,
    value::ItemType,
};
use proptest::prelude::*;
use uuid::Uuid;

/// So many hours after the morning of Monday, 2 March 2026, in China.
fn hour(n: i64) -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(n)
}

fn approver() -> Acting {
    Acting { person: PersonId::new("p-approver"), role: Role::Approver, scope: Scope::City }
}

fn suspended(from: i64, until: Option<i64>) -> Event<Item> {
    Event::Suspended(Suspended { effective_from: hour(from), until: until.map(hour), reason: "检修".into(), by: approver() })
}

fn resumed(from: i64) -> Event<Item> {
    Event::Resumed(Resumed { effective_from: hour(from), by: approver() })
}

fn repealed(from: i64) -> Event<Item> {
    let by = Some(approver());
    Event::Repealed(Repealed { effective_from: hour(from), reason: "取消".into(), document: None, replaced_by: None, reform: None, by })
}

/// An item that is adopted at the first hour, and again at another, with what else happens at some hours.
fn story(again: Option<i64>, others: Vec<(i64, Event<Item>)>) -> Story {
    let mut state = State::default();
    let mut all = Vec::new();
    for (n, at) in [Some(0), again].into_iter().flatten().enumerate() {
        let content = Item::new(format!("第{n}稿"), ItemType::Permission, "A1".parse().unwrap());
        let adopt = Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: None };
        let circumstances = Circumstances::of_import(hour(at), ActorId::new("test"), Uuid::nil());
        let event = Entry::<Item>::decide(&state, adopt.into(), &circumstances).unwrap().remove(0);
        state = Entry::<Item>::evolve(state, &event);
        all.push((at, event));
    }
    all.extend(others);
    all.sort_by_key(|(at, _)| *at);
    let mut story = Story::default();
    for (at, event) in all {
        story.note(&Circumstances::of_import(hour(at), ActorId::new("test"), Uuid::nil()).metadata(1), &event);
    }
    story
}

fn sight(story: &Story) -> Sight {
    story.sight(1, None, DateTime::<Utc>::MAX_UTC).unwrap()
}

fn calendar() -> CalendarAt {
    Calendar::shipped().known_at(hour(0))
}

fn limit() -> Limit {
    Limit::Within(Span::WorkingDays(std::num::NonZeroU16::MIN))
}

#[test]
fn it_is_in_sight_until_it_is_suspended_and_again_when_that_ends() {
    let of = |others| sight(&story(None, others)).steps().to_vec();
    assert_eq!(of(vec![]), [(hour(0), None)]);
    let twice = vec![(3, suspended(3, None)), (5, resumed(5)), (7, suspended(7, Some(9)))];
    let out = Some(Hidden::Suspended);
    assert_eq!(of(twice), [(hour(0), None), (hour(3), out), (hour(5), None), (hour(7), out), (hour(9), None)]);
    // A repeal that is announced is no end until it comes.
    assert_eq!(of(vec![(3, repealed(8)), (4, suspended(4, None))])[2..], [(hour(8), Some(Hidden::Repealed))]);
}

#[test]
fn what_was_not_recorded_by_a_moment_is_not_known_then() {
    let story = story(Some(6), vec![(3, suspended(3, None)), (5, resumed(5))]);
    let of = |until| story.sight(1, None, hour(until)).unwrap().steps().to_vec();
    assert_eq!(of(2), [(hour(0), None)]);
    assert_eq!(of(4), [(hour(0), None), (hour(3), Some(Hidden::Suspended))]);
    assert_eq!(of(6).last(), Some(&(hour(6), Some(Hidden::Superseded))));
    assert_eq!(story.sight(3, None, hour(9)), None, "there is no such revision");
}

/// An item that is adopted, suspended at an hour for as long as is said, and revised from another hour on.
fn announced((suspended_at, until): (i64, Option<i64>), revised: &[(i64, i64)], others: Vec<(i64, Event<Item>)>) -> Story {
    let mut state = State::default();
    let mut all = Vec::new();
    for (n, (at, from)) in [(0, 0)].iter().chain(revised).enumerate() {
        let content = Item::new(format!("第{n}稿"), ItemType::Permission, "A1".parse().unwrap());
        let adopt = Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: Some(hour(*from)) };
        let circumstances = Circumstances::of_import(hour(*at), ActorId::new("test"), Uuid::nil());
        let event = Entry::<Item>::decide(&state, adopt.into(), &circumstances).unwrap().remove(0);
        state = Entry::<Item>::evolve(state, &event);
        all.push((*at, event));
    }
    all.push((suspended_at, suspended(suspended_at, until)));
    all.extend(others);
    all.sort_by_key(|(at, _)| *at);
    let mut story = Story::default();
    for (at, event) in all {
        story.note(&Circumstances::of_import(hour(at), ActorId::new("test"), Uuid::nil()).metadata(1), &event);
    }
    story
}

/// Announced is what will be shown, as far as is decided: under a suspension without an end nothing will.
#[test]
fn what_will_not_be_shown_is_not_announced() {
    let steps = |story: &Story, revision| story.sight(revision, None, DateTime::<Utc>::MAX_UTC).unwrap().steps().to_vec();
    let out = Some(Hidden::Suspended);
    // Revised under a suspension, for a later day.
    assert_eq!(steps(&announced((5, None), &[(10, 20)], vec![]), 2), [(hour(10), out)]);
    assert_eq!(steps(&announced((5, None), &[(10, 20)], vec![(15, resumed(15))]), 2), [(hour(10), out), (hour(15), None)]);
    assert_eq!(steps(&announced((5, None), &[(10, 20)], vec![(30, resumed(30))]), 2), [(hour(10), out), (hour(30), None)]);
    // Announced, and then suspended.
    let after = announced((12, None), &[(10, 20)], vec![]);
    assert_eq!(steps(&after, 2), [(hour(10), None), (hour(12), out)]);
    // A suspension with an end: it is announced if it is seen afterwards.
    assert_eq!(steps(&announced((5, Some(15)), &[(10, 20)], vec![]), 2), [(hour(10), None)]);
    assert_eq!(steps(&announced((5, Some(30)), &[(10, 20)], vec![]), 2), [(hour(10), None), (hour(20), out), (hour(30), None)]);
    let overtaken = announced((5, Some(30)), &[(10, 20), (11, 25)], vec![]);
    let gone = Some(Hidden::Superseded);
    assert_eq!(steps(&overtaken, 2), [(hour(10), None), (hour(11), out), (hour(25), gone)]);
    assert_eq!(steps(&overtaken, 3), [(hour(11), None), (hour(25), out), (hour(30), None)]);
    assert_eq!(steps(&announced((5, Some(30)), &[(10, 20)], vec![(11, repealed(25))]), 2)[1], (hour(11), out));
}

/// What was decided at an hour and recorded at another.
fn late(decided: i64, recorded: i64) -> Metadata {
    let metadata = Circumstances::of_import(hour(recorded), ActorId::new("test"), Uuid::nil()).metadata(1);
    Metadata { decided_at: Some(hour(decided)), ..metadata }
}

/// The members of a change set that was cut off: the approval is that of the set (Art. 10(2)), and nobody knew of it in the entry before.
#[test]
fn what_is_carried_late_could_be_shown_from_when_it_was_decided() {
    let mut state = State::default();
    let mut story = Story::default();
    for (n, metadata) in [(1, late(0, 0)), (2, late(10, 40))] {
        let content = Item::new(format!("第{n}稿"), ItemType::Permission, "A1".parse().unwrap());
        let adopt = Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: None };
        let circumstances = Circumstances::of_import(metadata.decided(), ActorId::new("test"), Uuid::nil());
        let event = Entry::<Item>::decide(&state, adopt.into(), &circumstances).unwrap().remove(0);
        state = Entry::<Item>::evolve(state, &event);
        story.note(&metadata, &event);
    }
    let steps = |story: &Story, revision, until| story.sight(revision, None, hour(until)).map(|sight| sight.steps().to_vec());
    let of = |revision, until| steps(&story, revision, until);
    assert_eq!(of(2, 40), Some(vec![(hour(10), None)]), "the time runs from the decision");
    assert_eq!(of(1, 40), Some(vec![(hour(0), None), (hour(10), Some(Hidden::Superseded))]));
    // By what was recorded until before the completion nothing had taken its place.
    assert_eq!(of(1, 39), Some(vec![(hour(0), None)]));
    story.note(&late(20, 50), &repealed(20));
    assert_eq!(steps(&story, 2, 60), Some(vec![(hour(10), None), (hour(20), Some(Hidden::Repealed))]));
    assert_eq!(steps(&story, 2, 49), Some(vec![(hour(10), None)]));
}

proptest! {
    /// Whatever happens: what is announced at a moment is seen at a later one if nothing more is decided, and what is not announced is not.
    #[test]
    fn what_is_announced_is_what_will_be_seen(
        (suspended_at, until) in (1_i64..60, prop::option::of(1_i64..60)),
        from in 12_i64..80,
        later in prop::option::of(81_i64..100),
        others in prop::collection::vec((11_i64..80, any::<bool>(), 1_i64..60), 0..3),
        now in 11_i64..80,
    ) {
        let other = |(at, ends, more): (i64, bool, i64)| (at, if ends { resumed(at) } else { repealed(at + more) });
        let revised: Vec<_> = std::iter::once((10, from)).chain(later.map(|later| (11, later))).collect();
        let story = announced((suspended_at, until.map(|more| suspended_at + more)), &revised, others.into_iter().map(other).collect());
        let known = story.sight(2, None, hour(now)).unwrap();
        let ahead = (from.max(now)..400).any(|at| known.hidden_at(hour(at)).is_none());
        prop_assert!(now >= from || known.hidden_at(hour(now)).is_none() == ahead, "{known:?}");
    }

    /// Whatever happens: the time begins in sight, nothing is due or overdue that nobody can show, and nothing is fulfilled that is not proven.
    #[test]
    fn a_clock_runs_only_in_sight(
        again in prop::option::of(1_i64..120),
        others in prop::collection::vec((1_i64..120, 0_u8..4, 1_i64..60), 0..6),
        shown in prop::option::of((0_i64..160, any::<bool>())),
        now in 0_i64..200,
    ) {
        let event = |(at, what, more): (i64, u8, i64)| (at, match what {
            0 => suspended(at, None),
            1 => suspended(at, Some(at + more)),
            2 => resumed(at),
            _ => repealed(at + more),
        });
        let sight = sight(&story(again, others.into_iter().map(event).collect()));
        let proof = shown.map(|(at, seen)| Proof { at: hour(at), seen: Some(hour(at)).filter(|_| seen), certain: true, doubted: false });
        let calendar = calendar();
        let clock = sight.clock(proof.map(|proof| proof.at), |from| limit().due(from, &calendar));
        let (status, hidden, due) = (sight.stands(&clock, proof, hour(now)), sight.hidden_at(hour(now)), clock.due.unwrap().at);
        if let Some(start) = clock.start {
            prop_assert_eq!(sight.hidden_at(start), None);
        }
        match status {
            Status::Due => prop_assert!(hidden.is_none() && hour(now) < due),
            Status::Overdue => prop_assert!(hidden.is_none() && hour(now) >= due),
            Status::FulfilledInTime => prop_assert!(proof.is_some_and(|proof| proof.at <= hour(now) && proof.at < due)),
            Status::FulfilledLate => prop_assert!(proof.is_some_and(|proof| proof.at <= hour(now) && proof.seen >= Some(due))),
            Status::Unknown => prop_assert!(proof.is_some_and(|proof| proof.at >= due && proof.seen.is_none())),
            Status::Waiting => prop_assert!(hidden.is_some_and(|hidden| !hidden.is_for_good())),
            Status::Ended => prop_assert!(hidden.is_some_and(Hidden::is_for_good)),
        }
    }
}
