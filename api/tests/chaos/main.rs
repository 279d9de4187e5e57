//! Mixed load while any of the processes is killed at any moment: nodes, the stand-in for EventStoreDB, the Redis, an import. Nothing
//! acknowledged is lost, nothing is doubled, positions never go back, and the views equal rebuilt ones afterwards.
//!
//! `cargo test -p api --test chaos -- --nocapture`; `TONGYUAN_CHAOS_SECONDS` and `TONGYUAN_CHAOS_SEED` change how long and which.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops at the first surprise, and tells what it saw")]

mod checks;
mod client;
mod desk;
#[path = "../common/entries.rs"]
mod entries;
mod import;
#[path = "../common/issuer.rs"]
mod issuer;
mod kills;
mod node;
mod readers;
mod writers;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use double::{Cluster, Options};
use journal::EventStoreJournal;
use projections::contract::server::Server as Redis;
use tokio::{sync::watch, time::timeout};

use crate::{
    issuer::Issuer,
    kills::{Kills, Random},
    node::Node,
};

/// Longer than anything takes to come back on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// The minute.
const SECONDS: u64 = 60;

const SEED: u64 = 20_261_124;

/// What the nodes do: two may project, one does.
const ROLES: [&str; 3] = ["all", "all", "reader"];

/// Settings of the Redis: what it had is there again after a kill, unless the test takes it away.
pub const KEPT: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "always"];

#[expect(clippy::disallowed_methods, reason = "how whoever runs it says how long")]
fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_kills_nothing_is_lost_doubled_or_shown_twice_differently() {
    let (seconds, seed) = (setting("TONGYUAN_CHAOS_SECONDS", SECONDS), setting("TONGYUAN_CHAOS_SEED", SEED));
    let folder = tempfile::tempdir().unwrap();
    let Some(redis) = Redis::start(folder.path(), &KEPT).await.unwrap() else { return };
    let views = redis.address();
    let store = Arc::new(Cluster::of(3, Options::default()));
    let url = store.url();
    let journal = Arc::new(EventStoreJournal::create(&url).await.unwrap());
    let mut nodes = Vec::new();
    let issuer = Issuer::start();
    for role in ROLES {
        nodes.push(Node::start(&url, &views, role, &issuer).await);
    }
    let addresses: Arc<[String]> = nodes.iter().map(|node| node.address.clone()).collect();
    node::recovered(&addresses, journal.as_ref()).await;

    let (stop, stopped) = watch::channel(false);
    let shown = Arc::new(readers::Seen::default());
    let writers: Vec<_> =
        (0..3).map(|number| tokio::spawn(writers::write(number, url.clone(), addresses.clone(), stopped.clone()))).collect();
    let mut readers: Vec<_> = (0..2)
        .flat_map(|_| addresses.iter())
        .map(|address| tokio::spawn(readers::one_connection(address.clone(), shown.clone(), stopped.clone())))
        .collect();
    readers.push(tokio::spawn(readers::from_node_to_node(addresses.clone(), stopped.clone())));
    let takes_changes: Arc<[String]> =
        addresses.iter().zip(ROLES).filter(|(_, role)| *role == "all").map(|(node, _)| node.clone()).collect();
    let desk = tokio::spawn(desk::at_work(takes_changes, issuer.token("P-1", &["drafter"]), stopped.clone()));
    let lists = import::lists(&folder.path().join("lists"));
    let importing = tokio::spawn(import::killed_again_and_again(url.clone(), lists.clone(), Random(seed ^ 1), stopped));

    let mut kills = Kills::new(Random(seed), folder.path().to_owned(), store.clone(), redis, nodes, journal.clone());
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        kills.next().await;
    }
    stop.send(true).unwrap();
    let (redis, nodes, recoveries) = kills.end().await;
    println!("seed {seed}, {seconds} s; all came back: {recoveries}");

    let mut written = writers::Written::default();
    for writer in writers {
        written.add(timeout(DEADLINE, writer).await.unwrap().unwrap());
    }
    println!("{written}");
    let mut read = readers::Read::default();
    for reader in readers {
        read.add(&timeout(DEADLINE, reader).await.unwrap().unwrap());
    }
    println!("{read}");
    let imports = timeout(DEADLINE, importing).await.unwrap().unwrap();
    println!("{imports}");
    let desk = timeout(DEADLINE, desk).await.unwrap().unwrap();
    println!("{desk}");
    import::completes(&url, &lists).await;

    checks::nothing_lost_nothing_doubled(&store, &written);
    desk.nothing_lost_nothing_doubled(&store);
    checks::imported_as_if_undisturbed(journal.as_ref(), &folder.path().join("undisturbed"), &lists).await;
    checks::every_answer_was_of_its_position(journal.as_ref(), &shown).await;
    node::recovered(&addresses, journal.as_ref()).await;
    checks::views_equal_rebuilt_ones(journal.clone(), &views).await;
    checks::nodes_agree(&addresses).await;
    assert!(read.answers > 100 && written.acknowledged.len() > 100 && desk.acknowledged.len() > 50, "there was hardly any load");
    assert!(
        imports.killed > 0 && written.shown > 0 && desk.again > 0,
        "nothing of what this is about happened: {imports}; {written}; {desk}"
    );
    drop((nodes, redis));
}
