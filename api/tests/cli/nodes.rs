//! Several nodes on one register: one projects into a Redis, the others answer from it.

use std::{path::Path, process::Command};

use double::Cluster;
use projections::contract::server::Server as Redis;
use serde_json::{Value, json};

use super::{
    books::{LINES, power_list},
    issuer::Issuer,
    process::{Server, command, on, run, until},
};

/// A node of a role.
pub fn node(data: &Path, redis: &Redis, role: &str) -> Server {
    Server::start(command().arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0", "--views", &redis.address(), "--role", role]))
}

pub fn total(server: &Server) -> Value {
    server.ask("{ registry { items(first: 1) { totalCount } } }")["registry"]["items"]["totalCount"].clone()
}

pub fn ready(server: &Server) -> bool {
    server.get("/readyz").0 == 200
}

/// Waits until a projector has written down all that it showed: one that is stopped while it writes keeps everybody from writing.
fn settled(data: &Path, redis: &Redis) {
    let parity = || on(data, &["parity", "--views", &redis.address(), "--json"]).ok().json();
    until("all receipts", || parity()["receipts"]["missing"] == 0);
}

/// Imports a list of so many of the lines, in an edition of its own.
pub fn import(data: &Path, folder: &Path, edition: &str, lines: usize) {
    let list = folder.join(format!("{edition}.xlsx"));
    power_list(&list, edition, &LINES[..lines]);
    on(data, &["import", list.to_str().unwrap()]).ok();
}

/// The same; returns where the views have to be to show it.
fn import_to(data: &Path, folder: &Path, edition: &str, lines: usize) -> String {
    let list = folder.join(format!("{edition}.xlsx"));
    power_list(&list, edition, &LINES[..lines]);
    let summary = on(data, &["import", list.to_str().unwrap(), "--json"]).ok().json();
    summary["position"].as_str().unwrap_or_else(|| panic!("{summary}")).to_owned()
}

pub fn started(folder: &Path, settings: &[&str]) -> Option<Redis> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Redis::start(folder, settings)).unwrap()
}

