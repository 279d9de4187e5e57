//! Moments at which it matters: make-up days, eves of holidays, last seconds, leap days, notices and rules that come later.

use domain::{calendar::Extent, deadline::Status, receipt::Witness, value::Channel};

use super::{
    common::item,
    support::{City, about, at, notice, stands},
};

/// An approval at a moment: where it stands at another, and when it is due.
async fn approved(moment: &str, now: &str) -> (Status, String) {
    let mut city = City::new();
    city.keeps_receipts("2023-12-01T00:00:00").await;
    city.told.approve("I1", at(moment), item("甲"), None).await;
    city.one("ART-10-2", now).await
}

#[tokio::test]
async fn an_approval_on_a_make_up_saturday_is_due_with_the_monday() {
    // 10 October 2026 is a Saturday that is worked.
    assert_eq!(approved("2026-10-10T10:00:00", "2026-10-10T10:00:01").await, (Status::Due, "2026-10-12 24:00".into()));
    // On the Friday before it the Saturday is the working day.
    assert_eq!(approved("2026-10-09T10:00:00", "2026-10-10T23:59:59").await, (Status::Due, "2026-10-10 24:00".into()));
    assert_eq!(approved("2026-10-09T10:00:00", "2026-10-11T00:00:00").await.0, Status::Overdue);
}

#[tokio::test]
async fn an_approval_on_the_eve_of_the_national_day_week_is_due_after_it() {
    let eve = "2026-09-30T17:30:00";
    assert_eq!(approved(eve, "2026-10-08T23:59:59").await, (Status::Due, "2026-10-08 24:00".into()));
    assert_eq!(approved(eve, "2026-10-09T00:00:00").await.0, Status::Overdue);
}

#[tokio::test]
async fn the_last_second_of_a_working_day_is_of_that_day() {
    assert_eq!(approved("2026-03-11T23:59:59", "2026-03-12T00:00:00").await.1, "2026-03-12 24:00");
    assert_eq!(approved("2026-03-12T00:00:00", "2026-03-12T00:00:00").await.1, "2026-03-13 24:00");
}

#[tokio::test]
async fn a_leap_day_is_a_day() {
    assert_eq!(approved("2024-02-28T09:00:00", "2024-02-28T10:00:00").await.1, "2024-02-29 24:00");
    assert_eq!(approved("2024-02-29T09:00:00", "2024-03-01T23:59:59").await, (Status::Due, "2024-03-01 24:00".into()));
    assert_eq!(approved("2024-02-29T09:00:00", "2024-03-02T00:00:00").await.0, Status::Overdue);
}

#[tokio::test]
async fn a_holiday_that_is_changed_afterwards_changes_what_is_due_from_then_on() {
    let mut city = City::new();
    city.keeps_receipts("2026-01-05T00:00:00").await;
    city.told.approve("I1", at("2026-03-11T10:00:00"), item("甲"), None).await;
    assert_eq!(city.one("ART-10-2", "2026-03-11T10:00:01").await.1, "2026-03-12 24:00");
    let changed = notice(2026, Extent::Changes, &[("2026-03-12", true)], "https://www.gov.cn/b");
    city.announce("2026-03-11T16:00:00", changed).await;
    // A moment before it was recorded nobody knew of it, whenever it is asked.
    assert_eq!(city.one("ART-10-2", "2026-03-11T15:59:59").await.1, "2026-03-12 24:00");
    assert_eq!(city.one("ART-10-2", "2026-03-13T00:00:00").await, (Status::Due, "2026-03-13 24:00".into()));
    let then = city.known("ART-10-2", "2026-05-01T00:00:00", Some("2026-03-11T15:59:59")).await;
    assert_eq!(stands(&then[0]), (Status::Due, "2026-03-12 24:00".into()), "as it was known then");
    let now = city.known("ART-10-2", "2026-05-01T00:00:00", None).await;
    assert_eq!(stands(&now[0]), (Status::Overdue, "2026-03-13 24:00".into()));
}

#[tokio::test]
async fn a_deadline_into_a_year_that_nobody_announced_is_unknown_until_its_notice() {
    let mut city = City::new();
    city.keeps_receipts("2026-01-05T00:00:00").await;
    city.told.approve("I1", at("2026-12-31T17:00:00"), item("甲"), None).await;
    let cases = city.of("ART-10-2", "2027-01-05T00:00:00").await;
    assert_eq!(stands(&cases[0]), (Status::Unknown, "2027".into()));
    assert!(
        cases[0].judgement.en().contains("as of 2027-01-05 no notice on the holidays of 2027 was known"),
        "{}",
        cases[0].judgement.en()
    );
    let arranged = notice(2027, Extent::Year, &[("2027-01-01", true), ("2027-01-03", true)], "https://www.gov.cn/c");
    city.announce("2027-01-05T09:00:00", arranged).await;
    assert_eq!(city.one("ART-10-2", "2027-01-05T10:00:00").await, (Status::Overdue, "2027-01-04 24:00".into()));
    let then = city.known("ART-10-2", "2027-02-01T00:00:00", Some("2027-01-05T08:00:00")).await;
    assert_eq!(then[0].judgement.status, Status::Unknown);
}

