use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;

use crate::{
    entries::{self, folder, now, runtime},
    figure::{Bench, Goal, Outcome, median},
    guide::QUERY,
    http::{Client, request},
    start::Server,
};

/// Guides that are asked for, each as of another moment.
const ASKED: u32 = 200;

/// The longest that a moment may take to be told.
const LONGEST: Duration = Duration::from_secs(120);

/// A guide as of a moment of the past, and a count as of one that nobody asked about before, on a register with many entries.
pub(crate) fn measure(bench: Bench) -> Vec<Outcome> {
    let folder = folder();
    let count = bench.pick(100_000, 10_000);
    entries::generated(&folder.path().join("journal.db"), count);
    let (server, runtime) = (Server::serve(folder.path()), runtime());
    runtime.block_on(async {
        server.ready().await;
        let mut client = Client::connect(&server.address).await;
        let mut ask = async |query: &str, code: &str| {
            let body = json!({ "query": query, "variables": { "code": code } }).to_string();
            let begun = Instant::now();
            // A replay that takes longer than a request goes on, and whoever asks again finds it.
            let (status, body) = loop {
                let (status, body) = client.send(&request("POST", "/graphql", &body)).await;
                if status != 504 || begun.elapsed() > LONGEST {
                    break (status, body);
                }
            };
            let seconds = begun.elapsed().as_secs_f64();
            let refused = body.windows(8).any(|eight| eight == b"\"errors\"");
            assert!(status == 200 && !refused && body.len() > 60, "{}", String::from_utf8_lossy(&body));
            seconds
        };
        let times = |second: u32| {
            let moment = (now() + TimeDelta::seconds(second.into())).to_rfc3339();
            format!("validAt: {moment:?}, knownAt: {moment:?}")
        };
        let mut milliseconds = Vec::new();
        for number in 0..ASKED {
            let query = QUERY.replace("channel: COUNTER", &times(number + 1));
            milliseconds.push(1_000.0 * ask(&query, &format!("GENERATED-{number:06}")).await);
        }
        let counting = format!(
            "query ($code: String!) {{ registry({}) {{ guides(first: 1, filter: {{ item: $code }}) {{ totalCount nodes {{ name }} }} }} }}",
            times(0)
        );
        let (cold, warm) = (ask(&counting, "GENERATED-000001").await, ask(&counting, "GENERATED-000002").await);
        let slowest = milliseconds.iter().copied().fold(0.0, f64::max);
        let detail = format!("median of {ASKED} moments, the slowest {slowest:.1} ms, {count} entries");
        vec![
            Outcome::Measured {
                name: "a guide at a past moment",
                value: median(&milliseconds),
                unit: "ms",
                goal: Goal::AtMost(20.0),
                detail,
            },
            Outcome::Measured {
                name: "a list at a past moment, asked first",
                value: cold,
                unit: "s",
                goal: Goal::None,
                detail: format!("the log replayed up to it; asked again of the same moment {:.1} ms", 1_000.0 * warm),
            },
        ]
    })
}
