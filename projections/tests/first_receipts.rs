//! A register that was kept for years without receipts is served for the first time: all of its receipts are written at once, and what they need to know is
//! not asked for entry by entry.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, and tells what it measured")]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use async_trait::async_trait;
use common::{
    Told, day, guide, item,
    served::{Node, receipts},
};
use domain::{
    envelope::{Position, StreamName, StreamVersion},
    receipt::{RECEIPTS_OF_EVENT, Standing, Witness},
    value::Channel,
};
use journal::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// Counts what it is asked.
struct Counting {
    below: SharedJournal,
    streams: AtomicUsize,
    appends: AtomicUsize,
}

#[async_trait]
impl Journal for Counting {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.appends.fetch_add(1, Ordering::Relaxed);
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.streams.fetch_add(1, Ordering::Relaxed);
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.below.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

/// Items, and as many guides.
const HALF: usize = 1_500;

#[tokio::test]
async fn the_receipts_of_an_old_register_take_a_few_reads_and_not_some_for_each_entry() {
    let mut told = Told::new();
    for n in 0..HALF {
        told.adopt(&format!("I{n}"), day(0), item("事项"), None).await;
        told.adopt(&format!("G{n}"), day(0), guide("指南", &format!("I{n}")), None).await;
    }
    let counting = Arc::new(Counting { below: told.journal.clone(), streams: AtomicUsize::default(), appends: AtomicUsize::default() });
    let node = Node::over(counting.clone(), day(90));
    node.shows(day(90)).await;
    let begun = Instant::now();
    node.writes(day(90)).await;
    let (took, reads, appends) = (begun.elapsed(), counting.streams.load(Ordering::Relaxed), counting.appends.load(Ordering::Relaxed));
    let all = receipts(&told.journal).await;
    println!("{} receipts of {} entries in {took:.1?}: {reads} reads of streams, {appends} appends", all.len(), 2 * HALF);
    assert_eq!(all.len(), 2 * HALF * Channel::ALL.len());
    // Found when the time was over: nobody can say since when.
    assert!(all.iter().all(|(_, receipt)| (receipt.standing, receipt.witness) == (Standing::Unknown, Witness::Found)));
    let events = all.len() / RECEIPTS_OF_EVENT;
    assert!(appends <= 2 * events, "{appends} appends of {events} events");
    assert!(reads <= 12 * events, "{reads} reads of streams for {events} events");
}
