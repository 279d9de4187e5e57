//! Several nodes on one register: one projects into a Redis, the others answer from it.

use std::{path::Path, process::Command};

use projections::contract::server::Server as Redis;
use serde_json::Value;

use super::{
    books::{LINES, power_list},
    process::{Server, command, on, run, until},
};

/// A node of a role.
fn node(data: &Path, redis: &Redis, role: &str) -> Server {
    Server::start(command().arg("--data").arg(data).args(["serve", "--listen", "127.0.0.1:0", "--views", &redis.address(), "--role", role]))
}

fn total(server: &Server) -> Value {
    server.ask("{ registry { items(first: 1) { totalCount } } }")["registry"]["items"]["totalCount"].clone()
}

fn ready(server: &Server) -> bool {
    server.get("/readyz").0 == 200
}

/// Imports a list of so many of the lines, in an edition of its own.
fn import(data: &Path, folder: &Path, edition: &str, lines: usize) {
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

fn started(folder: &Path, settings: &[&str]) -> Option<Redis> {
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
    assert_eq!((status, &answer["data"]), (200, &shown), "{answer}");

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
        assert_eq!(server.ask(query), before);
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

    // While nobody projects it is refused, and then answered.
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
