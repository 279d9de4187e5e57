//! While nothing can be shown the time of Art. 10(2) does not run, and where nothing can be shown any more it ends: never as if it were done.

use std::collections::BTreeMap;

use domain::{
    deadline::Status,
    entry::{Repeal, Resume, Suspend},
    envelope::EntryName,
    receipt::Standing,
    register::{Guide, Item, Register},
    value::Channel,
};
use projections::{DeadlineCase, DeadlineQuery, Deadlines, ViewStore, sight_of};
use proptest::prelude::*;

use super::common::{
    Told, acts, code, day, guide, item,
    served::{Node, receipts},
};
use super::support::{City, at};

fn suspend(until: Option<&str>) -> Suspend {
    Suspend { reason: "系统升级".into(), until: until.map(at) }
}

fn repeal(from: Option<&str>) -> Repeal {
    let (reason, document) = ("取消".into(), Some("文".into()));
    Repeal { effective_from: from.map(at), reason, document, replaced_by: None, reform: None }
}

/// A city whose item and guide are in force and whose register has receipts.
async fn city() -> City {
    let mut city = City::new();
    city.keeps_receipts("2026-03-01T00:00:00").await;
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.told.adopt("G1", at("2026-03-02T09:00:00"), guide("甲", "I1"), None).await;
    city
}

/// The case of a rule about a revision of the guide.
async fn of(city: &City, rule: &str, revision: u32, now: &str) -> DeadlineCase {
    let entry = Some(EntryName::new(Register::Guide, code("G1")));
    let query = DeadlineQuery { rule: Some(code(rule)), entry, ..DeadlineQuery::default() };
    let page = city.deadlines.page(&query, |_| true, (at(now), None), (None, usize::MAX)).await.unwrap();
    page.cases.into_iter().find(|case| case.revision == Some(revision)).unwrap()
}

async fn status(city: &City, revision: u32, now: &str) -> Status {
    of(city, "ART-10-2", revision, now).await.judgement.status
}

#[tokio::test]
async fn a_guide_that_is_approved_after_the_repeal_of_its_item_was_announced_ends_with_it() {
    let mut city = city().await;
    city.told.as_approver::<Item>("I1", at("2026-03-11T09:00:00"), repeal(Some("2026-03-11T09:00:08"))).await;
    // What is in force until then ends with its item.
    city.told.approve("G1", at("2026-03-11T09:00:02"), guide("丙", "I1"), None).await;
    // It would begin when its item is gone: nobody ever shows it.
    city.told.approve("G1", at("2026-03-11T09:00:04"), guide("乙", "I1"), Some(at("2026-03-17T00:00:00"))).await;
    for now in ["2026-03-11T09:00:05", "2026-03-11T10:00:00", "2026-03-20T10:00:00"] {
        assert_eq!(status(&city, 3, now).await, Status::Ended, "{now}");
    }
    assert_eq!(status(&city, 2, "2026-03-11T09:00:07").await, Status::Due);
    let case = of(&city, "ART-10-2", 2, "2026-03-20T09:00:00").await;
    assert_eq!((case.judgement.status, case.judgement.ran_out), (Status::Ended, false));
    assert!(
        case.judgement.zh().contains("所属事项已取消") && case.judgement.en().contains("its item is repealed"),
        "{}",
        case.judgement.en()
    );
    assert!(city.deadlines.alarms(at("2026-03-20T09:00:00"), at("2026-03-20T13:00:00")).await.unwrap().iter().all(|alarm| {
        !matches!(&alarm.case.subject, projections::Subject::Entry(name) if name.register == Register::Guide)
            || alarm.case.revision == Some(1)
    }));
}

