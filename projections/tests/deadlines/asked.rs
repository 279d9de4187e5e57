//! How cases are asked for, counted, and told to whoever keeps the node.

use std::time::Instant;

use domain::{
    calendar::Extent,
    deadline::{Status, Trigger},
    envelope::EntryName,
    register::{Item, Register},
    value::OpennessAttribute,
};
use projections::{AlarmKind, CasePlace, DeadlineQuery, Knows};

use super::{
    common::{code, item},
    support::{City, about, at, notice, withheld},
};

async fn three() -> City {
    let mut city = City::new();
    city.keeps_receipts("2026-03-01T00:00:00").await;
    for (entry, moment) in [("I1", "2026-03-02T09:00:00"), ("I2", "2026-03-03T09:00:00"), ("I3", "2026-12-31T09:00:00")] {
        city.told.adopt(entry, at(moment), item("甲"), None).await;
    }
    city
}

#[tokio::test]
async fn what_is_due_first_comes_first_and_pages_go_on_where_they_ended() {
    let city = three().await;
    let now = at("2026-12-31T10:00:00");
    let page = async |query: &DeadlineQuery, after: Option<&CasePlace>, first| {
        city.deadlines.page(query, |_| true, (now, None), (after, first)).await.unwrap()
    };
    let all = DeadlineQuery::default();
    let first = page(&all, None, 2).await;
    assert_eq!((first.cases.iter().map(about).collect::<Vec<_>>(), first.more, first.total), (vec!["I1".into(), "I2".into()], true, 3));
    // A cursor is a text meanwhile.
    let cursor: CasePlace = first.cases[1].place.to_string().parse().unwrap();
    let second = page(&all, Some(&cursor), 2).await;
    assert_eq!((second.cases.iter().map(about).collect::<Vec<_>>(), second.more, second.total), (vec!["I3".into()], false, 3));
    let end: CasePlace = second.cases[0].place.to_string().parse().unwrap();
    assert_eq!(end, second.cases[0].place, "the end of time has a cursor too");
    assert!(page(&all, Some(&end), 2).await.cases.is_empty());
    for wrong in ["", "d:", "d:00:X", &format!("d:{}:", "0".repeat(32)), &format!("d:{}:A", "é".repeat(16))] {
        assert!(wrong.parse::<CasePlace>().is_err(), "{wrong}");
    }
    let status = |status| DeadlineQuery { status, ..DeadlineQuery::default() };
    for (asked, number) in
        [(vec![Status::Overdue], 2), (vec![Status::Unknown], 1), (vec![Status::Due], 0), (vec![Status::FulfilledInTime], 0)]
    {
        assert_eq!(page(&status(asked.clone()), None, 9).await.total, number, "{asked:?}");
    }
    let entry = DeadlineQuery { entry: Some(EntryName::new(Register::Item, code("I2"))), ..DeadlineQuery::default() };
    assert_eq!(page(&entry, None, 9).await.cases.iter().map(about).collect::<Vec<_>>(), ["I2"]);
    let by = DeadlineQuery { due_by: Some(at("2026-03-04T00:00:00")), ..DeadlineQuery::default() };
    assert_eq!(page(&by, None, 9).await.total, 1);
    let agency = |agency| DeadlineQuery { agency: Some(code(agency)), ..DeadlineQuery::default() };
    assert_eq!((page(&agency("A1"), None, 9).await.total, page(&agency("B1"), None, 9).await.total), (3, 0));
}

#[tokio::test]
async fn nobody_is_told_or_counted_what_they_may_not_know_of() {
    let city = three().await;
    let now = (at("2026-12-31T10:00:00"), None);
    let of_public = |about: &projections::About<'_>| about.public.is_some() && matches!(about.rule.trigger, Trigger::On(_));
    let page = city.deadlines.page(&DeadlineQuery::default(), of_public, now, (None, 9)).await.unwrap();
    assert_eq!(page.total, 3);
    let page = city.deadlines.page(&DeadlineQuery::default(), |about| about.agencies[0] == Some(Some(&code("B1"))), now, (None, 9)).await;
    assert_eq!(page.unwrap().total, 0);
}

