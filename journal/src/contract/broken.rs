//! Proof that the clauses can fail: a journal for each way to break a promise, and the clause that must notice.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use tokio::time::sleep;

use super::{CLAUSES, agrees_with_the_reference, check, run_all};
use crate::{
    memory::MemoryJournal,
    port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError, check_bounds},
};

/// What a commit takes, about.
const MOMENT: Duration = Duration::from_micros(200);

/// What is wrong with a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    NumbersFromOne,
    PublishesOutOfOrder,
    WritesEventByEvent,
    KeepsPartOfConflicts,
    ChecksTooEarly,
    ForgetsAppends,
    IgnoresIds,
    IgnoresBounds,
    CutsLargeEvents,
    KeepsText,
    TrimsPages,
    StartsAtPosition,
    SaysEndTooLate,
    TellsFirstAsHead,
    SleepsOn,
    SleepsBehindHead,
}

/// A journal with a flaw: a list of events under a lock, written without care.
struct Careless {
    flaw: Flaw,
    events: Mutex<Vec<Recorded>>,
    /// The next position.
    next: Mutex<u64>,
}

impl Careless {
    fn shared(flaw: Flaw) -> SharedJournal {
        Arc::new(Self { flaw, events: Mutex::default(), next: Mutex::new(1) })
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn of(&self, stream: &StreamName) -> Vec<Recorded> {
        self.with(|events| events.iter().filter(|event| event.stream == *stream).cloned().collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<Recorded>) -> T) -> T {
        work(&mut self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn judge(&self, log: &[Recorded], stream: &StreamName, expected: Expected, new: &[NewEvent]) -> Result<Option<Appended>, AppendError> {
        let of: Vec<_> = log.iter().filter(|event| event.stream == *stream).collect();
        let actual = of.last().map(|event| event.version);
        if !expected.holds(actual) {
            let earlier: Vec<_> = of.iter().filter(|event| event.version >= expected.first()).take(new.len()).collect();
            let repeated = earlier.len() == new.len() && earlier.iter().zip(new).all(|(a, b)| a.id == b.id);
            return match earlier.last() {
                Some(last) if repeated && !self.is(Flaw::ForgetsAppends) => {
                    Ok(Some(Appended { version: last.version, position: Some(last.position) }))
                }
                _ => Err(AppendError::Conflict { stream: stream.clone(), expected, actual }),
            };
        }
        let known: HashSet<_> = log.iter().map(|event| event.id).collect();
        if !self.is(Flaw::IgnoresIds) && new.iter().any(|event| known.contains(&event.id)) {
            return Err(AppendError::Invalid("known id".to_owned()));
        }
        Ok(None)
    }

    fn record(&self, stream: &StreamName, version: StreamVersion, new: NewEvent) -> Recorded {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let position = Position::single(*next);
        *next += 1;
        let NewEvent { id, kind, metadata, mut payload } = new;
        if self.is(Flaw::CutsLargeEvents) {
            payload.truncate(65_535);
        }
        if self.is(Flaw::KeepsText) {
            payload = String::from_utf8_lossy(&payload).into_owned().into_bytes();
        }
        let version = if self.is(Flaw::NumbersFromOne) { StreamVersion(version.0 + 1) } else { version };
        Recorded { position, stream: stream.clone(), version, id, kind, metadata, payload }
    }

    fn keep(&self, recorded: Recorded) {
        self.with(|events| {
            let place = events.partition_point(|event| event.position < recorded.position);
            events.insert(place, recorded);
        });
    }
}

#[async_trait]
impl Journal for Careless {
    async fn append(&self, stream: &StreamName, expected: Expected, new: Vec<NewEvent>) -> Result<Appended, AppendError> {
        if !self.is(Flaw::IgnoresBounds) {
            check_bounds(&new)?;
        }
        let versions = (0_u64..).map(|index| StreamVersion(expected.first().0 + index));
        let last = self.of(stream).last().map(|event| event.version);
        if self.is(Flaw::KeepsPartOfConflicts) && !expected.holds(last) {
            self.keep(self.record(stream, last.map_or(StreamVersion::FIRST, StreamVersion::next), new[0].clone()));
        }
        let careful = !matches!(self.flaw, Flaw::PublishesOutOfOrder | Flaw::WritesEventByEvent | Flaw::ChecksTooEarly);
        let mut appended = Appended { version: StreamVersion((expected.first().0 + new.len() as u64).saturating_sub(1)), position: None };
        if careful {
            return self.with(|log| {
                if let Some(first) = self.judge(log, stream, expected, &new)? {
                    return Ok(first);
                }
                let recorded: Vec<_> = versions.zip(new).map(|(version, new)| self.record(stream, version, new)).collect();
                appended.position = recorded.last().map(|event| event.position);
                log.extend(recorded);
                Ok(appended)
            });
        }
        if let Some(first) = self.with(|log| self.judge(log, stream, expected, &new))? {
            return Ok(first);
        }
        if self.is(Flaw::ChecksTooEarly) {
            // The check is of a moment ago when the events are kept.
            sleep(MOMENT).await;
        }
        for (version, new) in versions.zip(new) {
            let recorded = self.record(stream, version, new);
            appended.position = Some(recorded.position);
            // Between taking a number and publishing under it, others go on.
            sleep(MOMENT).await;
            self.keep(recorded);
        }
        Ok(appended)
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let limit = if self.is(Flaw::TrimsPages) { limit.min(4) } else { limit };
        Ok(self.of(stream).into_iter().filter(|event| event.version >= from).take(limit).collect())
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        let inclusive = self.is(Flaw::StartsAtPosition);
        let behind = |event: &&Recorded| Some(event.position) > after || (inclusive && Some(event.position) == after);
        Ok(self.with(|log| {
            let left = log.iter().filter(behind).count();
            let end = if self.is(Flaw::SaysEndTooLate) { left == 0 } else { left <= limit };
            Page { events: log.iter().filter(behind).take(limit).cloned().collect(), end }
        }))
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        let first = self.is(Flaw::TellsFirstAsHead);
        Ok(self.with(|log| if first { log.first() } else { log.last() }.map(|event| event.position)))
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        let began_at = self.head().await?;
        loop {
            let head = self.head().await?;
            let more = match self.flaw {
                Flaw::SleepsOn => began_at > after,
                Flaw::SleepsBehindHead => head > began_at,
                _ => head > after,
            };
            if more {
                return Ok(());
            }
            sleep(MOMENT).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_not_broken_passes() {
    run_all(|| async { Careless::shared(Flaw::Nothing) }).await.unwrap();
}

#[test]
fn what_is_not_broken_agrees_with_the_reference() {
    agrees_with_the_reference(|| async { Careless::shared(Flaw::Nothing) }).unwrap();
    agrees_with_the_reference(|| async { Arc::new(MemoryJournal::new()) as SharedJournal }).unwrap();
}

/// Each flaw with a clause that must notice it. Every clause is here.
const CAUGHT: [(Flaw, &str); 18] = [
    (Flaw::NumbersFromOne, "versions_are_contiguous"),
    (Flaw::WritesEventByEvent, "an_append_is_whole_or_absent"),
    (Flaw::KeepsPartOfConflicts, "an_append_is_whole_or_absent"),
    (Flaw::ChecksTooEarly, "one_of_racing_writers_wins"),
    (Flaw::ForgetsAppends, "a_repeated_append_is_answered_as_the_first"),
    (Flaw::IgnoresIds, "an_id_is_kept_once"),
    (Flaw::IgnoresBounds, "an_append_beyond_a_bound_is_refused"),
    (Flaw::CutsLargeEvents, "an_append_at_a_bound_is_kept"),
    (Flaw::PublishesOutOfOrder, "a_reader_never_finds_late_events"),
    (Flaw::TellsFirstAsHead, "the_head_is_the_last_event"),
    (Flaw::KeepsText, "bytes_come_back"),
    (Flaw::TrimsPages, "a_stream_is_read_in_pages"),
    (Flaw::StartsAtPosition, "the_log_is_read_in_pages"),
    (Flaw::SaysEndTooLate, "the_log_is_read_in_pages"),
    (Flaw::SleepsOn, "waiting_ends_with_an_append"),
    (Flaw::SleepsBehindHead, "waiting_ends_at_once_behind_the_head"),
    (Flaw::ForgetsAppends, "agrees_with_the_reference"),
    (Flaw::IgnoresIds, "agrees_with_the_reference"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_flaw_is_caught_by_its_clause() {
    for (flaw, clause) in CAUGHT {
        if let Some(clause) = CLAUSES.iter().find(|known| known.name == clause) {
            let verdict = clause.check(Careless::shared(flaw)).await;
            assert!(verdict.is_err(), "{} passes a journal that {flaw:?}", clause.name);
        }
    }
    let unproved: Vec<_> = CLAUSES.iter().filter(|clause| !CAUGHT.iter().any(|(_, name)| *name == clause.name)).collect();
    assert!(unproved.is_empty(), "no flaw for {:?}", unproved.iter().map(|clause| clause.name).collect::<Vec<_>>());
    assert!(check("no such clause", Careless::shared(Flaw::Nothing)).await.is_err());
}

#[test]
fn flaws_are_seen_in_the_comparison() {
    for (flaw, _) in CAUGHT.into_iter().filter(|(_, name)| *name == "agrees_with_the_reference") {
        let verdict = agrees_with_the_reference(move || async move { Careless::shared(flaw) });
        assert!(verdict.is_err(), "the comparison passes a journal that {flaw:?}");
    }
}
