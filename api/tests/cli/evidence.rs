//! The evidence of an entry: one ZIP, the same bytes each time, that others check without this program.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use api::app::system_clock;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    calendar::Calendar,
    deadline::Rules,
    decider::Circumstances,
    envelope::{ActorId, EntryName},
    receipt::{Receipts, Record, Showing, Witness},
    register::Register,
    value::Channel,
};
use double::Cluster;
use journal::{
    SqliteJournal,
    transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, transact_on},
};
use projections::contract::server::installed;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    process::{command, on, run},
    replay::{REVISED, files, recorded},
};

/// Unpacks as whoever has nothing but Python.
pub fn unpacked(zip: &Path, folder: &Path) {
    let done = Command::new("python3").args(["-m", "zipfile", "-e"]).args([zip, folder]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

pub fn in_folder(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().unwrap()
}

/// Whether both ways of checking hold.
pub fn checked(folder: &Path) -> (bool, bool, String) {
    let sums = in_folder(folder, "sha256sum", &["-c", "--quiet", "--strict", "SHA256SUMS"]).status.success();
    let verified = in_folder(folder, "python3", &["verify.py"]);
    (sums, verified.status.success(), String::from_utf8(verified.stdout).unwrap())
}

/// Writes a file and the sums that fit it: whoever tampers with one may tamper with the other.
pub fn forge(folder: &Path, path: &str, bytes: &[u8]) {
    fs::write(folder.join(path), bytes).unwrap();
    let names: Vec<_> = files(folder).into_keys().filter(|name| name != "SHA256SUMS").collect();
    let sums = Command::new("sha256sum").args(&names).current_dir(folder).output().unwrap();
    fs::write(folder.join("SHA256SUMS"), sums.stdout).unwrap();
}

/// Makes all sums fit the files; the chain is left as it is.
pub fn forge_manifest(folder: &Path) {
    let mut manifest: Value = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        let sum = in_folder(folder, "sha256sum", &[file["path"].as_str().unwrap()]);
        file["sha256"] = json!(String::from_utf8(sum.stdout).unwrap()[..64]);
    }
    forge(folder, "MANIFEST.json", manifest.to_string().as_bytes());
}

/// Whether nothing can be checked here.
pub fn skipped() -> bool {
    let skipped = !installed("python3");
    if skipped {
        println!("SKIPPED the check of evidence: python3 is absent and cannot be installed");
    }
    skipped
}

/// Writes the evidence of the revised guide; what the command says of it.
pub fn evidence(data: &Path, out: &Path, more: &[&str]) -> Value {
    on(data, &[&["evidence", REVISED, "--json", "--out", out.to_str().unwrap()], more].concat()).ok().json()
}

/// Writes receipts of all revisions of the guide on a channel: each served so long after its approval.
pub fn serve(data: &Path, revisions: &Value, channel: Channel, (after, witness): (TimeDelta, Witness)) {
    let at = |revision: &Value| revision["approvedAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let showing = |revision: &Value| Showing {
        entry: EntryName::new(Register::Guide, REVISED.parse().unwrap()),
        revision: revision["number"].as_u64().unwrap().try_into().unwrap(),
        content_hash: revision["contentHash"].as_str().unwrap().parse().unwrap(),
        published_at: at(revision),
        served_at: at(revision) + after,
        witness,
        sight: None,
    };
    let now = system_clock()();
    let showings = revisions.as_array().unwrap().iter().map(showing).collect();
    let calendar = Calendar::shipped().known_at(now).into();
    let command = Record { channel, showings, calendar, rules: Rules::of_rulebook().into() };
    let id = Uuid::from_u128(7 + channel as u128);
    let circumstances = Circumstances::of_import(now, ActorId::new("receipts"), id);
    let request = RequestTo { code: Receipts::code_of(channel), expected: ExpectedVersion::Any, command, circumstances };
    let journal = SqliteJournal::open(&data.join("journal.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(transact_on::<Receipts>(&journal, request, Budget::default())).unwrap();
    assert!(matches!(outcome, OutcomeOf::Applied(_)));
}

#[test]
fn receipts_of_both_channels_are_in_it_and_checked_against_contents_and_calendar() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, zip, folder) = (place.path().join("data"), place.path().join("e.zip"), place.path().join("e"));
    on(&data, &["demo"]).ok();
    let before = place.path().join("before.zip");
    assert_eq!(evidence(&data, &before, &[])["receipts"], 0);
    unpacked(&before, &place.path().join("before"));
    let revisions: Value = serde_json::from_slice(&fs::read(place.path().join("before/revisions.json")).unwrap()).unwrap();
    serve(&data, &revisions, Channel::Online, (TimeDelta::milliseconds(40), Witness::Commit));
    serve(&data, &revisions, Channel::Counter, (TimeDelta::days(30), Witness::Commit));
    let told = evidence(&data, &zip, &[]);
    let number = revisions.as_array().unwrap().len();
    assert_eq!(told["receipts"], 2 * number, "{told}");
    unpacked(&zip, &folder);
    let (sums, verified, words) = checked(&folder);
    assert!(sums && verified && words.contains(&format!("回执 receipts {}", 2 * number)), "{words}");
    let text = fs::read_to_string(folder.join("receipts.ndjson")).unwrap();
    let receipts: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let standing = |channel: &str| receipts.iter().find(|receipt| receipt["channel"] == channel).unwrap()["standing"].clone();
    assert_eq!((standing("ONLINE"), standing("COUNTER")), (json!("IN_TIME"), json!("LATE")));
    let facts: Value = serde_json::from_slice(&fs::read(folder.join("calendar.json")).unwrap()).unwrap();
    assert_eq!(facts["deadlines"][0]["status"], "FULFILLED_LATE", "{facts:#}");
    assert_eq!(facts["deadlines"][0]["rule"]["article"], "Art. 10(2)");
    assert!(facts["notices"][0]["notice"]["document"].as_str().unwrap().starts_with("国办发明电"));
    let html = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(html.contains("逾期完成") && html.contains("亲见") && html.contains("国办发明电"));

    // A receipt that says what is not so.
    for (was, is) in [("\"standing\":\"LATE\"", "\"standing\":\"IN_TIME\""), ("\"contentHash\":\"sha256:", "\"contentHash\":\"sha256:0")] {
        forge(&folder, "receipts.ndjson", text.replacen(was, is, 1).as_bytes());
        let (_, verified, words) = checked(&folder);
        assert!(!verified, "{words}");
    }
}

#[test]
fn a_third_party_checks_it_and_finds_every_byte_that_was_changed() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, zip, folder) = (place.path().join("data"), place.path().join("e.zip"), place.path().join("e"));
    on(&data, &["demo"]).ok();
    let told = evidence(&data, &zip, &[]);
    unpacked(&zip, &folder);
    let (sums, verified, words) = checked(&folder);
    assert!(sums && verified && words.contains("相符 OK"), "{words}");
    assert_eq!(told["files"].as_array().unwrap().len(), files(&folder).len());
    assert!(told["revisions"].as_u64() >= Some(3) && told["events"].as_u64() >= told["revisions"].as_u64(), "{told}");

    // A byte anywhere.
    for (path, bytes) in files(&folder) {
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        if changed.is_empty() {
            continue;
        }
        changed[middle] ^= 1;
        fs::write(folder.join(&path), &changed).unwrap();
        let (sums, verified, words) = checked(&folder);
        assert!(!sums, "{path}");
        // The program that was itself changed may say anything.
        assert!(!verified || path == "verify.py", "{path}: {words}");
        fs::write(folder.join(&path), &bytes).unwrap();
    }
    // A file more, and one less.
    fs::write(folder.join("online/99.json"), "{}").unwrap();
    assert!(!checked(&folder).1);
    fs::remove_file(folder.join("online/99.json")).unwrap();
    fs::rename(folder.join("online/1.json"), place.path().join("kept")).unwrap();
    assert!(!checked(&folder).1);
    fs::rename(place.path().join("kept"), folder.join("online/1.json")).unwrap();
    assert!(checked(&folder).1);
}

