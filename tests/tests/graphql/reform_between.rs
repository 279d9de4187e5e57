//! What is done between the announcement of a reform and its day, as readers see it on the day, and plans that give an agency two changes.

use std::sync::Arc;

use api::auth::Caller;
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, caller, grant, word},
    reform::{applied, ask, city, input, item_of, merger, of_city, reform, wrong},
    support::day,
};

fn approver(of: &str) -> Arc<Caller> {
    caller(&format!("a-{of}"), &format!("p-{of}"), vec![grant(Role::Approver, Some(of))])
}

/// A register in which I1 moves from OLD1 to NEW on the thirtieth day.
async fn announced() -> Bureau {
    let bureau = Bureau::over(city().await.journal);
    applied(&bureau, merger()).await;
    bureau
}

async fn version(bureau: &Bureau, at: &str) -> Value {
    let query = format!("{{ entry(register: ITEM, code: {at:?}) {{ streamVersion }} }}");
    bureau.answer(Some(&of_city()), &query, json!({})).await["data"]["entry"]["streamVersion"].take()
}

async fn give(bureau: &Bureau, who: &Arc<Caller>, verb: &str, more: Value) -> String {
    let input = bureau.input("ITEM", "I1", &version(bureau, "I1").await, more);
    word(&bureau.give(Some(who), verb, input).await)
}

