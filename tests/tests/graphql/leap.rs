//! A leap second is no moment of clocks: every input of the schema that takes a moment refuses it as it refuses what is no moment at all.

use std::{collections::BTreeMap, sync::Arc};

use domain::acting::Role;
use journal::MemoryJournal;
use serde_json::{Value, json};

use super::{callers::one, server::Server, support::made};

const LEAP: &str = "2026-06-30T23:59:60Z";

const SCHEMA: &str = "{ __schema { queryType { name } mutationType { name } types { kind name
    inputFields { name type { ...of } } fields { name args { name type { ...of } } } } } }
    fragment of on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The kinds and names of a type, from the outside in; the last is what it is of.
fn of(kind: &Value) -> Vec<(&str, &str)> {
    let mut all = vec![(kind["kind"].as_str().unwrap(), kind["name"].as_str().unwrap_or_default())];
    if kind["ofType"].is_object() {
        all.extend(of(&kind["ofType"]));
    }
    all
}

fn base(kind: &Value) -> &str {
    of(kind).last().unwrap().1
}

/// Something of a type that the library takes.
fn any(kind: &Value, inputs: &BTreeMap<&str, &Vec<Value>>) -> Value {
    if of(kind).iter().any(|(kind, _)| *kind == "LIST") {
        return json!([]);
    }
    match base(kind) {
        "UUID" => json!("00000000-0000-0000-0000-00000000000a"),
        "Register" => json!("ITEM"),
        "Hash" => json!(format!("sha256:{}", "0".repeat(64))),
        "Int" => json!(0),
        "Boolean" => json!(false),
        "JSON" => json!({}),
        "DateTime" => json!("2026-07-01T00:00:00Z"),
        name if inputs.contains_key(name) => whole(name, inputs),
        _ => json!("甲"),
    }
}

/// An input with all that it must have.
fn whole(name: &str, inputs: &BTreeMap<&str, &Vec<Value>>) -> Value {
    let needed = inputs[name].iter().filter(|field| field["type"]["kind"] == "NON_NULL");
    needed.map(|field| (field["name"].as_str().unwrap().to_owned(), any(&field["type"], inputs))).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test]
async fn every_moment_that_is_given_refuses_a_leap_second_by_its_path() {
    let drafter = one("p-d", Role::Drafter, "ITEM");
    let server = Server::start_for(Arc::new(MemoryJournal::new()), made(), drafter).await;
    server.ready().await;
    let schema = server.ask(SCHEMA, json!({})).await.json()["data"]["__schema"].take();
    let types: BTreeMap<_, _> = schema["types"].as_array().unwrap().iter().map(|of| (of["name"].as_str().unwrap(), of)).collect();
    let inputs = types.iter().filter_map(|(name, of)| Some((*name, of["inputFields"].as_array()?))).collect();
    let mut tried = Vec::new();
    for (word, root) in [("query", "queryType"), ("mutation", "mutationType")] {
        for field in types[schema[root]["name"].as_str().unwrap()]["fields"].as_array().unwrap() {
            let (name, args) = (field["name"].as_str().unwrap(), field["args"].as_array().unwrap());
            for arg in args {
                let (at, kind) = (arg["name"].as_str().unwrap(), base(&arg["type"]));
                let needed = if args.iter().any(|arg| arg["name"] == "first") { ", first: 1" } else { "" };
                let bang = if arg["type"]["kind"] == "NON_NULL" { "!" } else { "" };
                let query = format!("{word} ($v: {kind}{bang}) {{ {name}({at}: $v{needed}) {{ __typename }} }}");
                let moments: Vec<_> = match types[kind]["inputFields"].as_array() {
                    None if kind == "DateTime" => vec![(at.to_owned(), json!(LEAP))],
                    None => Vec::new(),
                    Some(fields) => {
                        let moments =
                            fields.iter().filter(|field| base(&field["type"]) == "DateTime").map(|field| field["name"].as_str().unwrap());
                        let with = |moment: &str| {
                            let mut input = whole(kind, &inputs);
                            input[moment] = json!(LEAP);
                            input
                        };
                        moments.map(|moment| (format!("{at}.{moment}"), with(moment))).collect()
                    }
                };
                for (path, value) in moments {
                    let answer = server.ask(&query, json!({ "v": value })).await.json();
                    let error = &answer["errors"][0];
                    assert_eq!(
                        (&error["extensions"]["code"], &error["extensions"]["field"]),
                        (&json!("BAD_REQUEST"), &json!(path)),
                        "{query}: {answer:#}"
                    );
                    let message = error["message"].as_str().unwrap();
                    assert!(message.contains("应为带时区的时间") && message.contains("is to be a time with its zone"), "{message}");
                    tried.push(format!("{name}({path})"));
                }
            }
        }
    }
    assert!(tried.len() >= 11, "{tried:?}");
    server.stop().await;
}
