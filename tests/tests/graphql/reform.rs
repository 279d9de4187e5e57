//! An institutional reform by the schema: who may, what is refused, and what readers see of it on both channels (Art. 5(1)).

use std::sync::Arc;

use api::{
    auth::Caller,
    graphql::{self, RequestView},
};
use async_graphql::{Request, Variables};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    acting::Role,
    register::{Agency, Guide, Item},
};
use projections::views_of;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, caller, grant, office, one},
    desk::{Pen, agency, code, guide, item},
    support::{day, made},
};

const QUERY: &str = "mutation ($input: ReformInput!) { payload: reform(input: $input) { status position refusal { code field rule }
    defects { row code field message messageEn } counts { act from to register changed unchanged refused } } }";

pub fn item_of(agency: &str, name: &str) -> Item {
    Item { agency: code(agency), ..item(name) }
}

fn guide_of(agency: &str, name: &str, item: &str) -> Guide {
    Guide { agency: code(agency), ..guide(name, item) }
}

/// Three agencies, of which one has a guide for an item of another.
pub async fn city() -> Pen {
    let mut pen = Pen::new();
    for (at, name) in [("OLD1", "工商局"), ("OLD2", "质监局"), ("NEW", "市场监管局")] {
        pen.adopt(at, agency(name)).await;
    }
    pen.adopt("SUB", Agency { parent: Some(code("OLD1")), ..agency("工商分局") }).await;
    for (at, of, name) in [("I1", "OLD1", "登记"), ("I2", "OLD1", "年检"), ("I3", "OLD2", "计量"), ("I4", "NEW", "抽检")] {
        pen.adopt(at, item_of(of, name)).await;
    }
    for (at, of, to) in [("G1", "OLD1", "I1"), ("G3", "OLD2", "I3"), ("G4", "NEW", "I1")] {
        pen.adopt(at, guide_of(of, &format!("指南{at}"), to)).await;
    }
    pen
}

pub fn of_city() -> Arc<Caller> {
    caller("account-city", "p-city", vec![grant(Role::Approver, None)])
}

pub fn merger() -> Value {
    json!([{ "from": "OLD1", "to": "NEW" }, { "from": "质监局", "to": "市场监管局" }])
}

pub fn input(bureau: &Bureau, moves: impl Into<Value>) -> Value {
    json!({ "commandId": bureau.id(), "documentNumber": "某政发〔2026〕9号", "effectiveFrom": day(30), "moves": moves.into() })
}

pub async fn reform(bureau: &Bureau, who: Option<&Arc<Caller>>, input: &Value) -> Value {
    let mut answer = bureau.answer(who, QUERY, json!({ "input": input })).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!({ "status": code }),
        None => answer["data"]["payload"].take(),
    }
}

pub async fn applied(bureau: &Bureau, moves: Value) -> Value {
    let payload = reform(bureau, Some(&of_city()), &input(bureau, moves)).await;
    assert_eq!(payload["status"], "APPLIED", "{payload:#}");
    payload
}

