//! What a day is, when deadlines end, and what was known when: the hard cases by name.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{num::NonZeroU16, sync::Arc};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::calendar::{Calendar, CalendarAt, DayKind, Extent, NamedDay, Notice, Span, UnknownDue, china};

/// A moment by the clocks of China.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> CalendarAt {
    Calendar::shipped().known_at(at("2026-11-01T09:00:00"))
}

fn n(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn working(days: u16) -> Span {
    Span::WorkingDays(n(days))
}

fn named(date: &str, name: &str, off: bool) -> NamedDay {
    NamedDay { date: day(date), name: name.into(), off }
}

/// A notice that nobody published: of a year that is not announced, or a change of one that is.
fn notice(year: i32, extent: Extent, days: Vec<NamedDay>) -> Arc<Notice> {
    let papers = vec![format!("https://example.org/{year}/{}", days.len())];
    Notice { year, extent, document: None, papers, published: None, days }.into()
}

#[track_caller]
fn assert_due(calendar: &CalendarAt, trigger: &str, span: Span, last: &str, end: &str) {
    let due = calendar.due(at(trigger), span).unwrap();
    assert_eq!((due.last_day, due.at), (day(last), at(end)), "{trigger}");
}

#[test]
fn a_day_is_what_the_notices_say_and_else_what_the_week_says() {
    let calendar = today();
    for (date, kind, name) in [
        ("2026-01-01", DayKind::Holiday, Some("元旦")),
        ("2026-01-04", DayKind::MakeUp, Some("元旦")),
        ("2026-01-10", DayKind::Weekend, None),
        ("2026-01-12", DayKind::Working, None),
        ("2026-10-03", DayKind::Holiday, Some("国庆节")),
        ("2025-10-06", DayKind::Holiday, Some("国庆节、中秋节")),
        ("2027-01-04", DayKind::Unknown, None),
        ("2006-06-01", DayKind::Unknown, None),
    ] {
        let found = calendar.day(day(date));
        assert_eq!((found.kind, found.name.as_deref()), (kind, name), "{date}");
    }
}

/// Monday, 3 February 2020: the notice says that work begins again. A Monday that is worked makes nothing up.
#[test]
fn a_day_of_the_week_that_a_notice_calls_worked_is_a_working_day_and_no_make_up() {
    assert_eq!(today().kind(day("2020-02-03")), DayKind::Working);
}

#[test]
fn a_notice_names_days_of_the_december_before_its_year() {
    let calendar = today();
    assert_eq!((calendar.kind(day("2018-12-29")), calendar.kind(day("2018-12-31"))), (DayKind::MakeUp, DayKind::Holiday));
    // The year 2006 has no notice; the one of 2007 names its last two days, and nothing is known of the others.
    assert_eq!((calendar.kind(day("2006-12-30")), calendar.kind(day("2006-12-29"))), (DayKind::MakeUp, DayKind::Unknown));
    assert!(calendar.says_anything_of(2006) && !calendar.knows(2006) && !calendar.says_anything_of(2005));
    // Before the notice of 2019 came, that Saturday was a weekend like any other.
    let before = Calendar::shipped().known_at(at("2018-12-05T23:59:59"));
    assert_eq!((before.kind(day("2018-12-29")), before.kind(day("2018-12-31"))), (DayKind::Weekend, DayKind::Working));
}

#[test]
fn an_approval_on_a_make_up_saturday_is_due_on_the_next_working_day() {
    // 28 February 2026 is a Saturday that is worked; the day after is a Sunday.
    assert_due(&today(), "2026-02-28T10:00:00", working(1), "2026-03-02", "2026-03-03T00:00:00");
    // The day before it: the Saturday counts.
    assert_due(&today(), "2026-02-27T10:00:00", working(1), "2026-02-28", "2026-03-01T00:00:00");
}

#[test]
fn an_approval_on_the_eve_of_the_national_day_week_is_due_after_it() {
    assert_due(&today(), "2026-09-30T17:30:00", working(1), "2026-10-08", "2026-10-09T00:00:00");
    // The Saturday after the week is worked.
    assert_due(&today(), "2026-09-30T17:30:00", working(3), "2026-10-10", "2026-10-11T00:00:00");
    // One within the week has as long.
    assert_due(&today(), "2026-10-04T12:00:00", working(1), "2026-10-08", "2026-10-09T00:00:00");
}

#[test]
fn the_last_second_of_a_working_day_is_of_that_day_and_in_time() {
    let calendar = today();
    assert_due(&calendar, "2026-03-11T23:59:59.999999", working(1), "2026-03-12", "2026-03-13T00:00:00");
    let due = calendar.due(at("2026-03-11T09:00:00"), working(1)).unwrap();
    assert!(due.is_met_at(at("2026-03-12T23:59:59.999999")) && !due.is_met_at(at("2026-03-13T00:00:00")));
}

#[test]
fn midnight_is_that_of_china() {
    // 16:00 in Greenwich on the 11th is the first moment of the 12th in China.
    let calendar = today();
    let due = |text: &str| calendar.due(text.parse().unwrap(), working(1)).unwrap().last_day;
    assert_eq!(due("2026-03-11T15:59:59.999Z"), day("2026-03-12"));
    assert_eq!(due("2026-03-11T16:00:00Z"), day("2026-03-13"));
}

#[test]
fn the_twenty_ninth_of_february_is_a_day_like_others() {
    assert_due(&today(), "2024-02-28T10:00:00", working(1), "2024-02-29", "2024-03-01T00:00:00");
    assert_due(&today(), "2024-02-29T10:00:00", working(1), "2024-03-01", "2024-03-02T00:00:00");
    assert_due(&today(), "2024-02-28T10:00:00", Span::CalendarDays(n(1)), "2024-02-29", "2024-03-01T00:00:00");
    assert_due(&today(), "2024-02-28T10:00:00", Span::Hours(n(24)), "2024-02-29", "2024-02-29T10:00:00");
    assert_due(&today(), "2025-02-28T10:00:00", Span::CalendarDays(n(1)), "2025-03-01", "2025-03-02T00:00:00");
}

#[test]
fn a_year_end_into_an_announced_year_follows_its_notice() {
    // Until the notice of 2026 was known, a deadline over New Year could not be told.
    assert_due(&today(), "2025-12-31T10:00:00", working(1), "2026-01-04", "2026-01-05T00:00:00");
    let before = Calendar::shipped().known_at(at("2025-11-03T23:59:59"));
    assert_eq!(before.due(at("2025-12-31T10:00:00"), working(1)).unwrap_err().year, 2026);
}

#[test]
fn a_year_end_into_a_year_that_is_not_announced_is_unknown_and_says_so() {
    let calendar = today();
    // 31 December 2026 is a Thursday of a year that is known.
    assert_due(&calendar, "2026-12-30T10:00:00", working(1), "2026-12-31", "2027-01-01T00:00:00");
    let unknown = calendar.due(at("2026-12-30T10:00:00"), working(2)).unwrap_err();
    assert_eq!(unknown, UnknownDue { year: 2027, day: day("2027-01-01"), known_at: calendar.at() });
    assert!(unknown.zh().contains("2027年") && unknown.en().contains("holidays of 2027") && unknown.en().contains("2026-11-01"));
    // What does not count working days does not need the notice.
    assert_due(&calendar, "2026-12-30T10:00:00", Span::CalendarDays(n(20)), "2027-01-19", "2027-01-20T00:00:00");
    assert_due(&calendar, "2026-12-31T22:00:00", Span::Hours(n(5)), "2027-01-01", "2027-01-01T03:00:00");
}

#[test]
fn hours_run_by_the_clock_over_nights_and_holidays() {
    assert_due(&today(), "2026-10-01T23:30:00", Span::Hours(n(3)), "2026-10-02", "2026-10-02T02:30:00");
    assert_due(&today(), "2026-10-01T21:00:00", Span::Hours(n(3)), "2026-10-01", "2026-10-02T00:00:00");
}

#[test]
fn the_two_notices_of_2019_are_each_known_from_their_day() {
    let calendar = Calendar::shipped();
    let (before, after) = (calendar.known_at(at("2019-03-21T23:59:59")), calendar.known_at(at("2019-03-22T00:00:00")));
    // An approval on Tuesday, 30 April 2019: at first only 1 May was off.
    assert_due(&before, "2019-04-30T10:00:00", working(1), "2019-05-02", "2019-05-03T00:00:00");
    assert_due(&after, "2019-04-30T10:00:00", working(1), "2019-05-05", "2019-05-06T00:00:00");
    // What the second notice says nothing of holds on.
    assert_eq!((before.kind(day("2019-10-12")), after.kind(day("2019-10-12"))), (DayKind::MakeUp, DayKind::MakeUp));
}

#[test]
fn the_holiday_that_was_made_longer_in_2020_takes_a_make_up_day_back() {
    let calendar = Calendar::shipped();
    let kinds = |known: &str| {
        let known = calendar.known_at(at(known));
        ["2020-01-31", "2020-02-01", "2020-02-02"].map(|date| known.kind(day(date)))
    };
    assert_eq!(kinds("2020-01-26T12:00:00"), [DayKind::Working, DayKind::MakeUp, DayKind::Weekend]);
    assert_eq!(kinds("2020-01-27T00:00:00"), [DayKind::Holiday; 3]);
}

#[test]
fn a_holiday_of_2015_that_nobody_knew_of_in_april() {
    let calendar = Calendar::shipped();
    let due = |known: &str| calendar.known_at(at(known)).due(at("2015-09-02T10:00:00"), working(1)).unwrap().last_day;
    assert_eq!((due("2015-05-12T12:00:00"), due("2015-05-13T12:00:00")), (day("2015-09-03"), day("2015-09-06")));
}

#[test]
fn a_notice_that_changes_a_holiday_after_a_deadline_was_computed_changes_it_from_then_on_only() {
    let changes = vec![named("2026-12-31", "元旦", true), named("2026-12-27", "元旦", false)];
    let calendar = Calendar::new([(at("2026-11-20T15:00:00"), notice(2027, Extent::Changes, changes))]);
    let due = |known: &str| calendar.known_at(at(known)).due(at("2026-12-25T10:00:00"), working(4));
    // Computed on the 18th: Monday to Thursday. Of the 20th on the Sunday is worked and the Thursday off.
    assert_eq!(due("2026-11-20T14:59:59").unwrap().last_day, day("2026-12-31"));
    assert_eq!(due("2026-11-20T15:00:00").unwrap().last_day, day("2026-12-30"));
    // Changes alone do not arrange a year.
    assert!(!calendar.known_at(at("2026-12-01T00:00:00")).knows(2027));
}

#[test]
fn a_notice_that_arranges_a_year_anew_takes_back_what_the_earlier_one_named() {
    let first = notice(2027, Extent::Year, vec![named("2027-01-01", "元旦", true), named("2026-12-31", "元旦", true)]);
    let second = notice(2027, Extent::Year, vec![named("2027-01-01", "元旦", true)]);
    let calendar = Calendar::new([(at("2026-11-05T09:00:00"), first), (at("2026-11-06T09:00:00"), second)]);
    let kind = |known: &str, date: &str| calendar.known_at(at(known)).kind(day(date));
    assert_eq!(kind("2026-11-05T10:00:00", "2026-12-31"), DayKind::Holiday);
    assert_eq!(kind("2026-11-06T10:00:00", "2026-12-31"), DayKind::Working);
    // The neighbour keeps what its own notice said.
    assert_eq!(kind("2026-11-06T10:00:00", "2026-10-10"), DayKind::MakeUp);
}

#[test]
fn the_days_of_a_year_are_all_there_in_order() {
    let calendar = today();
    for (year, number) in [(2024, 366), (2025, 365), (2027, 365)] {
        let days = calendar.days(year);
        assert_eq!(days.len(), number);
        assert!(days.windows(2).all(|two| two[0].date.succ_opt() == Some(two[1].date)));
        let named = days.iter().filter(|day| day.name.is_some()).count();
        assert_eq!(named, calendar.named(year).len());
        assert_eq!(days.iter().all(|day| day.kind == DayKind::Unknown), year == 2027);
    }
    let notices: Vec<_> = calendar.announcements(2018).map(|known| known.notice.year).collect();
    assert_eq!(notices, [2018, 2019], "the notice of 2019 names days of 2018");
}

#[test]
fn nothing_was_known_before_the_first_notice() {
    let calendar = Calendar::shipped().known_at(at("2006-12-13T23:59:59"));
    assert!((2006..2028).all(|year| !calendar.says_anything_of(year)));
    assert_eq!(calendar.due(at("2006-12-14T10:00:00"), working(1)).unwrap_err().year, 2006);
}

#[test]
fn the_end_of_time_is_unknown_and_no_panic() {
    let calendar = today();
    let last = DateTime::<Utc>::MAX_UTC;
    assert_eq!(calendar.due(last, working(1)).unwrap_err().year, china::date_of(last).year());
    assert!(calendar.due(last, Span::CalendarDays(n(65_535))).unwrap().at <= last);
    assert!(calendar.due(last, Span::Hours(n(65_535))).unwrap().at <= last);
}
