//! What the channels showed at another moment: valid at one time, as known at another.
//!
//! There is no second way of projecting. What is asked for singly is projected from the streams that it is made of; a list, a search or
//! a count takes the whole log up to what was known, which is replayed once and kept at hand for whoever asks of the same moment again.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    envelope::{Code, EntryName, Position, StreamName, StreamVersion},
    register::Register,
    value::Channel,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, Knowledge, Known, SharedJournal};
use tokio::{
    sync::{OnceCell, Semaphore},
    time::timeout,
};

use crate::{
    channel::{Looking, Needs, Working, project},
    document::{Both, Document, Key},
    happened::Happened,
    runner::{Runner, RunnerError},
    store::{MemoryViews, SharedViews, Snapshot, ViewError, ViewStore},
    term::Term,
    withheld::Withholding,
};

/// Moments of which everything is kept at hand. A register of a hundred thousand entries takes more than a gigabyte for each.
const AT_HAND: usize = 2;

/// How long somebody waits for the replay of another moment before theirs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most entries that are projected one by one; more of them are worth a replay.
const FEW: usize = 16;

/// Streams that are read at once.
const AT_ONCE: usize = 8;

/// Events of a stream that are read at a time.
const PAGE: usize = 500;

/// What is asked about: two times, as for everything in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// What was in force then.
    pub valid_at: DateTime<Utc>,
    /// What had been recorded by then.
    pub knowledge: Knowledge,
}

/// Answers about other moments than the present.
pub struct Archive {
    journal: SharedJournal,
    /// With what was left out of each. The latest asked for at the end.
    replayed: Mutex<VecDeque<(Moment, Arc<Withholding>, Replay)>>,
    /// One replay at a time: it takes both cores and much memory.
    turn: Semaphore,
}

type Replay = Arc<OnceCell<Arc<dyn Snapshot>>>;

impl Archive {
    /// Over a journal.
    pub fn new(journal: SharedJournal) -> Arc<Self> {
        Arc::new(Self { journal, replayed: Mutex::default(), turn: Semaphore::new(1) })
    }

    /// The views as of a moment, as they were, for those who may see what is withheld since. Nothing is read before something is asked.
    pub fn at(self: &Arc<Self>, moment: Moment) -> Arc<dyn Snapshot> {
        self.as_of(moment, None)
    }

    /// The same for everybody: without what is withheld by now, as the views of the present say it at the moment of the question.
    pub fn public_at(self: &Arc<Self>, moment: Moment, present: Arc<dyn Snapshot>, now: DateTime<Utc>) -> Arc<dyn Snapshot> {
        self.as_of(moment, Some(Present { snapshot: present, now, withholding: OnceCell::new() }))
    }

    fn as_of(self: &Arc<Self>, moment: Moment, present: Option<Present>) -> Arc<dyn Snapshot> {
        let known = Arc::new(Known::new(self.journal.clone(), moment.knowledge));
        Arc::new(AsOf { archive: self.clone(), known, moment, present })
    }

    fn replay(&self, moment: Moment, without: &Arc<Withholding>) -> Replay {
        let mut replayed = self.replayed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |(of, left_out, _): &(Moment, Arc<Withholding>, Replay)| *of == moment && left_out == without;
        let known = replayed.iter().position(is_it).and_then(|place| replayed.remove(place));
        let replay = known.map_or_else(Replay::default, |(_, _, replay)| replay);
        replayed.push_back((moment, without.clone(), replay.clone()));
        if replayed.len() > AT_HAND {
            replayed.pop_front();
        }
        replay
    }

    /// Everything as of a moment, replayed unless it is at hand.
    async fn whole(self: &Arc<Self>, moment: Moment, without: Arc<Withholding>) -> Result<Arc<dyn Snapshot>, ViewError> {
        let replay = self.replay(moment, &without);
        if let Some(whole) = replay.get() {
            return Ok(whole.clone());
        }
        let archive = self.clone();
        // On a task of its own: whoever began it may be gone before it is done, and the next finds it.
        let replaying = tokio::spawn(async move { replay.get_or_try_init(|| archive.build(moment, without)).await.cloned() });
        replaying.await.map_err(|_| ViewError::Unavailable("the replay was cut short".to_owned()))?
    }

    async fn build(&self, moment: Moment, without: Arc<Withholding>) -> Result<Arc<dyn Snapshot>, ViewError> {
        let Ok(Ok(_turn)) = timeout(PATIENCE, self.turn.acquire()).await else {
            return Err(ViewError::Unavailable("other moments are being replayed".to_owned()));
        };
        views_at(self.journal.clone(), moment, without, &|_| ()).await.map_err(|error| unavailable(&error))
    }
}

