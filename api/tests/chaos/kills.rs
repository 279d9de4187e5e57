//! What is killed, and when.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc, time::Duration};

use double::{Cluster, How, When};
use journal::{Journal, SharedJournal};
use projections::contract::server::Server as Redis;
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    KEPT,
    node::{Node, recovered},
};

/// A fixed sequence, so that a run can be repeated as far as the machine lets it.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 32
    }

    pub fn below(&mut self, bound: u64) -> usize {
        usize::try_from(self.next() % bound).unwrap()
    }

    /// Milliseconds between two bounds.
    pub fn milliseconds(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(least + self.next() % (most - least))
    }
}

pub struct Kills {
    random: Random,
    folder: PathBuf,
    store: Arc<Cluster>,
    redis: Redis,
    nodes: Vec<Node>,
    journal: SharedJournal,
    recoveries: Vec<(&'static str, JoinHandle<Duration>)>,
    /// The victims to come: each its turn, in another order every time.
    deck: Vec<Victim>,
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Store,
    StoreWithinAnAppend,
    Redis,
    RedisAndAllItHad,
    Node(usize),
}

const VICTIMS: [Victim; 8] = [
    Victim::Store,
    Victim::Store,
    Victim::StoreWithinAnAppend,
    Victim::Redis,
    Victim::RedisAndAllItHad,
    Victim::Node(0),
    Victim::Node(1),
    Victim::Node(2),
];

impl Kills {
    pub fn new(random: Random, folder: PathBuf, store: Arc<Cluster>, redis: Redis, nodes: Vec<Node>, journal: Arc<dyn Journal>) -> Self {
        Self { random, folder, store, redis, nodes, journal, recoveries: Vec::new(), deck: Vec::new() }
    }

    /// Kills one after a while, and starts it again after a while; the next one may come before all are well again.
    pub async fn next(&mut self) {
        sleep(self.random.milliseconds(300, 2_500)).await;
        let away = self.random.milliseconds(0, 1_500);
        if self.deck.is_empty() {
            self.deck = VICTIMS.to_vec();
        }
        let drawn = self.deck.swap_remove(self.random.below(self.deck.len() as u64));
        let victim = match drawn {
            Victim::Store => {
                self.leader_of_the_store(away).await;
                "a node of the store"
            }
            Victim::StoreWithinAnAppend => {
                self.store_within_an_append(away).await;
                "the store within an append"
            }
            Victim::Redis => {
                self.redis.kill();
                sleep(away).await;
                self.start_redis().await;
                "the Redis"
            }
            Victim::RedisAndAllItHad => {
                self.redis.kill();
                sleep(away).await;
                // As if it had kept nothing: lease and views are gone.
                fs::remove_dir_all(self.folder.join("appendonlydir")).unwrap();
                self.start_redis().await;
                "the Redis and all it had"
            }
            Victim::Node(number) => {
                let node = &mut self.nodes[number];
                node.kill().await;
                sleep(away).await;
                node.restart().await;
                if number == 2 { "a reader" } else { "a node that may project" }
            }
        };
        let addresses: Vec<_> = self.nodes.iter().map(|node| node.address.clone()).collect();
        let journal = self.journal.clone();
        let well = tokio::spawn(async move { recovered(&addresses, journal.as_ref()).await });
        self.recoveries.push((victim, well));
    }

    async fn start_redis(&mut self) {
        self.redis = Redis::start_on(self.redis.port, &self.folder, &KEPT).await.unwrap();
    }

    /// Another node leads, and the one that led dies.
    async fn leader_of_the_store(&mut self, away: Duration) {
        let number = self.random.below(3);
        let store = self.store.clone();
        // Its end waits for its threads.
        tokio::task::spawn_blocking(move || {
            store.lead((number + 1) % 3);
            store.node(number).kill();
        })
        .await
        .unwrap();
        sleep(away).await;
        self.store.node(number).restart();
    }

    /// The node that leads dies before or after an event of a writer is kept: in any case without an answer.
    async fn store_within_an_append(&mut self, away: Duration) {
        let number = self.random.below(3);
        self.store.lead(number);
        self.store.fail_append("agency-C", [When::Before, When::After][self.random.below(2)], How::Kill);
        sleep(away).await;
        self.store.clear_faults();
        self.store.lead((number + 1) % 3);
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.node(number).restart()).await.unwrap();
    }

    /// What is left, and in words how long it took after each kill until all nodes showed what the journal had when the victim was
    /// started again.
    pub async fn end(self) -> (Redis, Vec<Node>, String) {
        let mut by_victim: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut all = Vec::new();
        for (victim, well) in self.recoveries {
            let took = well.await.unwrap();
            by_victim.entry(victim).or_default().push(took);
            all.push(took);
        }
        let words = |mut took: Vec<Duration>| {
            took.sort_unstable();
            format!("{} times, after {:.1?} (median), {:.1?} at the longest", took.len(), took[took.len() / 2], took[took.len() - 1])
        };
        let mut told = words(all);
        for (victim, took) in by_victim {
            told = format!("{told}\n  {victim}: {}", words(took));
        }
        (self.redis, self.nodes, told)
    }
}
