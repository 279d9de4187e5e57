//! A register in an EventStoreDB cluster, by the protocol double: every command that opens a journal, and moving one.

use std::{fs, path::Path};

use double::{Cluster, How, Options, When};
use serde_json::{Value, json};

use super::{
    books::{LINES, power_list},
    process::{Ran, Server, command, on, run, until},
};

/// Runs the binary on the register of a cluster, which it is told by the environment.
fn at(cluster: &Cluster, arguments: &[&str]) -> Ran {
    run(command().env("TONGYUAN_JOURNAL", cluster.url()).args(arguments))
}

/// How many documents the views have. Their digests differ between stores, as the positions in them do.
fn documents(ran: Ran) -> Value {
    ran.ok().json()["documents"].clone()
}

#[test]
fn every_command_works_on_a_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    power_list(&list, "2024", &LINES);
    let list = list.to_str().unwrap();
    let cluster = Cluster::of(3, Options::default());

    // What serves or reads founds nothing, and says how one begins.
    for verb in [&["serve", "--listen", "127.0.0.1:0"][..], &["show", "item", "X"], &["history", "item", "X"], &["rebuild"]] {
        at(&cluster, verb).failed(&["tongyuan init", "esdb://127.0.0.1:"]);
    }
    assert!(cluster.events("register-").is_empty());
    assert_eq!(at(&cluster, &["import", list, "--dry-run", "--json"]).ok().json()["adopted"], 4);
    assert!(cluster.events("register-").is_empty());

    assert!(at(&cluster, &["init"]).ok().out.contains("tongyuan import --journal esdb://"));
    at(&cluster, &["init"]).failed(&["already"]);
    assert_eq!(at(&cluster, &["import", list, "--json"]).ok().json()["adopted"], 4);
    let server = Server::start(command().args(["serve", "--listen", "127.0.0.1:0", "--journal", &cluster.url()]));
    until("readiness", || server.get("/readyz").0 == 200);
    let total = || server.ask("{ registry { items(first: 1) { totalCount } } }")["registry"]["items"]["totalCount"].clone();
    assert_eq!(total(), 4);
    // An import by another process is shown; so is one after the leader has changed.
    cluster.lead(1);
    let mut lines = LINES;
    lines[0][2] = "《东海市取水管理条例》第六条";
    let second = folder.path().join("2025.xlsx");
    power_list(&second, "2025", &lines);
    assert_eq!(at(&cluster, &["import", second.to_str().unwrap(), "--json"]).ok().json()["revised"], 1);
    until("the revision shown", || {
        let query = "{ registry { items(filter: { text: \"取水许可\" }, first: 1) { nodes { code legalBases { article } } } } }";
        server.ask(query)["registry"]["items"]["nodes"][0]["legalBases"][0]["article"] == "第六条"
    });
    let code = server.ask("{ registry { items(filter: { text: \"取水许可\" }, first: 1) { nodes { code } } } }");
    let code = code["registry"]["items"]["nodes"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(at(&cluster, &["history", "item", &code, "--json"]).ok().json().as_array().unwrap().len(), 2);
    assert_eq!(at(&cluster, &["show", "item", &code, "--json"]).ok().json()["code"], code.as_str());
    assert_eq!(at(&cluster, &["rebuild", "--check", "--json"]).ok().json()["equal"], true);

    // What changes the register from the command line changes it here; what only looks writes nothing, not even a reservation.
    let events = || cluster.events("").len();
    let before = events();
    assert_eq!(at(&cluster, &["check", "item", "--json"]).ok().json()["checked"], 4);
    let agency = server.ask("{ registry { agencies(first: 1) { nodes { code } } } }")["registry"]["agencies"]["nodes"][0]["code"].clone();
    let plan = folder.path().join("plan.csv");
    fs::write(&plan, format!("原机构,承接机构,承接机构名称,层级\n{},,东海市水利局,市级\n", agency.as_str().unwrap())).unwrap();
    let reform = ["reform", "--plan", plan.to_str().unwrap(), "--effective", "2035-01-01", "--document", "东政发〔2098〕9号", "--json"];
    let would = at(&cluster, &[&reform[..], &["--dry-run"]].concat()).ok().json();
    assert_eq!(events(), before, "nothing is written by looking");
    let done = at(&cluster, &reform).ok().json();
    assert_eq!((&would["total"], &done["total"]), (&json!({ "changed": 6, "unchanged": 0, "refused": 0 }), &would["total"]));
    assert_eq!(at(&cluster, &reform).ok().json()["total"], json!({ "changed": 0, "unchanged": 6, "refused": 0 }));
    let repealed = at(&cluster, &["repeal", "item", &code, "--reason", "法律修订", "--json"]).ok().json();
    assert_eq!(repealed["entries"][0]["outcome"], "repealed");
    assert_eq!(at(&cluster, &["history", "item", &code, "--json"]).ok().json().as_array().unwrap().len(), 4);
    until("the repeal shown", || total() == 3);
    // Accounts are of one machine; a cluster has none, so nobody drafts from here. That is told before anything is read.
    let before = events();
    let drafts = ["import", second.to_str().unwrap(), "--as-drafts", "--drafter", "li", "--password-stdin"];
    at(&cluster, &drafts).failed(&["has no accounts", "--oidc-issuer"]);
    assert_eq!(events(), before);
    assert_eq!(at(&cluster, &["rebuild", "--check", "--json"]).ok().json()["equal"], true);
}

