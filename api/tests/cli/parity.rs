//! Both channels compared by command, the receipts of what a server shows, and its figures.

use projections::contract::server::Server as Redis;
use serde_json::{Value, json};

use super::{
    books::{LINES, power_list},
    nodes::{node, ready, started},
    process::{Server, command, on, until},
    rebuilt::tell,
};

fn figure(server: &Server, name: &str) -> Option<f64> {
    let (_, text) = server.get("/metrics");
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

fn code_of_an_item(server: &Server) -> String {
    let said = server.ask("{ registry { items(first: 1) { nodes { code } } } }");
    said["registry"]["items"]["nodes"][0]["code"].as_str().unwrap().to_owned()
}

fn receipts(server: &Server, code: &str) -> Value {
    let query = format!(
        "{{ entry(register: ITEM, code: \"{code}\") {{ receipts {{ channel revision contentHash inTime standing witness }} revisions(first: 9) {{ nodes {{ contentHash }} }} }} }}"
    );
    server.ask(&query)["entry"].clone()
}

#[test]
fn a_server_writes_receipts_of_what_it_shows_and_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let list = folder.path().join("2024.xlsx");
    power_list(&list, "2024", &LINES[..2]);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let before = on(&data, &["parity", "--json"]).ok().json();
    assert_eq!((&before["equal"], &before["receipts"]["written"]), (&json!(true), &json!(0)), "{before}");
    let shown = before["receipts"]["missing"].as_u64().unwrap();
    assert!(shown >= 6, "{before}");

    let server = Server::start(command().arg("--data").arg(&data).args(["serve", "--listen", "127.0.0.1:0"]));
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    until("receipts", || figure(&server, "tongyuan_receipts") == Some(shown as f64));
    let code = code_of_an_item(&server);
    let entry = receipts(&server, &code);
    let hash = &entry["revisions"]["nodes"][0]["contentHash"];
    let of = |channel: &str| json!({ "channel": channel, "revision": 1, "contentHash": hash, "inTime": true, "standing": "IN_TIME", "witness": "FOUND" });
    assert_eq!(entry["receipts"], json!([of("ONLINE"), of("COUNTER")]), "{entry}");

    // What comes while it serves is seen as it comes.
    power_list(&list, "2025", &LINES);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    until("the receipts of what came", || on(&data, &["parity", "--json"]).ok().json()["receipts"]["missing"] == 0);
    let told = on(&data, &["parity"]).ok();
    assert!(
        told.out.contains("一致 equal")
            && told.out.contains("逾期 late 0，未知 unknown 0；")
            && told.out.contains("missing of what is shown 0"),
        "{told:?}"
    );
    assert_eq!(figure(&server, "tongyuan_parity_differing_entries"), Some(0.0));
    assert_eq!(figure(&server, "tongyuan_receipts_pending"), Some(0.0));
    until("a round of all entries", || figure(&server, "tongyuan_parity_rounds") > Some(0.0));
    drop(server);

    // Started again it has nothing to write.
    let written = on(&data, &["parity", "--json"]).ok().json();
    let sum: u64 = ["inTime", "late", "unknown"].iter().map(|state| written["receipts"][state].as_u64().unwrap()).sum();
    assert_eq!(written["receipts"]["written"].as_u64(), Some(sum), "each receipt is one of the three");
    let server = Server::start(command().arg("--data").arg(&data).args(["serve", "--listen", "127.0.0.1:0"]));
    until("readiness", || figure(&server, "tongyuan_parity_rounds") > Some(0.0));
    let again = on(&data, &["parity", "--json"]).ok().json();
    assert_eq!((&again["position"], &again["receipts"]), (&written["position"], &written["receipts"]));
}

#[test]
fn views_that_were_changed_by_hand_are_told_and_fail_the_command() {
    let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let Some(redis): Option<Redis> = started(work.path(), &[]) else { return };
    let list = folder.path().join("2024.xlsx");
    power_list(&list, "2024", &LINES);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let views = redis.address();
    let parity = |arguments: &[&str]| on(&data, &[&["parity", "--views", &views], arguments].concat());
    parity(&[]).failed(&["there are no views yet"]);
    let (projector, reader) = (node(&data, &redis, "projector"), node(&data, &redis, "reader"));
    until("readiness", || ready(&reader));
    until("receipts", || parity(&["--json"]).ok().json()["receipts"]["missing"] == 0);
    let code = code_of_an_item(&reader);
    assert_eq!(receipts(&reader, &code)["receipts"].as_array().map(Vec::len), Some(2), "a reader tells what the projector wrote");
    assert_eq!(figure(&reader, "tongyuan_receipts"), None, "what it does not write it does not count");
    let generation = tell(&redis, &["GET", "tongyuan:live"]).lines().nth(1).unwrap().to_owned();
    let spoil = "for _, code in ipairs(redis.call('HKEYS', KEYS[1])) do local raw = redis.call('HGET', KEYS[1], code); \
         redis.call('HSET', KEYS[1], code, (string.gsub(raw, '取水许可', '取火许可'))) end";
    tell(&redis, &["EVAL", spoil, "1", &format!("tongyuan:{generation}:d:item")]);
    let failed = parity(&[]).failed(&["the channels differ in 2 places"]);
    assert!(failed.out.contains("what is shown is not what the hash is of"), "{failed:?}");
    let told = on(&data, &["parity", "--views", &views, "--json"]);
    assert_eq!((told.code, &told.json()["equal"]), (Some(1), &json!(false)));
    until("the alarm", || figure(&projector, "tongyuan_parity_differing_entries") == Some(1.0));
}