/// Everything as of a moment, replayed from the log, without what is withheld since where that is given; `progress` hears how many events are projected. It is
/// to be asked about that moment and no other.
pub async fn views_at(
    journal: SharedJournal,
    moment: Moment,
    without: Arc<Withholding>,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Arc<dyn Snapshot>, RunnerError> {
    let known: SharedJournal = Arc::new(Known::new(journal, moment.knowledge));
    let views = Arc::new(MemoryViews::default());
    let shared: SharedViews = views.clone();
    Runner::looking_at(known, shared, Looking { at: moment.valid_at, without }).catch_up(progress).await?;
    Ok(views.snapshot().await?)
}

/// The views of the present, and what they say that is withheld.
struct Present {
    snapshot: Arc<dyn Snapshot>,
    now: DateTime<Utc>,
    /// Of every entry: looked up once, if a list is asked for.
    withholding: OnceCell<Arc<Withholding>>,
}

/// The views as of a moment.
struct AsOf {
    archive: Arc<Archive>,
    known: Arc<Known>,
    moment: Moment,
    /// For those who are not told what is withheld by now.
    present: Option<Present>,
}

impl AsOf {
    async fn whole(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        let without = match &self.present {
            None => Arc::default(),
            Some(Present { snapshot, now, withholding }) => {
                let look_up = || async { Withholding::at(snapshot.as_ref(), *now).await.map(Arc::new) };
                withholding.get_or_try_init(look_up).await?.clone()
            }
        };
        self.archive.whole(self.moment, without).await
    }

    /// What is left out of some entries.
    async fn without(&self, entries: &[(Register, Code)]) -> Result<Arc<Withholding>, ViewError> {
        let Some(Present { snapshot, now, .. }) = &self.present else { return Ok(Arc::default()) };
        Withholding::of_entries(snapshot.as_ref(), entries, *now).await.map(Arc::new)
    }

    /// What both channels held of an entry. Of an item it does not say which guides it has: see [`Snapshot::tells_guides`].
    async fn one(&self, entry: EntryName) -> Result<Option<Both>, ViewError> {
        let mut events = self.events(&entry).await?;
        let items: Vec<_> = items_of(&events).into_iter().map(|item| (Register::Item, item)).collect();
        for (_, item) in &items {
            events.extend(self.events(&EntryName::new(Register::Item, item.clone())).await?);
        }
        events.sort_by_key(|happened| happened.position);
        let own = std::iter::once((entry.register, entry.code.clone()));
        let without = self.without(&own.chain(items).collect::<Vec<_>>()).await?;
        let mut working = Working::looking_at(Looking { at: self.moment.valid_at, without });
        for happened in &events {
            // What is asked for beside it is in none of these streams yet, so there is nothing of it.
            while let Err(Needs(entries)) = project(happened, &mut working) {
                for entry in entries {
                    working.load(entry, None);
                }
            }
        }
        Ok(working.into_changes().find(|(of, _)| *of == entry).map(|(_, both)| both))
    }

    async fn events(&self, entry: &EntryName) -> Result<Vec<Happened>, ViewError> {
        let stream = StreamName::new(entry.register, entry.code.clone());
        let (mut events, mut from) = (Vec::new(), StreamVersion::FIRST);
        loop {
            let page = self.known.read_stream(&stream, from, PAGE).await.map_err(|error| unavailable(&error))?;
            let Some(last) = page.last() else { return Ok(events) };
            from = last.version.next();
            let full = page.len() == PAGE;
            for recorded in &page {
                events.extend(Happened::read(recorded).map_err(|error| unavailable(&error))?);
            }
            if !full {
                return Ok(events);
            }
        }
    }
}

/// The items that a guide ever belonged to, by its events: it is shown only while its item is.
fn items_of(events: &[Happened]) -> BTreeSet<Code> {
    let items = events.iter().filter_map(|happened| match &happened.event {
        RegisterEvent::Guide(event) => Some(event.publication()?.content.item.clone()),
        _ => None,
    });
    items.collect()
}

fn unavailable(error: &dyn std::error::Error) -> ViewError {
    ViewError::Unavailable(error.to_string())
}

#[async_trait]
impl Snapshot for AsOf {
    /// Known where a place was asked for.
    fn position(&self) -> Option<Position> {
        match self.moment.knowledge {
            Knowledge::Place(place) => place,
            Knowledge::Moment(_) => None,
        }
    }

    fn events(&self) -> u64 {
        0
    }

    fn tells_guides(&self) -> bool {
        false
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let entries: Vec<_> = codes.iter().map(|code| (register, code.clone())).collect();
        self.get_entries(channel, &entries).await
    }

    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        if entries.len() > FEW {
            return self.whole().await?.get_entries(channel, entries).await;
        }
        let on_channel = |both: Option<Both>| both.and_then(|both| both.on(channel).cloned());
        let one = |(register, code): &(Register, Code)| self.one(EntryName::new(*register, code.clone()));
        stream::iter(entries.iter().map(one)).buffered(AT_ONCE).map_ok(on_channel).try_collect().await
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        self.whole().await?.find(channel, register, terms, after, limit).await
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        self.whole().await?.count(channel, register, terms).await
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        self.whole().await?.keys().await
    }
}
