//! Deadlines on the command line, in the figures of a node and in its log.

use std::{fs, path::Path};

use domain::{
    calendar::Calendar,
    deadline::Rules,
    decider::Circumstances,
    envelope::{ActorId, EntryName},
    receipt::{Receipts, Record, Showing, Witness},
    register::Register,
    value::{Channel, Hash},
};
use double::Cluster;
use journal::{
    SqliteJournal,
    transact::{Budget, ExpectedVersion, OutcomeOf, RequestTo, transact_on},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    books::{LINES, power_list},
    evidence::{checked, skipped},
    issuer::Issuer,
    nodes::{ready, started},
    process::{Server, assert_both_languages, command, on, run, tongyuan, until, uuid},
    replay::REVISED,
};

/// A register with a list of so many lines.
fn register(folder: &Path, lines: usize) -> std::path::PathBuf {
    let (data, list) = (folder.join("data"), folder.join("list.xlsx"));
    power_list(&list, "2024", &LINES[..lines]);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    data
}

fn deadlines(data: &Path, arguments: &[&str]) -> Value {
    on(data, &[&["deadlines", "--json"], arguments].concat()).ok().json()
}

#[test]
fn the_rules_of_the_rulebook_are_told_without_any_register() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(command().current_dir(folder.path()).args(["deadlines", "rules", "--json"])).ok().json();
    let rules = told["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 12);
    let of_art_7 = rules.iter().find(|rule| rule["code"] == "ART-7").unwrap();
    assert_eq!((&of_art_7["article"], &of_art_7["limit"]), (&json!("Art. 7"), &json!({ "WITHIN": { "WORKING_DAYS": 1 } })));
    let words = run(command().current_dir(folder.path()).args(["deadlines", "rules"])).ok().out;
    for told in [
        "ART-10-2",
        "Art. 10(2)",
        "1个工作日 working days",
        "11-30 24:00",
        "20日 days",
        "24小时 hours",
        "审批后1个工作日内线上线下公开变更",
    ] {
        assert!(words.contains(told), "{told} in {words}");
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was created");
}

#[test]
fn a_rule_is_changed_from_then_on_and_the_same_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = register(folder.path(), 1);
    let change = |more: &[&str]| on(&data, &[&["deadlines", "rule", "ART-7", "--document", "某政发〔2026〕7号"], more].concat());
    let told = change(&["--within", "2 working days", "--json"]).ok().json();
    assert_eq!((&told["status"], &told["code"]), (&json!("APPLIED"), &json!("ART-7")));
    assert_eq!(change(&["--within", "2 working days", "--json"]).ok().json()["status"], "UNCHANGED");
    assert!(change(&["--within", "3 working days"]).ok().out.contains("已变更 changed：ART-7"));
    assert!(change(&["--within", "2 working days"]).ok().out.contains("已变更"), "changed back is another change");
    let rules = on(&data, &["deadlines", "rules", "--json"]).ok().json();
    let limit =
        |rules: &Value| rules["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == "ART-7").map(|rule| rule["limit"].clone());
    assert_eq!(limit(&rules), Some(json!({ "WITHIN": { "WORKING_DAYS": 2 } })));
    let before = on(&data, &["deadlines", "rules", "--at", "2026-01-01", "--json"]).ok().json();
    assert_eq!(limit(&before), Some(json!({ "WITHIN": { "WORKING_DAYS": 1 } })));
    change(&["--within", "5 working days", "--from", "2020-01-01"]).failed(&["EFFECTIVE_IN_PAST"]);
    change(&["--end"]).ok();
    assert_eq!(limit(&on(&data, &["deadlines", "rules", "--json"]).ok().json()), None);
    // What was ended by mistake is laid down again.
    change(&["--within", "4 working days"]).ok();
    assert_eq!(limit(&on(&data, &["deadlines", "rules", "--json"]).ok().json()), Some(json!({ "WITHIN": { "WORKING_DAYS": 4 } })));
    // How it came to be, with what is to come and by whom.
    change(&["--within", "9 working days", "--from", "2099-01-01"]).ok();
    let told = on(&data, &["deadlines", "rules", "--history", "--json"]).ok().json();
    let told = told["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == "ART-7").unwrap().clone();
    let steps: Vec<_> =
        told["history"].as_array().unwrap().iter().map(|step| step["rule"]["limit"]["WITHIN"]["WORKING_DAYS"].clone()).collect();
    assert_eq!(steps, [json!(1), json!(2), json!(3), json!(2), Value::Null, json!(4)]);
    assert_eq!(
        (&told["documentNumber"], &told["changedBy"], &told["history"][0]["documentNumber"]),
        (&json!("某政发〔2026〕7号"), &json!("register"), &Value::Null)
    );
    assert!(told["since"].is_string() && told["changedAt"].is_string(), "{told}");
    assert_eq!((told["upcoming"].as_array().unwrap().len(), &told["upcoming"][0]["since"]), (1, &json!("2098-12-31T16:00:00Z")));
    let words = on(&data, &["deadlines", "rules", "--history"]).ok().out;
    assert!(words.contains("某政发〔2026〕7号") && words.contains("不再施行") && words.contains("rulebook"), "{words}");
    let of_november = on(&data, &["deadlines", "rule", "ART-8-3", "--within", "2 working days", "--document", "文"]);
    of_november.failed(&["RULE_ENDS_WITH_A_DAY"]);
    let unknown = on(&data, &["deadlines", "rule", "ART-99", "--within", "1 working day", "--document", "文"]);
    unknown.failed(&["RULE_NOT_FOUND"]);
}

#[test]
fn what_is_not_there_is_not_answered_as_if_nothing_were_due() {
    let folder = tempfile::tempdir().unwrap();
    let data = register(folder.path(), 1);
    for (wrong, named) in [
        (&["--rule", "ART-102"][..], &["RULE_NOT_FOUND", "ART-102"][..]),
        (&["--agency", "NOPE"], &["AGENCY_NOT_FOUND", "NOPE"]),
        (&["--register", "item", "--code", "NOPE"], &["ENTRY_NOT_FOUND", "NOPE"]),
        (&["--known-at", "2999-01-01"], &["--known-at", "2999-01-01 00:00", "lies ahead"]),
    ] {
        let ran = on(&data, &[&["deadlines", "--strict"], wrong].concat());
        assert_both_languages(ran.err.trim());
        ran.failed(named);
    }
}

#[test]
fn what_is_mistyped_is_told_in_both_languages() {
    for wrong in [
        &["deadlines", "--within", "2 weeks"][..],
        &["deadlines", "--within", "0 days"],
        &["deadlines", "--status", "late-ish"],
        &["deadlines", "--register", "item"],
        &["deadlines", "rule", "ART-7", "--document", "文"],
        &["deadlines", "rule", "ART-7", "--document", "文", "--end", "--within", "2 days"],
    ] {
        let ran = tongyuan(wrong);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        let told = ran.err.lines().find(|line| line.starts_with("tongyuan: ")).unwrap_or_else(|| panic!("{ran:?}"));
        assert_both_languages(told);
    }
}

#[test]
fn what_was_taken_over_is_due_to_be_shown_until_it_is_overdue() {
    let folder = tempfile::tempdir().unwrap();
    let data = register(folder.path(), 3);
    let open = deadlines(&data, &["--rule", "ART-10-2"]);
    let total = open["total"].as_u64().unwrap();
    assert!(total >= 3, "{open}");
    for case in open["deadlines"].as_array().unwrap() {
        // The year of the next working day may be one that this version does not know.
        assert!(["DUE", "UNKNOWN"].contains(&case["status"].as_str().unwrap()), "{case}");
        assert_eq!(case["missing"], json!(["SHOWN_ONLINE", "SHOWN_AT_COUNTER"]));
        assert!(case["reason"].as_str().unwrap().contains("尚未") && case["reasonEn"].as_str().unwrap().contains("not yet done"), "{case}");
    }
    assert_eq!(deadlines(&data, &["--status", "overdue"])["total"], 0);
    let due = |more: &[&str]| deadlines(&data, &[&["--rule", "ART-10-2", "--status", "due"], more].concat())["total"].clone();
    assert_eq!((due(&["--within", "9000 hours"]), due(&["--within", "9000-hours"])), (due(&[]), due(&[])));
    assert_eq!(due(&["--within", "1 hour"]), 0);
    assert_eq!(deadlines(&data, &["--known-at", "2026-01-01"])["total"], 0, "nothing had happened");
    let one = &open["deadlines"][0];
    let (register, code) = (one["register"].as_str().unwrap(), one["code"].as_str().unwrap());
    assert_eq!(deadlines(&data, &["--register", register, "--code", code, "--rule", "ART-10-2"])["total"], 1);
    let words = on(&data, &["deadlines", "--strict"]).ok().out;
    assert!(words.contains("时限 deadlines") && words.contains("ART-10-2") && words.contains(code), "{words}");
}

/// A register whose receipts begin before all of its approvals: what was not shown since was not shown.
fn keeps_receipts(data: &Path) {
    let past = "2000-01-01T00:00:00Z".parse().unwrap();
    let showing = Showing {
        entry: EntryName::new(Register::Item, "SHOWN-THEN".parse().unwrap()),
        revision: 1,
        content_hash: Hash::of_bytes(b"shown"),
        published_at: past,
        served_at: past,
        witness: Witness::Commit,
        sight: None,
    };
    let calendar = Calendar::shipped().known_at(past).into();
    let command = Record { channel: Channel::Online, showings: vec![showing], calendar, rules: Rules::of_rulebook().into() };
    let circumstances = Circumstances::of_import(past, ActorId::new("test"), Uuid::from_u128(1));
    let code = Receipts::code_of(Channel::Online);
    let request = RequestTo { code, expected: ExpectedVersion::Any, command, circumstances };
    let journal = SqliteJournal::open(&data.join("journal.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(transact_on::<Receipts>(&journal, request, Budget::default())).unwrap();
    assert!(matches!(outcome, OutcomeOf::Applied(_)));
}

#[test]
fn a_register_that_was_never_served_does_not_begin_with_a_list_of_what_nobody_can_know() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["demo"]).ok();
    assert_eq!(deadlines(&data, &["--rule", "ART-10-2", "--status", "overdue"])["total"], 0);
    on(&data, &["deadlines", "--rule", "ART-10-2", "--strict"]).ok();
    // Its evidence says no more than that.
    let (zip, unpacked) = (folder.path().join("e.zip"), folder.path().join("e"));
    on(&data, &["evidence", REVISED, "--out", zip.to_str().unwrap()]).ok();
    if skipped() {
        return;
    }
    super::evidence::unpacked(&zip, &unpacked);
    let facts: Value = serde_json::from_slice(&fs::read(unpacked.join("calendar.json")).unwrap()).unwrap();
    let statuses: Vec<_> = facts["deadlines"].as_array().unwrap().iter().map(|deadline| deadline["status"].clone()).collect();
    assert!(!statuses.is_empty() && statuses.iter().all(|status| *status == "UNKNOWN" || *status == "DUE"), "{statuses:?}");
    assert!(checked(&unpacked).1, "{}", checked(&unpacked).2);
}

#[test]
fn all_that_is_overdue_counts_also_what_is_not_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["demo"]).ok();
    keeps_receipts(&data);
    let total = deadlines(&data, &["--rule", "ART-10-2", "--status", "overdue"])["total"].as_u64().unwrap();
    assert!(total > 100, "{total}");
    let words = format!("{total} deadlines are overdue");
    for more in [&["--json"][..], &[], &["--all"], &["--all", "--json"], &["--status", "overdue"]] {
        let ran = on(&data, &[&["deadlines", "--rule", "ART-10-2", "--strict"], more].concat());
        assert!(more.contains(&"--json") || ran.out.contains("the first 100 of "), "{}", ran.out);
        ran.failed(&[&words]);
    }
    on(&data, &["deadlines", "--rule", "ART-10-2", "--status", "in-time", "--strict"]).ok();
}