#[test]
fn one_projects_two_answer_and_another_takes_over() {
    let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let Some(mut redis) = started(work.path(), &[]) else { return };
    import(&data, folder.path(), "2023", 1);
    let readers = [node(&data, &redis, "reader"), node(&data, &redis, "reader")];
    assert_eq!((readers[0].get("/healthz").0, readers[0].get("/readyz").0), (200, 503), "there are no views yet");
    let first = node(&data, &redis, "projector");
    for reader in &readers {
        until("readiness of a reader", || ready(reader));
        assert_eq!(total(reader), 1);
    }
    assert_eq!(first.get("/graphql?query=%7B__typename%7D").0, 404, "a projector answers nothing but health");
    import(&data, folder.path(), "2024", 3);
    for reader in &readers {
        until("the import shown by a reader", || total(reader) == 3);
    }

    // The projector sleeps beyond its lease; another goes on, and the first finds that it does not lead any more.
    settled(&data, &redis);
    first.signal("STOP");
    let second = node(&data, &redis, "all");
    import(&data, folder.path(), "2025", LINES.len());
    until("the work of the second projector", || total(&readers[0]) == LINES.len());
    first.signal("CONT");
    until("the first projector", || ready(&first));
    // Another node may answer from a snapshot of some milliseconds ago, unless it is told what was seen already.
    let query = "{ registry { position items(first: 1) { totalCount } } }";
    let shown = readers[0].ask(query);
    let (status, _, answer) = second.ask_at(shown["registry"]["position"].as_str().unwrap(), query);
    // At that place or, by receipts, behind it.
    let items = |shown: &Value| shown["registry"]["items"].clone();
    assert_eq!((status, items(&answer["data"])), (200, items(&shown)), "{answer}");
    assert!(answer["data"]["registry"]["position"].as_str() >= shown["registry"]["position"].as_str(), "{answer}");

    // Without the Redis nobody answers; emptied, it is filled again and nobody is shown less meanwhile.
    let query = "{ registry { position items(first: 10) { nodes { code name revision { number contentHash } } } } }";
    let before = readers[1].ask(query);
    let port = redis.port;
    redis.kill();
    for server in [&readers[0], &readers[1], &second] {
        until("the loss noticed", || !ready(server));
        assert_eq!(server.get("/graphql?query=%7Bregistry%7Bchannel%7D%7D").0, 503);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _redis = runtime.block_on(Redis::start_on(port, work.path(), &[])).unwrap();
    for server in [&readers[0], &readers[1], &second] {
        until("the views built anew", || ready(server));
        // Receipts that were still to be written move the position, and nothing else.
        assert_eq!(server.ask(query)["registry"]["items"], before["registry"]["items"]);
    }
}

#[test]
fn what_was_imported_is_shown_by_every_node_to_whoever_names_its_position() {
    let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let Some(redis) = started(work.path(), &[]) else { return };
    on(&data, &["init"]).ok();
    let projector = node(&data, &redis, "projector");
    let readers = [node(&data, &redis, "reader"), node(&data, &redis, "reader")];
    for reader in &readers {
        until("readiness of a reader", || ready(reader));
    }
    let query = "{ registry { position items(first: 1) { totalCount } } }";
    for lines in 1..LINES.len() {
        let position = import_to(&data, folder.path(), &format!("{}", 2020 + lines), lines);
        for reader in &readers {
            let (status, from, body) = reader.ask_at(&position, query);
            assert_eq!((status, &body["data"]["registry"]["items"]["totalCount"]), (200, &lines.into()), "{body}");
            assert!(from.as_deref() >= Some(&position) && body["data"]["registry"]["position"] == from.unwrap(), "{body}");
        }
    }
    let figure = |server: &Server, name: &str| {
        let (status, text) = server.get("/metrics");
        assert!(status == 200 && text.ends_with("# EOF\n"), "{text}");
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok())
    };
    until("the last look", || figure(&readers[0], "tongyuan_views_lag_events") == Some(0.0));
    assert_eq!((figure(&projector, "tongyuan_leads"), figure(&readers[0], "tongyuan_leads")), (Some(1.0), None));
    assert_eq!(figure(&readers[0], "tongyuan_ready"), Some(1.0));
    until("a look for gaps", || figure(&readers[0], "tongyuan_views_gap_events").is_some());
    // Whatever the alarms of the operator's page ask for is told: a rule of what is not there never fires.
    let page = include_str!("../../../docs/operations.md");
    let rules = page.lines().filter_map(|line| line.trim().strip_prefix("- { alert: "));
    let asked_for = rules
        .flat_map(|rule| rule.split(|sign: char| !sign.is_ascii_lowercase() && sign != '_'))
        .filter(|word| word.starts_with("tongyuan_"))
        // Told only while something is due, as nothing is here.
        .filter(|word| *word != "tongyuan_deadlines_nearest_seconds");
    let (of_reader, of_projector) = (readers[0].get("/metrics").1, projector.get("/metrics").1);
    let told = |name: &str| [&of_reader, &of_projector].iter().any(|text| text.contains(&format!("# TYPE {name} ")));
    let (known, unknown): (Vec<_>, Vec<_>) = asked_for.partition(|name| told(name));
    assert!(known.len() > 15 && unknown.is_empty(), "{known:?} {unknown:?}");

    // While nobody projects it is refused, and then answered.
    settled(&data, &redis);
    projector.signal("STOP");
    let position = import_to(&data, folder.path(), "2030", LINES.len());
    let (status, from, body) = readers[0].ask_at(&position, query);
    assert_eq!((status, &body["errors"][0]["extensions"]["reason"]), (503, &"NOT_YET".into()), "{body}");
    assert!(from.as_deref() < Some(&position), "{from:?}");
    assert_eq!(total(&readers[0]), LINES.len() - 1, "whoever names no position is shown what is there");
    let lag = |server: &Server| serde_json::from_str::<Value>(&server.get("/readyz").1).unwrap()["lag"].clone();
    for reader in &readers {
        until("the lag seen", || lag(reader)["events"].as_u64() >= Some(1) && lag(reader)["seconds"].as_f64() > Some(1.0));
        assert!(figure(reader, "tongyuan_views_lag_seconds") > Some(1.0));
    }
    projector.signal("CONT");
    until("the answer at that position", || readers[0].ask_at(&position, query).0 == 200);
    assert_eq!(total(&readers[0]), LINES.len());
    until("no lag", || lag(&readers[0])["events"] == 0 && lag(&readers[0])["seconds"] == 0.0);
    // Of the checkpoint of the last round.
    until("the views held against the journal", || figure(&readers[0], "tongyuan_views_counted_events") > Some(4.0));
    assert_eq!(figure(&readers[0], "tongyuan_views_gap_events"), Some(0.0));
}

