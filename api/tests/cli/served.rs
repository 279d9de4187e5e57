//! The server as a process: readiness, imports by other processes, and its end.

use std::{
    io::Write,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    books::{LINES, power_list},
    process::{Server, answer, head, on, until},
};

const QUERY: &str = "{\"query\":\"{ registry { channel } }\"}";

#[test]
fn an_import_by_another_process_is_shown_on_both_channels() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("list.xlsx"));
    on(&data, &["init"]).ok();
    let server = Server::of(&data);
    let total = |channel: &str| server.ask(&format!("{{ registry(channel: {channel}) {{ items(first: 1) {{ totalCount }} }} }}"));
    assert_eq!(total("ONLINE")["registry"]["items"]["totalCount"], 0);
    power_list(&list, "2024", &LINES);
    let import = thread::scope(|scope| {
        let import = scope.spawn(|| on(&data, &["import", list.to_str().unwrap(), "--json"]).ok());
        until("the import shown on both channels", || {
            ["ONLINE", "COUNTER"].iter().all(|channel| total(channel)["registry"]["items"]["totalCount"] == 4)
        });
        (import.join().unwrap(), Instant::now())
    });
    let mut lines = LINES;
    lines[0][2] = "《东海市取水管理条例》第六条";
    power_list(&list, "2025", &lines);
    on(&data, &["import", list.to_str().unwrap(), "--json"]).ok();
    let acknowledged = Instant::now();
    let shown = until("the revision shown on both channels", || {
        ["ONLINE", "COUNTER"].iter().all(|channel| {
            let query = format!("{{ registry(channel: {channel}) {{ items(filter: {{ text: \"取水许可\" }}, first: 1) {{ nodes {{ legalBases {{ article }} }} }} }} }}");
            server.ask(&query)["registry"]["items"]["nodes"][0]["legalBases"][0]["article"] == "第六条"
        })
    });
    println!("MEASURED both channels showed the revision {shown:?} after the other process had ended ({:?} since)", acknowledged.elapsed());
    assert_eq!(import.0.json()["adopted"], 4);
    // Both channels from one position.
    let both = server.ask("{ a: registry { position } b: registry(channel: COUNTER) { position } }");
    assert_eq!(both["a"], both["b"]);
}

#[test]
fn it_ends_when_it_is_told_to_and_answers_the_request_under_way() {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["demo"]).ok();
    let mut server = Server::of(folder.path());
    let mut under_way = server.connect().unwrap();
    under_way.write_all(head(QUERY.len()).as_bytes()).unwrap();
    under_way.write_all(&QUERY.as_bytes()[..10]).unwrap();
    // An answer on a later connection tells that the server has met the earlier one.
    assert_eq!(server.get("/healthz").0, 200);
    server.terminate();
    until("no new connections", || server.connect().is_err());
    under_way.write_all(&QUERY.as_bytes()[10..]).unwrap();
    let (status, body) = answer(under_way);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body), (200, json!({ "data": { "registry": { "channel": "ONLINE" } } })));
    assert_eq!(server.ended().code(), Some(0));
}

#[test]
fn it_ends_at_once_when_nothing_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["init"]).ok();
    let mut server = Server::of(folder.path());
    server.terminate();
    let begun = Instant::now();
    assert_eq!(server.ended().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    // What it kept open is closed: the register is whole.
    on(folder.path(), &["rebuild", "--check"]).ok();
}

#[test]
fn a_client_that_never_finishes_its_request_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["init"]).ok();
    let server = Server::of(folder.path());
    let mut slow = server.connect().unwrap();
    slow.write_all(head(QUERY.len()).as_bytes()).unwrap();
    slow.write_all(&QUERY.as_bytes()[..10]).unwrap();
    let begun = Instant::now();
    let (status, body) = answer(slow);
    println!("MEASURED a request that is never finished was answered {status} after {:?}", begun.elapsed());
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (504, &json!("LIMIT_EXCEEDED")));
    assert_eq!(server.get("/healthz").0, 200);
}

#[test]
fn two_servers_may_serve_one_register() {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["demo"]).ok();
    let (first, second) = (Server::of(folder.path()), Server::of(folder.path()));
    let query = "{ registry { position items(first: 100) { totalCount nodes { code revision { contentHash } } } } }";
    // Both write receipts of what they show; when there are no more to write they are at one place, and what they show was the same all the while.
    let same = || {
        let (first, second) = (first.ask(query), second.ask(query));
        assert_eq!(first["registry"]["items"], second["registry"]["items"]);
        first == second
    };
    until("all receipts", || same() && on(folder.path(), &["parity", "--json"]).ok().json()["receipts"]["missing"] == 0);
    until("the same place", same);
}