/// On a cluster with the views in a real Redis: what is reported at one node is told by another, in the figures and by the command line.
#[test]
fn deadlines_are_told_on_a_cluster_with_redis() {
    let work = tempfile::tempdir().unwrap();
    let Some(redis) = started(work.path(), &[]) else {
        println!("SKIPPED deadlines with Redis: there is none");
        return;
    };
    let (cluster, issuer) = (Cluster::single(), Issuer::start());
    let list = work.path().join("list.xlsx");
    power_list(&list, "2024", &LINES[..1]);
    let on_cluster = |arguments: &[&str]| run(command().env("TONGYUAN_JOURNAL", cluster.url()).args(arguments));
    on_cluster(&["init"]).ok();
    on_cluster(&["import", list.to_str().unwrap()]).ok();
    let node = |role: &str| {
        let place = ["--journal", &cluster.url(), "--views", &redis.address(), "--role", role];
        Server::start(command().args(["serve", "--listen", "127.0.0.1:0"]).args(place).args(issuer.flags()))
    };
    let (all, reader) = (node("all"), node("reader"));
    for server in [&all, &reader] {
        until("readiness", || ready(server));
    }
    let code = reader.ask("{ registry { items(first: 1) { nodes { code } } } }")["registry"]["items"]["nodes"][0]["code"].clone();
    let report = "mutation ($input: ReportInaccuracyInput!) { reportInaccuracy(input: $input) { status report refusal { code } } }";
    let input = json!({ "input": { "commandId": uuid(), "register": "ITEM", "code": code, "words": "名称写错了" } });
    let token = issuer.token("p-clerk", &["clerk"]);
    let told = all.asked(Some(&token), report, &input);
    assert_eq!(told["data"]["reportInaccuracy"]["status"], "APPLIED", "{told}");
    let query = "{ deadlines(first: 9, filter: { rule: \"ART-7\" }) { totalCount nodes { status code report { words } } } }";
    let audit = issuer.token("p-audit", &["auditor"]);
    let seen = reader.asked(Some(&audit), query, &json!({}));
    assert_eq!(seen["data"]["deadlines"]["totalCount"], 1, "{seen}");
    assert_eq!(seen["data"]["deadlines"]["nodes"][0]["report"]["words"], "名称写错了");
    assert_eq!(reader.asked(None, query, &json!({}))["data"]["deadlines"]["totalCount"], 0, "not for everybody");
    let figures = || reader.get("/metrics").1;
    until("the figures of deadlines", || figures().contains("tongyuan_deadlines_due{rule=\"ART-10-2\"} "));
    let figures = figures();
    assert!(!figures.contains("ART-7") && !figures.contains("ART-8"), "how many are reported or drafted is nobody's to know: {figures}");
    assert!(figures.contains("tongyuan_deadlines_overdue{rule=\"ART-10-2\"} 0"), "{figures}");
    let told = on_cluster(&["deadlines", "--rule", "ART-7", "--json"]).ok().json();
    assert_eq!((&told["total"], &told["deadlines"][0]["code"]), (&json!(1), &code));
}