#[test]
fn a_reader_changes_nothing_and_says_which_node_does() {
    let work = tempfile::tempdir().unwrap();
    let Some(redis) = started(work.path(), &[]) else { return };
    let (cluster, issuer) = (Cluster::single(), Issuer::start());
    run(command().args(["init", "--journal", &cluster.url()])).ok();
    let node = |role| {
        let on = ["--journal", &cluster.url(), "--views", &redis.address(), "--role", role];
        Server::start(command().args(["serve", "--listen", "127.0.0.1:0"]).args(on).args(issuer.flags()))
    };
    let (all, reader) = (node("all"), node("reader"));
    for server in [&all, &reader] {
        until("readiness", || ready(server));
    }
    let head = format!("content-type: application/json\r\nauthorization: Bearer {}\r\n", issuer.token("p-d", &["drafter"]));
    let draft = "mutation { draft(input: { commandId: \"00000000-0000-0000-0000-00000000000a\", register: MATERIAL, content: { name: \"申请表\" } }) { status } }";
    let give = |server: &Server| {
        let (status, _, body) = server.send("POST /graphql", &head, &json!({ "query": draft }).to_string());
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let before = (cluster.events("").len(), cluster.appends());
    let (status, refused) = give(&reader);
    assert_eq!((status, &refused["errors"][0]["extensions"]["code"]), (503, &"UNAVAILABLE".into()), "{refused}");
    let words = refused["errors"][0]["message"].as_str().unwrap();
    assert!(words.contains("--role all 的节点 / ") && words.ends_with("to a node with --role all"), "{words}");
    assert_eq!((cluster.events("").len(), cluster.appends()), before, "not even an id is reserved");
    let (status, done) = give(&all);
    assert_eq!((status, &done["data"]["draft"]["status"]), (200, &"APPLIED".into()), "{done}");
    assert!(!cluster.events("id-").is_empty());
    // What both show is asked of the reader as ever.
    assert_eq!(total(&reader), 0);
}

/// Nodes answer from views whether there is a journal or not; whoever watches them is told that there is none.
#[test]
fn a_journal_that_says_nothing_is_told_by_every_node_and_readers_go_on_answering() {
    let work = tempfile::tempdir().unwrap();
    let Some(redis) = started(work.path(), &[]) else { return };
    let cluster = Cluster::single();
    run(command().args(["init", "--journal", &cluster.url()])).ok();
    let nodes = ["projector", "all", "reader"].map(|role| {
        let on = ["--journal", &cluster.url(), "--views", &redis.address(), "--role", role];
        Server::start(command().args(["serve", "--listen", "127.0.0.1:0"]).args(on))
    });
    let figure = |server: &Server, name: &str| {
        let text = server.get("/metrics").1;
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse::<f64>().ok())
    };
    let readiness = |server: &Server| {
        let (status, body) = server.get("/readyz");
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    for server in &nodes {
        until("the journal read", || figure(server, "tongyuan_journal_reachable") == Some(1.0));
        until("readiness", || ready(server));
        assert_eq!(readiness(server).1.get("journal"), None);
    }
    cluster.node(0).hang(true);
    for (server, role) in nodes.iter().zip(["projector", "all", "reader"]) {
        until("the silence noticed", || figure(server, "tongyuan_journal_reachable") == Some(0.0));
        assert!(figure(server, "tongyuan_journal_unread_seconds") > Some(1.0));
        let (status, told) = readiness(server);
        let words = told["journal"]["message"].as_str().unwrap();
        assert!(told["journal"]["unreadSeconds"].as_f64() > Some(1.0) && words.contains("the journal cannot be read"), "{told}");
        let answers = role != "projector";
        assert_eq!((status, told["ready"] == true), if answers { (200, true) } else { (503, false) }, "{role}: {told}");
        assert_eq!(figure(server, "tongyuan_ready"), Some(f64::from(u8::from(answers))));
        if answers {
            assert_eq!(total(server), 0, "it is answered from the views");
        } else {
            assert!(told["reason"].as_str().unwrap().contains("nothing is projected"), "{told}");
        }
    }
    cluster.node(0).hang(false);
    for server in &nodes {
        until("the journal read again", || figure(server, "tongyuan_journal_reachable") == Some(1.0));
        until("readiness", || ready(server));
        assert_eq!(readiness(server).1.get("journal"), None);
    }
}

#[test]
fn wrong_views_are_told_without_their_password() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["init"]).ok();
    let serve = |views: &str| on(&data, &["serve", "--listen", "127.0.0.1:0", "--views", views]);
    for wrong in ["redis:/u:s3cret@h", "http://u:s3cret@h/0", "redis+sentinel://u:s3cret@h:1"] {
        let ran = serve(wrong).failed(&["redis://host:port/0", "redis+sentinel://"]);
        assert!(!format!("{ran:?}").contains("s3cret"), "{ran:?}");
    }
    on(&data, &["serve", "--role", "reader"]).failed(&["--views"]);
    let help = run(command().env("TONGYUAN_VIEWS", "redis://u:s3cret@h").args(["serve", "--help"]));
    assert!(help.out.contains("redis+sentinel://") && !help.out.contains("s3cret"), "{help:?}");
    assert_eq!(run(Command::new(env!("CARGO_BIN_EXE_tongyuan")).args(["serve", "--role", "king"])).code, Some(2));
}
