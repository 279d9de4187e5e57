//! Reports of what is not right (Art. 7), and self-checks (Art. 8(3)): given, when, then.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    decider::{Circumstances, Decider},
    envelope::{ActorId, Code, EntryName},
    inaccuracy::{Command, Dismiss, Dismissed, Event, Inaccuracy, Refusal, RefusalKind, Report, Reported, Reporter, field, said},
    refusal::Kind as _,
    register::{Item, Register},
    scenario::{Given, given},
    selfcheck::{self, SelfCheck, SelfChecked, SelfChecks},
    value::{Hash, ItemType},
};
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn acting(role: Role, agency: Option<&str>) -> Acting {
    Acting { person: PersonId::new("p-1"), role, scope: agency.map_or(Scope::City, |agency| Scope::Agency(code(agency))) }
}

fn hash() -> Hash {
    Hash::of_bytes(b"said")
}

fn report() -> Report {
    let entry = EntryName::new(Register::Guide, code("G1"));
    Report { entry, revision: 2, path: Some("fees[0].standard".into()), said: hash(), words: "收费标准已调整".into() }
}

fn reported(role: Option<Role>) -> Event {
    let Report { entry, revision, path, said, words } = report();
    let by = Reporter { person: PersonId::new("p-1"), role };
    Event::Reported(Arc::new(Reported { register: entry.register, code: entry.code, revision, path, said, words, by }))
}

/// Decided by somebody in an office that takes no part in changes.
fn at_a_counter(history: &[Event], command: impl Into<Command>) -> Result<Vec<Event>, Refusal> {
    let capacity = Capacity::Office(PersonId::new("p-1"));
    let circumstances = Circumstances { now: at("2026-03-02T09:00:00"), actor: ActorId::new("test"), capacity, command: Uuid::nil() };
    Inaccuracy::decide(&Inaccuracy::fold(history), command.into(), &circumstances)
}

fn by(history: impl IntoIterator<Item = Event>, role: Role, agency: Option<&str>) -> Given<Inaccuracy> {
    given(history).at(at("2026-03-02T09:00:00")).acting(acting(role, agency))
}

fn dismiss() -> Dismiss {
    Dismiss { reason: "标准未调整".into(), agency: Some(code("A1")) }
}

fn dismissed(role: Role, agency: Option<&str>) -> Event {
    Event::Dismissed(Arc::new(Dismissed { reason: "标准未调整".into(), by: acting(role, agency) }))
}

#[test]
fn a_clerk_and_whoever_takes_part_in_changes_may_report_and_a_list_may_not() {
    assert_eq!(at_a_counter(&[], report()), Ok(vec![reported(None)]));
    for role in Role::ALL {
        // What is wrong is seen by those who use it: of another agency too.
        by([], role, Some("B1")).when(report()).then([reported(Some(role))]);
    }
    given::<Inaccuracy>([]).when(report()).then_refused("ROLE_REQUIRED");
}

#[test]
fn the_same_report_is_already_so_and_another_one_under_its_code_is_refused() {
    assert_eq!(at_a_counter(&[reported(None)], report()), Ok(vec![]));
    let other = at_a_counter(&[reported(None)], Report { words: "另有不准确之处".into(), ..report() });
    assert_eq!(other.unwrap_err().code(), "REPORT_EXISTS");
}

#[test]
fn words_are_there_short_and_of_nobody() {
    let refused = |report: Report| at_a_counter(&[], report).unwrap_err();
    for words in ["", "  ", &"长".repeat(1_001), "a\u{7}b", "a\u{202e}b"] {
        let refusal = refused(Report { words: words.into(), ..report() });
        assert_eq!((refusal.code(), refusal.field.as_deref()), ("REPORT_INCOMPLETE", Some("words")), "{words:?}");
    }
    assert_eq!(refused(Report { path: Some("x".repeat(201)), ..report() }).field.as_deref(), Some("path"));
    for words in
        ["请联系13912345678", "+86 139 1234 5678", "１３９１２３４５６７８", "身份证11010519491231002X 2026", "回复至li@example.com"]
    {
        assert_eq!(refused(Report { words: words.into(), ..report() }).code(), "PERSONAL_DATA", "{words}");
        assert_eq!(refused(Report { path: Some(words.into()), ..report() }).field.as_deref(), Some("path"), "{words}");
        let dismiss = Dismiss { reason: words.into(), ..dismiss() };
        by([reported(None)], Role::Reviewer, Some("A1")).when(dismiss).then_refused("PERSONAL_DATA");
        let check = SelfCheck { findings: words.into(), ..check(2026) };
        checks([], "2026-11-20T09:00:00", Role::Reviewer, Some("A1")).when(check).then_refused("PERSONAL_DATA");
    }
    assert!(at_a_counter(&[], Report { words: "咨询电话0513-85098888无人接听\n应为85098889".into(), path: None, ..report() }).is_ok());
}

