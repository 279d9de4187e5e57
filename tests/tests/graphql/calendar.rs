//! The working calendar by the schema: what ships, what was recorded, and what nobody knows.

use std::sync::Arc;

use api::{
    graphql::schema,
    registrar::calendar::{Announced, announce},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    calendar::{Extent, NamedDay, Notice},
    envelope::ActorId,
};
use journal::{MemoryJournal, SharedJournal};
use projections::views_of;
use serde_json::{Value, json};

use super::support::{answer, ask, day, made, sample_register};

const YEAR: &str = "query ($year: Int!) { calendar(year: $year) { year known papers days { date kind name } namedDays { date kind name }
    notices { year changesOnly document papers published knownFrom recorded } } }";

fn notice_of_2027() -> Notice {
    let named = |date: &str, off| NamedDay { date: date.parse().unwrap(), name: "元旦".into(), off };
    let new_year = [named("2026-12-31", true), named("2027-01-01", true), named("2027-01-03", false)];
    let others = ["2027-02-05", "2027-02-06", "2027-02-07", "2027-05-01", "2027-10-01"].map(|date| named(date, true));
    let days = new_year.into_iter().chain(others).collect();
    let papers = vec!["https://www.gov.cn/a".into()];
    Notice { year: 2027, extent: Extent::Year, document: Some("国办发明电〔2026〕9号".into()), papers, published: None, days }
}

async fn asked(journal: &SharedJournal, now: DateTime<Utc>, year: i32) -> Value {
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let mut answer = answer(&schema(journal.clone()), snapshot, now, YEAR, json!({ "year": year })).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["calendar"].take()
}

#[tokio::test]
async fn a_year_that_ships_is_told_with_every_day_and_its_notices() {
    let answer = ask("{ calendar(year: 2020) { year known papers namedDays { date kind name }
        notices { year changesOnly document papers published knownFrom recorded } } }")
    .await;
    insta::assert_json_snapshot!("a_year_of_the_calendar", answer);
    let days = ask("{ calendar(year: 2020) { days { date kind name } } }").await;
    let days = days["calendar"]["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["date"], &days[365]["date"]), (366, &json!("2020-01-01"), &json!("2020-12-31")));
    let of_kind = |kind: &str| days.iter().filter(|day| day["kind"] == kind).count();
    assert_eq!(["WORKING", "WEEKEND", "HOLIDAY", "MAKE_UP", "UNKNOWN"].map(of_kind), [243, 87, 30, 6, 0]);
}

#[tokio::test]
async fn a_year_of_which_nothing_is_known_is_null_and_one_that_a_neighbour_names_is_not() {
    assert_eq!(ask("{ a: calendar(year: 2028) { year } b: calendar(year: -1) { year } }").await, json!({ "a": null, "b": null }));
    let of_2006 = ask("{ calendar(year: 2006) { known namedDays { date kind } days { kind } } }").await;
    let calendar = &of_2006["calendar"];
    assert_eq!(calendar["known"], false);
    assert_eq!(calendar["namedDays"], json!([{ "date": "2006-12-30", "kind": "MAKE_UP" }, { "date": "2006-12-31", "kind": "MAKE_UP" }]));
    let unknown = calendar["days"].as_array().unwrap().iter().filter(|day| day["kind"] == "UNKNOWN").count();
    assert_eq!(unknown, 363);
}

#[tokio::test]
async fn what_is_imported_is_answered_from_its_moment_on() {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    assert_eq!(asked(&journal, made(), 2027).await, Value::Null);
    let announced = announce(journal.as_ref(), vec![notice_of_2027()], &ActorId::new("import"), day(10)).await.unwrap();
    assert_eq!(announced, Announced::Known(vec![true]));
    assert_eq!(asked(&journal, day(10) - TimeDelta::microseconds(1), 2027).await, Value::Null, "nobody knew it by then");
    let year = asked(&journal, day(10), 2027).await;
    assert_eq!(
        (&year["known"], &year["papers"], year["days"].as_array().unwrap().len()),
        (&json!(true), &json!(["https://www.gov.cn/a"]), 365)
    );
    assert_eq!(
        year["notices"],
        json!([{ "year": 2027, "changesOnly": false, "document": "国办发明电〔2026〕9号", "papers": ["https://www.gov.cn/a"],
            "published": null, "knownFrom": day(10).to_rfc3339(), "recorded": true }])
    );
    // It names a day of the year before, whose own notice ships.
    let before = asked(&journal, day(10), 2026).await;
    assert_eq!(before["days"][364], json!({ "date": "2026-12-31", "kind": "HOLIDAY", "name": "元旦" }));
    assert_eq!(before["notices"].as_array().unwrap().len(), 2);
}

/// A request answers from one position of the log: what was recorded behind it belongs to the next one.
#[tokio::test]
async fn an_answer_is_of_the_position_of_its_request() {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let snapshot = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let _ = announce(journal.as_ref(), vec![notice_of_2027()], &ActorId::new("import"), day(10)).await.unwrap();
    let asked = answer(&schema(journal), snapshot, day(11), YEAR, json!({ "year": 2027 })).await;
    assert_eq!(asked, json!({ "data": { "calendar": null } }));
}

#[tokio::test]
async fn years_cost_what_their_days_cost() {
    let years =
        |n| (0..n).map(|n| format!("y{n}: calendar(year: {}) {{ days {{ date kind name }} }}", 2007 + n)).collect::<Vec<_>>().concat();
    let answer = async |n| sample_register().await.answer(made(), &format!("{{ {} }}", years(n)), json!({})).await;
    assert!(answer(20).await.get("errors").is_none());
    let error = &answer(60).await["errors"][0];
    assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED");
    assert!(error["message"].as_str().unwrap().contains("the query is too complex"), "{error}");
}
