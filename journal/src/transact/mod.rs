//! The way of one change: load, fold, decide, append; and again if another writer was faster.
//!
//! A command is carried out once, however often it is given: its id stands in the metadata of its events, and the ids of those
//! follow from it. If the stream has them already, the first answer is given again, also after a restart and by another node.

mod budget;

#[cfg(test)]
mod tests;

use domain::{
    codec::{self, CodecError, Registered, Streamed},
    decider::Circumstances,
    entry::{Command, Entry, Event, Refusal},
    envelope::{Code, Position, StreamName, StreamVersion, event_id},
};

pub use budget::Budget;

use crate::{
    load::{LoadError, LoadedOf, load_of},
    port::{AppendError, Appended, Journal, NewEvent, StoreError},
};
use budget::Left;

/// A command to an entry.
pub type Request<C> = RequestTo<Command<C>>;

/// What became of a command to an entry.
pub type Outcome<C> = OutcomeOf<Event<C>, Refusal>;

/// A command to an entry that was carried out.
pub type Applied<C> = AppliedAs<Event<C>>;

/// A command to whatever has a stream.
#[derive(Debug, Clone)]
pub struct RequestTo<C> {
    /// Code of the entry.
    pub code: Code,
    /// What whoever asks believes about it.
    pub expected: ExpectedVersion,
    /// What is asked for.
    pub command: C,
    /// When, by whom, and under which command id.
    pub circumstances: Circumstances,
}

/// What whoever asks believes about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// Nothing: the command is decided on what there is, and again if that changes meanwhile.
    Any,
    /// There is no such entry.
    NoStream,
    /// Its last event is this one.
    Exact(StreamVersion),
}

impl ExpectedVersion {
    fn holds(self, actual: Option<StreamVersion>) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.is_none(),
            Self::Exact(version) => actual == Some(version),
        }
    }
}

/// What became of a command.
#[derive(Debug, Clone)]
#[must_use]
pub enum OutcomeOf<E, R> {
    /// It was carried out now.
    Applied(AppliedAs<E>),
    /// It was carried out before, with this answer.
    Repeated(AppliedAs<E>),
    /// It is already so.
    Unchanged {
        /// Number of the last event of the entry; `None` if it has none.
        version: Option<StreamVersion>,
    },
    /// A rule forbids it.
    Refused(R),
    /// The entry is not where whoever asked believed it to be, or other writers were faster every time.
    Conflict {
        /// Number of the last event of the entry; `None` if it has none.
        actual: Option<StreamVersion>,
    },
    /// It may have been carried out or not. To be given again with the same command id.
    Unknown(StoreError),
}

/// A command that was carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct AppliedAs<E> {
    /// Number of its last event.
    pub version: StreamVersion,
    /// Place of its last event; a view at or behind it shows the change.
    pub position: Position,
    /// Its events.
    pub events: Vec<E>,
}

