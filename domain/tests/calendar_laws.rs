//! Laws of the working calendar, and of how it comes to know of notices.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{num::NonZeroU16, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    calendar::{Announce, Calendar, CalendarAt, DayKind, Event, Extent, NamedDay, Notice, Span, WorkingCalendar, china},
    codec::Streamed,
    decider::{Circumstances, Decider},
    envelope::ActorId,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 1, 1).unwrap()
}

/// All that ships, known.
fn known() -> CalendarAt {
    Calendar::shipped().known_at(china::first_moment(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()))
}

/// Moments of 2007 to February 2026: the longest deadline drawn here, 118 working days, ends well within the last
/// year that is announced, however many holidays lie in between.
fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..6_990 * 86_400).prop_map(|seconds| china::first_moment(first()) + TimeDelta::seconds(seconds))
}

fn spans() -> impl Strategy<Value = Span> {
    (1_u16..60, 0_usize..3).prop_map(|(n, kind)| {
        let n = NonZeroU16::new(n).unwrap();
        [Span::WorkingDays(n), Span::CalendarDays(n), Span::Hours(n)][kind]
    })
}

fn notices() -> impl Strategy<Value = Notice> {
    let days = vec((0_u64..365, any::<bool>()), 1..8);
    (2027_i32..2030, any::<bool>(), 1_usize..4, days).prop_map(|(year, whole, papers, days)| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let named = |(date, off)| NamedDay { date, name: "节".into(), off };
        // What a whole year is never without: New Year, a Spring Festival, Labour Day and National Day.
        let always = [(1, 1), (2, 1), (2, 2), (2, 3), (5, 1), (10, 1)].into_iter().filter(|_| whole);
        let always = always.map(|(month, day)| (NaiveDate::from_ymd_opt(year, month, day).unwrap(), true));
        let drawn = days.into_iter().map(|(day, off)| (first + Days::new(day), off));
        let mut days: Vec<_> = always.chain(drawn).map(named).collect();
        // Of two of one day the first stays.
        days.sort_by_key(|day| day.date);
        days.dedup_by_key(|day| day.date);
        let papers = (0..papers).map(|n| format!("https://example.org/{n}")).collect();
        let extent = if whole { Extent::Year } else { Extent::Changes };
        Notice { year, extent, document: None, papers, published: None, days }
    })
}

fn circumstances() -> Circumstances {
    Circumstances::of_import(DateTime::UNIX_EPOCH, ActorId::new("test"), Uuid::nil())
}

proptest! {
    #[test]
    fn a_later_trigger_is_never_due_earlier(one in moments(), other in moments(), span in spans()) {
        let (early, late) = (one.min(other), one.max(other));
        let known = known();
        prop_assert!(known.due(early, span).unwrap() <= known.due(late, span).unwrap());
    }

    #[test]
    fn a_longer_deadline_is_due_later(at in moments(), n in 1_u16..60, more in 1_u16..60) {
        let due = |n| known().due(at, Span::WorkingDays(NonZeroU16::new(n).unwrap())).unwrap();
        prop_assert!(due(n) < due(n + more));
    }

    #[test]
    fn n_and_then_m_are_n_plus_m(at in moments(), n in 1_u16..30, m in 1_u16..30) {
        let known = known();
        let after = |day, n| known.working_day_after(day, NonZeroU16::new(n).unwrap()).unwrap();
        let day = china::date_of(at);
        prop_assert_eq!(after(after(day, n), m), after(day, n + m));
    }

    #[test]
    fn working_days_end_on_a_working_day_and_so_many_lie_behind_the_trigger(at in moments(), n in 1_u16..60) {
        let known = known();
        let due = known.due(at, Span::WorkingDays(NonZeroU16::new(n).unwrap())).unwrap();
        prop_assert!(matches!(known.kind(due.last_day), DayKind::Working | DayKind::MakeUp));
        let between = china::date_of(at).iter_days().skip(1).take_while(|day| *day <= due.last_day);
        prop_assert_eq!(between.filter(|day| known.kind(*day).is_worked() == Some(true)).count(), usize::from(n));
    }

    #[test]
    fn a_deadline_in_days_ends_at_a_midnight_of_china_and_after_its_trigger(at in moments(), span in spans()) {
        let due = known().due(at, span).unwrap();
        prop_assert!(due.at > at && due.is_met_at(at) && !due.is_met_at(due.at));
        if !matches!(span, Span::Hours(_)) {
            prop_assert_eq!(due.at, china::first_moment(due.last_day.succ_opt().unwrap()));
        }
    }

    /// Whatever is announced later: what was known at a moment is what it was.
    #[test]
    fn what_becomes_known_later_changes_no_answer_of_before(notices in vec(notices(), 1..5), after in 0_i64..10_000, at in moments(), span in spans()) {
        let recorded = |minute: i64| china::first_moment(first()) + TimeDelta::days(7_300) + TimeDelta::minutes(minute);
        let all: Vec<_> = notices.into_iter().enumerate().map(|(n, notice)| (recorded(after + i64::try_from(n).unwrap()), Arc::new(notice))).collect();
        let (before, whole) = (Calendar::new(all[..all.len() - 1].to_vec()), Calendar::new(all.clone()));
        let moment = all.last().unwrap().0 - TimeDelta::nanoseconds(1);
        let (one, other) = (before.known_at(moment), whole.known_at(moment));
        prop_assert_eq!(one.due(at + TimeDelta::days(400), span), other.due(at + TimeDelta::days(400), span));
        for year in 2026..2031 {
            prop_assert_eq!(one.days(year), other.days(year));
        }
    }

    #[test]
    fn notices_that_were_taken_lead_to_nothing_when_they_come_again(batches in vec(vec(notices(), 1..4), 1..5)) {
        let mut state = domain::calendar::State::default();
        for notices in batches {
            let command = Announce { notices };
            let Ok(events) = WorkingCalendar::decide(&state, command.clone(), &circumstances()) else { continue };
            state = events.iter().fold(state, WorkingCalendar::evolve);
            prop_assert_eq!(WorkingCalendar::decide(&state, command, &circumstances()), Ok(Vec::<Event>::new()));
        }
    }

    #[test]
    fn what_is_written_is_read_back(notice in notices()) {
        let events = WorkingCalendar::decide(&domain::calendar::State::default(), Announce { notices: vec![notice] }, &circumstances()).unwrap();
        for event in events {
            let stored = WorkingCalendar::write(&event).unwrap();
            prop_assert_eq!(WorkingCalendar::read(&stored.kind, stored.schema, &stored.payload).unwrap(), Some(event));
        }
    }
}
