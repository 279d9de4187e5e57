//! Random work, done by the store and by the reference: they must answer the same.

use std::future::Future;

use domain::envelope::{Position, StreamName, StreamVersion};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use super::{
    Broken, Verdict, ensure,
    samples::{event, events, last, log, stream},
};
use crate::{
    memory::MemoryJournal,
    port::{AppendError, Appended, Expected, Journal, NewEvent, Recorded, SharedJournal},
};

/// Few, so that the steps meet each other.
const STREAMS: usize = 3;

/// One thing to ask of a journal.
#[derive(Debug, Clone)]
enum Step {
    /// Append to a stream as if it had `ahead` events more (or fewer) than it has.
    Append { stream: usize, ahead: i64, events: usize },
    /// Append to a stream what a writer who believes it to be empty would.
    Begin { stream: usize, events: usize },
    /// Repeat an earlier append, whatever became of it; with other ids in the second half if `mixed`.
    Repeat { earlier: usize, mixed: bool },
    /// Append the events of an earlier append once more, where a stream ends now.
    Move { earlier: usize, stream: usize },
    /// Read a stream.
    Stream { stream: usize, from: u64, limit: usize },
    /// Read the log after an event that was found in it.
    Log { after: usize, limit: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let stream = 0..STREAMS;
    prop_oneof![
        6 => (stream.clone(), prop_oneof![5 => Just(0_i64), 1 => -2..=2_i64], 1..5_usize)
            .prop_map(|(stream, ahead, events)| Step::Append { stream, ahead, events }),
        1 => (stream.clone(), 1..4_usize).prop_map(|(stream, events)| Step::Begin { stream, events }),
        3 => (0..100_usize, any::<bool>()).prop_map(|(earlier, mixed)| Step::Repeat { earlier, mixed }),
        1 => (0..100_usize, stream.clone()).prop_map(|(earlier, stream)| Step::Move { earlier, stream }),
        2 => (stream, 0..20_u64, 0..6_usize).prop_map(|(stream, from, limit)| Step::Stream { stream, from, limit }),
        2 => (0..100_usize, 0..8_usize).prop_map(|(after, limit)| Step::Log { after, limit }),
    ]
}

/// Holds journals to the reference with random work. Makes its own runtime: to be called outside of one.
pub fn agrees_with_the_reference<F, Fut>(fresh: F) -> Verdict
where
    F: Fn() -> Fut,
    Fut: Future<Output = SharedJournal>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Broken(format!("no runtime for the comparison: {error}")))?;
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..40), |steps| {
            let compared = runtime.block_on(async { Comparison::new(fresh().await).run(steps).await });
            compared.map_err(|Broken(saw)| TestCaseError::fail(saw))
        })
        .map_err(|error| Broken(error.to_string()))
}

/// A reference, the store under test, and what was asked of both so far.
struct Comparison {
    reference: MemoryJournal,
    store: SharedJournal,
    appends: Vec<(StreamName, Expected, Vec<NewEvent>)>,
}

impl Comparison {
    fn new(store: SharedJournal) -> Self {
        Self { reference: MemoryJournal::new(), store, appends: Vec::new() }
    }

    async fn run(mut self, steps: Vec<Step>) -> Verdict {
        for step in steps {
            match step {
                Step::Append { stream: number, ahead, events: count } => {
                    let name = stream(number)?;
                    let length = self.length(&name).await?.saturating_add_signed(ahead);
                    self.append(name, after(length), events(self.appends.len(), count)).await?;
                }
                Step::Begin { stream: number, events: count } => {
                    self.append(stream(number)?, Expected::NoStream, events(self.appends.len(), count)).await?;
                }
                Step::Move { earlier, stream: number } => {
                    let name = stream(number)?;
                    let length = self.length(&name).await?;
                    if let Some((_, _, events)) = self.appends.get(earlier % self.appends.len().max(1)).cloned() {
                        self.append(name, after(length), events).await?;
                    }
                }
                Step::Repeat { earlier, mixed } => self.repeat(earlier, mixed).await?,
                Step::Stream { stream: number, from, limit } => {
                    let (name, from) = (stream(number)?, StreamVersion(from));
                    let wanted = self.reference.read_stream(&name, from, limit).await?;
                    same_events(&self.store.read_stream(&name, from, limit).await?, &wanted)?;
                }
                Step::Log { after, limit } => self.read_log(after, limit).await?,
            }
        }
        same_events(&log(&*self.store, 7).await?, &log(&self.reference, 7).await?)
    }

    async fn length(&self, name: &StreamName) -> Result<u64, Broken> {
        Ok(self.reference.read_stream(name, StreamVersion::FIRST, usize::MAX).await?.len() as u64)
    }

    async fn append(&mut self, name: StreamName, expected: Expected, events: Vec<NewEvent>) -> Verdict {
        let wanted = self.reference.append(&name, expected, events.clone()).await;
        let answer = self.store.append(&name, expected, events.clone()).await;
        let same = match (&answer, &wanted) {
            (Ok(answer), Ok(wanted)) => answer.version == wanted.version && self.is_place_of(&name, *answer).await?,
            (Err(AppendError::Conflict { actual: a, .. }), Err(AppendError::Conflict { actual: b, .. })) => a == b,
            (Err(AppendError::Invalid(_)), Err(AppendError::Invalid(_))) => true,
            _ => false,
        };
        self.appends.push((name, expected, events));
        ensure!(same, "an append was answered {answer:?}, by the reference {wanted:?}");
        Ok(())
    }

    async fn repeat(&mut self, earlier: usize, mixed: bool) -> Verdict {
        if self.appends.is_empty() {
            return Ok(());
        }
        let (name, expected, mut events) = self.appends[earlier % self.appends.len()].clone();
        if mixed {
            let half = events.len() / 2;
            for (index, other) in events.iter_mut().enumerate().skip(half) {
                *other = event(self.appends.len(), index);
            }
        }
        self.append(name, expected, events).await
    }

    async fn read_log(&self, after: usize, limit: usize) -> Verdict {
        let (ours, theirs) = (log(&self.reference, 9).await?, log(&*self.store, 9).await?);
        let after = after.min(ours.len());
        let wanted = self.reference.read_all(last(&ours[..after]), limit).await?;
        let page = self.store.read_all(last(&theirs[..after]), limit).await?;
        ensure!(page.end == wanted.end, "a page of {limit} after event {after} says end: {}, by the reference: {}", page.end, wanted.end);
        same_events(&page.events, &wanted.events)
    }

    /// Whether an append is where its answer says.
    async fn is_place_of(&self, name: &StreamName, appended: Appended) -> Result<bool, Broken> {
        let found = self.store.read_stream(name, appended.version, 1).await?;
        let position: Option<Position> = last(&found);
        Ok(appended.position.is_none() || appended.position == position)
    }
}

/// What a writer expects of a stream of that many events.
fn after(length: u64) -> Expected {
    length.checked_sub(1).map(StreamVersion).into()
}

/// Positions are the store's own; everything else is the same.
fn same_events(found: &[Recorded], wanted: &[Recorded]) -> Verdict {
    let same = found.len() == wanted.len()
        && found.iter().zip(wanted).all(|(found, wanted)| Recorded { position: wanted.position, ..found.clone() } == *wanted);
    ensure!(same, "read {found:?}, by the reference {wanted:?}");
    Ok(())
}