/// Why a command was certainly not carried out.
#[derive(Debug, thiserror::Error)]
pub enum TransactError {
    /// The history cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The store could not write, to the end of the budget.
    #[error("变更未能保存 / the change could not be kept")]
    NotExecuted(#[source] StoreError),
    /// The store refused the events for good: too large, or the command id was used elsewhere.
    #[error("变更不能保存 / the change cannot be kept: {0}")]
    Invalid(String),
    /// The events cannot be written.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// Carries out a command to an entry.
pub async fn transact<C: Registered>(journal: &dyn Journal, request: Request<C>, budget: Budget) -> Result<Outcome<C>, TransactError> {
    transact_on::<Entry<C>>(journal, request, budget).await
}

/// Carries out a command to whatever has a stream.
pub async fn transact_on<D: Streamed>(
    journal: &dyn Journal,
    request: RequestTo<D::Command>,
    budget: Budget,
) -> Result<OutcomeOf<D::Event, D::Refusal>, TransactError> {
    let mut attempts = Attempts { journal, stream: D::stream(&request.code), left: budget.into(), doubt: None };
    loop {
        let LoadedOf { state, version, history } = match load_of::<D>(journal, &request.code).await {
            Ok(loaded) => loaded,
            Err(LoadError::Store(_)) if attempts.left.retry().await => continue,
            Err(error) => return attempts.give_up(error.into()),
        };
        let before = history.into_iter().filter(|past| past.metadata.command == request.circumstances.command);
        if let Some(first) = answer(before.map(|past| (past.recorded.version, past.recorded.position, past.event))) {
            // If an attempt of ours was in doubt, it is what was found.
            return Ok(if attempts.doubt.is_some() { OutcomeOf::Applied(first) } else { OutcomeOf::Repeated(first) });
        }
        // The stream was overtaken and has no event of ours: an attempt that was in doubt is lost, and cannot come any more.
        attempts.doubt = None;
        if !request.expected.holds(version) {
            return Ok(OutcomeOf::Conflict { actual: version });
        }
        let events = match D::decide(&state, request.command.clone(), &request.circumstances) {
            Ok(events) if events.is_empty() => return Ok(OutcomeOf::Unchanged { version }),
            Ok(events) => events,
            Err(refusal) => return Ok(OutcomeOf::Refused(refusal)),
        };
        match attempts.keep(version, &new_events::<D>(&events, &request.circumstances)?).await? {
            Kept::At(version, position) => return Ok(OutcomeOf::Applied(AppliedAs { version, position, events })),
            Kept::Unknown(error) => return Ok(OutcomeOf::Unknown(error)),
            // With a doubt it is looked at once more in any case: what overtook may be an attempt of ours.
            Kept::Overtaken(_) if attempts.doubt.is_some() || attempts.left.conflict() => {}
            Kept::Overtaken(actual) => return Ok(OutcomeOf::Conflict { actual }),
        }
    }
}

/// The answer to a command that led to these events, if there are any.
fn answer<E>(events: impl Iterator<Item = (StreamVersion, Position, E)>) -> Option<AppliedAs<E>> {
    let mut applied = None;
    for (version, position, event) in events {
        let mut events = applied.map_or_else(Vec::new, |applied: AppliedAs<E>| applied.events);
        events.push(event);
        applied = Some(AppliedAs { version, position, events });
    }
    applied
}

/// The stored form of the events of a command.
fn new_events<D: Streamed>(events: &[D::Event], circumstances: &Circumstances) -> Result<Vec<NewEvent>, CodecError> {
    let new = |(index, event)| {
        let stored = D::write(event)?;
        let metadata = codec::encode_metadata(&circumstances.metadata(stored.schema))?;
        Ok(NewEvent { id: event_id(circumstances.command, index), kind: stored.kind, metadata, payload: stored.payload })
    };
    events.iter().enumerate().map(new).collect()
}

/// The attempts of one command, with what is known of them.
struct Attempts<'j> {
    journal: &'j dyn Journal,
    stream: StreamName,
    left: Left,
    /// Why an attempt may have been kept, if one may. From then on the command is never reported as failed.
    doubt: Option<StoreError>,
}

/// What became of an append, after all retries.
enum Kept {
    At(StreamVersion, Position),
    Overtaken(Option<StreamVersion>),
    Unknown(StoreError),
}

impl Attempts<'_> {
    /// Appends, and again identically after failures: same ids, same expectation.
    async fn keep(&mut self, version: Option<StreamVersion>, events: &[NewEvent]) -> Result<Kept, TransactError> {
        loop {
            let error = match self.journal.append(&self.stream, version.into(), events.to_vec()).await {
                Ok(appended) => return self.locate(appended).await,
                Err(AppendError::Conflict { actual, .. }) => return Ok(Kept::Overtaken(actual)),
                Err(AppendError::Invalid(reason)) => return Err(TransactError::Invalid(reason)),
                Err(AppendError::NotExecuted(error)) => error,
                Err(AppendError::Unknown(error)) => self.doubt.insert(error).clone(),
            };
            tracing::debug!(stream = %self.stream, %error, "append failed");
            if !self.left.retry().await {
                return match self.doubt.take() {
                    Some(doubt) => Ok(Kept::Unknown(doubt)),
                    None => Err(TransactError::NotExecuted(error)),
                };
            }
        }
    }

    /// Where the last event went. A store that recognised a repeated append may not say; then the stream does.
    async fn locate(&mut self, appended: Appended) -> Result<Kept, TransactError> {
        if let Some(position) = appended.position {
            return Ok(Kept::At(appended.version, position));
        }
        loop {
            let error = match self.journal.read_stream(&self.stream, appended.version, 1).await {
                Ok(found) => match found.first() {
                    Some(event) => return Ok(Kept::At(event.version, event.position)),
                    None => StoreError::Other("an event that was kept is not found yet".to_owned()),
                },
                Err(error) => error,
            };
            if !self.left.retry().await {
                // It is kept, but the answer cannot be given in full; given again, the command finds it.
                return Ok(Kept::Unknown(error));
            }
        }
    }

    /// Ends with a failure, or with the doubt if there is any.
    fn give_up<E, R>(self, failed: TransactError) -> Result<OutcomeOf<E, R>, TransactError> {
        self.doubt.map_or(Err(failed), |doubt| Ok(OutcomeOf::Unknown(doubt)))
    }
}
