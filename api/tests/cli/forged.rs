//! Evidence that somebody changed, with the sums made to fit: the chain, the receipts and the events tell.

use std::{fs, path::Path};

use api::{
    app::system_clock,
    registrar::evidence::{Asked, collect},
};
use chrono::TimeDelta;
use domain::{receipt::Witness, register::Register, value::Channel};
use journal::{SharedJournal, SqliteJournal};
use serde_json::{Value, json};

use super::{
    books::{LINES, power_list},
    evidence::{checked, evidence, forge, forge_manifest, in_folder, serve, skipped, unpacked},
    process::on,
    replay::{REVISED, files},
};

/// What somebody does to evidence.
type Forging<'f> = &'f dyn Fn(&Path);

/// A register whose guide was shown at the counter late, and its evidence.
fn served(place: &Path, witness: Witness) -> (std::path::PathBuf, std::path::PathBuf) {
    let (data, zip) = (place.join("data"), place.join("e.zip"));
    on(&data, &["demo"]).ok();
    evidence(&data, &place.join("before.zip"), &[]);
    unpacked(&place.join("before.zip"), &place.join("before"));
    let revisions: Value = serde_json::from_slice(&fs::read(place.join("before/revisions.json")).unwrap()).unwrap();
    serve(&data, &revisions, Channel::Online, (TimeDelta::milliseconds(40), Witness::Commit));
    serve(&data, &revisions, Channel::Counter, (TimeDelta::days(30), witness));
    let told = evidence(&data, &zip, &[]);
    assert_ne!((&told["chain"], &told["lastEvent"]), (&told["lastEvent"], &Value::Null), "the end is more than the events");
    (data, zip)
}

