//! Both times in one query: what was in force at one moment, as it had been recorded by another.

use chrono::{DateTime, TimeDelta, Utc};
use domain::acting::Role;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one},
    support::{GUIDE, GUIDE_FIELDS, ITEM_FIELDS, REVISED, day, made, sample_register},
};

/// Everything that a channel shows, with a time or without.
fn everything(channel: &str, times: &str) -> [String; 3] {
    let ask = |fields: &str| format!("query {{ registry(channel: {channel}{times}) {{ {fields} }} }}");
    [
        ask(&format!(
            "items(first: 100) {{ totalCount nodes {{ {ITEM_FIELDS} guides {{ code }} catalogue(first: 9) {{ totalCount }} }} }}"
        )),
        ask(&format!("guides(first: 100) {{ totalCount nodes {{ {GUIDE_FIELDS} }} }}")),
        ask("agencies(first: 100) { totalCount nodes { code name formerNames counts { type count } items(first: 3) { totalCount } } }
            materials(first: 100) { totalCount nodes { code name abolished } } catalogue(first: 100) { totalCount nodes { code name } }
            items(first: 5, filter: { text: \"许可\" }) { totalCount pageInfo { hasNextPage endCursor } nodes { code } }"),
    ]
}

#[tokio::test]
async fn a_moment_that_is_past_is_answered_as_it_was_answered_then() {
    let register = sample_register().await;
    let later = day(2_000);
    for days in [0, 26, 400] {
        let then = day(days);
        for channel in ["ONLINE", "COUNTER"] {
            for times in [format!(", validAt: {then:?}"), format!(", validAt: {then:?}, knownAt: {then:?}")] {
                let times = times.replace(&format!("{then:?}"), &format!("\"{}\"", then.to_rfc3339()));
                for (now, past) in everything(channel, "").into_iter().zip(everything(channel, &times)) {
                    let told = register.ask_at(then, &now, json!({})).await;
                    assert_eq!(register.ask_at(later, &past, json!({})).await, told, "{past}");
                }
            }
        }
    }
}

async fn revised(now: DateTime<Utc>, times: &str) -> Value {
    let query = format!(
        "{{ registry{times} {{ validAt knownAt guide(code: \"{REVISED}\") {{ revision {{ number effectiveFrom }} item {{ name guides {{ code }} }} }} }} }}"
    );
    sample_register().await.ask_at(now, &query, json!({})).await["registry"].take()
}

#[tokio::test]
async fn what_was_in_force_before_anything_was_recorded_here_is_known_now_and_was_not_then() {
    let today = revised(made(), "").await;
    let from: DateTime<Utc> = today["guide"]["revision"]["effectiveFrom"].as_str().unwrap().parse().unwrap();
    let before = (from - TimeDelta::seconds(1)).to_rfc3339();
    let then = revised(made(), &format!("(validAt: \"{before}\")")).await;
    assert_eq!(today["guide"]["revision"]["number"].as_i64().unwrap() - then["guide"]["revision"]["number"].as_i64().unwrap(), 1);
    assert_eq!((&then["knownAt"], then["guide"]["item"]["guides"].as_array().map(Vec::len)), (&json!(null), Some(1)), "{then}");
    let unknown = revised(made(), &format!("(validAt: \"{before}\", knownAt: \"2001-01-01T00:00:00Z\")")).await;
    assert_eq!(unknown["guide"], json!(null));
    assert_eq!(unknown["knownAt"], "2001-01-01T00:00:00+00:00");
}

#[tokio::test]
async fn what_will_be_in_force_is_told_by_what_is_known() {
    let query = "query ($at: DateTime!) { registry(validAt: $at) { validAt guide(code: \"CODE\") { revision { number } upcoming { effectiveFrom } } } }";
    let query = query.replace("CODE", REVISED);
    for days in [0, 10, 26, 400] {
        let told = sample_register().await.ask_at(made(), &query, json!({ "at": day(days) })).await;
        let clock = sample_register().await.ask_at(day(days), &query, json!({ "at": day(days) })).await;
        assert_eq!(told, clock, "{days}");
    }
    // What is to be known later is not known: it is answered by what is.
    let early = format!("{{ registry(knownAt: \"2999-01-01T00:00:00Z\") {{ knownAt guide(code: \"{GUIDE}\") {{ name }} }} }}");
    let told = sample_register().await.ask(&early).await["registry"].take();
    assert!(told["knownAt"].is_null() && told["guide"].is_object(), "{told}");
}

#[tokio::test]
async fn the_register_goes_on_and_every_answer_that_was_given_is_given_again() {
    let mut bureau = Bureau::new();
    let approver = one("p-a", Role::Approver, "ITEM");
    let query = "query ($v: DateTime, $k: DateTime) { registry(validAt: $v, knownAt: $k) { items(first: 9) { totalCount nodes { code name
        revision { number contentHash } upcoming { effectiveFrom repeal } guides { name } } } guide(code: \"A1-G1\") { name item { name } } } }";
    let mut given = Vec::new();
    let mut last = json!(null);
    for step in 0..8 {
        bureau.now = made() + TimeDelta::days(step);
        match step {
            0 => drop(bureau.carry("ITEM", "A1-I1", "甲", 4).await),
            1 => drop(bureau.carry("GUIDE", "A1-G1", "指南", 4).await),
            2 => last = bureau.carry("ITEM", "A1-I1", "乙", 4).await,
            _ => {
                let (verb, more) = [
                    ("suspend", json!({ "reason": "系统升级" })),
                    ("resume", json!({})),
                    ("correct", json!({ "content": content("ITEM", "丙"), "reason": "有误" })),
                    ("suspend", json!({ "reason": "系统升级", "until": made() + TimeDelta::days(9) })),
                    ("repeal", json!({ "reason": "法律修改", "documentNumber": "2号", "effectiveFrom": made() + TimeDelta::days(20) })),
                ][usize::try_from(step - 3).unwrap()]
                .clone();
                let input = bureau.input("ITEM", "A1-I1", &last["entry"]["streamVersion"], more);
                last = bureau.applies(&approver, verb, input).await;
            }
        }
        let at = bureau.now + TimeDelta::hours(1);
        bureau.now = at;
        given.push((at, bureau.answer(None, query, json!({})).await));
    }
    bureau.now = made() + TimeDelta::days(100);
    for (at, told) in &given {
        assert_eq!(bureau.answer(None, query, json!({ "v": at, "k": at })).await, *told, "{at}");
    }
    let last = |given: &[(DateTime<Utc>, Value)]| given.last().unwrap().1["data"]["registry"]["guide"].clone();
    assert_eq!(last(&given), json!(null), "it is suspended with its item");
    assert_eq!(last(&given[..6]), json!({ "name": "指南", "item": { "name": "丙" } }));
}
