//! Finite reads, from the leader: what was acknowledged is found. A read that fails is tried again, within a bound.

use backon::{ExponentialBuilder, Retryable};
use domain::envelope::{Position, StreamKind, StreamName, StreamVersion};
use eventstore::{Error, ReadAllOptions, ReadStream, ReadStreamOptions, RecordedEvent, StreamPosition, SubscriptionFilter};
use futures::TryFutureExt;
use tokio::time::Instant;

use super::{
    EventStoreJournal,
    link::{Failure, Line, Link, unled},
};
use crate::port::{Page, Recorded, StoreError};

/// Most events of one call.
const CHUNK: usize = 4_096;

impl EventStoreJournal {
    /// Events of a stream from a revision on, at most `limit`. One that does not exist has none.
    pub(super) async fn stream(&self, name: &str, from: u64, limit: usize) -> Result<Vec<RecordedEvent>, StoreError> {
        let (mut events, mut from) = (Vec::new(), from);
        // A server counts revisions with a sign.
        while events.len() < limit && i64::try_from(from).is_ok() {
            let wanted = CHUNK.min(limit - events.len());
            let chunk = self.link.retried(|| self.part_of_stream(name, StreamPosition::Position(from), wanted)).await?;
            from += chunk.len() as u64;
            let last = chunk.len() < wanted;
            events.extend(chunk);
            if last {
                break;
            }
        }
        Ok(events)
    }

    /// Number of the last event of a stream.
    pub(super) async fn last_version(&self, stream: &StreamName) -> Result<Option<StreamVersion>, StoreError> {
        let name = self.named(stream);
        let found = self.link.retried(|| self.part_of_stream(&name, StreamPosition::End, 1)).await?;
        Ok(found.first().map(|event| StreamVersion(event.revision)))
    }

    async fn part_of_stream(&self, name: &str, from: StreamPosition<u64>, count: usize) -> Result<Vec<RecordedEvent>, Failure> {
        let options = ReadStreamOptions::default().position(from).max_count(count).requires_leader(true);
        let options = match self.link.address.credentials.clone() {
            Some(credentials) => options.authenticated(credentials),
            None => options,
        };
        let line = self.link.line()?;
        // Asked for without an error, a stream that is not there is told in the answer.
        let answer = match self.link.within(&line, line.client.read_stream(name, &options).map_err(unled)).await {
            Ok(answer) => self.link.drain(&line, answer).await,
            Err(failure) => Err(failure),
        };
        match answer {
            Err(Failure::Client(Error::ResourceNotFound)) => Ok(Vec::new()),
            answer => answer,
        }
    }

    /// The log after a position.
    pub(super) async fn log(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        let (mut events, mut after) = (Vec::new(), after);
        loop {
            let wanted = CHUNK.min(limit - events.len());
            let found = self.link.retried(|| self.link.part_of_log(&self.namespace, after, wanted)).await?;
            let end = found.len() <= wanted;
            for event in found.into_iter().take(wanted) {
                events.push(self.recorded(event)?);
            }
            after = events.last().map(|event: &Recorded| event.position).or(after);
            if end || events.len() == limit {
                return Ok(Page { events, end });
            }
        }
    }

    /// Place of the last event.
    pub(super) async fn end(&self) -> Result<Option<Position>, StoreError> {
        self.link.retried(|| self.link.end(&self.namespace)).await
    }

    /// An event of a register, byte for byte.
    pub(super) fn recorded(&self, event: RecordedEvent) -> Result<Recorded, StoreError> {
        let name = event.stream_id().strip_prefix(&*self.namespace).unwrap_or_default();
        let foreign = |reason: domain::envelope::InvalidStreamName| StoreError::NotAJournal {
            path: self.address(),
            reason: format!("事件库中有其他程序的流 / another program writes into the streams of the registers: {reason}"),
        };
        let stream: StreamName = name.parse().map_err(foreign)?;
        Ok(Recorded {
            position: place(&event),
            stream,
            version: StreamVersion(event.revision),
            id: event.id,
            kind: event.event_type,
            metadata: event.custom_metadata.into(),
            payload: event.data.into(),
        })
    }
}

impl Link {
    /// Tries a read, and again after what passes, so often and for so long.
    pub(super) async fn retried<T, F, Fut>(&self, read: F) -> Result<T, StoreError>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Failure>>,
    {
        let timing = self.timing;
        let pauses = ExponentialBuilder::new().with_min_delay(timing.pause).with_max_delay(timing.longest).with_max_times(timing.retries);
        let begun = Instant::now();
        let again = |failure: &Failure| failure.passes() && begun.elapsed() < timing.trying;
        read.retry(pauses).when(again).await.map_err(|failure| self.words(&failure))
    }

    /// Events after a position, and one more than wanted if there is one: it tells that the log goes on.
    async fn part_of_log(&self, namespace: &str, after: Option<Position>, wanted: usize) -> Result<Vec<RecordedEvent>, Failure> {
        let from = after.map_or(StreamPosition::Start, |after| StreamPosition::Position(outward(after)));
        // A read begins with the event at its position.
        let mut events = self.all(namespace, from, wanted + 2).await?;
        events.retain(|event| Some(place(event)) > after);
        events.truncate(wanted + 1);
        Ok(events)
    }

    /// Place of the last event.
    pub(super) async fn end(&self, namespace: &str) -> Result<Option<Position>, Failure> {
        Ok(self.all(namespace, StreamPosition::End, 1).await?.first().map(place))
    }

    async fn all(&self, namespace: &str, from: StreamPosition<eventstore::Position>, count: usize) -> Result<Vec<RecordedEvent>, Failure> {
        let options = ReadAllOptions::default().position(from).max_count(count).filter(registers(namespace)).requires_leader(true);
        let options = match self.address.credentials.clone() {
            Some(credentials) => options.authenticated(credentials),
            None => options,
        };
        let line = self.line()?;
        let answer = self.within(&line, line.client.read_all(&options).map_err(unled)).await?;
        self.drain(&line, answer).await
    }

    async fn drain(&self, line: &Line, mut answer: ReadStream) -> Result<Vec<RecordedEvent>, Failure> {
        let mut events = Vec::new();
        loop {
            // A stream of which there was something is not missing.
            let begun = !events.is_empty();
            let next = answer.next().map_err(|error| if begun { unled(error) } else { error });
            let Some(resolved) = self.within(line, next).await? else { break };
            events.extend(resolved.event);
        }
        self.answered();
        Ok(events)
    }
}

/// The streams of ours. By prefixes only: a pattern would win over them without a word.
pub(super) fn registers(namespace: &str) -> SubscriptionFilter {
    let prefixes = StreamKind::all().map(|kind| format!("{namespace}{}-", kind.word()));
    prefixes.fold(SubscriptionFilter::on_stream_name(), SubscriptionFilter::add_prefix)
}

/// Where an event is.
pub(super) fn place(event: &RecordedEvent) -> Position {
    Position::pair(event.position.commit, event.position.prepare)
}

/// A position as the client has it.
pub(super) fn outward(position: Position) -> eventstore::Position {
    let (commit, prepare) = position.numbers();
    eventstore::Position { commit, prepare }
}
