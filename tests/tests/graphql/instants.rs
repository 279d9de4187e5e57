//! Effective dates, around the second: what both channels show just before an instant, at it and after it, without anything that runs then.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use domain::{
    acting::Role,
    calendar::china,
    entry::{Adopt, Correct, Repeal, Source, Suspend},
    register::{Guide, Item},
};
use journal::SharedJournal;
use projections::{Snapshot, views_of};
use serde_json::{Value, json};

use super::{
    desk::{Pen, guide, item},
    support::{Register, day},
};

const QUERY: &str =
    "query ($channel: Channel!) { registry(channel: $channel) { guide(code: \"G1\") { name revision { number effectiveFrom effectiveUntil }
    upcoming { effectiveFrom repeal changes { path before after } } } guides(first: 10) { totalCount nodes { code } } } }";

/// A register that one guide of one item is in, and what is done to it.
async fn register(pen: Pen) -> Register {
    let journal: SharedJournal = pen.journal;
    let snapshot: std::sync::Arc<dyn Snapshot> = views_of(journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    Register { schema: api::graphql::schema(journal.clone()), journal, snapshot }
}

async fn one_guide() -> Pen {
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    pen.adopt("G1", guide("一版", "I1")).await;
    pen
}

fn from(name: &str, effective_from: DateTime<Utc>) -> Adopt<Guide> {
    Adopt { content: guide(name, "I1"), source: Source { file: "list".into(), ..Source::default() }, effective_from: Some(effective_from) }
}

fn repeal(effective_from: DateTime<Utc>) -> Repeal {
    Repeal { effective_from: Some(effective_from), reason: "取消".into(), document: None, replaced_by: None, reform: None }
}

/// What is shown at a moment: the name of the guide, and the moments of what is announced. Both channels show it, and lists and counts agree.
async fn shown(register: &Register, now: DateTime<Utc>) -> (Option<String>, Vec<(DateTime<Utc>, bool)>) {
    let at = async |channel: &str| register.ask_at(now, QUERY, json!({ "channel": channel })).await["registry"].take();
    let (online, counter) = (at("ONLINE").await, at("COUNTER").await);
    assert_eq!(online, counter, "{now}");
    let guide = &online["guide"];
    let listed = usize::from(!guide.is_null());
    assert_eq!(
        (online["guides"]["totalCount"].as_u64(), online["guides"]["nodes"].as_array().unwrap().len()),
        (Some(listed as u64), listed)
    );
    let upcoming = guide["upcoming"].as_array().into_iter().flatten();
    let moment = |value: &Value| value.as_str().unwrap().parse().unwrap();
    (
        guide["name"].as_str().map(str::to_owned),
        upcoming.map(|upcoming| (moment(&upcoming["effectiveFrom"]), upcoming["repeal"].as_bool().unwrap())).collect(),
    )
}

/// Asserts what is shown in the last microsecond before an instant, at it, and a second after it.
async fn around(register: &Register, instant: DateTime<Utc>, before: Option<&str>, after: Option<&str>) {
    for (offset, name) in [(TimeDelta::microseconds(-1), before), (TimeDelta::zero(), after), (TimeDelta::seconds(1), after)] {
        assert_eq!(shown(register, instant + offset).await.0.as_deref(), name, "{instant} and {offset}");
    }
}

#[tokio::test]
async fn two_revisions_to_come_follow_each_other() {
    let mut pen = one_guide().await;
    pen.import("G1", from("二版", day(3))).await;
    pen.import("G1", from("三版", day(8))).await;
    // Between them nothing more can begin: what holds then was approved (EFFECTIVE_TOO_EARLY, see `lifecycle.md`).
    let register = register(pen).await;
    assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), vec![(day(3), false), (day(8), false)]));
    around(&register, day(3), Some("一版"), Some("二版")).await;
    assert_eq!(shown(&register, day(3)).await.1, [(day(8), false)]);
    around(&register, day(8), Some("二版"), Some("三版")).await;
}

#[tokio::test]
async fn an_announced_repeal_is_told_until_it_holds() {
    let mut pen = one_guide().await;
    pen.by("p-a", Role::Approver, &guide("", "I1"), "G1", repeal(day(5))).await;
    let register = register(pen).await;
    assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), vec![(day(5), true)]));
    around(&register, day(5), Some("一版"), None).await;
}

