//! What is written down of a moment is what the API answers of it, and what it answered then.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use api::registrar::replay::{Manifest, Times, write};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::{acting::Role, value::Channel};
use exchange::export::Folder;
use journal::SharedJournal;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one},
    support::{day, made, sample_register},
};

const LISTS: [(&str, &str); 5] =
    [("agency", "agencies"), ("guide", "guides"), ("item", "items"), ("material", "materials"), ("openness", "catalogue")];

/// Writes the register down.
async fn replayed(journal: &SharedJournal, times: Times, out: &Path) -> Manifest {
    let views = times.views(journal.clone(), Arc::default(), &|_| ()).await.unwrap();
    let mut folder = Folder::begin(out).unwrap();
    let manifest = write(views.as_ref(), times, &Channel::ALL, &mut folder, &|_, _| ()).await.unwrap();
    folder.finish().unwrap();
    manifest
}

/// What a replay says of a register on a channel: of each entry its revision and what is ahead; of one that is only announced what is ahead.
fn written(out: &Path, channel: Channel, register: &str) -> Vec<Value> {
    let text = fs::read_to_string(out.join(format!("{channel}/{register}.ndjson"))).unwrap();
    let entry = |line: &str| {
        let mut entry: Value = serde_json::from_str(line).unwrap();
        let mut revision = entry["revision"].take();
        if let Some(revision) = revision.as_object_mut() {
            revision.remove("source");
        }
        let ahead = entry["upcoming"].as_array().unwrap().iter().map(|ahead| {
            let from = ahead.get("repeal").or(ahead.get("revision")).unwrap();
            json!([ahead.get("repeal").is_some(), from["effectiveFrom"]])
        });
        let ahead = ahead.collect();
        (entry["code"].take(), entry["content"]["name"].take(), revision, Value::Array(ahead))
    };
    text.lines().map(entry).map(|(code, name, revision, ahead)| json!([code, name, revision, ahead])).collect()
}

/// What the API answers of the same, page by page.
async fn answered(channel: Channel, (register, list): (&str, &str), times: Option<Times>, now: DateTime<Utc>) -> Vec<Value> {
    let (channel, register) = (channel.word().to_uppercase(), register.to_uppercase());
    let query = format!(
        "query ($v: DateTime, $k: DateTime, $after: String) {{ registry(channel: {channel}, validAt: $v, knownAt: $k) {{ {list}(first: 100, after: $after) {{
            nodes {{ code name revision {{ number contentHash effectiveFrom effectiveUntil approvedAt documentNumber }}
            upcoming {{ repeal effectiveFrom }} }} pageInfo {{ hasNextPage endCursor }} }}
            announced(register: {register}, first: 100) {{ totalCount nodes {{ code upcoming {{ repeal effectiveFrom }} }} }} }} }}"
    );
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let (valid, known) = (times.map(|times| times.valid_at), times.map(|times| times.known_at));
        let told = sample_register().await.ask_at(now, &query, json!({ "v": valid, "k": known, "after": after })).await;
        let page = &told["registry"][list];
        let ahead = |node: &Value| -> Vec<Value> {
            node["upcoming"].as_array().unwrap().iter().map(|of| json!([of["repeal"], of["effectiveFrom"]])).collect()
        };
        all.extend(page["nodes"].as_array().unwrap().iter().map(|node| json!([node["code"], node["name"], node["revision"], ahead(node)])));
        if page["pageInfo"]["hasNextPage"] != true {
            let announced = told["registry"]["announced"]["nodes"].as_array().unwrap();
            assert_eq!(told["registry"]["announced"]["totalCount"], announced.len());
            all.extend(announced.iter().map(|node| json!([node["code"], null, null, ahead(node)])));
            all.sort_by(|a, b| a[0].as_str().cmp(&b[0].as_str()));
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Moments in one form, whatever zone they are written in.
fn plain(mut value: Value) -> Value {
    match &mut value {
        Value::Array(values) => values.iter_mut().for_each(|value| *value = plain(value.take())),
        Value::Object(fields) => fields.values_mut().for_each(|value| *value = plain(value.take())),
        Value::String(text) => {
            if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
                *text = moment.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true);
            }
        }
        _ => {}
    }
    value
}

