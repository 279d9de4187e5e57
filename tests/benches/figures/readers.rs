use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use projections::contract::server::Server as Redis;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{
    entries::{self, folder, runtime},
    figure::{Bench, Outcome, Sides, number},
    guide::QUERY,
    http::{Client, request},
    start::Server,
};

const CONNECTIONS: usize = 8;

/// Guides that fit into what a reader keeps at hand.
const WARM: usize = 400;

/// Guides that a reader has answered for before it is measured.
const OTHERS: usize = 800;

pub(crate) const NO_REDIS: &str = "redis-server is absent";

/// Answers a second of a reader on Redis against a node with views in its memory: with nothing at hand, and with everything.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let names = ["readers on redis, cold", "readers on redis, warm"];
    let (folder, work, runtime) = (folder(), folder(), runtime());
    let Some(redis) = runtime.block_on(Redis::start(work.path(), &[])).unwrap() else {
        return names.map(|name| Outcome::Skipped(name, NO_REDIS.to_owned())).into();
    };
    let guides = bench.pick(4_000, 800);
    entries::generated(&folder.path().join("journal.db"), 2 * (guides + OTHERS));
    let ask = |n| request("POST", "/graphql", &json!({ "query": QUERY, "variables": { "code": format!("GENERATED-{n:06}") } }).to_string());
    let asked: Arc<[Vec<u8>]> = (0..guides).map(ask).collect();
    let others: Arc<[Vec<u8>]> = (guides..guides + OTHERS).map(ask).collect();

    let projector = node(folder.path(), &redis, "projector");
    runtime.block_on(projector.ready());
    let embedded = Server::serve(folder.path());
    runtime.block_on(embedded.ready());

    // A reader of its own for each run, which has answered for others and read none of these: each is asked for once. What a process does once
    // when it begins is not what a document costs that is not at hand.
    let cold = || {
        let reader = node(folder.path(), &redis, "reader");
        runtime.block_on(reader.ready());
        once(&runtime, &reader.address, &others);
        once(&runtime, &reader.address, &asked)
    };
    let cold = Sides::alternate(bench.pick(7, 3), cold, || once(&runtime, &embedded.address, &asked));

    let reader = node(folder.path(), &redis, "reader");
    runtime.block_on(reader.ready());
    let few: Arc<[Vec<u8>]> = asked[..WARM].into();
    once(&runtime, &reader.address, &few);
    let span = Duration::from_millis(bench.pick(1_500, 300));
    let speed = |server: &Server| again_and_again(&runtime, &server.address, &few, span);
    let warm = Sides::alternate(bench.pick(9, 3), || speed(&reader), || speed(&embedded));
    let unit = format!("answers/s on {CONNECTIONS} connections");
    vec![Outcome::ratio(names[0], 0.5, &cold, &unit), Outcome::ratio(names[1], 0.9, &warm, &unit)]
}

/// This program again as a node of a role.
pub(crate) fn node(data: &Path, redis: &Redis, role: &str) -> Server {
    let (data, views) = (data.to_str().unwrap(), redis.address());
    Server::start(&["serve", "--data", data, "--views", &views, "--role", role, "--listen", "127.0.0.1:0", "--log", "off"])
}

/// Answers a second where each is asked for once.
fn once(runtime: &Runtime, address: &str, asked: &Arc<[Vec<u8>]>) -> f64 {
    let count = asked.len();
    load(runtime, address, asked, move |number, _| number < count)
}

/// Answers a second where they are asked for in turn, for so long.
fn again_and_again(runtime: &Runtime, address: &str, asked: &Arc<[Vec<u8>]>, span: Duration) -> f64 {
    load(runtime, address, asked, move |_, time| time < span)
}

/// Answers a second with all connections asking without pause, as long as something holds of the number of the request and the time.
fn load(
    runtime: &Runtime,
    address: &str,
    asked: &Arc<[Vec<u8>]>,
    goes_on: impl Fn(usize, Duration) -> bool + Copy + Send + 'static,
) -> f64 {
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(Client::connect(address).await);
        }
        let next = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let (asked, next) = (asked.clone(), next.clone());
                tokio::spawn(async move {
                    let mut answers = 0;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if !goes_on(number, begun.elapsed()) {
                            return answers;
                        }
                        let (status, body) = client.send(&asked[number % asked.len()]).await;
                        let refused = body.windows(8).any(|eight| eight == b"\"errors\"");
                        assert!(status == 200 && !refused && body.len() > 500, "{}", String::from_utf8_lossy(&body));
                        answers += 1;
                    }
                })
            })
            .collect();
        let mut answers = 0;
        for task in tasks {
            answers += task.await.unwrap();
        }
        number(answers) / begun.elapsed().as_secs_f64()
    })
}
