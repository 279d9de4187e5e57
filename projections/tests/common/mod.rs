//! A small register in memory, told what happens and asked what is shown.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use domain::{
    codec::{Registered, encode, encode_metadata},
    decider::{Circumstances, Decider},
    entry::{Adopt, Command, Entry, Event, Repeal, Source},
    envelope::{ActorId, Code, Metadata, StreamName, StreamVersion, event_id},
    register::{Guide, Item},
    value::ItemType,
};
use journal::{Expected, Journal, MemoryJournal, NewEvent};
use projections::Happened;
use uuid::Uuid;

/// Day of 2026, noon in China.
pub fn day(n: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 1, 4, 0, 0).unwrap() + chrono::Duration::days(n)
}

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn item(name: &str) -> Item {
    Item::new(name, ItemType::Permission, code("A1"))
}

pub fn guide(name: &str, item: &str) -> Guide {
    Guide::new(name, code(item), code("A1"))
}

/// A register of which the test is the only writer.
pub struct Told {
    pub journal: Arc<MemoryJournal>,
    commands: u128,
}

impl Told {
    pub fn new() -> Self {
        Self { journal: Arc::new(MemoryJournal::new()), commands: 0 }
    }

    /// Gives a command and appends what it leads to; a refused one changes nothing.
    pub async fn command<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, command: impl Into<Command<C>>) {
        self.commands += 1;
        let id = Uuid::from_u128(self.commands);
        let stream = StreamName::new(C::REGISTER, code(at));
        let recorded = self.journal.read_stream(&stream, StreamVersion::FIRST, 1_000).await.unwrap();
        let past: Vec<Event<C>> = recorded.iter().map(|r| C::unwrap(Happened::read(r).unwrap().event).unwrap()).collect();
        let circumstances = Circumstances { now, actor: ActorId::new("test"), command: id };
        let Ok(events) = Entry::<C>::decide(&Entry::<C>::fold(&past), command.into(), &circumstances) else { return };
        let new: Vec<_> = events
            .iter()
            .enumerate()
            .map(|(i, event)| {
                let stored = encode(event).unwrap();
                let metadata = Metadata { schema: stored.schema, command: id, actor: ActorId::new("test"), at: now };
                NewEvent { id: event_id(id, i), kind: stored.kind, metadata: encode_metadata(&metadata).unwrap(), payload: stored.payload }
            })
            .collect();
        if new.is_empty() {
            return;
        }
        let expected = recorded.last().map_or(Expected::NoStream, |r| Expected::Version(r.version));
        self.journal.append(&stream, expected, new).await.unwrap();
    }

    pub async fn adopt<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, content: C, from: Option<DateTime<Utc>>) {
        let source = Source { file: "list".into(), ..Source::default() };
        self.command(at, now, Adopt { content, source, effective_from: from }).await;
    }

    pub async fn repeal<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, from: Option<DateTime<Utc>>) {
        let repeal = Repeal { effective_from: from, reason: "法律修改".into(), document: None, replaced_by: None };
        self.command::<C>(at, now, repeal).await;
    }
}
