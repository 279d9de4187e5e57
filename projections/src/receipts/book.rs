//! The receipts of both channels as they stand in the journal, read on whenever they are asked for.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    calendar::CalendarAt,
    codec::{self, CodecError, Streamed},
    deadline::{DeadlineRules, Event as RuleEvent, Rules},
    decider::{Circumstances, Decider},
    envelope::{ActorId, Code, EntryName, StreamVersion, event_id},
    receipt::{Event, Receipt, Receipts, Record, Showing, State},
    value::Channel,
};
use journal::{AppendError, Journal, LoadError, NewEvent, SharedJournal, StoreError, load_of};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{calendar::calendar, sight::sights_of};

/// Events that are read at a time: each may hold some hundred receipts.
const PAGE: usize = 50;

/// Most receipts of an append: four events, below what a store takes at once.
const OF_AN_APPEND: usize = 4 * domain::receipt::RECEIPTS_OF_EVENT;

/// By whom receipts are written: no person.
const WRITER: &str = "projector";

/// What the ids of receipts are made from.
const IDS: Uuid = Uuid::from_u128(0x0d1c_9a4e_5f3b_4b7a_9c52_7e10_2b6d_8f31);

/// Why receipts cannot be read or written now.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The journal cannot be read.
    #[error("日志无法读取 / the journal cannot be read")]
    Store(#[from] StoreError),
    /// The calendar, or the rules, cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A receipt cannot be read or written.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// They could not be appended, or it is not known whether they were: they are asked for again, and what is there then gets no other.
    #[error("回执未能写入 / receipts could not be appended")]
    Append(#[source] AppendError),
    /// The views cannot be read.
    #[error(transparent)]
    Views(#[from] crate::store::ViewError),
}

/// The receipts of both channels.
pub struct ReceiptBook {
    journal: SharedJournal,
    of: [Mutex<Pages>; Channel::ALL.len()],
}

/// What says when something is due.
struct Law {
    calendar: Arc<CalendarAt>,
    rules: Arc<Rules>,
}

/// The receipts of a channel, as far as they were read.
#[derive(Default)]
struct Pages {
    version: Option<StreamVersion>,
    state: State,
}

impl ReceiptBook {
    /// The receipts of a journal; nothing is read yet.
    pub fn new(journal: SharedJournal) -> Self {
        Self { journal, of: Default::default() }
    }

    /// The receipts of an entry, each with its channel, in the order in which they were written.
    pub async fn of(&self, entry: &EntryName) -> Result<Vec<(Channel, Receipt)>, ReceiptError> {
        let mut all = Vec::new();
        for channel in Channel::ALL {
            all.extend(self.look(channel, |state| state.of(entry).to_vec()).await?.into_iter().map(|receipt| (channel, receipt)));
        }
        Ok(all)
    }

    /// What somebody wants to know of the receipts of a channel, with all that the journal has by now.
    pub async fn look<T>(&self, channel: Channel, what: impl FnOnce(&State) -> T) -> Result<T, ReceiptError> {
        let mut pages = self.of[channel as usize].lock().await;
        pages.read_on(self.journal.as_ref(), channel).await?;
        Ok(what(&pages.state))
    }

    /// The same with what was read so far: for whoever asks often, and for whom it is enough to be told too little.
    pub async fn peek<T>(&self, channel: Channel, what: impl FnOnce(&State) -> T) -> T {
        what(&self.of[channel as usize].lock().await.state)
    }

    /// Looks up since when could be shown what is late by its publication, for both channels at once: whoever records it then need not.
    pub async fn see(&self, showings: impl Iterator<Item = &mut Showing>, now: DateTime<Utc>) -> Result<(), ReceiptError> {
        let Law { calendar, rules } = self.law(now).await?;
        see(self.journal.as_ref(), showings, (&calendar, &rules)).await
    }

    async fn law(&self, now: DateTime<Utc>) -> Result<Law, ReceiptError> {
        let calendar = Arc::new(calendar(self.journal.as_ref()).await?.known_at(now));
        Ok(Law { calendar, rules: Arc::new(rules(self.journal.as_ref()).await?) })
    }

    /// Writes down what a channel serves, if it is not yet; returns the receipts that were written now. Whoever writes at the same time wins or loses
    /// by the version of the stream, and whoever loses reads on first: a revision has one receipt, whoever wrote it.
    pub async fn record(&self, channel: Channel, showings: &[Showing], now: DateTime<Utc>) -> Result<Vec<Receipt>, ReceiptError> {
        let mut pages = self.of[channel as usize].lock().await;
        let mut written = Vec::new();
        pages.read_on(self.journal.as_ref(), channel).await?;
        if showings.iter().all(|showing| pages.state.has(&showing.entry, showing.revision)) {
            return Ok(written);
        }
        let Law { calendar, rules } = self.law(now).await?;
        let mut showings = showings.to_vec();
        showings.retain(|showing| !pages.state.has(&showing.entry, showing.revision));
        see(self.journal.as_ref(), showings.iter_mut(), (&calendar, &rules)).await?;
        for showings in showings.chunks(OF_AN_APPEND) {
            loop {
                let record = Record { channel, showings: showings.to_vec(), calendar: calendar.clone(), rules: rules.clone() };
                match pages.append(self.journal.as_ref(), record, now).await {
                    Ok(receipts) => {
                        written.extend(receipts);
                        break;
                    }
                    Err(ReceiptError::Append(AppendError::Conflict { .. })) => pages.read_on(self.journal.as_ref(), channel).await?,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(written)
    }
}

impl Pages {
    async fn read_on(&mut self, journal: &dyn Journal, channel: Channel) -> Result<(), ReceiptError> {
        let stream = Receipts::stream(&Receipts::code_of(channel));
        loop {
            let from = self.version.map_or(StreamVersion::FIRST, StreamVersion::next);
            let page = journal.read_stream(&stream, from, PAGE).await?;
            for recorded in &page {
                let metadata = codec::decode_metadata(&recorded.metadata)?;
                if let Some(event) = Receipts::read(&recorded.kind, metadata.schema, &recorded.payload)? {
                    self.turn(&event);
                }
                self.version = Some(recorded.version);
            }
            if page.len() < PAGE {
                return Ok(());
            }
        }
    }

    fn turn(&mut self, event: &Event) {
        self.state = Receipts::evolve(std::mem::take(&mut self.state), event);
    }

    async fn append(&mut self, journal: &dyn Journal, record: Record, now: DateTime<Utc>) -> Result<Vec<Receipt>, ReceiptError> {
        let channel = record.channel;
        let stream = Receipts::stream(&Receipts::code_of(channel));
        let mut circumstances = Circumstances::of_import(now, ActorId::new(WRITER), Uuid::nil());
        let events = match Receipts::decide(&self.state, record, &circumstances) {
            Ok(events) => events,
            Err(never) => match never {},
        };
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let stored = events.iter().map(Receipts::write).collect::<Result<Vec<_>, _>>()?;
        // The same receipts at the same place of the stream have the same ids: an append that came through unnoticed is recognised.
        let place = format!("{stream} {:?}", self.version);
        let seed = stored.iter().fold(place.into_bytes(), |mut seed, stored| {
            seed.extend_from_slice(&stored.payload);
            seed
        });
        circumstances.command = Uuid::new_v5(&IDS, &seed);
        let new = stored.into_iter().enumerate().map(|(place, stored)| {
            let (id, metadata) = (event_id(circumstances.command, place), circumstances.metadata(stored.schema));
            Ok(NewEvent { id, kind: stored.kind, metadata: codec::encode_metadata(&metadata)?, payload: stored.payload })
        });
        let new = new.collect::<Result<Vec<_>, CodecError>>()?;
        let appended = journal.append(&stream, self.version.into(), new).await.map_err(ReceiptError::Append)?;
        for event in &events {
            self.turn(event);
        }
        self.version = Some(appended.version);
        let receipts = events.iter().flat_map(|Event::Served(served)| served.receipts.iter().cloned());
        Ok(receipts.collect())
    }
}

/// What is late by its publication is so unless it could not be shown before. Most is in time, and nobody has to ask.
async fn see(
    journal: &dyn Journal,
    showings: impl Iterator<Item = &mut Showing>,
    (calendar, rules): (&CalendarAt, &Rules),
) -> Result<(), ReceiptError> {
    let late: Vec<_> = showings.filter(|showing| showing.sight.is_none() && !Record::is_in_time(showing, calendar, rules)).collect();
    if late.is_empty() {
        return Ok(());
    }
    let sights = sights_of(journal, late.iter().map(|showing| (showing.entry.clone(), showing.revision)).collect()).await?;
    for showing in late {
        showing.sight = sights.get(&(showing.entry.clone(), showing.revision)).cloned();
    }
    Ok(())
}

/// The rules of deadlines: those of the rulebook, and what the register laid down.
async fn rules(journal: &dyn Journal) -> Result<Rules, LoadError> {
    let loaded = load_of::<DeadlineRules>(journal, &Code::of_country()).await?;
    Ok(Rules::new(loaded.history.into_iter().map(|past| {
        let RuleEvent::Ruled(ruled) = past.event;
        (past.metadata.at, ruled)
    })))
}
