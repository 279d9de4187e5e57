//! Views that nodes share: held against a rebuild, and built anew while the nodes answer.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use projections::contract::server::Server as Redis;

use super::{
    books::{LINES, power_list},
    nodes::{node, ready, started},
    process::{Ends, Server, command, on, run, until},
};

/// Sends the Redis a command and returns what it answers, as it comes over the wire.
pub fn tell(redis: &Redis, words: &[&str]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", redis.port)).unwrap();
    write!(stream, "*{}\r\n", words.len()).unwrap();
    for word in words {
        write!(stream, "${}\r\n{word}\r\n", word.len()).unwrap();
    }
    write!(stream, "*1\r\n$4\r\nQUIT\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A node of a role that is ready.
fn ready_node(data: &Path, redis: &Redis, role: &str) -> Server {
    let server = node(data, redis, role);
    until("readiness", || ready(&server));
    server
}

#[test]
fn live_views_are_held_against_a_rebuild_and_built_anew_while_nodes_answer() {
    let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let Some(redis) = started(work.path(), &[]) else { return };
    let list = folder.path().join("2024.xlsx");
    power_list(&list, "2024", &LINES);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let views = redis.address();
    let rebuild = |arguments: &[&str]| on(&data, &[&["rebuild", "--views", &views], arguments].concat());
    rebuild(&["--check"]).failed(&["there are no views yet"]);

    let (all, reader) = (ready_node(&data, &redis, "all"), ready_node(&data, &redis, "reader"));
    let check = rebuild(&["--check", "--json"]).ok().json();
    assert_eq!((&check["equal"], &check["differences"]), (&true.into(), &serde_json::json!([])), "{check}");
    assert!(check["documents"].as_u64() > Some(4), "{check}");
    let generation = tell(&redis, &["GET", "tongyuan:live"]).lines().nth(1).unwrap().to_owned();
    let spoil = "for _, code in ipairs(redis.call('HKEYS', KEYS[1])) do local raw = redis.call('HGET', KEYS[1], code); \
         redis.call('HSET', KEYS[1], code, (string.gsub(raw, '取水许可', '取火许可'))) end";
    tell(&redis, &["EVAL", spoil, "1", &format!("tongyuan:{generation}:d:item")]);
    let failed = rebuild(&["--check"]).failed(&["tongyuan rebuild --views", "views differ in 2 places"]);
    let named: Vec<_> = failed.out.lines().map(|line| line.split_once(": ").unwrap()).collect();
    assert!(named.iter().all(|(place, what)| place.contains("/item/") && *what == "the bytes differ"), "{failed:?}");

    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) {
                let shown = reader.ask("{ registry { items(first: 1) { totalCount } } }");
                assert_eq!(shown["registry"]["items"]["totalCount"], LINES.len());
                answers += 1;
            }
            answers
        });
        let ends = Ends(&done);
        let built = rebuild(&["--json"]).ok().json();
        drop(ends);
        assert!(built["by"] == "leader" && built["generation"] != generation.as_str(), "{built}");
        assert!(asking.join().unwrap() > 3, "the reader was asked meanwhile");
    });
    assert!(rebuild(&["--check"]).ok().out.contains("equal"));

    // Where no node projects the command does; the file of settings may name the views.
    all.terminate();
    let settings = folder.path().join("t.toml");
    fs::write(&settings, format!("data = {data:?}\nviews = {views:?}\n")).unwrap();
    let with = |arguments: &[&str]| run(command().arg("--config").arg(&settings).arg("rebuild").args(arguments));
    assert_eq!(with(&["--json"]).ok().json()["by"], "here");
    assert!(with(&["--check"]).ok().out.contains("equal"));
    assert_eq!(reader.get("/readyz").0, 200);
    on(&data, &["rebuild", "--views", "http://u:s3cret@h/0"]).failed(&["redis://host:port/0"]);
}
