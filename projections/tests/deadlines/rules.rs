//! What begins a case of each rule that is at work, and what fulfils it.

use domain::{
    acting::Role,
    deadline::{Act, Status},
    entry::{Adopt, Correct, Draft, Source, Step, Withdraw},
    register::Item,
    value::{Channel, OpennessAttribute},
};

use super::{
    common::{guide, item, person},
    support::{City, about, at, stands, withheld},
};

fn source(date: Option<&str>) -> Source {
    Source {
        file: "list".into(),
        list_key: Some("清单".into()),
        edition: Some("2026".into()),
        date: date.map(|date| date.parse().unwrap()),
        ..Source::default()
    }
}

async fn correct(city: &mut City, moment: &str, content: Item, from: Option<&str>) {
    let correct = Correct { content, reason: "有误".into(), document: None, effective_from: from.map(at), beside: Vec::new() };
    city.told.as_approver("I1", at(moment), correct).await;
}

#[tokio::test]
async fn whatever_publishes_a_revision_is_to_be_shown_on_both_channels() {
    let mut city = City::new();
    city.keeps_receipts("2026-03-01T00:00:00").await;
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.told.approve("I1", at("2026-03-03T09:00:00"), item("乙"), Some(at("2026-04-01T00:00:00"))).await;
    correct(&mut city, "2026-03-04T09:00:00", item("丙"), None).await;
    // What reaches no channel is to be shown on none.
    city.told.adopt("I2", at("2026-03-04T09:00:00"), withheld("丁", "A1", OpennessAttribute::OnRequest), None).await;
    let cases = city.of("ART-10-2", "2026-03-05T09:00:00").await;
    let told: Vec<_> = cases.iter().map(|case| (about(case), case.revision, stands(case))).collect();
    let of = |revision, status, due: &str| ("I1".to_owned(), Some(revision), (status, due.to_owned()));
    assert_eq!(
        told,
        [of(1, Status::Ended, "2026-03-03 24:00"), of(2, Status::Overdue, "2026-03-04 24:00"), of(3, Status::Due, "2026-03-05 24:00")]
    );
    assert!(cases[0].judgement.ran_out, "it was overdue when the correction took its place");
    assert_eq!(cases[2].judgement.missing, [Act::ShownOnline, Act::ShownAtCounter]);
}

#[tokio::test]
async fn both_channels_show_it_by_their_receipts_whenever_those_are_written() {
    let mut city = City::new();
    city.told.approve("I1", at("2026-03-11T09:00:00"), item("甲"), None).await;
    city.serve(Channel::Online, ("I1", 1), "2026-03-11T09:00:01", "2026-03-11T09:00:01").await;
    let case = city.of("ART-10-2", "2026-03-11T10:00:00").await.remove(0);
    assert_eq!((case.judgement.status, case.judgement.missing), (Status::Due, vec![Act::ShownAtCounter]), "one channel is not both");
    // A process died between the view and the receipt: it comes later, with the true moment.
    city.serve(Channel::Counter, ("I1", 1), "2026-03-11T09:00:02", "2026-03-16T09:00:00").await;
    let case = city.of("ART-10-2", "2026-03-16T10:00:00").await.remove(0);
    assert_eq!((case.judgement.status, case.judgement.fulfilled_at), (Status::FulfilledInTime, Some(at("2026-03-11T09:00:02"))));
    // Nobody knew that in between.
    let then = city.known("ART-10-2", "2026-03-16T10:00:00", Some("2026-03-13T09:00:00")).await;
    assert_eq!(then[0].judgement.status, Status::Overdue);
    city.told.approve("I1", at("2026-03-17T09:00:00"), item("乙"), None).await;
    for channel in Channel::ALL {
        city.serve(channel, ("I1", 2), "2026-03-19T00:00:00", "2026-03-19T00:00:00").await;
    }
    assert_eq!(city.of("ART-10-2", "2026-03-20T10:00:00").await[1].judgement.status, Status::FulfilledLate);
}

