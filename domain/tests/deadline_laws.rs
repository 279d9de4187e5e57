//! Laws of the deadlines: for every rule, every case and every moment.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::num::NonZeroU16;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    acting::Capacity,
    calendar::{Calendar, CalendarAt, Span, china},
    codec::Streamed,
    deadline::{Act, DeadlineRules, Done, LayDown, Limit, Occasion, Rule, State, Status, Trigger, rulebook},
    decider::{Circumstances, Decider},
    envelope::ActorId,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use uuid::Uuid;

const ACTS: [Act; 4] = [Act::ShownOnline, Act::ShownAtCounter, Act::Published, Act::Corrected];

fn begin() -> DateTime<Utc> {
    china::first_moment(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap())
}

fn known() -> CalendarAt {
    Calendar::shipped().known_at(china::first_moment(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()))
}

/// Moments of 2026 and of the year after, which is not announced.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..500 * 86_400).prop_map(|seconds| begin() + TimeDelta::seconds(seconds))
}

fn spans() -> impl Strategy<Value = Span> {
    (1_u16..40, 0_usize..3).prop_map(|(n, kind)| {
        let n = NonZeroU16::new(n).unwrap();
        [Span::WorkingDays(n), Span::CalendarDays(n), Span::Hours(n)][kind]
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    let limits = prop_oneof![
        3 => spans().prop_map(Limit::Within),
        1 => (1_u32..13, 1_u32..29).prop_map(|(month, day)| Limit::DayOfYear { month, day }),
    ];
    let triggers = prop_oneof![Just(Trigger::On(Occasion::RevisionApproved)), (1_u32..13).prop_map(|month| Trigger::Yearly { month }),];
    let acts = (1_usize..=ACTS.len()).prop_map(|n| ACTS[..n].to_vec());
    (select(vec!["ART-7", "CITY-1", "CITY-2"]), limits, triggers, acts).prop_map(|(code, limit, trigger, acts)| Rule {
        code: code.parse().unwrap(),
        article: "Art. 7".into(),
        name: "规则".into(),
        name_en: "a rule".into(),
        trigger,
        aim: None,
        limit,
        acts,
    })
}

fn acts() -> impl Strategy<Value = Vec<Done>> {
    vec((select(ACTS.to_vec()), moments()).prop_map(|(act, at)| Done { act, at }), 0..6)
}

fn circumstances(now: DateTime<Utc>) -> Circumstances {
    Circumstances { now, actor: ActorId::new("test"), capacity: Capacity::Import, command: Uuid::nil() }
}

proptest! {
    /// Each status is what its words say.
    #[test]
    fn a_judgement_follows_from_when_it_is_due_and_what_is_done(rule in rules(), trigger in moments(), done in acts(), now in moments()) {
        let judgement = rule.judge(trigger, &done, &known(), now);
        prop_assert_eq!(judgement.missing.is_empty(), judgement.fulfilled_at.is_some());
        prop_assert!(judgement.fulfilled_at.is_none_or(|at| at <= now), "what lies ahead is not done");
        prop_assert!(!judgement.zh().is_empty() && !judgement.en().is_empty());
        match (judgement.status, judgement.due, judgement.fulfilled_at) {
            (Status::Due, Ok(due), None) => prop_assert!(now < due.at),
            (Status::Overdue, Ok(due), None) => prop_assert!(now >= due.at),
            (Status::FulfilledInTime, Ok(due), Some(at)) => prop_assert!(at < due.at),
            (Status::FulfilledLate, Ok(due), Some(at)) => prop_assert!(at >= due.at),
            (Status::FulfilledInTime, Err(unknown), Some(at)) => prop_assert!(at < china::end_of(unknown.day)),
            (Status::Unknown, Err(unknown), at) => prop_assert!(at.is_none_or(|at| at >= china::end_of(unknown.day))),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    /// Time alone makes a deadline overdue and nothing else; what is fulfilled stays so, in time or late.
    #[test]
    fn a_judgement_only_moves_on(rule in rules(), trigger in moments(), done in acts(), one in moments(), other in moments()) {
        let (early, late) = (one.min(other), one.max(other));
        let status = |now| rule.judge(trigger, &done, &known(), now).status;
        let (before, after) = (status(early), status(late));
        let fine = match before {
            Status::FulfilledInTime | Status::FulfilledLate => after == before,
            Status::Overdue => matches!(after, Status::Overdue | Status::FulfilledLate),
            Status::Due => after != Status::Unknown,
            Status::Unknown => !matches!(after, Status::Due | Status::Overdue | Status::FulfilledLate),
            // It can always be done.
            Status::Waiting | Status::Ended => false,
        };
        prop_assert!(fine, "{before:?} then {after:?}");
    }

    /// Whatever the notice of the next year says, what was told as in time stays so.
    #[test]
    fn a_notice_makes_the_unknown_known_and_turns_nothing_round(rule in rules(), trigger in moments(), done in acts(), now in moments(), off in vec(0_u64..365, 0..20)) {
        use domain::calendar::{Extent, NamedDay, Notice};
        let first = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
        let mut days: Vec<_> = off.into_iter().map(|day| NamedDay { date: first + chrono::Days::new(day), name: "节".into(), off: day % 3 > 0 }).collect();
        days.push(NamedDay { date: first, name: "元旦".into(), off: true });
        let notice = Notice { year: 2027, extent: Extent::Year, document: None, papers: vec!["p".into()], published: None, days };
        let with = Calendar::new([(begin(), notice.into())]).known_at(known().at());
        let (before, after) = (rule.judge(trigger, &done, &known(), now), rule.judge(trigger, &done, &with, now));
        if before.status != Status::Unknown {
            prop_assert_eq!(before.status, after.status);
        }
    }

    #[test]
    fn a_rule_that_was_laid_down_is_already_so_and_is_read_back(laid in vec((rules(), option::of(0_i64..100), any::<bool>()), 1..6)) {
        let mut state = State::default();
        for (n, (rule, hours, ends)) in laid.into_iter().enumerate() {
            let now = begin() + TimeDelta::hours(i64::try_from(n).unwrap());
            let effective_from = hours.map(|hours| now + TimeDelta::hours(hours));
            let code = rule.code.clone();
            let command = LayDown { code, rule: (!ends).then_some(rule), effective_from, document: "文".into() };
            let Ok(events) = DeadlineRules::decide(&state, command.clone(), &circumstances(now)) else { continue };
            for event in &events {
                let stored = DeadlineRules::write(event).unwrap();
                let read = DeadlineRules::read(&stored.kind, stored.schema, &stored.payload).unwrap();
                prop_assert_eq!(read.as_ref(), Some(event));
            }
            state = events.iter().fold(state, DeadlineRules::evolve);
            prop_assert_eq!(DeadlineRules::decide(&state, command, &circumstances(now)), Ok(Vec::new()));
        }
    }
}

#[test]
fn every_rule_of_the_rulebook_is_the_same_when_it_is_written_and_read() {
    for rule in rulebook() {
        let written = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&written).unwrap(), rule, "{written}");
    }
}
