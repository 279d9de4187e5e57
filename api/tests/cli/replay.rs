//! The register as it stood, written down: the same bytes each time, from whatever store, whole or not at all.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use double::Cluster;
use serde_json::Value;

use super::process::{Ran, command, on, run};

/// Every file of a folder, by its path in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(self::files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

/// When the events of an entry were recorded.
pub fn recorded(data: &Path, register: &str, code: &str) -> Vec<DateTime<Utc>> {
    let history = on(data, &["history", register, code, "--json"]).ok().json();
    history.as_array().unwrap().iter().map(|event| event["at"].as_str().unwrap().parse().unwrap()).collect()
}

/// A guide of the sample that was revised.
pub const REVISED: &str = "1199010040310455XD399013100100101";

fn lines(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<Value> {
    String::from_utf8(files[path].clone()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_same_times_give_the_same_bytes_on_every_run_and_from_every_store() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let at = recorded(&data, "guide", REVISED);
    let last = at.last().unwrap().to_rfc3339();
    let times = ["--valid-at", &last, "--known-at", &last];
    let replay = |name: &str, from: &[&str]| {
        let out = place.path().join(name);
        let ran = run(command().args(["replay", "--json", "--out"]).arg(&out).args(times).args(from)).ok();
        (ran.json(), files(&out))
    };
    let folder = data.to_str().unwrap();
    let (told, first) = replay("first", &["--data", folder]);
    assert_eq!(replay("second", &["--data", folder]).1, first);

    // The register goes on, and another store numbers its events otherwise.
    let code = told_code(&first);
    on(&data, &["repeal", "item", &code, "--reason", "法律修订"]).ok();
    assert_eq!(replay("third", &["--data", folder]).1, first, "what is recorded later is no part of it");
    let cluster = Cluster::single();
    run(command().args(["journal", "copy", "--from", folder, "--to", &cluster.url()])).ok();
    assert_eq!(replay("fourth", &["--journal", &cluster.url()]).1, first);
    assert!(on(&data, &["rebuild", "--check", "--json"]).ok().json()["equal"] == true);

    // What it says of itself is so, and holds nothing of this run.
    let manifest: Value = serde_json::from_slice(&first["MANIFEST.json"]).unwrap();
    assert_eq!((&manifest["root"], &manifest["events"]), (&told["root"], &told["events"]));
    for file in manifest["files"].as_array().unwrap() {
        let lines = lines(&first, file["path"].as_str().unwrap());
        assert_eq!(file["entries"], lines.len(), "{file}");
        let codes: Vec<_> = lines.iter().map(|line| line["code"].as_str().unwrap()).collect();
        assert!(codes.is_sorted(), "{file}");
    }
    let text = String::from_utf8(first["MANIFEST.json"].clone()).unwrap();
    assert!(!text.contains("first") && !text.contains("position") && !text.contains(place.path().to_str().unwrap()), "{text}");
    let checked =
        Command::new("sha256sum").args(["-c", "--quiet", "--strict", "SHA256SUMS"]).current_dir(place.path().join("first")).output();
    let checked = checked.unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let root =
        Command::new("sh").current_dir(place.path().join("first")).args(["-c", "sha256sum */*.ndjson | sha256sum"]).output().unwrap();
    assert!(String::from_utf8(root.stdout).unwrap().starts_with(&told["root"].as_str().unwrap()["sha256:".len()..]));
}

/// The code of some item.
fn told_code(files: &BTreeMap<String, Vec<u8>>) -> String {
    lines(files, "online/item.ndjson")[0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn it_is_the_past_and_of_channels_only() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let at = recorded(&data, "guide", REVISED);
    let replay = |name: &str, more: &[&str]| {
        let out = place.path().join(name);
        let ran = on(&data, &[&["replay", "--out", out.to_str().unwrap()], more].concat()).ok();
        assert!(ran.out.contains("根哈希 root sha256:"), "{ran:?}");
        files(&out)
    };
    let number = |files: &BTreeMap<String, Vec<u8>>| {
        let guides = lines(files, "online/guide.ndjson");
        guides.iter().find(|guide| guide["code"] == REVISED).map(|guide| guide["revision"]["number"].as_u64().unwrap())
    };
    let now = replay("now", &[]);
    let first = replay("then", &["--valid-at", &at[1].to_rfc3339(), "--known-at", &(at[1] - TimeDelta::seconds(1)).to_rfc3339()]);
    assert!(number(&first) < number(&now) && number(&first).is_some(), "{:?} {:?}", number(&first), number(&now));
    let long_ago = replay("before", &["--valid-at", "2001-01-01", "--known-at", "2001-01-01"]);
    assert!(long_ago.iter().all(|(path, bytes)| !path.ends_with(".ndjson") || bytes.is_empty()));

    // Online has no notes for the clerk; the counter does; what everybody may have is without the counter.
    let notes = |path: &str| lines(&now, path).iter().any(|guide| guide["content"].get("clerkNotes").is_some());
    assert!(!notes("online/guide.ndjson") && notes("counter/guide.ndjson"));
    let hashes = |path: &str| lines(&now, path).iter().map(|entry| entry["revision"]["contentHash"].clone()).collect::<Vec<_>>();
    for register in ["agency", "guide", "item", "material", "openness"] {
        assert_eq!(hashes(&format!("online/{register}.ndjson")), hashes(&format!("counter/{register}.ndjson")), "one source");
    }
    let public = replay("public", &["--public"]);
    let events =
        |files: &BTreeMap<String, Vec<u8>>| serde_json::from_slice::<Value>(&files["MANIFEST.json"]).unwrap().get("events").cloned();
    assert!(events(&now).is_some() && events(&public).is_none(), "drafts are counted there");
    assert!(public.contains_key("online/guide.ndjson") && !public.keys().any(|path| path.starts_with("counter")));
}

#[test]
fn what_cannot_be_written_is_told_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let out = place.path().join("out");
    let replay = |more: &[&str]| on(&data, &[&["replay", "--out", out.to_str().unwrap()], more].concat());
    replay(&["--known-at", "2999-01-01"]).failed(&["--known-at", "lies ahead", "2999-01-01 00:00"]);
    assert!(!out.exists());
    let early = on(&data, &["replay", "--known-at", "2001-01-01", "--out", place.path().join("early").to_str().unwrap()]).ok();
    assert!(early.err.contains("before it nothing was known") && early.out.contains("无 nothing"), "{early:?}");
    fs::create_dir(&out).unwrap();
    replay(&[]).ok();
    replay(&[]).failed(&["not an empty folder"]);
    on(&data, &["replay", "--out", place.path().join("none/out").to_str().unwrap()]).failed(&["cannot be written"]);
    let wrong: Ran = replay(&["--valid-at", "yesterday"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("2025-01-01"), "{wrong:?}");
    on(&place.path().join("nowhere"), &["replay", "--out", out.to_str().unwrap()]).failed(&["no journal"]);
}

#[test]
fn a_killed_run_leaves_nothing_half_done() {
    let place = tempfile::tempdir().unwrap();
    let (data, out) = (place.path().join("data"), place.path().join("out"));
    on(&data, &["demo"]).ok();
    let whole = place.path().join("whole");
    let times = ["--valid-at", "2026-01-01", "--known-at"];
    let known = recorded(&data, "guide", REVISED).last().unwrap().to_rfc3339();
    on(&data, &[&["replay", "--out", whole.to_str().unwrap()], &times[..], &[&known]].concat()).ok();
    let mut whole_ones = 0;
    for round in 0..20 {
        let mut replay = command();
        replay.arg("--data").arg(&data).args(["replay", "--out"]).arg(&out).args(times).arg(&known);
        let mut child = replay.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(5 * round));
        let _ = child.kill();
        child.wait().unwrap();
        if out.exists() {
            assert_eq!(files(&out), files(&whole), "round {round}");
            whole_ones += 1;
            fs::remove_dir_all(&out).unwrap();
        }
    }
    println!("killed 20 replays, {whole_ones} of them after they were whole");
    on(&data, &[&["replay", "--out", out.to_str().unwrap()], &times[..], &[&known]].concat()).ok();
    assert_eq!(files(&out), files(&whole));
    let left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}