#[tokio::test]
async fn while_it_is_suspended_the_time_does_not_run_and_begins_when_it_is_shown_again() {
    for of_item in [false, true] {
        let mut city = city().await;
        if of_item {
            city.told.as_approver::<Item>("I1", at("2026-03-11T09:00:00"), suspend(None)).await;
        } else {
            city.told.as_approver::<Guide>("G1", at("2026-03-11T09:00:00"), suspend(None)).await;
        }
        city.told.approve("G1", at("2026-03-11T10:00:00"), guide("乙", "I1"), None).await;
        for rule in ["ART-10-2", "ART-8-2"] {
            let case = of(&city, rule, 2, "2026-03-20T10:00:00").await;
            assert_eq!((case.judgement.status, case.judgement.start, case.judgement.ends()), (Status::Waiting, None, None), "{rule}");
            let (zh, en) =
                if of_item { ("所属事项暂停", "its item is suspended") } else { ("条目暂停", "the entry is suspended") };
            assert!(case.judgement.zh().contains(zh) && case.judgement.en().contains(en), "{}", case.judgement.en());
        }
        if of_item {
            city.told.as_approver::<Item>("I1", at("2026-03-25T09:00:00"), Resume).await;
        } else {
            city.told.as_approver::<Guide>("G1", at("2026-03-25T09:00:00"), Resume).await;
        }
        let case = of(&city, "ART-10-2", 2, "2026-03-25T10:00:00").await;
        assert_eq!((case.judgement.status, case.judgement.start), (Status::Due, Some(at("2026-03-25T09:00:00"))));
        assert_eq!(case.judgement.ends().unwrap().to_string(), "2026-03-26 24:00");
        assert!(case.judgement.zh().contains("此前"), "{}", case.judgement.zh());
        assert_eq!(status(&city, 2, "2026-03-27T00:00:00").await, Status::Overdue);
        let public = of(&city, "ART-8-2", 2, "2026-03-25T10:00:00").await.judgement;
        assert_eq!((public.status, public.fulfilled_at), (Status::FulfilledInTime, Some(at("2026-03-25T09:00:00"))));
    }
}

#[tokio::test]
async fn what_is_repealed_while_it_waits_ends_and_is_not_done() {
    let mut city = city().await;
    city.told.as_approver::<Item>("I1", at("2026-03-11T09:00:00"), suspend(None)).await;
    city.told.approve("G1", at("2026-03-11T10:00:00"), guide("乙", "I1"), None).await;
    city.told.as_approver::<Item>("I1", at("2026-03-18T09:00:00"), repeal(None)).await;
    assert_eq!(status(&city, 2, "2026-03-18T08:59:59").await, Status::Waiting);
    for rule in ["ART-10-2", "ART-8-2"] {
        let ended = of(&city, rule, 2, "2026-03-20T09:00:00").await.judgement;
        assert_eq!((ended.status, ended.fulfilled_at), (Status::Ended, None), "{rule}");
    }
}

#[tokio::test]
async fn a_suspension_that_ends_by_itself_says_when_the_time_begins() {
    let mut city = city().await;
    city.told.as_approver::<Guide>("G1", at("2026-03-11T09:00:00"), suspend(Some("2026-03-25T09:00:00"))).await;
    city.told.approve("G1", at("2026-03-11T10:00:00"), guide("乙", "I1"), None).await;
    let case = of(&city, "ART-10-2", 2, "2026-03-20T10:00:00").await.judgement;
    assert_eq!((case.status, case.start), (Status::Waiting, Some(at("2026-03-25T09:00:00"))));
    assert!(case.en().contains("2026-03-25 09:00"), "{}", case.en());
}

#[tokio::test]
async fn what_is_announced_under_a_suspension_without_an_end_waits_until_somebody_resumes() {
    for of_item in [false, true] {
        let mut city = city().await;
        let (early, day) = ("2026-03-11T09:00:00", Some(at("2026-04-01T00:00:00")));
        if of_item {
            city.told.as_approver::<Item>("I1", at(early), suspend(None)).await;
        } else {
            city.told.as_approver::<Guide>("G1", at(early), suspend(None)).await;
        }
        city.told.approve("G1", at("2026-03-11T10:00:00"), guide("乙", "I1"), day).await;
        for rule in ["ART-10-2", "ART-8-2"] {
            let case = of(&city, rule, 2, "2026-03-20T10:00:00").await.judgement;
            assert_eq!((case.status, case.start), (Status::Waiting, None), "{rule}: {}", case.en());
        }
        if of_item {
            city.told.as_approver::<Item>("I1", at("2026-03-25T09:00:00"), Resume).await;
        } else {
            city.told.as_approver::<Guide>("G1", at("2026-03-25T09:00:00"), Resume).await;
        }
        let case = of(&city, "ART-10-2", 2, "2026-03-25T10:00:00").await.judgement;
        assert_eq!((case.status, case.start), (Status::Due, Some(at("2026-03-25T09:00:00"))), "it is announced from then on");
    }
}