#[tokio::test]
async fn what_was_triggered_before_a_rule_changed_is_judged_by_the_rule_before() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", None).await;
    city.lay_down("2026-03-11T12:00:00", "ART-7", 3).await;
    city.report("R2", "2026-03-11T14:00:00", "I1", None).await;
    let due: Vec<_> = city.of("ART-7", "2026-03-11T15:00:00").await.iter().map(|case| stands(case).1).collect();
    assert_eq!(due, ["2026-03-12 24:00", "2026-03-16 24:00"]);
    let later = city.of("ART-7", "2026-03-13T00:00:00").await;
    assert_eq!(later.iter().map(|case| case.judgement.status).collect::<Vec<_>>(), [Status::Overdue, Status::Due]);
    assert_eq!(
        city.deadlines.rules(at("2026-03-11T11:59:59")).await.unwrap().iter().filter(|rule| rule.code.as_str() == "ART-7").count(),
        1
    );
}

#[tokio::test]
async fn a_rule_that_ended_begins_no_case_and_leaves_those_that_it_began() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", None).await;
    let end = domain::deadline::LayDown { code: "ART-7".parse().unwrap(), rule: None, effective_from: None, document: "文".into() };
    city.told.on::<domain::deadline::DeadlineRules>("cn", at("2026-03-11T12:00:00"), domain::acting::Capacity::Import, end).await;
    city.report("R2", "2026-03-11T14:00:00", "I1", None).await;
    let cases = city.of("ART-7", "2026-03-11T15:00:00").await;
    assert_eq!(cases.iter().map(|case| case.report.as_ref().unwrap().code.as_str()).collect::<Vec<_>>(), ["R1"]);
}

#[tokio::test]
async fn of_the_time_before_there_were_receipts_only_what_is_proven_is_a_deadline() {
    let mut city = City::new();
    for (entry, moment) in
        [("I1", "2026-03-02T09:00:00"), ("I2", "2026-03-02T09:00:00"), ("I3", "2026-03-10T09:00:00"), ("I4", "2026-03-02T09:00:00")]
    {
        city.told.approve(entry, at(moment), item("甲"), None).await;
    }
    let of = async |city: &City, now: &str| -> Vec<_> {
        city.of("ART-10-2", now).await.iter().map(|case| (about(case), case.judgement.status)).collect()
    };
    let case = |entry: &str, status| (entry.to_owned(), status);
    let all = of(&city, "2026-03-10T10:00:00").await;
    assert_eq!(all, [case("I3", Status::Due)], "without any receipt nobody can say that something is overdue");
    assert!(of(&city, "2026-03-12T00:00:00").await.is_empty(), "nor of what became due since");
    assert_eq!(city.deadlines.alarms(at("2026-03-10T10:00:00"), at("2026-03-10T10:00:00")).await.unwrap(), [], "it will in a moment");
    for channel in Channel::ALL {
        // Of one it is found that it is shown, of another it was seen since when, though late; of a third it is found in time.
        city.serve_as(Witness::Found, channel, ("I1", 1), "2026-03-10T11:00:00", "2026-03-10T11:00:00").await;
        city.serve(channel, ("I2", 1), "2026-03-05T09:00:00", "2026-03-10T11:00:00").await;
        city.serve_as(Witness::Found, channel, ("I3", 1), "2026-03-10T11:00:00", "2026-03-10T11:00:00").await;
    }
    let told = of(&city, "2026-03-10T12:00:00").await;
    assert_eq!(
        city.known("ART-10-2", "2026-03-10T12:00:00", Some("2026-03-10T10:00:00")).await.len(),
        1,
        "as it was known before the first"
    );
    assert_eq!(told, [case("I2", Status::FulfilledLate), case("I3", Status::FulfilledInTime)]);
    // From then on what has no receipt was not shown.
    city.told.approve("I5", at("2026-03-11T09:00:00"), item("甲"), None).await;
    assert_eq!(of(&city, "2026-03-13T09:00:00").await[2], case("I5", Status::Overdue));
    assert_eq!(city.deadlines.alarms(at("2026-03-13T09:00:00"), at("2026-03-13T09:00:00")).await.unwrap().len(), 1);
}
