//! Writes receipts of what the views begin to show, and looks after parity. One node does at a time, the one that projects; if two do, neither a receipt
//! is missing nor is one there twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::{
    envelope::EntryName,
    receipt::{Proven, Showing, State, Witness},
    value::Channel,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until},
};

use super::{
    book::{ReceiptBook, ReceiptError},
    looked::{Held, Round, held},
    parity::{Differing, compare},
};
use crate::{
    begun::{Begun, Noted},
    store::SharedViews,
};

/// Tells the time.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Time between two appends: what comes meanwhile shares an event. What comes alone is written at once.
const PACE: Duration = Duration::from_millis(200);

/// How often a part of the entries is compared that nothing happened to.
const TURN: Duration = Duration::from_secs(1);

/// Entries of such a part.
const OF_A_TURN: usize = 100;

/// Entries that are looked over at once where receipts may be missing.
const OF_A_LOOK: usize = 1_000;

/// Time after a failure before it is tried again; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What is shown and has no receipt, by channel.
type Found = [Vec<Showing>; Channel::ALL.len()];

/// What a runner needs to note what its commits begin: the time, and a bell for whoever writes it down.
#[derive(Clone)]
pub struct Witnessing {
    now: Now,
    told: Arc<Notify>,
}

impl Witnessing {
    /// By a clock.
    pub fn new(now: Now) -> Self {
        Self { now, told: Arc::default() }
    }

    /// The moment.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// Something was noted.
    pub(crate) fn tell(&self) {
        self.told.notify_one();
    }
}

/// What a writer knows of receipts and of parity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Receipts in the journal, of both channels, by what they prove.
    pub receipts: Proven,
    /// What is noted and waits to be written down, as far as was seen.
    pub pending: u64,
    /// Entries that were compared since the start; one that was compared twice counts twice.
    pub compared: u64,
    /// Times that all entries were gone through.
    pub rounds: u64,
    /// What is not the same on both channels, by entry.
    pub differing: BTreeMap<EntryName, Vec<Differing>>,
}

/// Writes receipts of what views begin to show.
pub struct ReceiptWriter {
    views: SharedViews,
    book: Arc<ReceiptBook>,
    witnessing: Witnessing,
    /// Whether all that is shown is to be looked over.
    look_over: AtomicBool,
    /// Entries of which more will be served at a moment, by what is known.
    later: Mutex<BTreeSet<(DateTime<Utc>, EntryName)>>,
    round: Mutex<Option<Round>>,
    written: Mutex<Written>,
}

impl ReceiptWriter {
    /// A writer that has not begun.
    pub fn new(views: SharedViews, book: Arc<ReceiptBook>, witnessing: Witnessing) -> Self {
        Self {
            views,
            book,
            witnessing,
            look_over: AtomicBool::new(true),
            later: Mutex::default(),
            round: Mutex::default(),
            written: Mutex::default(),
        }
    }

    /// What a runner needs, so that this hears of what it commits.
    pub fn witnessing(&self) -> Witnessing {
        self.witnessing.clone()
    }

    /// What it knows.
    pub fn written(&self) -> Written {
        lock(&self.written).clone()
    }

    /// All that is shown is to be looked over: other views are live, and may show what the former did not.
    pub fn look_over(&self) {
        self.look_over.store(true, Ordering::Relaxed);
        self.witnessing.tell();
    }

    /// Writes until the future is dropped. Nothing ends it: what fails may come back.
    pub async fn run(&self) {
        let (mut pause, mut told, mut turn) = (FIRST_PAUSE, String::new(), Instant::now());
        self.look_over.store(true, Ordering::Relaxed);
        loop {
            let stepped = match self.write().await {
                Ok(()) if turn <= Instant::now() => {
                    turn = Instant::now() + TURN;
                    self.turn().await
                }
                stepped => stepped,
            };
            match stepped {
                Ok(()) => {
                    if !told.is_empty() {
                        tracing::info!("receipts are written again");
                        told.clear();
                    }
                    pause = FIRST_PAUSE;
                }
                Err(error) => {
                    let words = with_causes(&error);
                    if words != told {
                        tracing::warn!("receipts cannot be written: {words}");
                    }
                    told = words;
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    continue;
                }
            }
            let rested = Instant::now() + PACE;
            tokio::select! {
                () = self.witnessing.told.notified() => sleep_until(rested).await,
                () = sleep_until(turn.min(Instant::now() + self.until_later())) => {}
            }
        }
    }

    /// Writes what there is to write: what was noted, what begins by the clock, and, where it is asked for, whatever is shown and has no receipt.
    pub async fn write(&self) -> Result<(), ReceiptError> {
        self.write_noted().await?;
        if self.look_over.swap(false, Ordering::Relaxed)
            && let Err(error) = self.write_found().await
        {
            self.look_over.store(true, Ordering::Relaxed);
            return Err(error);
        }
        self.write_begun_by_clock().await?;
        self.count().await;
        Ok(())
    }

    async fn write_noted(&self) -> Result<(), ReceiptError> {
        while let Some(Noted { up_to, begun }) = self.views.begun().await? {
            lock(&self.written).pending = begun.len() as u64;
            let now = self.witnessing.now();
            for channel in Channel::ALL {
                let served = begun.iter().filter(|begun| begun.channel == channel);
                let showings: Vec<_> = served.filter_map(|begun| begun.showing(Witness::Commit)).collect();
                self.book.record(channel, &showings, now).await?;
            }
            self.expect(begun.iter());
            self.views.forget(up_to).await?;
            let entries: BTreeSet<_> = begun.iter().map(Begun::entry).collect();
            self.compare_held(&held(&self.views, &entries.into_iter().collect::<Vec<_>>()).await?);
        }
        lock(&self.written).pending = 0;
        Ok(())
    }

