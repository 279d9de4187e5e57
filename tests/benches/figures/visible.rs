use std::time::{Duration, Instant};

use domain::envelope::Position;
use double::{Cluster, Options};
use journal::{EventStoreJournal, Expected, Journal};
use projections::contract::server::Server as Redis;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    entries::{self, appends, folder, runtime},
    figure::{Bench, Goal, Outcome},
    http::{Client, request},
    readers::NO_REDIS,
    start::Server,
};

/// Pause between appends, so that each finds the nodes at rest as often as at work.
const PAUSE: Duration = Duration::from_millis(30);

/// From the acknowledgement of an append until all of three nodes show it: one projects, two read, over the stand-in for EventStoreDB
/// and a Redis.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let name = "append visible on all nodes, p99";
    let (work, runtime) = (folder(), runtime());
    let Some(redis) = runtime.block_on(Redis::start(work.path(), &[])).unwrap() else {
        return vec![Outcome::Skipped(name, NO_REDIS.to_owned())];
    };
    let store = Cluster::of(3, Options::default());
    let (url, views) = (store.url(), redis.address());
    let journal = runtime.block_on(EventStoreJournal::create(&url)).unwrap();
    let node = |role: &str| {
        Server::start(&["serve", "--journal", &url, "--views", &views, "--role", role, "--listen", "127.0.0.1:0", "--log", "off"])
    };
    let nodes = ["all", "reader", "reader"].map(node);
    let count = bench.pick(1_000, 200);
    let appends = appends(&entries::sample(), count);
    let mut times = runtime.block_on(async {
        let mut clients = Vec::new();
        for node in &nodes {
            node.ready().await;
            clients.push(Client::connect(&node.address).await);
        }
        let mut times = Vec::new();
        for (stream, event) in appends {
            let appended = journal.append(&stream, Expected::NoStream, vec![event]).await.unwrap();
            let acknowledged = Instant::now();
            let position = appended.position.unwrap();
            for client in &mut clients {
                while shown(client).await < Some(position) {
                    sleep(Duration::from_millis(1)).await;
                }
            }
            times.push(acknowledged.elapsed().as_secs_f64());
            sleep(PAUSE).await;
        }
        times
    });
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    let detail = format!("{count} appends, median {:.3} s, longest {:.3} s", at(50), at(100));
    vec![Outcome::Measured { name, value: at(99), unit: "s", goal: Goal::AtMost(1.0), detail }]
}

/// The position that a node answers from.
async fn shown(client: &mut Client) -> Option<Position> {
    let asked = request("POST", "/graphql", &json!({ "query": "{ registry { position } }" }).to_string());
    let (status, body) = client.send(&asked).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let said: serde_json::Value = serde_json::from_slice(&body).unwrap();
    said["data"]["registry"]["position"].as_str().map(|position| position.parse().unwrap())
}