/// Unpacks evidence, changes it, and makes all sums fit, the chain left as it was noted down; what the check says.
fn forged(zip: &Path, change: &dyn Fn(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    unpacked(zip, folder.path());
    assert!(checked(folder.path()).1, "{}", checked(folder.path()).2);
    let before = files(folder.path());
    change(folder.path());
    assert_ne!(files(folder.path()), before, "something was changed");
    forge_manifest(folder.path());
    let (sums, verified, words) = checked(folder.path());
    assert!(sums, "the sums were made to fit");
    assert!(!verified, "{words}");
    words
}

fn edit(folder: &Path, path: &str, change: &dyn Fn(String) -> String) {
    let text = fs::read_to_string(folder.join(path)).unwrap();
    forge(folder, path, change(text).as_bytes());
}

/// Changes each receipt.
fn edit_receipts(folder: &Path, change: &dyn Fn(&mut Value)) {
    edit(folder, "receipts.ndjson", &|text| {
        let receipt = |line: &str| {
            let mut receipt: Value = serde_json::from_str(line).unwrap();
            change(&mut receipt);
            format!("{receipt}\n")
        };
        text.lines().map(receipt).collect()
    });
}

#[test]
fn whatever_is_told_of_the_channels_hangs_on_the_end_of_the_chain() {
    if skipped() {
        return;
    }
    for (witness, status) in [(Witness::Commit, "FULFILLED_LATE"), (Witness::Found, "UNKNOWN")] {
        let place = tempfile::tempdir().unwrap();
        let (_, zip) = served(place.path(), witness);
        let in_time = |folder: &Path| {
            let was = format!("\"status\":\"{status}\"");
            edit(folder, "calendar.json", &|text| text.replace(&was, "\"status\":\"FULFILLED_IN_TIME\""));
        };
        // In itself it would be so; that it was not, the chain says.
        let moved = |folder: &Path| {
            edit_receipts(folder, &|receipt| {
                receipt["servedAt"] = receipt["publishedAt"].clone();
                (receipt["standing"], receipt["witness"]) = (json!("IN_TIME"), json!("COMMIT"));
            });
            in_time(folder);
        };
        assert!(forged(&zip, &moved).contains("链末不符"));
        let emptied = |folder: &Path| edit(folder, "receipts.ndjson", &|_| String::new());
        if witness == Witness::Commit {
            assert!(forged(&zip, &emptied).contains("状态与回执不符"));
        }
        // What contradicts itself is found without the chain too.
        let changes: [(Forging<'_>, &str); 7] = [
            (&in_time, "状态与回执不符"),
            (&emptied, "回执数不符"),
            (
                &|folder| edit(folder, "history.ndjson", &|text| text.replacen("\"actor\":\"demo\"", "\"actor\":\"somebody\"", 1)),
                "时间或经办",
            ),
            (&|folder| edit(folder, "history.ndjson", &|text| text.split_once('\n').unwrap().1.to_owned()), "所述缺少事件"),
            (
                &|folder| {
                    edit(folder, "revisions.json", &|text| text.replacen("\"documentNumber\":", "\"documentNumber\":\"假\",\"x\":", 1));
                },
                "链末不符",
            ),
            (&|folder| edit(folder, "MANIFEST.json", &|text| text.replacen("\"knownAt\":\"2", "\"knownAt\":\"3", 1)), "链末不符"),
            (&|folder| edit(folder, "MANIFEST.json", &|text| text.replacen("\"name\":\"", "\"name\":\"假", 1)), "链末不符"),
        ];
        for (change, words) in changes {
            let told = forged(&zip, change);
            assert!(told.contains(words) && told.contains("链末不符"), "{words}: {told}");
        }
    }
}

#[test]
fn public_evidence_has_the_receipts_and_not_where_they_are_kept() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, zip) = served(place.path(), Witness::Commit);
    let (public, folder) = (place.path().join("public.zip"), place.path().join("p"));
    assert!(evidence(&data, &public, &["--public"])["receipts"].as_u64() > Some(1));
    unpacked(&public, &folder);
    let (sums, verified, words) = checked(&folder);
    assert!(sums && verified, "{words}");
    let receipts = |folder: &Path| -> Vec<Value> {
        let text = fs::read_to_string(folder.join("receipts.ndjson")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    unpacked(&zip, &place.path().join("w"));
    let (whole, public) = (receipts(&place.path().join("w")), receipts(&folder));
    assert_eq!(whole.len(), public.len());
    for (mut whole, public) in whole.into_iter().zip(public) {
        for internal in ["event", "stream", "version"] {
            let kept = whole.as_object_mut().unwrap().remove(internal).unwrap();
            assert!(public.get(internal).is_none(), "{public}");
            let kept = kept.as_str().unwrap_or("no text").to_owned();
            assert!(files(&folder).values().all(|bytes| !String::from_utf8_lossy(bytes).contains(&kept)), "{kept}");
        }
        assert_eq!(whole, public, "all else is the same");
    }
    // Without a chain it still has to fit together.
    let late = |folder: &Path| edit(folder, "calendar.json", &|text| text.replace("FULFILLED_LATE", "FULFILLED_IN_TIME"));
    assert!(forged(&place.path().join("public.zip"), &late).contains("状态与回执不符"));
}

#[test]
fn a_file_that_is_there_is_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let (data, zip) = (place.path().join("data"), place.path().join("e.zip"));
    on(&data, &["demo"]).ok();
    fs::write(&zip, "handed over").unwrap();
    let out = zip.to_str().unwrap();
    on(&data, &["evidence", REVISED, "--out", out]).failed(&[out, "已存在", "is there already"]);
    assert_eq!(fs::read(&zip).unwrap(), b"handed over");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing is left beside it");
}

/// Every entry of a register.
async fn entries(journal: &SharedJournal) -> Vec<(Register, domain::envelope::Code)> {
    let mut entries = Vec::new();
    for recorded in journal.read_all(None, 100_000).await.unwrap().events {
        if let domain::envelope::StreamKind::Entry(register) = recorded.stream.kind {
            entries.push((register, recorded.stream.code));
        }
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

#[test]
fn evidence_and_deadlines_say_the_same_of_every_revision() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, _) = served(place.path(), Witness::Commit);
    // New lines of a list: one repealed before any channel showed it, and one not.
    let list = place.path().join("list.xlsx");
    power_list(&list, "2024", &LINES[..2]);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let due = on(&data, &["deadlines", "--json", "--all", "--rule", "ART-10-2"]).ok().json();
    let items = due["deadlines"].as_array().unwrap().iter().filter(|case| case["register"] == "item");
    let fresh = items.max_by_key(|case| case["trigger"].as_str().unwrap()).unwrap();
    on(&data, &["repeal", "item", fresh["code"].as_str().unwrap(), "--reason", "法律修订"]).ok();
    let known_at = system_clock()();
    let asked = ["deadlines", "--json", "--all", "--rule", "ART-10-2", "--known-at", &known_at.to_rfc3339()];
    let told = on(&data, &asked).ok().json();
    let told = told["deadlines"].as_array().unwrap();
    let journal: SharedJournal = std::sync::Arc::new(SqliteJournal::open(&data.join("journal.db")).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut agreed, mut unknown, mut out_of_sight) = (0, 0, 0);
    for (register, code) in runtime.block_on(entries(&journal)) {
        let asked = Asked { register: Some(register), code: code.clone(), known_at, public: None };
        let found = runtime.block_on(collect(journal.clone(), &asked)).unwrap();
        let of_entry = |case: &&Value| case["register"] == register.word() && case["code"] == code.as_str();
        let mut cases: Vec<_> = told.iter().filter(of_entry).collect();
        for deadline in &found.calendar.deadlines {
            let place = cases.iter().position(|case| case["revision"] == deadline.revision);
            let Some(case) = place.map(|place| cases.remove(place)) else {
                assert!(deadline.zh.contains("才有回执") && deadline.en.contains("has receipts only since"), "{deadline:?}");
                assert_eq!(json!(deadline.status), "UNKNOWN");
                unknown += 1;
                continue;
            };
            let due = deadline.due.map(|(_, due)| due);
            assert_eq!(
                (json!(deadline.status), json!(deadline.zh), json!(deadline.en), json!(due), json!(deadline.trigger)),
                (case["status"].clone(), case["reason"].clone(), case["reasonEn"].clone(), case["due"].clone(), case["trigger"].clone()),
                "{register} {code}"
            );
            agreed += 1;
            out_of_sight += usize::from(deadline.sight.iter().any(|(_, hidden)| hidden.is_some()));
        }
        assert!(cases.is_empty(), "{register} {code}: {cases:?}");
        // What it says is what its own program finds.
        let folder = tempfile::tempdir().unwrap();
        let zip = folder.path().join("e.zip");
        exchange::evidence::bundle(&found).unwrap().write(&zip).unwrap();
        unpacked(&zip, &folder.path().join("e"));
        let ran = in_folder(&folder.path().join("e"), "python3", &["verify.py"]);
        assert!(ran.status.success(), "{register} {code}: {}", String::from_utf8_lossy(&ran.stdout));
    }
    assert!(agreed > 3 && unknown > 50 && out_of_sight > 0, "{agreed} {unknown} {out_of_sight}");
}

#[test]
fn due_times_of_every_kind_of_rule_are_reckoned_anew() {
    if skipped() {
        return;
    }
    for within in ["20 days", "30 hours", "3 working days"] {
        let place = tempfile::tempdir().unwrap();
        let (data, list, zip) = (place.path().join("data"), place.path().join("list.xlsx"), place.path().join("e.zip"));
        power_list(&list, "2023", &LINES[..1]);
        on(&data, &["import", list.to_str().unwrap()]).ok();
        on(&data, &["deadlines", "rule", "ART-10-2", "--within", within, "--document", "某政发〔2026〕7号"]).ok();
        power_list(&list, "2024", &LINES[..2]);
        on(&data, &["import", list.to_str().unwrap()]).ok();
        let told = on(&data, &["deadlines", "--json", "--rule", "ART-10-2"]).ok().json();
        let items = told["deadlines"].as_array().unwrap().iter().filter(|case| case["register"] == "item");
        let code = items.max_by_key(|case| case["trigger"].as_str().unwrap()).unwrap()["code"].as_str().unwrap().to_owned();
        on(&data, &["evidence", &code, "--register", "item", "--out", zip.to_str().unwrap()]).ok();
        let later = |folder: &Path| edit(folder, "calendar.json", &|text| text.replace("\"due\":\"2", "\"due\":\"3"));
        assert!(forged(&zip, &later).contains("时限不符"), "{within}");
        // What it cannot reckon it does not take on trust.
        let unknown = |folder: &Path| edit(folder, "calendar.json", &|text| text.replace("\"WITHIN\":{\"", "\"WITHIN\":{\"FULL_MOONS_OR_"));
        assert!(forged(&zip, &unknown).contains("无法读取"), "{within}");
    }
}