    /// Looks all over that is shown. A register that was kept for years without receipts lacks all of them: what is asked of the journal
    /// for it is asked once.
    async fn write_found(&self) -> Result<(), ReceiptError> {
        for channel in Channel::ALL {
            self.book.look(channel, |_| ()).await?;
        }
        let mut round = Round::begin(&self.views).await?;
        let mut all = Found::default();
        while round.left() > 0 {
            let held = round.next(&self.views, OF_A_LOOK).await?;
            for (all, found) in all.iter_mut().zip(self.found(&held).await) {
                all.extend(found);
            }
        }
        self.record_found(all).await
    }

    /// What is shown of some entries and has no receipt. Since when is not known.
    async fn found(&self, held: &[Held]) -> Found {
        let now = self.witnessing.now();
        let documents = held.iter().flat_map(|(_, documents)| Channel::ALL.into_iter().zip(documents));
        let begun: Vec<_> = documents
            .filter_map(|(channel, document)| Some((channel, document.as_ref()?)))
            .flat_map(|(channel, document)| Begun::of_document(channel, document, now))
            .collect();
        self.expect(begun.iter());
        let mut found = Found::default();
        for (channel, found) in Channel::ALL.into_iter().zip(&mut found) {
            let served = begun.iter().filter(|begun| begun.channel == channel);
            let showings: Vec<_> = served.filter_map(|begun| begun.showing(Witness::Found)).collect();
            // The journal is asked only where something may be missing.
            let lacks = |state: &State| showings.into_iter().filter(|showing| !state.has(&showing.entry, showing.revision)).collect();
            *found = self.book.peek(channel, lacks).await;
        }
        found
    }

    /// Writes down what was found.
    async fn record_found(&self, mut found: Found) -> Result<(), ReceiptError> {
        if found.iter().all(Vec::is_empty) {
            return Ok(());
        }
        // What was noted has its own moment, and every note of what was held is there by now.
        self.write_noted().await?;
        let now = self.witnessing.now();
        self.book.see(found.iter_mut().flatten(), now).await?;
        for (channel, found) in Channel::ALL.into_iter().zip(&found) {
            self.book.record(channel, found, now).await?;
        }
        Ok(())
    }

    /// Writes down what began without a commit: the item of a guide came into force.
    async fn write_begun_by_clock(&self) -> Result<(), ReceiptError> {
        let now = self.witnessing.now();
        let come: Vec<_> = lock(&self.later).iter().take_while(|(at, _)| *at <= now).cloned().collect();
        for (at, entry) in come {
            for (_, documents) in held(&self.views, std::slice::from_ref(&entry)).await? {
                for (channel, document) in Channel::ALL.into_iter().zip(documents) {
                    let Some(document) = document else { continue };
                    let begun: Vec<_> = Begun::of_document(channel, &document, at).collect();
                    self.expect(begun.iter().filter(|begun| begun.at > at));
                    let showings: Vec<_> = begun.iter().filter_map(|begun| begun.showing(Witness::Commit)).collect();
                    self.book.record(channel, &showings, now).await?;
                }
            }
            lock(&self.later).remove(&(at, entry));
        }
        Ok(())
    }

    /// Compares the next part of all entries, and looks whether receipts of it are missing.
    pub async fn turn(&self) -> Result<(), ReceiptError> {
        let begun = lock(&self.round).take();
        let mut round = match begun {
            Some(round) => round,
            None => Round::begin(&self.views).await?,
        };
        let held = round.next(&self.views, OF_A_TURN).await?;
        self.compare_held(&held);
        if round.left() > 0 {
            *lock(&self.round) = Some(round);
        } else {
            lock(&self.written).rounds += 1;
        }
        self.record_found(self.found(&held).await).await
    }

    fn compare_held(&self, held: &[Held]) {
        for (entry, [online, counter]) in held {
            let (_, found) = compare(entry, online.as_ref(), counter.as_ref());
            let mut written = lock(&self.written);
            written.compared += 1;
            if found.is_empty() {
                if written.differing.remove(entry).is_some() {
                    tracing::info!(%entry, "both channels hold the same again");
                }
            } else if written.differing.get(entry) != Some(&found) {
                let words = found.iter().map(|differing| differing.difference.en()).collect::<Vec<_>>().join(", ");
                tracing::error!(%entry, words, "线上与窗口内容不一致 / the channels do not hold the same");
                written.differing.insert(entry.clone(), found);
            }
        }
    }

    fn expect<'b>(&self, begun: impl Iterator<Item = &'b Begun>) {
        let mut later = lock(&self.later);
        later.extend(begun.filter(|begun| begun.served.is_none()).map(|begun| (begun.at, begun.entry())));
    }

    fn until_later(&self) -> Duration {
        let next = lock(&self.later).first().map(|(at, _)| *at);
        next.map_or(TURN, |at| (at - self.witnessing.now()).to_std().unwrap_or(Duration::ZERO).max(FIRST_PAUSE))
    }

    async fn count(&self) {
        let mut receipts = Proven::default();
        for channel in Channel::ALL {
            receipts = receipts.and(self.book.peek(channel, domain::receipt::State::proven).await);
        }
        lock(&self.written).receipts = receipts;
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with_causes(error: &ReceiptError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}