#[test]
fn whoever_answers_for_the_entry_dismisses_what_is_unfounded_once_and_says_why() {
    for (role, agency) in [(Role::Reviewer, Some("A1")), (Role::Approver, Some("A1")), (Role::Reviewer, None)] {
        by([reported(None)], role, agency).when(dismiss()).then([dismissed(role, agency)]);
    }
    by([reported(None)], Role::Drafter, Some("A1")).when(dismiss()).then_refused("ROLE_REQUIRED");
    assert_eq!(at_a_counter(&[reported(None)], dismiss()).unwrap_err().code(), "ROLE_REQUIRED");
    by([reported(None)], Role::Reviewer, Some("B1")).when(dismiss()).then_refused("OUTSIDE_AGENCY");
    by([reported(None)], Role::Approver, Some("A1")).when(Dismiss { agency: None, ..dismiss() }).then_refused("OUTSIDE_AGENCY");
    by([], Role::Reviewer, Some("A1")).when(dismiss()).then_refused("REPORT_NOT_FOUND");
    by([reported(None)], Role::Reviewer, Some("A1")).when(Dismiss { reason: " ".into(), ..dismiss() }).then_refused("REPORT_INCOMPLETE");
    let before = || [reported(None), dismissed(Role::Reviewer, Some("A1"))];
    by(before(), Role::Reviewer, Some("A1")).when(dismiss()).then_nothing();
    by(before(), Role::Reviewer, Some("A1")).when(Dismiss { reason: "另一理由".into(), ..dismiss() }).then_refused("ALREADY_DISMISSED");
}

#[test]
fn what_a_field_says_is_known_by_its_hash_wherever_in_a_list_it_stands() {
    let item = |authority: Option<&str>, name: &str| Item {
        authority: authority.map(Into::into),
        ..Item::new(name, ItemType::Permission, code("A1"))
    };
    assert_eq!((field("fees[0].standard"), field("name"), field("a.b")), ("fees", "name", "a"));
    let of = |item: &Item, path: Option<&str>| said(item, path).unwrap();
    let (before, after) = (item(Some("甲"), "名"), item(Some("乙"), "名"));
    assert_ne!(of(&before, Some("authority")), of(&after, Some("authority")));
    assert_eq!(of(&before, Some("name")), of(&after, Some("name")), "another field is another matter");
    assert_ne!(of(&before, None), of(&after, None));
    assert_eq!(of(&item(None, "名"), Some("authority")), of(&item(None, "他"), Some("remark")), "nothing is nothing");
}

// Self-checks.

fn check(year: i32) -> SelfCheck {
    SelfCheck { agency: Some(code("A1")), year, entries: 3, findings: "一条可转为主动公开".into() }
}

fn checked(year: i32, role: Role) -> selfcheck::Event {
    let SelfCheck { agency, year, entries, findings } = check(year);
    selfcheck::Event::Checked(Arc::new(SelfChecked { agency, year, entries, findings, by: acting(role, Some("A1")) }))
}

fn checks(history: impl IntoIterator<Item = selfcheck::Event>, now: &str, role: Role, agency: Option<&str>) -> Given<SelfChecks> {
    given(history).at(at(now)).acting(acting(role, agency))
}

#[test]
fn an_agency_checks_itself_from_its_november_on_also_late() {
    let reviewer = |now: &str| checks([], now, Role::Reviewer, Some("A1"));
    reviewer("2026-11-01T00:00:00").when(check(2026)).then([checked(2026, Role::Reviewer)]);
    reviewer("2027-02-01T09:00:00").when(check(2026)).then([checked(2026, Role::Reviewer)]);
    reviewer("2026-10-31T23:59:59").when(check(2026)).then_refused("SELF_CHECK_NOT_ITS_TIME");
    for year in [2027, 2018, i32::MAX, i32::MIN] {
        reviewer("2026-11-01T00:00:00").when(check(year)).then_refused("SELF_CHECK_NOT_ITS_TIME");
    }
}

#[test]
fn the_openness_office_or_the_approver_checks_what_is_theirs() {
    let when = |role, agency| checks([], "2026-11-20T09:00:00", role, agency).when(check(2026));
    when(Role::Approver, Some("A1")).then([checked(2026, Role::Approver)]);
    when(Role::Drafter, Some("A1")).then_refused("ROLE_REQUIRED");
    when(Role::Reviewer, Some("B1")).then_refused("OUTSIDE_AGENCY");
    given::<SelfChecks>([]).at(at("2026-11-20T09:00:00")).when(check(2026)).then_refused("ROLE_REQUIRED");
    let city = SelfCheck { agency: None, ..check(2026) };
    checks([], "2026-11-20T09:00:00", Role::Reviewer, Some("A1")).when(city).then_refused("OUTSIDE_AGENCY");
}

#[test]
fn a_year_is_checked_once() {
    let after = || checks([checked(2026, Role::Reviewer)], "2026-12-20T09:00:00", Role::Reviewer, Some("A1"));
    // How many entries there are by now is no part of it.
    after().when(SelfCheck { entries: 9, ..check(2026) }).then_nothing();
    after().when(SelfCheck { findings: "无变化".into(), ..check(2026) }).then_refused("ALREADY_CHECKED");
    after().when(check(2025)).then([checked(2025, Role::Reviewer)]);
    for findings in ["", &"长".repeat(4_001)] {
        after().when(SelfCheck { findings: findings.into(), ..check(2025) }).then_refused("SELF_CHECK_INCOMPLETE");
    }
}

#[test]
fn every_kind_of_refusal_has_a_code_of_its_own() {
    let codes: std::collections::BTreeSet<_> = RefusalKind::ALL.map(RefusalKind::code).into();
    assert_eq!(codes.len(), RefusalKind::ALL.len());
    let codes: std::collections::BTreeSet<_> = selfcheck::RefusalKind::ALL.map(selfcheck::RefusalKind::code).into();
    assert_eq!(codes.len(), selfcheck::RefusalKind::ALL.len());
}
