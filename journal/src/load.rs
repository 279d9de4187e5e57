//! The history of an entry, read from its stream.

use domain::{
    codec::{self, CodecError, RegisterEvent, Registered},
    decider::Decider,
    entry::{Entry, Event, State},
    envelope::{Code, Metadata, StreamName, StreamVersion},
};

use crate::port::{Journal, Recorded, StoreError};

/// Events read at a time. An entry has a handful; the page only bounds what a strange one costs at once.
const PAGE: usize = 500;

/// An event of an entry, as kept and as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Past<C> {
    /// As kept.
    pub recorded: Recorded,
    /// What is kept beside it.
    pub metadata: Metadata,
    /// What happened.
    pub event: Event<C>,
}

/// An entry with its whole history.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<C> {
    /// What the history amounts to.
    pub state: State<C>,
    /// Number of the last event; `None` if there is none.
    pub version: Option<StreamVersion>,
    /// The events, in order.
    pub history: Vec<Past<C>>,
}

/// Why an entry cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The journal cannot be read.
    #[error("不能从日志读取条目 / the entry cannot be read from the journal")]
    Store(#[from] StoreError),
    /// An event cannot be read.
    #[error("{stream} 的第{version}号事件不能读取 / event {version} of {stream} cannot be read", version = .version.0)]
    Codec {
        /// The stream.
        stream: StreamName,
        /// Number of the event.
        version: StreamVersion,
        /// Why.
        #[source]
        source: CodecError,
    },
    /// An event of another register is in the stream.
    #[error("{stream} 的第{version}号事件属于其他登记册 / event {version} of {stream} is of another register: {kind}", version = .version.0)]
    Foreign {
        /// The stream.
        stream: StreamName,
        /// Number of the event.
        version: StreamVersion,
        /// Its kind.
        kind: String,
    },
}

/// Reads an event and its metadata.
pub fn decode_recorded(recorded: &Recorded) -> Result<(Metadata, RegisterEvent), CodecError> {
    let metadata = codec::decode_metadata(&recorded.metadata)?;
    let event = codec::decode(&recorded.kind, metadata.schema, &recorded.payload)?;
    Ok((metadata, event))
}

/// Loads an entry. One that does not exist has the empty history.
pub async fn load<C: Registered>(journal: &dyn Journal, code: &Code) -> Result<Loaded<C>, LoadError> {
    let stream = StreamName::new(C::REGISTER, code.clone());
    let mut loaded = Loaded { state: State::default(), version: None, history: Vec::new() };
    loop {
        let from = loaded.version.map_or(StreamVersion::FIRST, StreamVersion::next);
        let page = journal.read_stream(&stream, from, PAGE).await?;
        let last = page.len() < PAGE;
        for recorded in page {
            let past = read(recorded)?;
            loaded.state = Entry::<C>::evolve(loaded.state, &past.event);
            loaded.version = Some(past.recorded.version);
            loaded.history.push(past);
        }
        if last {
            return Ok(loaded);
        }
    }
}

fn read<C: Registered>(recorded: Recorded) -> Result<Past<C>, LoadError> {
    let (metadata, event) = match decode_recorded(&recorded) {
        Ok(read) => read,
        Err(source) => return Err(LoadError::Codec { stream: recorded.stream, version: recorded.version, source }),
    };
    match C::unwrap(event) {
        Some(event) => Ok(Past { recorded, metadata, event }),
        None => Err(LoadError::Foreign { stream: recorded.stream, version: recorded.version, kind: recorded.kind }),
    }
}