#[test]
fn a_node_with_views_in_memory_outlives_an_outage_of_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    power_list(&list, "2024", &LINES);
    let cluster = Cluster::single();
    at(&cluster, &["init"]).ok();
    let server = Server::start(command().args(["serve", "--listen", "127.0.0.1:0", "--journal", &cluster.url()]));
    let ready = || server.get("/readyz");
    let total = || server.ask("{ registry { items(first: 1) { totalCount } } }")["registry"]["items"]["totalCount"].clone();
    until("readiness", || ready().0 == 200);
    cluster.node(0).kill();
    until("the outage told", || ready().0 == 503);
    assert!(ready().1.contains("日志暂时无法读取") && ready().1.contains("is tried again"), "{}", ready().1);
    assert_eq!(total(), 0, "readers keep what they have");
    cluster.node(0).restart();
    at(&cluster, &["import", list.to_str().unwrap()]).ok();
    until("the import shown", || total() == 4);
    assert_eq!(ready().0, 200);
}

#[test]
fn the_sample_is_the_same_on_a_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::single();
    let first = at(&cluster, &["demo", "--json"]).ok().json();
    assert_eq!(first["acts"], first["done"]);
    assert_eq!(at(&cluster, &["demo", "--json"]).ok().json()["done"], 0);
    let data = folder.path().join("data");
    let (from, to) = (cluster.url(), data.display().to_string());
    let copied = run(command().args(["journal", "copy", "--from", &from, "--to", &to, "--json"])).ok().json();
    assert_eq!(
        (&copied["events"], &copied["verified"]),
        (&json!(cluster.events("").iter().filter(|e| is_of_register(&e.stream)).count()), &json!(true))
    );
    assert_eq!(documents(on(&data, &["rebuild", "--json"])), documents(at(&cluster, &["rebuild", "--json"])));
    // What is told of it and what goes out of it is the same from either.
    for told in [&["check", "--strict", "--json"][..], &["abolished", "LLCL-042", "--json"]] {
        assert_eq!(at(&cluster, told).ok().out, on(&data, told).ok().out, "{told:?}");
    }
    let export = |name: &str, ran: &dyn Fn(&[&str]) -> Ran| {
        let out = folder.path().join(name);
        assert_eq!(ran(&["export", "catalogue", "--out", out.to_str().unwrap(), "--json"]).ok().json()["written"], 14);
        fs::read_to_string(out).unwrap()
    };
    assert_eq!(export("cluster.csv", &|arguments| at(&cluster, arguments)), export("data.csv", &|arguments| on(&data, arguments)));
}

