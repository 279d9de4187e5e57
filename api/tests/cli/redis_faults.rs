//! The Redis fails under nodes that serve: what `/graphql` and `/readyz` say meanwhile, and that all comes back by itself.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use projections::contract::server::Server as Redis;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    books::LINES,
    nodes::{import, node, ready, started},
    process::{Ends, Server, on, until},
    rebuilt::tell,
};

const QUERY: &str = "{ registry { position items(first: 10) { totalCount nodes { code name revision { number contentHash } } } } }";

/// A node that projects and answers, one that answers, and their Redis.
struct City {
    folder: TempDir,
    work: TempDir,
    redis: Redis,
    nodes: [Server; 2],
}

impl City {
    /// One that shows two lines of a list; `None` where there is no Redis to be had.
    fn start(settings: &[&str]) -> Option<Self> {
        let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let data = folder.path().join("data");
        on(&data, &["init"]).ok();
        let redis = started(work.path(), settings)?;
        let nodes = ["all", "reader"].map(|role| node(&data, &redis, role));
        let city = Self { folder, work, redis, nodes };
        city.import("2024", 2);
        city.show(2);
        Some(city)
    }

    fn import(&self, edition: &str, lines: usize) {
        import(&self.folder.path().join("data"), self.folder.path(), edition, lines);
    }

    /// Waits until all nodes are ready and show so many lines.
    fn show(&self, lines: usize) {
        for node in &self.nodes {
            until("what was imported", || asked(node, QUERY).1["data"]["registry"]["items"]["totalCount"] == lines);
            until("readiness", || ready(node));
        }
    }
}

fn readiness(node: &Server) -> (u16, Value) {
    let (status, body) = node.get("/readyz");
    (status, serde_json::from_str(&body).unwrap())
}

/// Status and body of an answer.
fn asked(node: &Server, query: &str) -> (u16, Value) {
    let (status, _, body) = node.send("POST /graphql", "content-type: application/json\r\n", &json!({ "query": query }).to_string());
    (status, serde_json::from_str(&body).unwrap())
}

/// An answer but for its position: receipts that are written meanwhile move that on, and nothing else.
fn without_position(mut answer: Value) -> Value {
    answer["registry"]["position"] = Value::Null;
    answer
}

#[test]
fn out_of_memory_nodes_answer_what_was_committed_and_say_how_far_they_are_behind() {
    let Some(city) = City::start(&[]) else { return };
    let before = city.nodes[1].ask(QUERY);
    tell(&city.redis, &["CONFIG", "SET", "maxmemory", "1"]);
    city.import("2025", LINES.len());
    for node in &city.nodes {
        let behind = || readiness(node).1["lag"].clone();
        until("the lag told", || behind()["events"].as_u64() >= Some(1) && behind()["seconds"].as_f64() > Some(1.0));
        assert_eq!(readiness(node).0, 200, "there is something to answer from");
        assert_eq!(without_position(node.ask(QUERY)), without_position(before.clone()));
    }
    tell(&city.redis, &["CONFIG", "SET", "maxmemory", "0"]);
    city.show(LINES.len());
    for node in &city.nodes {
        until("no lag", || readiness(node).1["lag"]["events"] == 0);
    }
}

#[test]
fn while_it_is_silent_nodes_refuse_and_when_it_speaks_they_answer_from_no_earlier_place() {
    let Some(city) = City::start(&[]) else { return };
    let before = city.nodes[1].ask(QUERY);
    city.redis.signal("STOP");
    city.import("2025", LINES.len());
    for node in &city.nodes {
        until("the silence noticed", || !ready(node));
        let (status, body) = asked(node, QUERY);
        assert_eq!((status, &body["data"], &body["errors"][0]["extensions"]["code"]), (503, &Value::Null, &"UNAVAILABLE".into()), "{body}");
        let (status, told) = readiness(node);
        assert!(status == 503 && told["reason"].as_str().unwrap().contains("cannot be read at present"), "{told}");
        assert_eq!(node.get("/healthz").0, 200);
    }
    city.redis.signal("CONT");
    until("the reader ready", || ready(&city.nodes[1]));
    let after = city.nodes[1].ask(QUERY);
    assert!(after["registry"]["position"].as_str() >= before["registry"]["position"].as_str(), "{before} {after}");
    city.show(LINES.len());
}