#[test]
fn whoever_makes_new_sums_is_found_by_the_chain_and_the_contents() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, zip) = (place.path().join("data"), place.path().join("e.zip"));
    on(&data, &["demo"]).ok();
    evidence(&data, &zip, &[]);
    let forged = |path: &str, change: &dyn Fn(String) -> String| {
        let folder = tempfile::tempdir().unwrap();
        unpacked(&zip, folder.path());
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        let changed = change(text.clone());
        assert_ne!(text, changed, "{path}");
        forge(folder.path(), path, changed.as_bytes());
        forge_manifest(folder.path());
        let (sums, verified, words) = checked(folder.path());
        assert!(sums, "the sums were made to fit");
        assert!(!verified, "{path}: {words}");
        words
    };
    assert!(forged("online/1.json", &|text| text.replacen("\"name\":\"", "\"name\":\"假", 1)).contains("内容哈希不符"));
    assert!(forged("events.ndjson", &|text| text.split_once('\n').unwrap().1.to_owned()).contains("版本号不连续"));
    assert!(forged("events.ndjson", &|text| text.replacen("demo", "dem0", 1)).contains("附加信息哈希不符"));
    assert!(forged("revisions.json", &|text| text.replacen("\"number\":1", "\"number\":9", 1)).contains("不符"));
    assert!(forged("calendar.json", &|text| text.replacen("\"due\":\"20", "\"due\":\"19", 1)).contains("时限不符"));
}