#[test]
fn a_node_warns_of_each_deadline_once_before_it_is_over() {
    warns_once("9000 hours", 0);
}

/// As many working days reach into a year without a notice, whenever this runs.
#[test]
fn a_lead_into_an_unknown_year_silences_no_warning() {
    warns_once("900 working days", 1);
}

/// A node with a lead warns once of what was reported, and says so often that the lead cannot be reckoned.
fn warns_once(lead: &str, unknown: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (data, issuer) = (register(folder.path(), 1), Issuer::start());
    // Whatever is due within so long a time is near.
    let serve = |log: &Path| {
        let mut serve = command();
        serve.arg("--data").arg(&data).args(["serve", "--listen", "127.0.0.1:0", "--deadline-lead", lead, "--log-format", "json"]);
        Server::logged(serve.args(issuer.flags()), fs::File::create(log).unwrap())
    };
    let mut first = serve(&folder.path().join("first"));
    until("readiness", || ready(&first));
    let code = first.ask("{ registry { items(first: 1) { nodes { code } } } }")["registry"]["items"]["nodes"][0]["code"].clone();
    let report = "mutation ($input: ReportInaccuracyInput!) { reportInaccuracy(input: $input) { status } }";
    let input = json!({ "input": { "commandId": uuid(), "register": "ITEM", "code": code, "words": "名称写错了" } });
    let told = first.asked(Some(&issuer.token("p-clerk", &["clerk"])), report, &input);
    assert_eq!(told["data"]["reportInaccuracy"]["status"], "APPLIED", "{told}");
    first.terminate();
    assert!(first.ended().success());
    if deadlines(&data, &["--rule", "ART-7", "--status", "due"])["total"] == 0 {
        println!("SKIPPED the warning: no notice of the year of the next working day is known");
        return;
    }
    let log = folder.path().join("second");
    let mut second = serve(&log);
    let warned = || -> Vec<Value> {
        let text = fs::read_to_string(&log).unwrap();
        let lines = text.lines().filter(|line| line.contains("a deadline comes near its end") && line.ends_with('}'));
        lines.map(|line| serde_json::from_str(line).unwrap()).filter(|line: &Value| line["rule"] == "ART-7").collect()
    };
    until("the warning", || !warned().is_empty());
    assert_eq!((&warned()[0]["level"], &warned()[0]["about"]), (&json!("WARN"), &json!(format!("item-{}", code.as_str().unwrap()))));
    assert!(warned()[0]["reason"].as_str().unwrap().starts_with("due before "), "{}", warned()[0]);
    second.terminate();
    assert!(second.ended().success());
    assert_eq!(warned().len(), 1, "once");
    let text = fs::read_to_string(&log).unwrap();
    assert_eq!(text.matches("runs into a year without a notice").count(), unknown, "{text}");
}