/// An answer about a channel at a moment.
pub async fn ask(bureau: &Bureau, at: DateTime<Utc>, channel: &str, query: &str) -> Value {
    let snapshot = views_of(bureau.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let request = Request::new(format!("{{ registry(channel: {channel}) {{ {query} }} }}")).variables(Variables::default());
    let answer = graphql::schema(bureau.journal.clone()).execute(request.data(RequestView { snapshot, now: at })).await;
    let mut answer = serde_json::to_value(answer).unwrap();
    assert!(answer.get("errors").is_none(), "{query}: {answer:#}");
    answer["data"]["registry"].take()
}

pub fn wrong(payload: &Value) -> Vec<(Option<u64>, &str)> {
    let defects = payload["defects"].as_array().unwrap();
    defects.iter().map(|defect| (defect["row"].as_u64(), defect["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn two_agencies_become_one_on_one_second_on_both_channels() {
    let bureau = Bureau::over(city().await.journal);
    let payload = applied(&bureau, merger()).await;
    let moved: u64 =
        payload["counts"].as_array().unwrap().iter().filter(|c| c["act"] == "MOVE").map(|c| c["changed"].as_u64().unwrap()).sum();
    assert_eq!(moved, 6, "three items, two guides and the agency below: {payload:#}");
    let query = "old: items(filter: { agency: \"OLD1\" }, first: 9) { totalCount } new: items(filter: { agency: \"NEW\" }, first: 9) { totalCount }
        guides(filter: { agency: \"NEW\" }, first: 9) { nodes { code item { agency { code } } } } sub: agency(code: \"SUB\") { parent { code } }
        agency(code: \"OLD1\") { code name formerNames counts { count } upcoming { repeal replacedBy } }
        agencies(text: \"质监局\", first: 9) { nodes { code } } item(code: \"I1\") { agency { code } upcoming { changes { path before after } } }";
    for channel in ["ONLINE", "COUNTER"] {
        let before = ask(&bureau, day(30) - TimeDelta::seconds(1), channel, query).await;
        assert_eq!((&before["old"]["totalCount"], &before["new"]["totalCount"]), (&json!(2), &json!(1)), "{before:#}");
        assert_eq!((&before["agency"]["code"], &before["sub"]["parent"]["code"]), (&json!("OLD1"), &json!("OLD1")));
        assert_eq!(before["agency"]["upcoming"], json!([{ "repeal": true, "replacedBy": "NEW" }]));
        // The successor is found by the name that it takes on; that its former name is upcoming is public as well.
        assert_eq!(before["agencies"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(before["item"]["upcoming"][0]["changes"], json!([{ "path": "agency", "before": "OLD1", "after": "NEW" }]));

        let after = ask(&bureau, day(30), channel, query).await;
        assert_eq!((&after["old"]["totalCount"], &after["new"]["totalCount"]), (&json!(0), &json!(4)), "{after:#}");
        assert_eq!(after["agency"]["code"], "NEW", "the code of the one that ceased leads to its successor");
        assert_eq!(after["agency"]["formerNames"], json!(["工商局", "质监局"]));
        assert_eq!(after["agencies"]["nodes"], json!([{ "code": "NEW" }]));
        assert_eq!(after["sub"]["parent"]["code"], "NEW");
        let guides = after["guides"]["nodes"].as_array().unwrap();
        assert_eq!(guides.len(), 3, "{guides:?}");
        assert!(guides.iter().all(|guide| guide["item"]["agency"]["code"] == "NEW"));
    }
}

#[tokio::test]
async fn the_history_of_an_item_reads_on_across_the_move() {
    let bureau = Bureau::over(city().await.journal);
    applied(&bureau, merger()).await;
    let query = "{ entry(register: ITEM, code: \"I1\") { history(first: 9) { nodes { kind document summary summaryEn actor { id }
        changes { path before after } } } revisions(first: 9) { totalCount } } }";
    let answer = bureau.answer(None, query, json!({})).await;
    let history = &answer["data"]["entry"]["history"]["nodes"];
    assert_eq!(
        (&history[0]["kind"], &history[1]["kind"], &history[2]),
        (&json!("adopted"), &json!("transferred"), &Value::Null),
        "{answer:#}"
    );
    assert_eq!((&history[1]["document"], &history[1]["actor"]["id"]), (&json!("某政发〔2026〕9号"), &json!("account-city")));
    assert_eq!(history[1]["changes"], json!([{ "path": "agency", "before": "OLD1", "after": "NEW" }]));
    assert_eq!(answer["data"]["entry"]["revisions"]["totalCount"], 2);
    let ended = bureau
        .answer(None, "{ entry(register: AGENCY, code: \"OLD1\") { history(first: 9) { nodes { kind document } } } }", json!({}))
        .await;
    assert_eq!(ended["data"]["entry"]["history"]["nodes"][1], json!({ "kind": "repealed", "document": "某政发〔2026〕9号" }));
}

#[tokio::test]
async fn one_item_moves_with_its_guides_to_a_new_agency_and_the_rest_stays() {
    let bureau = Bureau::over(city().await.journal);
    let moves = json!([{ "from": "OLD1", "item": "登记", "name": "数据局", "level": "CITY", "region": "990100" }]);
    let payload = applied(&bureau, moves).await;
    let founded = payload["counts"].as_array().unwrap().iter().find(|count| count["act"] == "FOUND").unwrap();
    let new = founded["to"].as_str().unwrap().to_owned();
    let query = format!(
        "agency(code: {new:?}) {{ name level region formerNames items(first: 9) {{ nodes {{ code }} }} guides(first: 9) {{ nodes {{ code }} }} }}
        old: agency(code: \"OLD1\") {{ items(first: 9) {{ nodes {{ code }} }} }}"
    );
    assert_eq!(ask(&bureau, day(29), "ONLINE", &query).await["agency"], Value::Null, "before its day there is no such agency");
    let after = ask(&bureau, day(30), "ONLINE", &query).await;
    let expected = json!({ "name": "数据局", "level": "CITY", "region": "990100", "formerNames": [],
        "items": { "nodes": [{ "code": "I1" }] }, "guides": { "nodes": [{ "code": "G1" }] } });
    assert_eq!(after["agency"], expected);
    assert_eq!(after["old"]["items"]["nodes"], json!([{ "code": "I2" }]));
}

#[tokio::test]
async fn an_agency_gets_another_name_and_is_found_by_both() {
    let bureau = Bureau::over(city().await.journal);
    applied(&bureau, json!([{ "from": "NEW", "to": "NEW", "name": "市场监督管理局" }])).await;
    let query = "agency(code: \"NEW\") { name formerNames items(first: 9) { totalCount } } agencies(text: \"市场监管局\", first: 9) { nodes { code } }";
    let (before, after) = (ask(&bureau, day(29), "ONLINE", query).await, ask(&bureau, day(30), "ONLINE", query).await);
    assert_eq!(before["agency"]["name"], "市场监管局");
    assert_eq!(after["agency"], json!({ "name": "市场监督管理局", "formerNames": ["市场监管局"], "items": { "totalCount": 1 } }));
    assert_eq!(
        (&before["agencies"], &after["agencies"]),
        (&json!({ "nodes": [{ "code": "NEW" }] }), &json!({ "nodes": [{ "code": "NEW" }] }))
    );
}

#[tokio::test]
async fn a_successor_that_ends_later_is_followed_to_the_last() {
    let bureau = Bureau::over(city().await.journal);
    applied(&bureau, json!([{ "from": "OLD1", "to": "NEW" }])).await;
    let mut second = input(&bureau, json!([{ "from": "NEW", "to": "OLD2" }]));
    second["effectiveFrom"] = json!(day(40));
    assert_eq!(reform(&bureau, Some(&of_city()), &second).await["status"], "APPLIED");
    let query = "agency(code: \"OLD1\") { code formerNames items(first: 9) { totalCount } }";
    assert_eq!(ask(&bureau, day(39), "ONLINE", query).await["agency"]["code"], "NEW");
    let last = ask(&bureau, day(40), "ONLINE", query).await;
    assert_eq!(last["agency"], json!({ "code": "OLD2", "formerNames": ["市场监管局", "工商局"], "items": { "totalCount": 4 } }));
}

#[tokio::test]
async fn only_an_approver_of_the_city_may_and_whoever_may_not_learns_nothing() {
    let mut everybody = vec![("nobody".to_owned(), None)];
    for role in Role::ALL {
        for agency in [Some("OLD1"), Some("NEW"), None] {
            let who = caller("account-x", "p-x", vec![grant(role, agency)]);
            everybody.push((format!("{role:?} {}", agency.unwrap_or("city")), Some(who)));
        }
    }
    for other in [api::auth::Office::Clerk, api::auth::Office::Auditor, api::auth::Office::Administrator] {
        everybody.push((format!("{other:?}"), Some(caller("account-x", "p-x", vec![office(other, None)]))));
    }
    for (name, who) in everybody {
        // With a draft and without, in a good plan and in a bad one.
        for (drafted, moves) in [(false, merger()), (true, merger()), (true, json!([{ "from": "NOBODY" }]))] {
            let mut pen = city().await;
            if drafted {
                pen.carry("I1", item_of("OLD1", "登记新"), 2).await;
                pen.carry("I9", item_of("OLD1", "只起草"), 1).await;
            }
            let bureau = Bureau::over(pen.journal);
            let head = bureau.journal.head().await.unwrap();
            let good = moves == merger();
            let payload = reform(&bureau, who.as_ref(), &input(&bureau, moves)).await;
            let expected = match name.as_str() {
                "nobody" => "UNAUTHENTICATED",
                "Approver city" if good => "APPLIED",
                "Approver city" => "REFUSED",
                _ => "FORBIDDEN",
            };
            assert_eq!(payload["status"], expected, "{name}: {payload:#}");
            assert_eq!(bureau.journal.head().await.unwrap() != head, expected == "APPLIED", "{name}");
        }
    }
}

#[tokio::test]
async fn a_draft_on_its_way_is_with_the_successor_and_cannot_undo_the_move() {
    let mut pen = city().await;
    pen.carry("I1", item_of("OLD1", "登记新"), 2).await;
    let bureau = Bureau::over(pen.journal);
    applied(&bureau, merger()).await;
    let at = |agency: &str, role| caller(&format!("a-{agency}"), &format!("p-{agency}"), vec![grant(role, Some(agency))]);
    let entry = "{ entry(register: ITEM, code: \"I1\") { streamVersion draft { step contentHash } } }";
    let seen = bureau.answer(Some(&at("NEW", Role::Approver)), entry, json!({})).await["data"]["entry"].take();
    assert_eq!(seen["draft"]["step"], "REVIEWED", "{seen:#}");
    let approve = |version: &Value| {
        let more = json!({ "contentHash": seen["draft"]["contentHash"], "documentNumber": "1号", "effectiveFrom": day(31) });
        bureau.input("ITEM", "I1", version, more)
    };
    // It names the old agency: the city alone could move it back, and not by a draft that does not know of the reform.
    let by_new = bureau.give(Some(&at("NEW", Role::Approver)), "approve", approve(&seen["streamVersion"])).await;
    assert_eq!(by_new["refusal"]["code"], "OUTSIDE_AGENCY", "{by_new:#}");
    let by_city = bureau.give(Some(&of_city()), "approve", approve(&seen["streamVersion"])).await;
    assert_eq!(by_city["refusal"]["code"], "DRAFT_OUTDATED", "{by_city:#}");
    let outside = bureau.answer(Some(&one("p-o", Role::Drafter, "ITEM")), entry, json!({})).await["data"]["entry"].take();
    assert_eq!(outside["draft"], Value::Null);
}

#[tokio::test]
async fn the_same_command_again_changes_nothing_and_its_id_stands_for_nothing_else() {
    let bureau = Bureau::over(city().await.journal);
    let first = input(&bureau, merger());
    assert_eq!(reform(&bureau, Some(&of_city()), &first).await["status"], "APPLIED");
    let head = bureau.journal.head().await.unwrap();
    let again = reform(&bureau, Some(&of_city()), &first).await;
    assert_eq!((&again["status"], again["defects"].as_array().unwrap().len()), (&json!("UNCHANGED"), 0), "{again:#}");
    let mut later = Bureau::over(bureau.journal.clone());
    later.now = day(45);
    assert_eq!(reform(&later, Some(&of_city()), &first).await["status"], "UNCHANGED", "after the day as well");
    let mut other = first.clone();
    other["moves"] = json!([{ "from": "OLD2", "to": "OLD1" }]);
    let used = reform(&bureau, Some(&of_city()), &other).await;
    assert_eq!((&used["status"], &used["refusal"]["code"]), (&json!("REFUSED"), &json!("COMMAND_ID_USED")));
    // Another act that contradicts the first is refused by its rows.
    let contradiction = reform(&bureau, Some(&of_city()), &input(&bureau, json!([{ "from": "OLD1", "to": "OLD2" }]))).await;
    assert_eq!(wrong(&contradiction), [(Some(1), "AGENCY_CEASED"); 2], "both have ceased by then: {contradiction:#}");
    assert_eq!(bureau.journal.head().await.unwrap(), head);
}

#[tokio::test]
async fn a_wrong_plan_is_refused_whole_with_every_defect_by_its_row() {
    let mut pen = city().await;
    pen.adopt("TWIN", agency("质监局")).await;
    pen.adopt("I5", item_of("OLD1", "年检")).await;
    let bureau = Bureau::over(pen.journal);
    let head = bureau.journal.head().await.unwrap();
    let cases = [
        (json!([{ "from": "无此局", "to": "NEW" }]), vec![(Some(1), "AGENCY_UNKNOWN")]),
        (json!([{ "from": "OLD1", "to": "无此局" }]), vec![(Some(1), "AGENCY_UNKNOWN")]),
        // What a code has to be is told in both languages, each in its own words.
        (json!([{ "from": "OLD1", "to": "无此局", "name": "新局" }]), vec![(Some(1), "AGENCY_UNKNOWN")]),
        (json!([{ "from": "质监局", "to": "NEW" }]), vec![(Some(1), "AGENCY_AMBIGUOUS")]),
        (json!([{ "from": "OLD1", "to": "OLD1" }]), vec![(Some(1), "SAME_AGENCY")]),
        (json!([{ "from": "OLD1" }]), vec![(Some(1), "ROW_INCOMPLETE")]),
        (json!([{ "from": "OLD1", "name": "市场监管局" }]), vec![(Some(1), "NAME_TAKEN")]),
        (json!([{ "from": "OLD1", "name": "数据局", "region": "12" }]), vec![(Some(1), "REGION_UNKNOWN")]),
        (json!([{ "from": "OLD1", "to": "NEW", "item": "无此事项" }]), vec![(Some(1), "ITEM_UNKNOWN")]),
        (json!([{ "from": "OLD1", "to": "NEW", "item": "I3" }]), vec![(Some(1), "ITEM_NOT_OF_AGENCY")]),
        (json!([{ "from": "OLD1", "to": "NEW", "item": "年检" }]), vec![(Some(1), "ITEM_AMBIGUOUS")]),
        (
            json!([{ "from": "OLD1", "to": "NEW", "item": "登记" }, { "from": "OLD1", "to": "OLD2", "item": "I1" }]),
            vec![(Some(2), "ITEM_TWICE")],
        ),
        (json!([{ "from": "OLD1", "to": "NEW" }, { "from": "OLD1", "to": "OLD2" }]), vec![(Some(2), "AGENCY_TWICE")]),
        (
            json!([{ "from": "OLD1", "to": "OLD2" }, { "from": "OLD2", "to": "OLD1" }]),
            vec![(Some(1), "SUCCESSOR_ENDS"), (Some(2), "SUCCESSOR_ENDS")],
        ),
        (
            json!([{ "from": "无此局", "to": "NEW" }, { "from": "OLD1", "to": "NEW", "item": "I3" }, { "from": "OLD1", "to": "NEW" }]),
            vec![(Some(1), "AGENCY_UNKNOWN"), (Some(2), "ITEM_NOT_OF_AGENCY")],
        ),
    ];
    for (moves, expected) in cases {
        let payload = reform(&bureau, Some(&of_city()), &input(&bureau, moves.clone())).await;
        assert_eq!((&payload["status"], wrong(&payload)), (&json!("REFUSED"), expected), "{moves}: {payload:#}");
        for defect in payload["defects"].as_array().unwrap() {
            assert!(defect["message"] != "" && defect["messageEn"] != "" && defect["message"] != defect["messageEn"], "{defect}");
        }
    }
    let act = |field: &str, value: Value| {
        let mut input = input(&bureau, merger());
        input[field] = value;
        input
    };
    for (input, expected) in [
        (act("documentNumber", json!(" ")), "DOCUMENT_MISSING"),
        (act("documentNumber", json!("号".repeat(201))), "DOCUMENT_TOO_LONG"),
        (act("effectiveFrom", json!(day(-1))), "EFFECTIVE_TOO_SOON"),
        (act("effectiveFrom", json!(made() + TimeDelta::minutes(9))), "EFFECTIVE_TOO_SOON"),
    ] {
        let payload = reform(&bureau, Some(&of_city()), &input).await;
        assert!(wrong(&payload).contains(&(None, expected)), "{payload:#}");
    }
    for moves in
        [json!([]), json!(vec![json!({ "from": "OLD1", "to": "NEW" }); 1_001]), json!([{ "from": "名".repeat(1_001), "to": "NEW" }])]
    {
        assert_eq!(reform(&bureau, Some(&of_city()), &input(&bureau, moves)).await["status"], "LIMIT_EXCEEDED");
    }
    assert_eq!(bureau.journal.head().await.unwrap(), head, "nothing was changed");
}

#[tokio::test]
async fn what_the_lifecycle_refuses_for_one_entry_refuses_the_whole_before_anything_is_written() {
    let mut pen = city().await;
    // Announced for later than the day: another agency answers for it from then on.
    pen.adopt("I6", item_of("OLD1", "将移交")).await;
    let source = domain::entry::Source { file: "list".into(), ..Default::default() };
    pen.import("I6", domain::entry::Adopt { content: item_of("OLD2", "将移交"), source, effective_from: Some(day(35)) }).await;
    let bureau = Bureau::over(pen.journal);
    let head = bureau.journal.head().await.unwrap();
    let payload = reform(&bureau, Some(&of_city()), &input(&bureau, json!([{ "from": "OLD1", "to": "NEW" }]))).await;
    assert_eq!(wrong(&payload), [(Some(1), "NOT_OF_AGENCY")], "{payload:#}");
    assert_eq!(bureau.journal.head().await.unwrap(), head);
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_writes_nothing() {
    let bureau = Bureau::over(city().await.journal);
    let head = bureau.journal.head().await.unwrap();
    let mut asked = input(&bureau, merger());
    asked["dryRun"] = json!(true);
    let dry = reform(&bureau, Some(&of_city()), &asked).await;
    assert_eq!((bureau.journal.head().await.unwrap(), &dry["position"]), (head, &Value::Null));
    asked["dryRun"] = json!(false);
    let done = reform(&bureau, Some(&of_city()), &asked).await;
    assert_eq!((&dry["status"], &dry["counts"]), (&done["status"], &done["counts"]));
}
