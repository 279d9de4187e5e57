//! A node that shows a register and writes receipts, at moments that the test says.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codec::Streamed,
    envelope::StreamVersion,
    receipt::{Event, Receipt, Receipts, Witness},
    value::Channel,
};
use journal::{Journal, MemoryJournal, SharedJournal};
use projections::{MemoryViews, ReceiptBook, ReceiptWriter, Runner, Seen, Witnessing};

pub type Moment = Arc<Mutex<DateTime<Utc>>>;

pub fn clock(at: DateTime<Utc>) -> (Moment, Witnessing) {
    let moment: Moment = Arc::new(Mutex::new(at));
    let told = moment.clone();
    (moment, Witnessing::new(Arc::new(move || *told.lock().unwrap())))
}

/// A node: its views, who keeps them, and who writes receipts.
pub struct Node {
    pub views: Arc<MemoryViews>,
    pub runner: Arc<Runner>,
    pub writer: Arc<ReceiptWriter>,
    pub moment: Moment,
}

impl Node {
    pub fn over(journal: SharedJournal, at: DateTime<Utc>) -> Self {
        Self::with(MemoryViews::default(), journal, at)
    }

    /// One that notes what it shows in a file, and has begun.
    pub async fn noting(notes: &Path, journal: SharedJournal, at: DateTime<Utc>) -> Self {
        let node = Self::with(MemoryViews::noting(notes, journal.as_ref()).await.unwrap(), journal, at);
        node.shows(at).await;
        node.writes(at).await;
        node
    }

    fn with(views: MemoryViews, journal: SharedJournal, at: DateTime<Utc>) -> Self {
        let (views, (moment, witnessing)) = (Arc::new(views), clock(at));
        let runner = Runner::witnessed(journal.clone(), views.clone(), witnessing.clone(), Seen::OnceCaughtUp);
        let writer = Arc::new(ReceiptWriter::new(views.clone(), Arc::new(ReceiptBook::new(journal)), witnessing));
        Self { views, runner, writer, moment }
    }

    /// One that has begun: it has caught up and written what it found.
    pub async fn begun(journal: SharedJournal, at: DateTime<Utc>) -> Self {
        let node = Self::over(journal, at);
        node.shows(at).await;
        node.writes(at).await;
        node
    }

    pub async fn shows(&self, at: DateTime<Utc>) {
        *self.moment.lock().unwrap() = at;
        self.runner.catch_up(&|_| ()).await.unwrap();
    }

    pub async fn writes(&self, at: DateTime<Utc>) {
        *self.moment.lock().unwrap() = at;
        self.writer.write().await.unwrap();
    }
}

/// All receipts as they stand in the journal.
pub async fn receipts(journal: &MemoryJournal) -> Vec<(Channel, Receipt)> {
    let mut all = Vec::new();
    for channel in Channel::ALL {
        let stream = Receipts::stream(&Receipts::code_of(channel));
        for recorded in journal.read_stream(&stream, StreamVersion::FIRST, 100_000).await.unwrap() {
            let Event::Served(served) = Receipts::read(&recorded.kind, 1, &recorded.payload).unwrap().unwrap();
            assert_eq!(served.channel, channel);
            all.extend(served.receipts.iter().map(|receipt| (channel, receipt.clone())));
        }
    }
    all
}

pub async fn of(journal: &MemoryJournal, code: &str, revision: u32) -> Vec<(Channel, DateTime<Utc>, Witness)> {
    let all = receipts(journal).await;
    let of = all.into_iter().filter(|(_, receipt)| receipt.code.as_str() == code && receipt.revision == revision);
    of.map(|(channel, receipt)| (channel, receipt.served_at, receipt.witness)).collect()
}

pub fn on_both(at: DateTime<Utc>, witness: Witness) -> Vec<(Channel, DateTime<Utc>, Witness)> {
    Channel::ALL.map(|channel| (channel, at, witness)).into()
}

pub fn second(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}