#[tokio::test]
async fn a_repeal_before_what_is_announced_undoes_it() {
    for gone in ["G1", "I1"] {
        let mut pen = one_guide().await;
        pen.import("G1", from("二版", day(5))).await;
        if gone == "G1" {
            pen.by("p-a", Role::Approver, &guide("", "I1"), gone, repeal(day(3))).await;
        } else {
            let source = Source { file: "list".into(), ..Source::default() };
            pen.import("I1", Adopt { content: item("二版"), source, effective_from: Some(day(4)) }).await;
            pen.by("p-a", Role::Approver, &item(""), gone, repeal(day(3))).await;
        }
        let register = register(pen).await;
        assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), vec![(day(3), true)]), "{gone}");
        around(&register, day(3), Some("一版"), None).await;
        around(&register, day(5), None, None).await;
        assert_eq!(shown(&register, day(5)).await.1, [], "{gone}");
    }
}

#[tokio::test]
async fn a_suspension_ends_by_itself_and_with_what_came_into_force_under_it() {
    let mut pen = one_guide().await;
    pen.import("G1", from("二版", day(2))).await;
    pen.by("p-a", Role::Approver, &guide("", "I1"), "G1", Suspend { reason: "系统升级".into(), until: Some(day(4)) }).await;
    let register = register(pen).await;
    around(&register, day(2), None, None).await;
    around(&register, day(4), None, Some("二版")).await;
}

#[tokio::test]
async fn a_correction_of_what_is_to_come_holds_from_its_moment_and_not_before() {
    let mut pen = one_guide().await;
    pen.import("G1", from("二版", day(5))).await;
    let correct = Correct {
        content: guide("二版更正", "I1"),
        reason: "笔误".into(),
        document: None,
        effective_from: Some(day(5)),
        beside: Vec::new(),
    };
    pen.by("p-a", Role::Approver, &guide("", "I1"), "G1", correct).await;
    let register = register(pen).await;
    assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), vec![(day(5), false)]), "what was corrected is announced no more");
    around(&register, day(5), Some("一版"), Some("二版更正")).await;
}

#[tokio::test]
async fn a_guide_goes_with_its_item_and_what_was_to_come_of_it_never_comes() {
    let mut pen = one_guide().await;
    pen.import("G1", from("二版", day(9))).await;
    pen.by("p-a", Role::Approver, &item(""), "I1", repeal(day(6))).await;
    let register = register(pen).await;
    assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), vec![(day(6), true)]), "what begins without its item never holds");
    around(&register, day(6), Some("一版"), None).await;
    around(&register, day(9), None, None).await;
}

#[tokio::test]
async fn dates_at_the_edges_are_instants_as_all_others() {
    let china = |year, month, day| china::first_moment(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    // Midnight in China is four in the afternoon of the day before in Greenwich.
    assert_eq!(china(2028, 2, 29), Utc.with_ymd_and_hms(2028, 2, 28, 16, 0, 0).unwrap());
    for instant in [china(2028, 2, 29), china(2028, 3, 1), china(2027, 1, 1), china(2035, 12, 31), day(0)] {
        let mut pen = one_guide().await;
        pen.import("G1", from("二版", instant)).await;
        around(&register(pen).await, instant, Some("一版"), Some("二版")).await;
    }
    // Of a moment before all that is known of the guide: it holds since then, and nothing is announced.
    let mut pen = Pen::new();
    pen.adopt("I1", item("事项")).await;
    pen.import("G1", from("一版", china(1984, 2, 29))).await;
    let register = register(pen).await;
    assert_eq!(shown(&register, day(0)).await, (Some("一版".to_owned()), Vec::new()));
}

const ANNOUNCED: &str = "query ($channel: Channel!, $agency: String, $validAt: DateTime, $after: String) { registry(channel: $channel, validAt: $validAt) {
    items(first: 9) { totalCount nodes { code } }
    announced(register: ITEM, agency: $agency, first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { register code name agency upcoming { effectiveFrom repeal revision { number effectiveUntil } changes { path before after } } } } } }";

