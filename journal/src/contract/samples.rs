//! Streams and events for the clauses.

use std::future::Future;

use domain::envelope::{Code, Position, StreamKind, StreamName, StreamVersion};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Broken, Verdict};
use crate::port::{Journal, NewEvent, Recorded, SharedJournal, StoreError};

/// The n-th stream. They are of all kinds.
pub(super) fn stream(number: usize) -> Result<StreamName, Broken> {
    let mut kinds = StreamKind::all().cycle().skip(number % StreamKind::all().count());
    let kind = kinds.next().ok_or_else(|| Broken("there is no kind of stream".to_owned()))?;
    let code: Code = format!("S-{number}").parse().map_err(|_| Broken("a sample has no valid code".to_owned()))?;
    Ok(StreamName { kind, code })
}

/// The `count` events of the append with this number. Different numbers give different ids.
pub(super) fn events(append: usize, count: usize) -> Vec<NewEvent> {
    (0..count).map(|index| event(append, index)).collect()
}

/// One event of an append.
pub(super) fn event(append: usize, index: usize) -> NewEvent {
    NewEvent {
        id: Uuid::from_u64_pair(append as u64 + 1, index as u64),
        kind: format!("item.sample{}", index % 3),
        metadata: format!("{{\"append\":{append}}}").into_bytes(),
        payload: format!("{{\"index\":{index}}}").into_bytes(),
    }
}

/// Whether an event is this new one, byte for byte.
pub(super) fn is(recorded: &Recorded, new: &NewEvent) -> bool {
    recorded.id == new.id && recorded.kind == new.kind && recorded.metadata == new.metadata && recorded.payload == new.payload
}

/// Everything in a stream.
pub(super) async fn whole(journal: &dyn Journal, stream: &StreamName) -> Result<Vec<Recorded>, StoreError> {
    journal.read_stream(stream, StreamVersion::FIRST, usize::MAX).await
}

/// Everything in the log, read in pages of `limit`.
pub(super) async fn log(journal: &dyn Journal, limit: usize) -> Result<Vec<Recorded>, StoreError> {
    let mut events = Vec::new();
    loop {
        let page = journal.read_all(last(&events), limit).await?;
        events.extend(page.events);
        if page.end {
            return Ok(events);
        }
    }
}

/// The place of the last of some events.
pub(super) fn last(events: &[Recorded]) -> Option<Position> {
    events.last().map(|event| event.position)
}

/// Runs `count` writers at the same time; the first that fails ends the clause.
pub(super) async fn together<F, Fut>(journal: &SharedJournal, count: usize, writer: F) -> Verdict
where
    F: Fn(SharedJournal, usize) -> Fut,
    Fut: Future<Output = Verdict> + Send + 'static,
{
    let mut writers = JoinSet::new();
    for number in 0..count {
        writers.spawn(writer(journal.clone(), number));
    }
    while let Some(ended) = writers.join_next().await {
        ended.map_err(|error| Broken(format!("a writer panicked: {error}")))??;
    }
    Ok(())
}