fn is_of_register(stream: &str) -> bool {
    ["agency-", "item-", "guide-", "material-", "openness-"].iter().any(|prefix| stream.starts_with(prefix))
}

fn copy(from: &Path, to: &Cluster) -> Ran {
    run(command().arg("journal").arg("copy").arg("--from").arg(from).args(["--json", "--to", &to.url()]))
}

#[test]
fn an_interrupted_copy_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("list.xlsx"));
    power_list(&list, "2024", &LINES);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let cluster = Cluster::single();
    // The node dies in the middle, after it wrote and before it answered.
    cluster.fail_append("item-", When::Before, How::Aborted);
    cluster.fail_append("item-", When::After, How::Kill);
    copy(&data, &cluster).failed(&["续传", "give the same command again"]);
    let there = cluster.events("").iter().filter(|event| is_of_register(&event.stream)).count();
    assert!(there > 0);
    cluster.node(0).restart();
    let copied = copy(&data, &cluster).ok().json();
    assert_eq!(copied["there"], there);
    let again = copy(&data, &cluster).ok().json();
    assert_eq!((&again["appended"], &again["there"]), (&json!(0), &copied["events"]));
    assert_eq!(documents(on(&data, &["rebuild", "--json"])), documents(at(&cluster, &["rebuild", "--json"])));

    // Another register is no target.
    let other = folder.path().join("other");
    on(&other, &["demo"]).ok();
    copy(&other, &cluster).failed(&["目标与源", "differs"]);
    copy(&folder.path().join("none"), &cluster).failed(&["no journal"]);
}

#[test]
fn credentials_are_never_printed() {
    let credentials = Some(("ops".to_owned(), "s3cret".to_owned()));
    let cluster = Cluster::of(1, Options { credentials, ..Options::default() });
    let url = cluster.url().replace("esdb://", "kurrentdb://ops:s3cret@");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.toml");
    fs::write(&file, format!("journal = \"{url}\"\nlog = \"trace\"\n")).unwrap();
    let with = |arguments: &[&str]| run(command().arg("--config").arg(&file).args(arguments));
    let wrong = cluster.url().replace("esdb://", "esdb://ops:wr0ng@");
    for ran in [with(&["init"]).ok(), with(&["rebuild"]).ok(), run(command().args(["rebuild", "--log", "trace", "--journal", &wrong]))] {
        // Nor as they go over the wire.
        for secret in ["s3cret", "wr0ng", "b3BzOnMzY3JldA", "b3BzOndyMG5n"] {
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{secret}: {ran:?}");
        }
    }
    run(command().args(["rebuild", "--journal", &wrong])).failed(&["access was denied", "无权限"]);
}

/// What failed is told once, in our words. The client's, of which it has many, are there for whoever asks for them.
#[test]
fn a_cluster_that_is_not_there_is_told_without_the_log_of_the_client() {
    let cluster = Cluster::single();
    cluster.node(0).kill();
    let quiet = at(&cluster, &["history", "item", "X"]).failed(&["无法连接", "cannot be reached"]);
    assert!(!quiet.err.contains("ERROR") && !quiet.err.contains("kurrentdb::"), "{quiet:?}");
    let asked = at(&cluster, &["history", "item", "X", "--log", "error"]);
    assert!(asked.err.contains("ERROR") && asked.err.contains("kurrentdb::"), "{asked:?}");
}

#[test]
fn a_file_is_a_journal_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a/register.db");
    let with = |arguments: &[&str]| run(command().arg("--journal").arg(&file).args(arguments));
    with(&["rebuild"]).failed(&["no journal", "register.db"]);
    with(&["init"]).ok();
    assert!(file.exists());
    assert_eq!(with(&["rebuild", "--json"]).ok().json()["documents"], 0);
}
