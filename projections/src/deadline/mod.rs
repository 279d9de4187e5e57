//! Deadlines 时限 at work over the log: which cases of which rules there are, what was done of them, and where they stand.
//!
//! An index in memory that follows the log. What happens is folded event by event and never read twice; cases are filed by when they are due, and
//! filed anew only when another notice or rule becomes known. Where a case stands is told when it is asked, by the pure rule of the domain, at
//! the moment of the question: nothing is "made overdue".

mod agency;
mod alarm;
mod apply;
mod ask;
mod case;
mod entry;
mod filed;
mod known;
mod occurred;
mod set;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    calendar::{Due, Span, UnknownDue},
    deadline::{Occasion, Rule, Trigger},
    envelope::{Code, EntryName, Position},
};
use journal::{SharedJournal, StoreError};
use tokio::sync::{Mutex, MutexGuard};

use crate::happened::Unreadable;
use ask::Standing;
use filed::Filing;
use known::Source;
use occurred::Occurred;

pub use alarm::{Alarm, AlarmKind};
pub use case::{About, CasePlace, DeadlineCase, DeadlinePage, DeadlineQuery, Knows, ReportTold, RuleFigures, Subject, is_of_public};

/// Events that are read at a time.
const PAGE: usize = 1_000;

/// Time before a journal that could not be read is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// Why deadlines cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineError {
    /// The journal cannot be read.
    #[error("日志无法读取 / the journal cannot be read")]
    Journal(#[from] StoreError),
    /// An event cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
}

/// The index. It reads the journal when it is asked, from where it came to last time, and beside that whenever it is told to.
pub struct Deadlines {
    journal: SharedJournal,
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    reached: Option<Position>,
    /// Whether the end of the journal was reached at least once.
    read: bool,
    occurred: Occurred,
    /// What is known, and of how many notices and rules of the register it is made, and whether there were receipts.
    source: Option<(Source, (usize, usize, bool))>,
    filing: Option<Filing>,
    alarms: alarm::Raised,
}

impl Deadlines {
    /// An index that has read nothing yet.
    pub fn new(journal: SharedJournal) -> Self {
        Self { journal, index: Mutex::default() }
    }

    /// Reads to the end of the journal; says how far it came.
    pub async fn catch_up(&self) -> Result<Option<Position>, DeadlineError> {
        Ok(self.current().await?.reached)
    }