/// An undisclosed revision that is to come may move an entry to another agency.
#[tokio::test]
async fn in_public_it_answers_who_does_for_what_is_public() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    let secret = withheld("甲", "B1", OpennessAttribute::NotDisclosed);
    city.told.adopt("I1", at("2026-03-02T10:00:00"), secret, Some(at("2027-06-01T00:00:00"))).await;
    let now = (at("2026-03-02T11:00:00"), None);
    let rule = Some(code("ART-10-2"));
    for (knows, theirs, none) in [(Knows::Public, "A1", "B1"), (Knows::Within, "B1", "A1")] {
        let of = async |agency: Option<&str>| {
            let query = DeadlineQuery { rule: rule.clone(), agency: agency.map(code), ..DeadlineQuery::default() };
            let page = city.deadlines.page(&query, |_| knows, now, (None, 9)).await.unwrap();
            page.cases.into_iter().map(|case| case.agency.unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!((of(None).await, of(Some(theirs)).await), (vec![theirs.to_owned()], vec![theirs.to_owned()]), "{knows:?}");
        assert!(of(Some(none)).await.is_empty(), "{knows:?}");
    }
    // Once it is in force nothing of the entry is public.
    let after = (at("2027-06-01T00:00:00"), None);
    let page = city.deadlines.page(&DeadlineQuery::default(), |about| about.public.is_some(), after, (None, 9)).await.unwrap();
    assert_eq!(page.total, 0);
}

#[tokio::test]
async fn figures_tell_the_nearest_and_how_many_are_over_or_unknown() {
    let mut city = three().await;
    assert_eq!(city.deadlines.figures(at("2026-12-31T10:00:00")), None, "nothing was read yet");
    city.deadlines.catch_up().await.unwrap();
    let of = |city: &City, now: &str| city.deadlines.figures(at(now)).unwrap().remove(&code("ART-10-2")).unwrap();
    let all = city.deadlines.figures(at("2026-12-31T10:00:00")).unwrap();
    let public: Vec<_> = all.iter().filter(|(_, figures)| figures.public).map(|(rule, _)| rule.to_string()).collect();
    assert!(public == ["ART-10-2"] && all.len() > 3, "of drafts, reports and what is withheld nobody outside knows: {public:?}");
    let figures = of(&city, "2026-12-31T10:00:00");
    assert_eq!((figures.nearest, figures.due, figures.overdue, figures.unknown), (None, 0, 2, 1));
    let figures = of(&city, "2026-03-03T10:00:00");
    assert_eq!(
        (figures.nearest, figures.due, figures.overdue),
        (Some(at("2026-03-04T00:00:00")), 2, 0),
        "of what lies ahead nothing is told"
    );
    let arranged = notice(2027, Extent::Year, &[("2027-01-01", true), ("2027-01-03", true)], "https://www.gov.cn/c");
    city.announce("2027-01-02T09:00:00", arranged).await;
    city.deadlines.catch_up().await.unwrap();
    let figures = of(&city, "2027-01-02T10:00:00");
    assert_eq!((figures.nearest, figures.due, figures.unknown), (Some(at("2027-01-05T00:00:00")), 1, 0));
}

#[tokio::test]
async fn each_case_is_told_once_when_it_is_near_its_end_and_once_when_it_is_over() {
    let mut city = City::new();
    city.told.adopt("I1", at("2026-03-02T09:00:00"), item("甲"), None).await;
    city.report("R1", "2026-03-11T10:00:00", "I1", None).await;
    let kinds = async |city: &City, now: &str, until: &str| -> Vec<(String, AlarmKind)> {
        let alarms = city.deadlines.alarms(at(now), at(until)).await.unwrap().into_iter();
        alarms.filter(|alarm| alarm.case.rule.code.as_str() == "ART-7").map(|alarm| (about(&alarm.case), alarm.kind)).collect()
    };
    assert_eq!(kinds(&city, "2026-03-12T10:00:00", "2026-03-12T14:00:00").await, []);
    assert_eq!(kinds(&city, "2026-03-12T21:00:00", "2026-03-13T01:00:00").await, [("I1".into(), AlarmKind::Near)]);
    assert_eq!(kinds(&city, "2026-03-12T22:00:00", "2026-03-13T02:00:00").await, []);
    assert_eq!(kinds(&city, "2026-03-13T00:00:00", "2026-03-13T04:00:00").await, [("I1".into(), AlarmKind::Overdue)]);
    assert_eq!(kinds(&city, "2026-03-14T00:00:00", "2026-03-14T04:00:00").await, []);
    city.told.approve("I1", at("2026-03-14T09:00:00"), item("乙"), None).await;
    assert_eq!(kinds(&city, "2026-03-14T10:00:00", "2026-03-14T14:00:00").await, []);
}

/// Not a promise in seconds: a page of many is answered without reading or reckoning them anew, so it costs far less than the first.
#[tokio::test]
async fn a_question_costs_little_when_the_log_was_read() {
    let mut city = City::new();
    city.keeps_receipts("2026-03-01T00:00:00").await;
    for n in 0..2_000 {
        city.told.adopt::<Item>(&format!("I{n}"), at("2026-03-02T09:00:00"), item("甲"), None).await;
    }
    let query = DeadlineQuery { status: vec![Status::Overdue], ..DeadlineQuery::default() };
    let ask = async || {
        let begun = Instant::now();
        let page = city.deadlines.page(&query, |_| true, (at("2026-03-20T09:00:00"), None), (None, 10)).await.unwrap();
        assert_eq!((page.cases.len(), page.total), (10, 2_000));
        begun.elapsed()
    };
    let (first, again) = (ask().await, ask().await);
    println!("2000 cases: the first page {first:?}, the next {again:?}");
}
