//! What changed between two moments, and what happened.

use std::path::Path;

use api::app::system_clock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    process::{command, on, run},
    replay::{REVISED, recorded},
};

fn diff(data: &Path, from: DateTime<Utc>, to: DateTime<Utc>, more: &[&str]) -> Value {
    let (from, to) = (from.to_rfc3339(), to.to_rfc3339());
    on(data, &[&["diff", &from, &to, "--json"], more].concat()).ok().json()
}

fn of<'d>(diff: &'d Value, code: &str) -> &'d Value {
    diff["entries"].as_array().unwrap().iter().find(|entry| entry["code"] == code).unwrap_or_else(|| panic!("{code} in {diff:#}"))
}

#[test]
fn between_two_moments_each_entry_tells_what_changed_and_what_happened() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let at = recorded(&data, "guide", REVISED);
    let history = on(&data, &["history", "guide", REVISED, "--json"]).ok().json();
    let effective = |n: usize| history[n]["effectiveFrom"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let second = TimeDelta::seconds(1);

    // From before anything to now: everything is new.
    let all = diff(&data, "2001-01-01T00:00:00Z".parse().unwrap(), *at.last().unwrap(), &[]);
    assert_eq!((&all["counts"]["changed"], &all["counts"]["gone"]), (&json!(0), &json!(0)));
    assert!(all["counts"]["added"].as_u64() > Some(20), "{}", all["counts"]);

    // An event that announces what will hold, and the moment at which it does.
    let upcoming = (1..at.len()).rev().find(|n| effective(*n) > at[*n]).unwrap();
    let announced = diff(&data, at[upcoming] - second, at[upcoming], &["--register", "guide"]);
    let entry = of(&announced, REVISED);
    assert_eq!((&entry["kind"], &entry["takingEffect"]), (&json!("ANNOUNCED"), &json!(false)), "{entry:#}");
    assert_eq!(entry["causes"][0]["at"], history[upcoming]["at"]);
    assert_eq!(entry["announced"][0]["revision"]["number"], history[upcoming]["revision"]);
    let due = effective(upcoming);
    let took = diff(&data, due - second, due, &["--channel", "counter"]);
    let entry = of(&took, REVISED);
    assert_eq!((&entry["kind"], &entry["takingEffect"]), (&json!("CHANGED"), &json!(true)), "{entry:#}");
    assert_eq!((&entry["revisionAfter"], &entry["causes"][0]["actor"]), (&history[upcoming]["revision"], &json!("demo")), "{entry:#}");
    let told: Vec<_> = history[upcoming]["changes"].as_array().unwrap().iter().map(|change| &change["path"]).collect();
    let shown: Vec<_> = entry["changes"].as_array().unwrap().iter().map(|change| &change["path"]).collect();
    assert!(!told.is_empty() && told == shown, "{told:?} {shown:?}");
    assert!(took["counts"]["takingEffect"].as_u64() >= Some(1), "{}", took["counts"]);

    // Nothing happens between a moment and itself; the first comes first.
    assert_eq!(diff(&data, due, due, &[])["entries"], json!([]));
    // In the time in which it was typed.
    on(&data, &["diff", "2026-02-01", "2026-01-01"]).failed(&["swap them", "请对调", "2026-02-01 00:00"]);
    on(&data, &["diff", "2026-01-01", "2026-01-02", "--agency", "NOBODY"]).failed(&["NOBODY", "there is no agency", "没有机构"]);
    let early = on(&data, &["diff", "2001-01-01", "2001-01-02"]).ok();
    assert!(early.err.contains("nothing was known then") && early.err.contains("尚无所知"), "{early:?}");
    let words = on(&data, &["diff", &(due - second).to_rfc3339(), &due.to_rfc3339()]).ok().out;
    assert!(words.contains(REVISED) && words.contains("到期生效") && words.contains("adopted"), "{words}");
}

#[test]
fn a_guide_that_goes_with_its_item_names_what_happened_to_the_item() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let guide = on(&data, &["show", "guide", REVISED, "--json"]).ok().json();
    let item = guide["content"]["item"].as_str().unwrap().to_owned();
    let before: DateTime<Utc> = system_clock()();
    let repeal = ["repeal", "item", &item, "--reason", "法律修订", "--json"];
    on(&data, &repeal).ok();
    let after = *recorded(&data, "item", &item).last().unwrap() + TimeDelta::seconds(1);
    let agency = guide["content"]["agency"].as_str().unwrap();
    let found = diff(&data, before, after, &["--agency", agency]);
    for (code, kind) in [(item.as_str(), "GONE"), (REVISED, "GONE")] {
        let entry = of(&found, code);
        assert_eq!((&entry["kind"], &entry["agency"]), (&json!(kind), &json!(agency)), "{entry:#}");
        let cause = &entry["causes"][0];
        assert_eq!(
            (&cause["verb"], &cause["reason"], &cause["stream"]),
            (&json!("repealed"), &json!("法律修订"), &json!(format!("item-{item}")))
        );
        assert!(entry["agencyName"].is_string(), "{entry:#}");
    }
    // For everybody: the same, without the numbers of events.
    let mut public = diff(&data, before, after, &["--agency", agency, "--public"]);
    let mut whole = found.clone();
    for entry in whole["entries"].as_array_mut().unwrap().iter_mut().chain(public["entries"].as_array_mut().unwrap()) {
        for cause in entry["causes"].as_array_mut().unwrap() {
            let cause = cause.as_object_mut().unwrap();
            cause.remove("event");
            cause.remove("actsFor");
        }
    }
    assert_eq!(public, whole);
    let (from, to) = (before.to_rfc3339(), after.to_rfc3339());
    let public = on(&data, &["diff", &from, &to, "--public", "--json"]).ok().out;
    assert!(found["entries"][0]["causes"][0]["event"].is_string() && !public.contains("\"event\""), "{public}");
    on(&data, &["diff", &from, &to, "--public", "--channel", "counter"]).failed(&["--channel"]);
    // The same of a register in a cluster.
    let cluster = double::Cluster::single();
    run(command().args(["journal", "copy", "--from", data.to_str().unwrap(), "--to", &cluster.url()])).ok();
    let (from, to) = (before.to_rfc3339(), after.to_rfc3339());
    let there = run(command().args(["diff", &from, &to, "--agency", agency, "--json", "--journal", &cluster.url()])).ok().json();
    assert_eq!(there, found);
}