#[tokio::test]
async fn a_correction_before_the_day_is_shown_at_the_new_agency_on_the_day() {
    let bureau = announced().await;
    let content = json!({ "name": "登记（更正）", "type": "PERMISSION", "agency": "OLD1" });
    let corrected = json!({ "content": content, "reason": "名称有误" });
    assert_eq!(give(&bureau, &approver("NEW"), "correct", corrected.clone()).await, "OUTSIDE_AGENCY");
    assert_eq!(give(&bureau, &approver("OLD1"), "correct", corrected).await, "APPLIED");
    let query = "item(code: \"I1\") { name agency { code } upcoming { effectiveFrom changes { path after } } }";
    for channel in ["ONLINE", "COUNTER"] {
        let [before, after] = [ask(&bureau, day(29), channel, query).await, ask(&bureau, day(30), channel, query).await];
        assert_eq!((&before["item"]["name"], &before["item"]["agency"]["code"]), (&json!("登记（更正）"), &json!("OLD1")));
        let only_the_agency = json!([{ "path": "agency", "after": "NEW" }]);
        assert_eq!(before["item"]["upcoming"].as_array().unwrap().len(), 1, "what never holds is not upcoming: {before:#}");
        assert_eq!(before["item"]["upcoming"][0]["changes"], only_the_agency, "{before:#}");
        assert_eq!((&after["item"]["name"], &after["item"]["agency"]["code"]), (&json!("登记（更正）"), &json!("NEW")), "{after:#}");
    }
    // The history says what followed from what.
    let query = "{ entry(register: ITEM, code: \"I1\") { history(first: 9) { nodes { kind summary summaryEn document changes { path after } } } } }";
    let history = bureau.answer(None, query, json!({})).await["data"]["entry"]["history"]["nodes"].take();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|told| told["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["adopted", "transferred", "corrected", "transferred"]);
    assert!(history[3]["summary"].as_str().unwrap().starts_with("随之调整"), "{history:#}");
    assert!(!history[1]["summary"].as_str().unwrap().starts_with("随之调整"), "{history:#}");
    assert_eq!(history[3]["changes"], json!([{ "path": "name", "after": "登记（更正）" }]));
    // The act is as it was: the same again changes nothing, and another act does not take the correction for one of its own.
    let other = reform(&bureau, Some(&of_city()), &input(&bureau, json!([{ "from": "NEW", "to": "NEW", "name": "市场局" }]))).await;
    assert_eq!(other["status"], "APPLIED", "{other:#}");
}

#[tokio::test]
async fn the_same_act_again_is_as_it_was_whatever_was_corrected_since() {
    let bureau = Bureau::over(city().await.journal);
    let first = input(&bureau, merger());
    let done = reform(&bureau, Some(&of_city()), &first).await;
    assert_eq!(done["status"], "APPLIED");
    let content = json!({ "name": "登记（更正）", "type": "PERMISSION", "agency": "OLD1" });
    assert_eq!(give(&bureau, &approver("OLD1"), "correct", json!({ "content": content, "reason": "名称有误" })).await, "APPLIED");
    let again = reform(&bureau, Some(&of_city()), &first).await;
    assert_eq!((&again["status"], &again["defects"]), (&json!("UNCHANGED"), &json!([])), "{again:#}");
    let total = |payload: &Value, of: &str| payload["counts"].as_array().unwrap().iter().map(|c| c[of].as_u64().unwrap()).sum::<u64>();
    assert_eq!(total(&again, "unchanged"), total(&done, "changed"));
}

#[tokio::test]
async fn whoever_answers_for_an_entry_suspends_and_repeals_it() {
    let (old, new) = (approver("OLD1"), approver("NEW"));
    let reason = || json!({ "reason": "法律修改" });
    let from = |of: i64| json!({ "reason": "法律修改", "effectiveFrom": day(of) });
    for (who, verb, more, told) in [
        (&new, "suspend", reason(), "OUTSIDE_AGENCY"),
        (&old, "suspend", reason(), "APPLIED"),
        (&new, "repeal", reason(), "OUTSIDE_AGENCY"),
        (&old, "repeal", from(30), "OUTSIDE_AGENCY"),
        (&new, "repeal", from(30), "APPLIED"),
        (&old, "repeal", from(29), "APPLIED"),
        (&old, "repeal", reason(), "APPLIED"),
    ] {
        let bureau = announced().await;
        assert_eq!(give(&bureau, who, verb, more.clone()).await, told, "{verb} {more}");
    }
    // What ceases before the day is at no agency on the day.
    let bureau = announced().await;
    assert_eq!(give(&bureau, &old, "repeal", from(29)).await, "APPLIED");
    let query = "item(code: \"I1\") { name upcoming { repeal } } new: items(filter: { agency: \"NEW\" }, first: 9) { totalCount }";
    let (before, on_the_day) = (ask(&bureau, day(28), "ONLINE", query).await, ask(&bureau, day(30), "ONLINE", query).await);
    assert_eq!(before["item"]["upcoming"], json!([{ "repeal": true }]), "{before:#}");
    assert_eq!((&on_the_day["item"], &on_the_day["new"]["totalCount"]), (&Value::Null, &json!(3)), "{on_the_day:#}");
}

#[tokio::test]
async fn an_agency_that_is_renamed_and_whose_parent_ends_is_put_below_the_successor_as_well() {
    let bureau = Bureau::over(city().await.journal);
    let moves = json!([{ "from": "OLD1", "to": "NEW" }, { "from": "SUB", "to": "SUB", "name": "市场监管分局" }]);
    let first = input(&bureau, moves);
    let mut dry = first.clone();
    dry["dryRun"] = json!(true);
    let would = reform(&bureau, Some(&of_city()), &dry).await;
    let done = reform(&bureau, Some(&of_city()), &first).await;
    assert_eq!((&done["status"], &would["counts"]), (&json!("APPLIED"), &done["counts"]));
    assert!(done["counts"].as_array().unwrap().iter().all(|count| count["unchanged"] == 0), "{done:#}");
    let query = "agency(code: \"SUB\") { name formerNames parent { code } }";
    let expected = json!({ "name": "市场监管分局", "formerNames": ["工商分局"], "parent": { "code": "NEW" } });
    assert_eq!(ask(&bureau, day(30), "ONLINE", query).await["agency"], expected);
    assert_eq!(ask(&bureau, day(29), "ONLINE", query).await["agency"]["parent"]["code"], "OLD1");
    assert_eq!(reform(&bureau, Some(&of_city()), &first).await["status"], "UNCHANGED");
}

#[tokio::test]
async fn an_agency_that_takes_over_names_and_whose_parent_ends_is_put_below_the_successor_as_well() {
    let bureau = Bureau::over(city().await.journal);
    applied(&bureau, json!([{ "from": "OLD1", "to": "NEW" }, { "from": "OLD2", "to": "SUB" }])).await;
    let after = ask(&bureau, day(30), "ONLINE", "agency(code: \"SUB\") { formerNames parent { code } }").await;
    assert_eq!(after["agency"], json!({ "formerNames": ["质监局"], "parent": { "code": "NEW" } }));
}

#[tokio::test]
async fn wrong_rows_and_what_the_lifecycle_refuses_are_told_in_one_round() {
    let mut pen = city().await;
    pen.adopt("I6", item_of("OLD1", "将移交")).await;
    let source = domain::entry::Source { file: "list".into(), ..Default::default() };
    pen.import("I6", domain::entry::Adopt { content: item_of("OLD2", "将移交"), source, effective_from: Some(day(35)) }).await;
    let bureau = Bureau::over(pen.journal);
    let head = bureau.journal.head().await.unwrap();
    let moves = json!([{ "from": "OLD1", "to": "NEW" }, { "from": "无此局", "to": "NEW" }]);
    let payload = reform(&bureau, Some(&of_city()), &input(&bureau, moves)).await;
    assert_eq!(wrong(&payload), [(Some(1), "NOT_OF_AGENCY"), (Some(2), "AGENCY_UNKNOWN")], "{payload:#}");
    assert_eq!(bureau.journal.head().await.unwrap(), head, "nothing was changed");
}