#[tokio::test]
async fn what_was_superseded_before_any_channel_had_it_is_shown_by_what_came_after() {
    let mut city = City::new();
    for (moment, name) in [("2026-03-11T09:00:00", "甲"), ("2026-03-11T09:00:01", "乙"), ("2026-03-11T09:00:02", "丙")] {
        city.told.approve("I1", at(moment), item(name), None).await;
    }
    for channel in Channel::ALL {
        city.serve(channel, ("I1", 2), "2026-03-11T09:00:03", "2026-03-11T09:00:03").await;
    }
    let stands: Vec<_> = city.of("ART-10-2", "2026-03-11T10:00:00").await.iter().map(|case| case.judgement.status).collect();
    assert_eq!(stands, [Status::FulfilledInTime, Status::FulfilledInTime, Status::Due]);
}

#[tokio::test]
async fn what_is_to_end_later_is_to_be_shown_until_then() {
    let mut city = City::new();
    city.told.approve("I1", at("2026-03-11T09:00:00"), item("甲"), None).await;
    let repeal = domain::entry::Repeal {
        effective_from: Some(at("2026-12-31T00:00:00")),
        reason: "取消".into(),
        document: Some("文".into()),
        replaced_by: None,
        reform: None,
    };
    city.told.as_approver::<Item>("I1", at("2026-03-11T09:00:00"), repeal).await;
    assert_eq!(city.one("ART-10-2", "2026-03-11T09:00:00").await.0, Status::Due);
    for channel in Channel::ALL {
        city.serve(channel, ("I1", 1), "2026-03-11T09:00:01", "2026-03-11T09:00:02").await;
    }
    for now in ["2026-03-11T10:00:00", "2026-03-20T10:00:00", "2027-01-05T10:00:00"] {
        assert_eq!(city.one("ART-10-2", now).await.0, Status::FulfilledInTime, "{now}");
    }
}

#[tokio::test]
async fn a_guide_goes_out_of_sight_with_its_item_and_not_with_one_that_it_left() {
    let mut city = City::new();
    city.keeps_receipts("2026-03-01T00:00:00").await;
    for code in ["I1", "I2"] {
        city.told.adopt(code, at("2026-03-02T09:00:00"), item("甲"), None).await;
    }
    city.told.adopt("G1", at("2026-03-11T09:00:00"), guide("指南", "I1"), None).await;
    city.told.adopt("G2", at("2026-03-11T09:00:00"), guide("指南", "I1"), None).await;
    city.told.adopt("G2", at("2026-03-11T09:30:00"), guide("指南", "I2"), None).await;
    city.told.repeal::<Item>("I1", at("2026-03-11T10:00:00"), None).await;
    let told = city.of("ART-10-2", "2026-03-20T10:00:00").await;
    let of = |entry: &str| told.iter().filter(|case| about(case) == entry).map(|case| case.judgement.status).collect::<Vec<_>>();
    assert_eq!(of("G1"), [Status::Ended]);
    assert_eq!(of("G2"), [Status::Ended, Status::Overdue], "its item is I2 by now");
}

#[tokio::test]
async fn of_what_is_taken_out_of_sight_there_is_nothing_to_show() {
    let mut city = City::new();
    let suspend = domain::entry::Suspend { reason: "系统升级".into(), until: None };
    city.keeps_receipts("2026-03-01T00:00:00").await;
    city.told.approve("I1", at("2026-03-11T09:00:00"), item("甲"), None).await;
    city.told.as_approver::<Item>("I1", at("2026-03-11T10:00:00"), suspend).await;
    city.told.approve("I1", at("2026-03-12T09:00:00"), item("乙"), None).await;
    city.told.as_approver::<Item>("I1", at("2026-03-13T10:00:00"), domain::entry::Resume).await;
    city.told.approve("I1", at("2026-03-13T11:00:00"), item("丙"), None).await;
    city.told.approve("I2", at("2026-03-13T11:00:00"), item("丁"), None).await;
    let repeal =
        domain::entry::Repeal {
            effective_from: None, reason: "取消".into(), document: Some("文".into()), replaced_by: None, reform: None
        };
    city.told.as_approver::<Item>("I2", at("2026-03-18T10:00:00"), repeal).await;
    let told: Vec<_> =
        city.of("ART-10-2", "2026-03-20T10:00:00").await.iter().map(|case| (about(case), case.revision, case.judgement.status)).collect();
    let of = |about: &str, revision, status| (about.to_owned(), Some(revision), status);
    assert_eq!(told, [of("I1", 1, Status::Ended), of("I1", 2, Status::Ended), of("I1", 3, Status::Overdue), of("I2", 1, Status::Ended)]);
}