#[test]
fn while_it_is_silent_all_who_ask_at_once_are_refused_before_they_have_waited_too_long() {
    let Some(city) = City::start(&[]) else { return };
    city.redis.signal("STOP");
    for node in &city.nodes {
        let begun = Instant::now();
        let answers: Vec<_> = thread::scope(|scope| {
            let asking: Vec<_> = (0..20).map(|_| scope.spawn(|| asked(node, QUERY))).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let took = begun.elapsed();
        println!("MEASURED 20 requests at once to a node whose Redis is silent were answered after {took:?}");
        for (status, body) in answers {
            // A request that had its view already is told where it stopped.
            let code = &body["errors"][0]["extensions"]["code"];
            assert!(matches!(status, 200 | 503) && code == "UNAVAILABLE", "{status} {body}");
        }
        assert!(took < Duration::from_secs(15), "the time of a request: {took:?}");
    }
    city.redis.signal("CONT");
    city.show(2);
}

#[test]
fn when_a_replica_that_is_behind_takes_its_place_nobody_is_shown_less_than_before() {
    let kept = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut city) = City::start(&kept) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let of_replica = tempfile::tempdir().unwrap();
    let port = city.redis.port.to_string();
    let follows = [&kept[..], &["--replicaof", "127.0.0.1", &port]].concat();
    let mut replica = runtime.block_on(Redis::start(of_replica.path(), &follows)).unwrap().unwrap();
    let live = tell(&city.redis, &["GET", "tongyuan:live"]);
    until("the replica", || tell(&replica, &["GET", "tongyuan:live"]) == live);
    // It hears of nothing more: what comes then is shown, and not in it.
    tell(&replica, &["REPLICAOF", "NO", "ONE"]);
    city.import("2025", LINES.len());
    city.show(LINES.len());
    let before = city.nodes.each_ref().map(|node| node.ask(QUERY));

    // Both end; what the replica had comes back where its master was.
    let stop = AtomicBool::new(false);
    let (nodes, redis, stopped) = (&city.nodes, &mut city.redis, &stop);
    thread::scope(|scope| {
        for node in nodes {
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let (status, body) = asked(node, "{ registry { items(first: 1) { totalCount } } }");
                    let unavailable = body["errors"][0]["extensions"]["code"] == "UNAVAILABLE";
                    let whole = status == 200 && body["data"]["registry"]["items"]["totalCount"] == LINES.len();
                    assert!(whole || unavailable, "less than was shown before: {status} {body}");
                }
            });
        }
        let _ends = Ends(stopped);
        replica.kill();
        redis.kill();
        let (kept_of, home) = (of_replica.path().join("appendonlydir"), city.work.path().join("appendonlydir"));
        fs::remove_dir_all(&home).unwrap();
        // Between file systems nothing can be renamed.
        fs::create_dir(&home).unwrap();
        for file in fs::read_dir(kept_of).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), home.join(file.file_name())).unwrap();
        }
        *redis = runtime.block_on(Redis::start_on(redis.port, city.work.path(), &kept)).unwrap();
        for node in nodes {
            until("what was shown before", || {
                ready(node) && asked(node, QUERY).1["data"]["registry"]["items"]["totalCount"] == LINES.len()
            });
        }
    });
    for (node, before) in city.nodes.iter().zip(before) {
        assert!(node.ask(QUERY)["registry"]["position"].as_str() >= before["registry"]["position"].as_str());
        assert_eq!(without_position(node.ask(QUERY)), without_position(before));
    }
}