async fn same(times: Times, asked: Option<Times>, now: DateTime<Utc>) -> u64 {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let manifest = replayed(&sample_register().await.journal, times, &out).await;
    for channel in Channel::ALL {
        for (register, list) in LISTS {
            let told = plain(Value::Array(answered(channel, (register, list), asked, now).await));
            assert_eq!(plain(Value::Array(written(&out, channel, register))), told, "{channel} {register} {times:?}");
        }
    }
    manifest.events.unwrap()
}

#[test]
fn any_two_times_are_written_down_as_the_api_answers_them() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 10, ..Config::default() });
    let hours = || -300_i64 * 24..100 * 24;
    runner
        .run(&(hours(), hours()), |(valid, known)| {
            let at = |hours: i64| made() + TimeDelta::hours(hours);
            let times = Times { valid_at: at(valid), known_at: at(known) };
            runtime.block_on(same(times, Some(times), day(2_000)));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_moment_is_written_down_as_live_views_showed_it() {
    // The views of the sample know everything; by their clock they showed this.
    for days in [0, 26, 400] {
        let events = same(Times { valid_at: day(days), known_at: day(days) }, None, day(days)).await;
        assert!(events > 200, "{events}");
    }
}

/// Files by their names.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = Channel::ALL.iter().flat_map(|channel| LISTS.map(|(register, _)| format!("{channel}/{register}.ndjson")));
    let names = names.chain(["MANIFEST.json".to_owned(), "SHA256SUMS".to_owned()]);
    names.map(|name| (name.clone(), fs::read(out.join(name)).unwrap())).collect()
}

#[tokio::test]
async fn the_register_goes_on_and_what_was_written_down_is_written_again_to_the_byte() {
    let mut bureau = Bureau::new();
    let place = tempfile::tempdir().unwrap();
    let query = "{ registry { items(first: 9) { nodes { code revision { contentHash } } } guides(first: 9) { nodes { code revision { contentHash } } } } }";
    let mut last = json!(null);
    let mut then = Vec::new();
    for step in 0..6 {
        bureau.now = made() + TimeDelta::days(step);
        let approver = one("p-a", Role::Approver, "ITEM");
        let more = match step {
            0 => ("carry", json!("甲")),
            1 => ("guide", json!("指南")),
            2 => ("carry", json!("乙")),
            3 => ("correct", json!({ "content": content("ITEM", "丙"), "reason": "有误" })),
            4 => ("suspend", json!({ "reason": "系统升级", "until": made() + TimeDelta::days(9) })),
            _ => ("resume", json!({})),
        };
        match more {
            ("carry", name) => last = bureau.carry("ITEM", "A1-I1", name.as_str().unwrap(), 4).await,
            ("guide", name) => drop(bureau.carry("GUIDE", "A1-G1", name.as_str().unwrap(), 4).await),
            (verb, more) => {
                let input = bureau.input("ITEM", "A1-I1", &last["entry"]["streamVersion"], more);
                last = bureau.applies(&approver, verb, input).await;
            }
        }
        bureau.now += TimeDelta::hours(1);
        let at = bureau.now;
        let shown = bureau.answer(None, query, json!({})).await["data"]["registry"].take();
        let out = place.path().join(format!("then-{step}"));
        replayed(&bureau.journal, Times { valid_at: at, known_at: at }, &out).await;
        then.push((at, out, shown));
    }
    for (step, (at, out, shown)) in then.iter().enumerate() {
        let again = place.path().join(format!("again-{step}"));
        replayed(&bureau.journal, Times { valid_at: *at, known_at: *at }, &again).await;
        assert_eq!(files(&again), files(out), "{at}");
        for (register, list) in [("item", "items"), ("guide", "guides")] {
            let hashes: Vec<_> = shown[list]["nodes"].as_array().unwrap().iter().map(|node| &node["revision"]["contentHash"]).collect();
            let written = written(&again, Channel::Online, register);
            assert_eq!(written.iter().map(|entry| &entry[2]["contentHash"]).collect::<Vec<_>>(), hashes, "what the website showed at {at}");
        }
    }
    assert_eq!(then[4].2["items"]["nodes"], json!([]), "it was suspended");
}
