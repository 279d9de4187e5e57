//! What is in force is told by the clock of the request: the same views, asked a second before and at the moment of a change.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::support::{REVISED, day, made, sample_register};

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

async fn guide_at(now: DateTime<Utc>) -> Value {
    let query = "query ($code: String!) { registry { guide(code: $code) { revision { number effectiveFrom effectiveUntil contentHash }
        materials { name } upcoming { effectiveFrom changes { path } revision { number contentHash } } } } }";
    sample_register().await.ask_at(now, query, json!({ "code": REVISED })).await["registry"]["guide"].take()
}

#[tokio::test]
async fn an_upcoming_revision_is_in_force_from_its_first_instant() {
    let today = guide_at(made()).await;
    let upcoming = &today["upcoming"][0];
    let from = moment(&upcoming["effectiveFrom"]);
    let (before, at) = (guide_at(from - TimeDelta::seconds(1)).await, guide_at(from).await);
    assert_eq!(before, today);
    assert_eq!(moment(&before["revision"]["effectiveUntil"]), from);
    assert_eq!(at["revision"]["number"], upcoming["revision"]["number"]);
    assert_eq!(at["revision"]["contentHash"], upcoming["revision"]["contentHash"]);
    assert_eq!(moment(&at["revision"]["effectiveFrom"]), from);
    assert_eq!(at["upcoming"], json!([]));
    assert_ne!(at["materials"], before["materials"]);
    assert_eq!(guide_at(from + TimeDelta::seconds(1)).await, at);
}

#[tokio::test]
async fn a_repeal_takes_item_and_guide_off_together_and_counts_follow() {
    const ITEM: &str = "1199010040310674X63992011001000";
    let at = async |now| {
        let query = "query ($item: String!, $guide: String!) { registry { item(code: $item) { name guides { code } } guide(code: $guide) { name }
            items(first: 1) { totalCount } guides(first: 1) { totalCount }
            ofItem: guides(filter: { item: $item }, first: 1) { totalCount nodes { code } } } node(id: \"item:1199010040310674X63992011001000\") { id } }";
        sample_register().await.ask_at(now, query, json!({ "item": ITEM, "guide": format!("{ITEM}01") })).await
    };
    let today =
        sample_register().await.ask(&format!("{{ registry {{ item(code: \"{ITEM}\") {{ upcoming {{ effectiveFrom }} }} }} }}")).await;
    let from = moment(&today["registry"]["item"]["upcoming"][0]["effectiveFrom"]);
    let (before, after) = (at(from - TimeDelta::seconds(1)).await, at(from).await);
    assert_eq!(before["registry"]["item"]["guides"], json!([{ "code": format!("{ITEM}01") }]));
    assert!(before["registry"]["guide"].is_object() && before["node"].is_object());
    assert_eq!(before["registry"]["ofItem"]["totalCount"], 1);
    assert_eq!(after["registry"]["item"], json!(null));
    assert_eq!(after["registry"]["guide"], json!(null));
    assert_eq!(after["node"], json!(null));
    assert_eq!(after["registry"]["ofItem"], json!({ "totalCount": 0, "nodes": [] }));
    for list in ["items", "guides"] {
        let count = |answer: &Value| answer["registry"][list]["totalCount"].as_i64().unwrap();
        assert_eq!(count(&before) - count(&after), 1, "{list}");
    }
}

#[tokio::test]
async fn at_any_day_every_guide_has_its_item_and_agency_and_every_total_is_what_is_listed() {
    let query = "{ registry { agencies(first: 100) { totalCount nodes { parent { code } } }
        items(first: 100) { totalCount nodes { agency { code } parent { code } guides { item { code } } code } }
        guides(first: 100) { totalCount nodes { item { code } agency { code } } } } }";
    for days in [0, 10, 26, 29, 31, 38, 46, 61, 400] {
        let answer = sample_register().await.ask_at(day(days), query, json!({})).await;
        for list in ["agencies", "items", "guides"] {
            let page = &answer["registry"][list];
            let listed = page["nodes"].as_array().unwrap().len();
            assert_eq!(page["totalCount"].as_u64().unwrap().min(100), listed as u64, "{list} on day {days}");
        }
        for item in answer["registry"]["items"]["nodes"].as_array().unwrap() {
            for guide in item["guides"].as_array().unwrap() {
                assert_eq!(guide["item"]["code"], item["code"]);
            }
        }
    }
}
