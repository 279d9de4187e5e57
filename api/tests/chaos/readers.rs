//! Whoever reads: on one connection positions never go back, on all nodes one position has one answer.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::envelope::Position;
use tokio::{sync::watch, time::sleep};

use crate::{
    client::{Answer, Client},
    writers::unavailable,
};

const QUERY: &str = "{ a: registry { position agencies(first: 1) { totalCount } } b: registry(channel: COUNTER) { position agencies(first: 1) { totalCount } } }";

const PAUSE: Duration = Duration::from_millis(15);

/// How many agencies were shown at each position, by whichever node.
#[derive(Default)]
pub struct Seen(Mutex<BTreeMap<Option<Position>, u64>>);

impl Seen {
    /// All of it.
    pub fn all(&self) -> BTreeMap<Option<Position>, u64> {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, position: Option<Position>, count: u64) {
        let before = self.0.lock().unwrap().insert(position, count);
        assert!(before.is_none_or(|before| before == count), "at {position:?} {before:?} agencies were shown, and {count}");
    }
}

#[derive(Debug, Default)]
pub struct Read {
    pub answers: usize,
    /// How often an answer was of a later position than the one before.
    went_on: usize,
    refused: usize,
    broken: usize,
}

impl Read {
    pub fn add(&mut self, other: &Self) {
        self.answers += other.answers;
        self.went_on += other.went_on;
        self.refused += other.refused;
        self.broken += other.broken;
    }

    /// Takes an answer that has to be at or after a position; returns the position, if it is one.
    fn take(&mut self, answer: &Answer, least: Option<Position>) -> Option<(Option<Position>, u64)> {
        if answer.status != 200 {
            assert_eq!(answer.status, 503, "{answer:?}");
            self.refused += 1;
            return None;
        }
        let said = answer.json();
        if let Some(errors) = said.get("errors") {
            assert!(unavailable(errors), "{said}");
            self.refused += 1;
            return None;
        }
        assert_eq!(said["data"]["a"], said["data"]["b"], "both channels are of one position");
        let position: Option<Position> = said["data"]["a"]["position"].as_str().map(|position| position.parse().unwrap());
        assert_eq!(position, answer.position);
        assert!(position >= least, "after {least:?} came {position:?}");
        self.answers += 1;
        self.went_on += usize::from(position > least);
        Some((position, said["data"]["a"]["agencies"]["totalCount"].as_u64().unwrap()))
    }
}

impl fmt::Display for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answers, went_on, refused, broken } = self;
        write!(
            f,
            "{answers} answers, {went_on} of them later than the one before, none earlier; {refused} refused, {broken} connections broken"
        )
    }
}

/// Asks a node on one connection, and on a new one whenever that breaks.
pub async fn one_connection(address: String, seen: Arc<Seen>, stop: watch::Receiver<bool>) -> Read {
    let mut read = Read::default();
    while !*stop.borrow() {
        sleep(PAUSE).await;
        let Ok(mut client) = Client::connect(&address).await else { continue };
        let mut last = None;
        while !*stop.borrow() {
            let Ok(answer) = client.ask(QUERY, None).await else {
                read.broken += 1;
                break;
            };
            if let Some((position, count)) = read.take(&answer, last) {
                seen.note(position, count);
                last = position;
            }
            sleep(PAUSE).await;
        }
    }
    read
}

/// Asks one node after the other and takes the position along: so nothing goes back either.
pub async fn from_node_to_node(nodes: Arc<[String]>, stop: watch::Receiver<bool>) -> Read {
    let (mut read, mut last) = (Read::default(), None);
    for address in nodes.iter().cycle() {
        if *stop.borrow() {
            break;
        }
        sleep(PAUSE).await;
        let Ok(mut client) = Client::connect(address).await else { continue };
        match client.ask(QUERY, last).await {
            Ok(answer) => last = read.take(&answer, last).map_or(last, |(position, _)| position),
            Err(_) => read.broken += 1,
        }
    }
    read
}