    /// Follows the journal until the future is dropped, so that whoever asks waits for little. What cannot be read is tried again.
    pub async fn follow(&self) {
        loop {
            let followed = match self.catch_up().await {
                Ok(reached) => self.journal.wait(reached).await.map_err(DeadlineError::from),
                Err(error) => Err(error),
            };
            if let Err(error) = followed {
                tracing::warn!(%error, "deadlines cannot be read");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// A page of the cases that are asked for and may be told, what is due first first, after a place. As they stand at `now`, or with `known_at` as they
    /// stood then, by what was known then.
    pub async fn page<K: Into<Knows>>(
        &self,
        query: &DeadlineQuery,
        sees: impl Fn(&About<'_>) -> K,
        (now, known_at): (DateTime<Utc>, Option<DateTime<Utc>>),
        (after, first): (Option<&CasePlace>, usize),
    ) -> Result<DeadlinePage, DeadlineError> {
        let mut index = self.current().await?;
        let after = after.map(|place| &place.0);
        let Some(known_at) = known_at.filter(|known_at| *known_at < now) else {
            return Ok(index.standing(now).page(query, sees, after, first));
        };
        let index = &mut *index;
        let source = index.source();
        let (knowledge, calendar) = (source.known_at(known_at), source.calendar_at(known_at));
        let filing = Filing::of(&index.occurred, knowledge, known_at);
        let standing = Standing { occurred: &index.occurred, filing: &filing, calendar, now: known_at, until: known_at, asked_at: now };
        Ok(standing.page(query, sees, after, first))
    }

    /// Figures of each rule that holds, for whoever keeps the node; `None` while the index is being read.
    pub fn figures(&self, now: DateTime<Utc>) -> Option<BTreeMap<Code, RuleFigures>> {
        let mut index = self.index.try_lock().ok()?;
        index.read.then(|| index.standing(now).figures())
    }

    /// What is to be told of cases that come near their end, or passed it, and was not told before. Near is what ends by `until`.
    pub async fn alarms(&self, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Alarm>, DeadlineError> {
        let mut index = self.current().await?;
        let mut found = index.standing(now).near(until);
        // A register that is served for the first time has no receipts yet, and will have them in a moment.
        if index.occurred.receipts_since.is_none() {
            found.retain(|alarm| alarm.case.rule.trigger != Trigger::On(Occasion::RevisionApproved));
        }
        Ok(index.alarms.raise(found))
    }

    /// The rules that hold at a moment, by what is known at it, in order of their codes.
    pub async fn rules(&self, now: DateTime<Utc>) -> Result<Vec<Rule>, DeadlineError> {
        let mut index = self.current().await?;
        let knowledge = index.source().known_at(now);
        Ok(knowledge.in_force(now).iter().map(|rule| rule.as_ref().clone()).collect())
    }

    /// When so long a time from a moment ends, by the calendar as it is known.
    pub async fn ends(&self, from: DateTime<Utc>, span: Span) -> Result<Result<Due, UnknownDue>, DeadlineError> {
        let mut index = self.current().await?;
        Ok(index.source().calendar_at(from).due(from, span))
    }

    /// How many reports of what is not right are open of an entry.
    pub async fn open_reports(&self, entry: &EntryName) -> Result<usize, DeadlineError> {
        let index = self.current().await?;
        Ok(index.occurred.entry(entry).map_or(0, |row| row.reports.len()))
    }

    /// How many entries an agency, or the city, withholds or gives on request at a moment.
    pub async fn withheld(&self, agency: Option<&Code>, at: DateTime<Utc>) -> Result<u32, DeadlineError> {
        let index = self.current().await?;
        let checks = index.occurred.agencies.all().find(|(of, _)| of.as_ref() == agency);
        Ok(checks.and_then(|(_, checks)| u32::try_from(checks.number_at(at)).ok()).unwrap_or(0))
    }

    /// The index as of the end of the journal.
    async fn current(&self) -> Result<MutexGuard<'_, Index>, DeadlineError> {
        let mut index = self.index.lock().await;
        loop {
            let page = self.journal.read_all(index.reached, PAGE).await?;
            for recorded in &page.events {
                index.occurred.note(recorded)?;
                index.reached = Some(recorded.position);
            }
            if page.end || page.events.is_empty() {
                index.read = true;
                return Ok(index);
            }
        }
    }
}

impl Index {
    /// What is known, made anew if another notice or rule was recorded.
    fn source(&mut self) -> &Source {
        let made_of = (self.occurred.notices.len(), self.occurred.ruled.len(), self.occurred.receipts_since.is_some());
        if self.source.as_ref().is_some_and(|(_, of)| *of != made_of) {
            self.source = None;
            self.filing = None;
        }
        &self.source.get_or_insert_with(|| (Source::of(&self.occurred), made_of)).0
    }

    /// The cases as they stand.
    fn standing(&mut self, now: DateTime<Utc>) -> Standing<'_> {
        let until = DateTime::<Utc>::MAX_UTC;
        let source = self.source();
        let (stamp, calendar) = (source.stamp(now), source.calendar_at(now));
        let filing = if let Some(mut filing) = self.filing.take().filter(|filing| filing.knowledge.stamp() == stamp) {
            for number in std::mem::take(&mut self.occurred.touched) {
                filing.file(number, &self.occurred, until);
            }
            filing
        } else {
            let knowledge = self.source().known_at(now);
            self.occurred.touched.clear();
            Filing::of(&self.occurred, knowledge, until)
        };
        let filing = self.filing.insert(filing);
        Standing { occurred: &self.occurred, filing, calendar, now, until, asked_at: now }
    }
}