#[tokio::test]
async fn information_is_formed_with_the_first_submission_of_its_draft_and_published_with_its_approval() {
    let mut city = City::new();
    city.told.draft("I1", at("2026-03-02T09:00:00"), item("甲")).await;
    assert!(city.of("ART-8-2", "2026-03-02T10:00:00").await.is_empty(), "what is only written down is nobody's yet");
    city.told.carry::<Item>("I1", at("2026-03-03T09:00:00"), Step::Submitted, None).await;
    assert_eq!(city.one("ART-8-2", "2026-03-12T23:59:59").await, (Status::Due, "2026-03-12 24:00".into()));
    // Sent back and submitted again it is the same information.
    let back = domain::entry::Return { reason: "缺依据".into() };
    city.told.by::<Item>(person("p-reviewer", Role::Reviewer, &item("")), "I1", at("2026-03-04T09:00:00"), back).await;
    city.told.draft("I1", at("2026-03-05T09:00:00"), item("乙")).await;
    city.told.carry::<Item>("I1", at("2026-03-13T09:00:00"), Step::Draft, None).await;
    let cases = city.of("ART-8-2", "2026-03-20T09:00:00").await;
    assert_eq!((stands(&cases[0]), cases[0].revision), ((Status::FulfilledLate, "2026-03-12 24:00".into()), Some(1)));
    // As it was known while the draft was on its way, nothing of the revision was.
    let then = city.known("ART-8-2", "2026-03-20T09:00:00", Some("2026-03-12T09:00:00")).await;
    assert_eq!((then[0].judgement.status, then[0].revision), (Status::Due, None));
}

#[tokio::test]
async fn of_a_draft_that_is_given_up_nothing_is_due() {
    let mut city = City::new();
    city.told.draft("I1", at("2026-03-02T09:00:00"), item("甲")).await;
    city.told.carry::<Item>("I1", at("2026-03-03T09:00:00"), Step::Submitted, None).await;
    let away = Withdraw { reason: "不需要".into() };
    city.told.by::<Item>(person("p-drafter", Role::Drafter, &item("")), "I1", at("2026-03-04T09:00:00"), away).await;
    assert!(city.of("ART-8-2", "2026-03-20T09:00:00").await.is_empty());
    assert_eq!(city.known("ART-8-2", "2026-03-20T09:00:00", Some("2026-03-03T10:00:00")).await.len(), 1, "it was, then");
    // Begun anew it is other information.
    city.told.draft("I1", at("2026-03-16T09:00:00"), item("乙")).await;
    city.told.carry::<Item>("I1", at("2026-03-16T09:00:00"), Step::Submitted, None).await;
    assert_eq!(city.one("ART-8-2", "2026-03-20T09:00:00").await.1, "2026-03-25 24:00");
}