#[test]
fn the_same_evidence_is_the_same_bytes_from_every_store() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    on(&data, &["demo"]).ok();
    let known = recorded(&data, "guide", REVISED).last().unwrap().to_rfc3339();
    let zip = |name: &str| place.path().join(name);
    let first = evidence(&data, &zip("1.zip"), &["--known-at", &known]);
    evidence(&data, &zip("2.zip"), &["--known-at", &known, "--register", "guide"]);
    let cluster = Cluster::single();
    run(command().args(["journal", "copy", "--from", data.to_str().unwrap(), "--to", &cluster.url()])).ok();
    let there = ["evidence", REVISED, "--known-at", &known, "--journal", &cluster.url(), "--out"];
    run(command().args(there).arg(zip("3.zip"))).ok();
    let bytes = fs::read(zip("1.zip")).unwrap();
    assert!(bytes == fs::read(zip("2.zip")).unwrap() && bytes == fs::read(zip("3.zip")).unwrap());
    // As of an earlier moment the chain ends earlier, and is the beginning of this one.
    let earlier = recorded(&data, "guide", REVISED)[0].to_rfc3339();
    let begun = evidence(&data, &zip("4.zip"), &["--known-at", &earlier]);
    assert_eq!(begun["events"], 1);
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    assert!(text.contains(begun["lastEvent"].as_str().unwrap()) && begun["lastEvent"] != first["lastEvent"]);
}

#[test]
fn what_is_not_public_is_left_out_when_it_is_asked_for_so() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, folder) = (place.path().join("data"), place.path().join("e"));
    on(&data, &["demo"]).ok();
    let guide = "1199010040310236XL399071400100001";
    let notes = on(&data, &["show", "guide", guide, "--channel", "counter", "--json"]).ok().json();
    let notes = notes["content"]["clerkNotes"].as_str().unwrap().chars().take(8).collect::<String>();
    let out = |name: &str| place.path().join(name);
    on(&data, &["evidence", guide, "--out", out("whole.zip").to_str().unwrap()]).ok();
    let told = on(&data, &["evidence", guide, "--public", "--json", "--out", out("public.zip").to_str().unwrap()]).ok().json();
    assert_eq!((&told["events"], &told["chain"]), (&json!(0), &Value::Null));
    unpacked(&out("public.zip"), &folder);
    let (sums, verified, words) = checked(&folder);
    assert!(sums && verified, "{words}");
    for (path, bytes) in files(&folder) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(&notes) && !path.starts_with("counter") && path != "events.ndjson", "{path}");
    }
    unpacked(&out("whole.zip"), &place.path().join("w"));
    assert!(checked(&place.path().join("w")).1);
    let whole = files(&place.path().join("w"));
    assert!(String::from_utf8(whole["counter/1.json"].clone()).unwrap().contains(&notes));
    assert!(!String::from_utf8(whole["online/1.json"].clone()).unwrap().contains(&notes));

    // Of what there is nothing, or nothing public, or several, it says so.
    let none = out("none.zip");
    on(&data, &["evidence", "NOTHING", "--out", none.to_str().unwrap()]).failed(&["NOTHING", "--register"]);
    on(&data, &["evidence", guide, "--known-at", "2001-01-01", "--out", none.to_str().unwrap()]).failed(&["no entry"]);
    on(&data, &["evidence", guide, "--known-at", "2999-01-01", "--out", none.to_str().unwrap()]).failed(&["lies ahead"]);
    assert!(!none.exists());
}

#[test]
fn the_report_is_readable_and_runs_nothing() {
    if skipped() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (data, zip, folder) = (place.path().join("data"), place.path().join("e.zip"), place.path().join("e"));
    on(&data, &["demo"]).ok();
    evidence(&data, &zip, &[]);
    unpacked(&zip, &folder);
    let html = fs::read_to_string(folder.join("report.html")).unwrap();
    for outside in ["<script", "http-equiv=\"refresh\"", "<link", "<img", "src=", "url(", "@import", "onload", "{{", "{%"] {
        assert!(!html.contains(outside), "{outside}");
    }
    for said in ["lang=\"zh-CN\"", "<caption>", "scope=\"col\"", "scope=\"row\"", "@media print", "证据报告", "Evidence report", REVISED]
    {
        assert!(html.contains(said), "{said}");
    }
    // It is well formed, with every table's rows as wide as its head.
    let parsed = "import html.parser,sys\n\
        class P(html.parser.HTMLParser):\n\
        \x20open=[];rows=[];wrong=[]\n\
        \x20def handle_starttag(s,t,a):\n\
        \x20\x20if t not in('meta','br'):s.open.append(t)\n\
        \x20\x20if t=='table':s.rows=[]\n\
        \x20\x20if t=='tr':s.rows.append(0)\n\
        \x20\x20if t in('td','th'):s.rows[-1]+=1\n\
        \x20def handle_endtag(s,t):\n\
        \x20\x20if s.open.pop()!=t:s.wrong.append(t)\n\
        \x20\x20if t=='table' and len(set(s.rows))>1:s.wrong.append(s.rows)\n\
        p=P();p.feed(open('report.html',encoding='utf-8').read())\n\
        sys.exit(repr((p.open,p.wrong)) if p.open or p.wrong else 0)\n";
    let parsed = in_folder(&folder, "python3", &["-c", parsed]);
    assert!(parsed.status.success(), "{}", String::from_utf8_lossy(&parsed.stderr));
}
