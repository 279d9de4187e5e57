//! Ways to ask for deadlines, and to do what is done about them.

use std::sync::Arc;

use api::auth::Caller;
use domain::{
    calendar::Calendar,
    deadline::Rules,
    decider::Circumstances,
    envelope::{ActorId, EntryName},
    receipt::{Receipts, Record, Showing, Witness},
    register::Register,
    value::{Channel, Hash},
};
use journal::transact::{Budget, ExpectedVersion, RequestTo, transact_on};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    callers::{Bureau, content, one},
    desk::code,
};

const QUERY: &str = "query ($status: DeadlineStatus, $agency: String, $first: Int!, $after: String, $filter: DeadlineFilter) {
    deadlines(status: $status, agency: $agency, first: $first, after: $after, filter: $filter) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { rule article name nameEn register code agency trigger begun dueAt aimAt status reason reasonEn missing fulfilledAt revision
            report { code path words dismissed } entry { code } } } }";

/// A page of deadlines, or `{ "error": code }`.
pub async fn asked(bureau: &Bureau, who: Option<&Arc<Caller>>, mut variables: Value) -> Value {
    if variables.get("first").is_none() {
        variables["first"] = json!(100);
    }
    let mut answer = bureau.answer(who, QUERY, variables).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!({ "error": code }),
        None if answer.get("errors").is_some() => panic!("{answer:#}"),
        None => answer["data"]["deadlines"].take(),
    }
}

/// Rule, code and status of each of a page.
pub fn rules(page: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let told = |node: &Value| format!("{} {} {}", text(&node["rule"]), text(&node["code"]), text(&node["status"]));
    let mut all: Vec<_> = page["nodes"].as_array().unwrap().iter().map(told).collect();
    all.sort();
    all
}

/// The answer to a command that is none to an entry: its payload, or `{ "error": code }`.
pub async fn give(bureau: &Bureau, who: Option<&Arc<Caller>>, verb: &str, mut input: Value) -> Value {
    if input.get("commandId").is_none() {
        input["commandId"] = json!(bureau.id());
    }
    let of = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!(
        "mutation ($input: {of}Input!) {{ payload: {verb}(input: $input) {{ status report position refusal {{ code message messageEn field rule }} }} }}"
    );
    let mut answer = bureau.answer(who, &query, json!({ "input": input })).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!({ "error": code }),
        None if answer.get("errors").is_some() => panic!("{verb}: {answer:#}"),
        None => answer["data"]["payload"].take(),
    }
}

/// A channel serves a revision of an item since now.
pub async fn serve(bureau: &Bureau, channel: Channel, (entry, revision): (&str, u32)) {
    let now = bureau.now;
    let showing = Showing {
        entry: EntryName::new(Register::Item, code(entry)),
        revision,
        content_hash: Hash::of_bytes(b"shown"),
        published_at: now,
        served_at: now,
        witness: Witness::Commit,
        sight: None,
    };
    let calendar = Arc::new(Calendar::shipped().known_at(now));
    let command = Record { channel, showings: vec![showing], calendar, rules: Arc::new(Rules::of_rulebook()) };
    let circumstances = Circumstances::of_import(now, ActorId::new("test"), bureau.id().parse::<Uuid>().unwrap());
    let request = RequestTo { code: Receipts::code_of(channel), expected: ExpectedVersion::Any, command, circumstances };
    let _ = transact_on::<Receipts>(bureau.journal.as_ref(), request, Budget::default()).await.unwrap();
}

/// Publishes an item of A1 with an openness attribute other than active.
pub async fn shown(bureau: &Bureau, at: &str, attribute: &str) {
    shown_as(bureau, ("ITEM", at), attribute).await;
}

/// Publishes an entry with an openness attribute other than active.
pub async fn shown_as(bureau: &Bureau, (register, at): (&str, &str), attribute: &str) {
    use domain::acting::Role::{Approver, Drafter, Reviewer};
    let [drafter, reviewer, approver] = [("p-d", Drafter), ("p-r", Reviewer), ("p-a", Approver)].map(|(p, role)| one(p, role, register));
    let mut secret = content(register, "涉密事项");
    secret["openness"] = json!({ "attribute": attribute, "reason": "涉密", "basis": [{ "title": "某法" }] });
    let draft = json!({ "commandId": bureau.id(), "register": register, "code": at, "content": secret });
    let mut payload = bureau.applies(&drafter, "draft", draft).await;
    let hash = payload["entry"]["draft"]["contentHash"].clone();
    for (who, verb, more) in [
        (&drafter, "submit", json!({})),
        (&reviewer, "review", json!({ "contentHash": hash })),
        (&approver, "approve", json!({ "contentHash": hash, "documentNumber": "文" })),
    ] {
        let input = bureau.input(register, at, &payload["entry"]["streamVersion"], more);
        payload = bureau.applies(who, verb, input).await;
    }
}