#[tokio::test]
async fn of_what_is_not_to_be_public_nothing_is_to_be_published() {
    let mut city = City::new();
    let secret = withheld("甲", "A1", OpennessAttribute::NotDisclosed);
    city.told.draft("I1", at("2026-03-02T09:00:00"), secret.clone()).await;
    city.told.carry::<Item>("I1", at("2026-03-03T09:00:00"), Step::Draft, None).await;
    assert!(city.of("ART-8-2", "2026-03-20T09:00:00").await.is_empty());
    // Nor when it becomes so while it is on its way.
    city.told.draft("I2", at("2026-03-04T09:00:00"), item("乙")).await;
    city.told.carry::<Item>("I2", at("2026-03-04T09:00:00"), Step::Submitted, None).await;
    let back = domain::entry::Return { reason: "不应公开".into() };
    city.told.by::<Item>(person("p-reviewer", Role::Reviewer, &item("")), "I2", at("2026-03-04T10:00:00"), back).await;
    city.told.draft("I2", at("2026-03-05T09:00:00"), secret).await;
    city.told.carry::<Item>("I2", at("2026-03-05T10:00:00"), Step::Draft, None).await;
    assert!(city.of("ART-8-2", "2026-03-20T09:00:00").await.is_empty());
}

#[tokio::test]
async fn a_list_is_of_the_day_of_its_document_unless_that_was_before_the_register() {
    let mut city = City::new();
    let adopt = |content, date| Adopt { content, source: source(date), effective_from: None };
    city.told.command::<Item>("I1", at("2026-03-02T09:00:00"), adopt(item("甲"), Some("2025-12-01"))).await;
    assert!(city.of("ART-8-2", "2026-03-20T09:00:00").await.is_empty(), "it was published elsewhere, in time or not");
    city.told.command::<Item>("I1", at("2026-03-20T09:00:00"), adopt(item("乙"), Some("2026-03-09"))).await;
    let cases = city.of("ART-8-2", "2026-03-20T09:00:00").await;
    assert_eq!((stands(&cases[0]), cases[0].trigger), ((Status::FulfilledLate, "2026-03-18 24:00".into()), at("2026-03-09T00:00:00")));
    // Of a draft that comes from a list as well.
    let draft = Draft { content: item("丙"), source: Some(source(Some("2026-03-16"))) };
    city.told.by::<Item>(person("p-drafter", Role::Drafter, &item("")), "I2", at("2026-03-18T09:00:00"), draft).await;
    city.told.carry::<Item>("I2", at("2026-03-19T09:00:00"), Step::Draft, None).await;
    let cases = city.of("ART-8-2", "2026-03-20T09:00:00").await;
    assert_eq!((about(&cases[1]), stands(&cases[1])), ("I2".into(), (Status::FulfilledInTime, "2026-03-25 24:00".into())));
}

