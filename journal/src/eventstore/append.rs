//! Appends: one stream, one exact revision, all events of a command in one call.

use bytes::Bytes;
use domain::envelope::{Position, StreamName, StreamVersion};
use eventstore::{AppendToStreamOptions, CurrentRevision, Error, EventData, StreamState};
use futures::TryFutureExt;
use uuid::Uuid;

use super::{
    EventStoreJournal,
    link::{Failure, unled},
};
use crate::port::{AppendError, Appended, Expected, NewEvent};

/// What became of a write.
pub(super) enum Written {
    /// It is kept; a server that recognised a repeated write may not say where.
    Done(Option<Position>),
    /// The stream is not where it was expected: its last event is this one.
    Overtaken(Option<StreamVersion>),
}

impl EventStoreJournal {
    pub(super) async fn keep(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        // Looked at first, so that an append that cannot be kept reserves nothing.
        let last = self.last_version(stream).await.map_err(AppendError::NotExecuted)?;
        if !expected.holds(last) {
            return self.overtaken(stream, expected, &ids, last).await;
        }
        self.reserve(stream, expected, &ids).await?;
        let version = StreamVersion(expected.first().0.saturating_add(ids.len() as u64 - 1));
        match self.write(&self.named(stream), expected, events).await {
            Ok(Written::Done(position)) => Ok(Appended { version, position }),
            Ok(Written::Overtaken(actual)) => self.overtaken(stream, expected, &ids, actual).await,
            Err(failure) => Err(self.unkept(&failure)),
        }
    }

    /// Writes to a stream, once.
    pub(super) async fn write(&self, name: &str, expected: Expected, events: Vec<NewEvent>) -> Result<Written, Failure> {
        let state = match expected {
            Expected::NoStream => StreamState::NoStream,
            Expected::Version(StreamVersion(version)) => StreamState::StreamRevision(version),
        };
        let options = AppendToStreamOptions::default().stream_state(state).requires_leader(true).deadline(self.link.timing.call);
        let options = match self.link.address.credentials.clone() {
            Some(credentials) => options.authenticated(credentials),
            None => options,
        };
        let data: Vec<_> = events.into_iter().map(data).collect();
        let line = self.link.line()?;
        match self.link.within(&line, line.client.append_to_stream(name, &options, data).map_err(unled)).await {
            Ok(result) => {
                self.link.answered();
                let eventstore::Position { commit, prepare } = result.position;
                // An answer without a position comes as the beginning of the log, where nothing of ours ever is.
                Ok(Written::Done(((commit, prepare) != (0, 0)).then(|| Position::pair(commit, prepare))))
            }
            Err(Failure::Client(Error::WrongExpectedVersion { current, .. })) => Ok(Written::Overtaken(match current {
                CurrentRevision::Current(version) => Some(StreamVersion(version)),
                CurrentRevision::NoStream => None,
            })),
            Err(failure) => Err(failure),
        }
    }

    /// The stream is further. It may be an earlier attempt of the same append that brought it there: that one is looked for.
    async fn overtaken(
        &self,
        stream: &StreamName,
        expected: Expected,
        ids: &[Uuid],
        actual: Option<StreamVersion>,
    ) -> Result<Appended, AppendError> {
        let conflict = || AppendError::Conflict { stream: stream.clone(), expected, actual };
        if actual < Some(expected.first()) {
            return Err(conflict());
        }
        // Without an answer it stays open whether an earlier attempt is there.
        let there = self.stream(&self.named(stream), expected.first().0, ids.len()).await.map_err(AppendError::Unknown)?;
        match there.last() {
            Some(last) if there.iter().map(|event| event.id).eq(ids.iter().copied()) => {
                let position = Position::pair(last.position.commit, last.position.prepare);
                Ok(Appended { version: StreamVersion(last.revision), position: Some(position) })
            }
            _ => Err(conflict()),
        }
    }

    /// What a failed write means. Everything that does not certainly say that nothing was written leaves it open.
    fn unkept(&self, failure: &Failure) -> AppendError {
        let words = self.link.words(failure);
        match failure {
            // There was no connection to send it over, or the node that got it says that it did nothing.
            Failure::Setup(_)
            | Failure::Client(
                Error::ConnectionClosed
                | Error::GrpcConnectionError(_)
                | Error::NotLeaderException(_)
                | Error::AccessDenied
                | Error::ResourceDeleted,
            ) => AppendError::NotExecuted(words),
            Failure::Client(Error::Grpc { code, message }) if is_invalid(*code as i32) => AppendError::Invalid(message.clone()),
            _ => AppendError::Unknown(words),
        }
    }
}

/// INVALID_ARGUMENT: too large for this server, or not what it takes at all.
fn is_invalid(code: i32) -> bool {
    code == 3
}

fn data(event: NewEvent) -> EventData {
    let NewEvent { id, kind, metadata, payload } = event;
    // Said to be bytes: a server must not care what they are, and never write them in another way.
    EventData::binary(kind, Bytes::from(payload)).metadata(Bytes::from(metadata)).id(id)
}
