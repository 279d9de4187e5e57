//! Receipts 展示回执: that a channel serves a revision, written down once, with the moment since when (Art. 10(2)).
//!
//! A channel serves a revision from the commit on with which its views show it, as in force or as upcoming with the day on which it takes effect.
//! What the views never showed has no receipt: what is withheld, drafts, and a revision that was superseded before any channel had it. A revision that
//! is hidden and shown again has the receipt of the first time.
//!
//! Each channel has one stream, and its events hold many receipts each: so nobody has to ask a hundred thousand streams whether there is one.

mod decide;
mod event;

use std::{collections::BTreeMap, convert::Infallible, sync::Arc};

use chrono::{DateTime, Utc};

pub use decide::{CLOCKS_DIFFER, RECEIPTS_OF_EVENT, RULE};
pub use event::{Event, Receipt, Served, Standing, Witness};

use crate::{
    calendar::CalendarAt,
    deadline::Rules,
    deadline::sight::Sight,
    decider::{Circumstances, Decider},
    envelope::{Code, EntryName},
    value::{Channel, Hash},
};

/// The receipts of a channel, as a thing with a history.
#[derive(Debug)]
pub struct Receipts;

impl Receipts {
    /// Under which code the receipts of a channel are kept: its word.
    pub fn code_of(channel: Channel) -> Code {
        Code::of_channel(channel)
    }
}

/// That a channel serves a revision, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The entry.
    pub entry: EntryName,
    /// Number of the revision.
    pub revision: u32,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
    /// When it was approved, adopted, corrected or transferred: what the deadline begins with.
    pub published_at: DateTime<Utc>,
    /// Since when the channel serves it.
    pub served_at: DateTime<Utc>,
    /// How that moment is known.
    pub witness: Witness,
    /// When channels could show it; `None`: ever since it was published, or nobody asked because it was in time by that ([`Record::is_in_time`]).
    pub sight: Option<Sight>,
}

/// Writes down what a channel serves. What has a receipt already gets no other.
#[derive(Debug, Clone)]
pub struct Record {
    /// The channel.
    pub channel: Channel,
    /// What it serves.
    pub showings: Vec<Showing>,
    /// The calendar as it is known, by which it was due.
    pub calendar: Arc<CalendarAt>,
    /// The rules of deadlines, by which it was due.
    pub rules: Arc<Rules>,
}

impl Record {
    /// Whether something is shown in time by the moment of its publication, or no rule says when: then nobody has to ask since when it could be shown.
    pub fn is_in_time(showing: &Showing, calendar: &CalendarAt, rules: &Rules) -> bool {
        decide::is_in_time(showing, calendar, rules)
    }
}

/// The receipts of a channel, by entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    of: BTreeMap<EntryName, Vec<Receipt>>,
    proven: Proven,
}

/// How many receipts prove what: each is one of the three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proven {
    /// 按时: served in time.
    pub in_time: u64,
    /// 逾期: served late, seen as it came.
    pub late: u64,
    /// 未知: neither, because the calendar or a clock does not say, no rule was in force, or because it was found only when it was late.
    pub unknown: u64,
}

impl Proven {
    /// All of them.
    pub fn all(self) -> u64 {
        self.in_time + self.late + self.unknown
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { in_time: self.in_time + other.in_time, late: self.late + other.late, unknown: self.unknown + other.unknown }
    }
}

impl State {
    /// The receipts of an entry, in the order in which they were written.
    pub fn of(&self, entry: &EntryName) -> &[Receipt] {
        self.of.get(entry).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a revision of an entry has its receipt.
    pub fn has(&self, entry: &EntryName, revision: u32) -> bool {
        self.of(entry).iter().any(|receipt| receipt.revision == revision)
    }

    /// All receipts, by entry.
    pub fn all(&self) -> impl Iterator<Item = &Receipt> {
        self.of.values().flatten()
    }

    /// Number of all receipts.
    pub fn count(&self) -> u64 {
        self.proven.all()
    }

    /// How many of them prove what.
    pub fn proven(&self) -> Proven {
        self.proven
    }
}

impl Decider for Receipts {
    type State = State;
    type Command = Record;
    type Event = Event;
    type Refusal = Infallible;

    fn decide(state: &State, command: Record, circumstances: &Circumstances) -> Result<Vec<Event>, Infallible> {
        Ok(decide::record(state, command, circumstances.now))
    }

    fn evolve(mut state: State, event: &Event) -> State {
        let Event::Served(served) = event;
        for receipt in &served.receipts {
            *match receipt.proves() {
                Standing::InTime => &mut state.proven.in_time,
                Standing::Late => &mut state.proven.late,
                Standing::Unknown => &mut state.proven.unknown,
            } += 1;
            state.of.entry(receipt.entry()).or_default().push(receipt.clone());
        }
        state
    }
}