#[tokio::test]
async fn a_report_is_answered_by_a_revision_that_says_something_else_there() {
    let mut city = City::new();
    let with = |authority: &str, name: &str| Item { authority: Some(authority.into()), ..item(name) };
    city.told.adopt("I1", at("2026-03-02T09:00:00"), with("甲", "名"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", Some("authority")).await;
    assert_eq!(city.one("ART-7", "2026-03-12T23:59:59").await, (Status::Due, "2026-03-12 24:00".into()));
    correct(&mut city, "2026-03-12T10:00:00", with("甲", "新名"), None).await;
    assert_eq!(city.one("ART-7", "2026-03-13T00:00:00").await.0, Status::Overdue, "another field was corrected");
    correct(&mut city, "2026-03-13T10:00:00", with("乙", "新名"), None).await;
    assert_eq!(city.one("ART-7", "2026-03-13T10:00:00").await.0, Status::FulfilledLate);
    let case = &city.of("ART-7", "2026-03-14T10:00:00").await[0];
    assert_eq!((case.judgement.fulfilled_at, case.judgement.missing.len()), (Some(at("2026-03-13T10:00:00")), 0));
    assert_eq!(
        city.deadlines
            .open_reports(&domain::envelope::EntryName::new(domain::register::Register::Item, "I1".parse().unwrap()))
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn a_correction_counts_from_when_it_holds() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", None).await;
    city.told.approve("I1", at("2026-03-11T11:00:00"), item("乙"), Some(at("2026-03-20T00:00:00"))).await;
    assert_eq!(city.one("ART-7", "2026-03-12T10:00:00").await.0, Status::Due);
    assert_eq!(city.one("ART-7", "2026-03-19T23:59:59").await.0, Status::Overdue);
    assert_eq!(city.one("ART-7", "2026-03-20T00:00:00").await.0, Status::FulfilledLate);
}

#[tokio::test]
async fn a_report_ends_with_its_dismissal_or_with_the_entry() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", None).await;
    city.report("R2", "2026-03-11T10:30:00", "I1", None).await;
    city.dismiss("R1", "2026-03-12T10:00:00").await;
    city.told.repeal::<Item>("I1", at("2026-03-16T10:00:00"), None).await;
    let told: Vec<_> = city
        .of("ART-7", "2026-03-17T10:00:00")
        .await
        .iter()
        .map(|case| (case.judgement.status, case.report.clone().unwrap().dismissed))
        .collect();
    assert_eq!(told, [(Status::FulfilledInTime, Some("并无不准确".into())), (Status::FulfilledLate, None)]);
    let then = city.known("ART-7", "2026-03-17T10:00:00", Some("2026-03-12T09:00:00")).await;
    assert_eq!((then[0].judgement.status, then[0].report.clone().unwrap().dismissed), (Status::Due, None));
}

#[tokio::test]
async fn each_november_every_agency_that_withholds_something_checks_it() {
    let mut city = City::new();
    city.told.adopt("I1", at("2025-03-02T09:00:00"), withheld("甲", "A1", OpennessAttribute::OnRequest), None).await;
    city.told.adopt("I2", at("2026-10-02T09:00:00"), withheld("乙", "B1", OpennessAttribute::NotDisclosed), None).await;
    city.told.adopt("I3", at("2026-11-02T09:00:00"), withheld("丙", "C1", OpennessAttribute::NotDisclosed), None).await;
    city.told.adopt("I4", at("2025-03-02T09:00:00"), item("丁"), None).await;
    let told = async |city: &City, now: &str| -> Vec<(String, String, Status)> {
        city.of("ART-8-3", now).await.iter().map(|case| (about(case), stands(case).1, case.judgement.status)).collect()
    };
    let of = |about: &str, year: i32, status| (about.to_owned(), format!("{year}-11-30 24:00"), status);
    assert_eq!(told(&city, "2025-10-31T23:59:59").await, []);
    assert_eq!(told(&city, "2025-11-01T00:00:00").await, [of("A1", 2025, Status::Due)]);
    city.self_check(Some("A1"), "2025-11-28T09:00:00", 2025).await;
    // C1 withholds something only since its November has begun.
    assert_eq!(
        told(&city, "2026-11-30T23:59:59").await,
        [of("A1", 2025, Status::FulfilledInTime), of("A1", 2026, Status::Due), of("B1", 2026, Status::Due)]
    );
    city.self_check(Some("B1"), "2026-12-03T09:00:00", 2026).await;
    assert_eq!(told(&city, "2026-12-03T09:00:00").await[1..], [of("A1", 2026, Status::Overdue), of("B1", 2026, Status::FulfilledLate)]);
    // What is opened by then is nothing to check.
    let mut opened = item("甲");
    opened.agency = "A1".parse().unwrap();
    city.told.adopt("I1", at("2027-05-01T09:00:00"), opened, None).await;
    city.told.repeal::<Item>("I2", at("2027-06-01T09:00:00"), Some(at("2027-12-01T00:00:00"))).await;
    assert_eq!(told(&city, "2027-11-02T00:00:00").await[3..], [of("B1", 2027, Status::Due), of("C1", 2027, Status::Due)]);
    assert_eq!(city.deadlines.withheld(Some(&"B1".parse().unwrap()), at("2027-11-30T00:00:00")).await.unwrap(), 1);
    assert_eq!(city.deadlines.withheld(Some(&"B1".parse().unwrap()), at("2027-12-01T00:00:00")).await.unwrap(), 0);
}