#[tokio::test]
async fn a_time_that_ran_out_is_not_given_again() {
    let mut city = city().await;
    city.told.approve("G1", at("2026-03-11T10:00:00"), guide("乙", "I1"), None).await;
    city.told.as_approver::<Guide>("G1", at("2026-03-16T09:00:00"), suspend(None)).await;
    let rests = of(&city, "ART-10-2", 2, "2026-03-17T10:00:00").await.judgement;
    assert_eq!((rests.status, rests.ran_out), (Status::Waiting, true), "nobody can show it now, and it was overdue");
    city.told.as_approver::<Guide>("G1", at("2026-03-18T09:00:00"), Resume).await;
    assert_eq!(status(&city, 2, "2026-03-18T09:00:00").await, Status::Overdue);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// After any history, with nodes that show and write now and then: what a sight says is what the documents show; no case is overdue that nobody can show, none is
    /// fulfilled without receipts of both channels, and a deadline and its receipts do not contradict each other.
    #[test]
    fn deadlines_receipts_and_channels_tell_one_story(acts in acts::acts(), looks in prop::collection::vec(0_u8..4, 80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut told = Told::new();
            let node = Node::begun(told.journal.clone(), day(0)).await;
            let deadlines = Deadlines::new(told.journal.clone());
            let mut now = 0;
            for ((act, on), look) in acts.into_iter().zip(looks.into_iter().cycle()) {
                now = now.max(on);
                acts::act(&mut told, act, now).await;
                if look > 0 {
                    node.shows(day(now)).await;
                }
                if look > 1 {
                    node.writes(day(now)).await;
                }
                if look < 3 {
                    continue;
                }
                let snapshot = node.views.snapshot().await.unwrap();
                let mut shown = BTreeMap::new();
                for key in snapshot.keys().await.unwrap().into_iter().filter(|key| key.channel == Channel::Online) {
                    let document = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await.unwrap().remove(0).unwrap();
                    let name = EntryName::new(key.register, key.code.clone());
                    let served: Vec<_> = document.served_at(day(now)).iter().map(|served| served.revision).collect();
                    for revision in &served {
                        let sight = sight_of(told.journal.as_ref(), &name, *revision).await.unwrap().unwrap();
                        prop_assert_eq!(sight.hidden_at(day(now)), None, "{} {} is shown", &name, revision);
                    }
                    shown.insert(name, served);
                }
                let query = DeadlineQuery { rule: Some(code("ART-10-2")), ..DeadlineQuery::default() };
                let cases = deadlines.page(&query, |_| true, (day(now), None), (None, usize::MAX)).await.unwrap().cases;
                let written = receipts(&told.journal).await;
                for case in cases {
                    let projections::Subject::Entry(name) = &case.subject else { continue };
                    let (revision, status) = (case.revision.unwrap(), case.judgement.status);
                    let sight = sight_of(told.journal.as_ref(), name, revision).await.unwrap().unwrap();
                    let is_shown = shown.get(name).is_some_and(|served| served.contains(&revision));
                    prop_assert_eq!(sight.hidden_at(day(now)).is_none(), is_shown, "{} {}: {:?}", name, revision, &sight);
                    prop_assert!(!matches!(status, Status::Due | Status::Overdue) || is_shown, "{} {} {:?}", name, revision, status);
                    let of: Vec<_> = written.iter().filter(|(_, receipt)| receipt.entry() == *name && receipt.revision >= revision).collect();
                    let done = matches!(status, Status::FulfilledInTime | Status::FulfilledLate);
                    let on = |channel| of.iter().any(|(on, _)| *on == channel);
                    prop_assert!(!done || Channel::ALL.into_iter().all(on), "{} {} {:?}", name, revision, status);
                    let own: Vec<_> = of.iter().filter(|(_, receipt)| receipt.revision == revision).collect();
                    // What was shown and taken out of sight in one instant, by the days of this test, leaves no moment at which it could be shown.
                    let in_sight = own.iter().all(|(_, receipt)| sight.hidden_at(receipt.served_at).is_none());
                    let own: Vec<_> = own.iter().map(|(_, receipt)| receipt.proves()).collect();
                    // What is not proven does not keep the time from resting.
                    let rests = own.contains(&Standing::Unknown) && matches!(status, Status::Waiting | Status::Ended);
                    if own.len() == 2 && in_sight && !rests {
                        let expected = if own.contains(&Standing::Late) {
                            Status::FulfilledLate
                        } else if own.contains(&Standing::Unknown) {
                            Status::Unknown
                        } else {
                            Status::FulfilledInTime
                        };
                        prop_assert_eq!(status, expected, "{} {}: {:?} {:?}", name, revision, &sight, &own);
                    }
                }
            }
            Ok(())
        })?;
    }
}