#[tokio::test]
async fn an_entry_to_come_is_announced_with_its_day_on_both_channels() {
    let mut pen = one_guide().await;
    let to_come = |name: &str, agency: &str, from| Adopt {
        content: Item { agency: agency.parse().unwrap(), ..item(name) },
        source: Source { file: "list".into(), ..Source::default() },
        effective_from: Some(from),
    };
    pen.import("I2", to_come("新事项", "A1", day(5))).await;
    pen.import("I2", to_come("新事项二版", "A1", day(7))).await;
    pen.import("I3", to_come("另一事项", "A2", day(6))).await;
    let register = register(pen).await;
    let ask = async |now, more: Value| {
        let ask = async |channel: &str| {
            let mut variables = more.clone();
            variables["channel"] = json!(channel);
            register.ask_at(now, ANNOUNCED, variables).await["registry"].take()
        };
        let (online, counter) = (ask("ONLINE").await, ask("COUNTER").await);
        assert_eq!(online, counter, "{now}");
        online
    };

    let first = ask(day(0), json!({})).await;
    let announced = &first["announced"];
    assert_eq!(
        (&first["items"]["totalCount"], &announced["totalCount"], &announced["pageInfo"]["hasNextPage"]),
        (&json!(1), &json!(2), &json!(true))
    );
    let entry = &announced["nodes"][0];
    assert_eq!(
        (&entry["register"], &entry["code"], &entry["name"], &entry["agency"]),
        (&json!("ITEM"), &json!("I2"), &json!("新事项"), &json!("A1"))
    );
    let [new, second] = &entry["upcoming"].as_array().unwrap()[..] else { panic!("{entry}") };
    let moment = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(
        (moment(&new["effectiveFrom"]), moment(&new["revision"]["effectiveUntil"]), &new["repeal"]),
        (day(5), day(7), &json!(false))
    );
    let name = json!({ "path": "name", "before": null, "after": "新事项" });
    assert!(new["changes"].as_array().unwrap().contains(&name), "all that it says is new: {new}");
    assert_eq!(second["changes"], json!([{ "path": "name", "before": "新事项", "after": "新事项二版" }]));

    let next = ask(day(0), json!({ "after": announced["pageInfo"]["endCursor"] })).await;
    assert_eq!((&next["announced"]["nodes"][0]["code"], &next["announced"]["pageInfo"]["hasNextPage"]), (&json!("I3"), &json!(false)));
    let of_agency = ask(day(0), json!({ "agency": "A2" })).await;
    assert_eq!((&of_agency["announced"]["nodes"][0]["code"], &of_agency["announced"]["totalCount"]), (&json!("I3"), &json!(1)));

    // At its instant it is in force and no longer announced; asked of that day before, it is told whole.
    let until = ask(day(5) - TimeDelta::microseconds(1), json!({})).await;
    assert_eq!(until["announced"]["totalCount"], 2);
    for begun in [ask(day(5), json!({})).await, ask(day(0), json!({ "validAt": day(5) })).await] {
        assert_eq!((&begun["announced"]["totalCount"], &begun["announced"]["nodes"][0]["code"]), (&json!(1), &json!("I3")));
        assert_eq!(begun["items"]["totalCount"], 2);
    }
    assert_eq!(
        ask(day(6), json!({})).await["announced"],
        json!({ "totalCount": 0, "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": [] })
    );
}

#[tokio::test]
async fn what_does_not_reach_the_channels_is_not_announced() {
    let mut pen = one_guide().await;
    let list =
        |content: Item, from| Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: Some(from) };
    let openness = domain::value::Openness {
        attribute: domain::value::OpennessAttribute::NotDisclosed,
        reason: Some("国家秘密".into()),
        basis: vec![domain::value::LegalBasis::as_written("条例")],
        ..Default::default()
    };
    pen.import("I2", list(Item { openness, ..item("密") }, day(5))).await;
    pen.import("I3", list(item("公开"), day(5))).await;
    // Suspended without an end before it began: on its day nobody would see it. With an end before or after its day it is seen.
    pen.import("I4", list(item("停"), day(5))).await;
    pen.by("p-a", Role::Approver, &item(""), "I4", Suspend { reason: "检修".into(), until: None }).await;
    pen.import("I5", list(item("停"), day(5))).await;
    pen.by("p-a", Role::Approver, &item(""), "I5", Suspend { reason: "检修".into(), until: Some(day(9)) }).await;
    let register = register(pen).await;
    let told = register.ask_at(day(0), ANNOUNCED, json!({ "channel": "ONLINE" })).await;
    assert_eq!(told["registry"]["announced"]["totalCount"], 2, "{told}");
    let more = json!({ "channel": "ONLINE", "after": told["registry"]["announced"]["pageInfo"]["endCursor"] });
    let next = register.ask_at(day(0), ANNOUNCED, more).await;
    let codes = [&told, &next].map(|page| page["registry"]["announced"]["nodes"][0]["code"].clone());
    assert_eq!(codes, ["I3", "I5"], "{told} {next}");
}
