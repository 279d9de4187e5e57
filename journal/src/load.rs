//! The history of an entry, or of whatever else has a stream, read from it.

use domain::{
    codec::{self, CodecError, RegisterEvent, Registered, Streamed},
    entry::{Entry, Event, State},
    envelope::{Code, Metadata, StreamName, StreamVersion},
};

use crate::port::{Journal, Recorded, StoreError};

/// Events read at a time. An entry has a handful; the page only bounds what a strange one costs at once.
const PAGE: usize = 500;

/// An event, as kept and as read.
#[derive(Debug, Clone, PartialEq)]
pub struct PastOf<E> {
    /// As kept.
    pub recorded: Recorded,
    /// What is kept beside it.
    pub metadata: Metadata,
    /// What happened.
    pub event: E,
}

/// Something with its whole history.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedOf<S, E> {
    /// What the history amounts to.
    pub state: S,
    /// Number of the last event; `None` if there is none.
    pub version: Option<StreamVersion>,
    /// The events, in order.
    pub history: Vec<PastOf<E>>,
}

/// An event of an entry.
pub type Past<C> = PastOf<Event<C>>;

/// An entry with its whole history.
pub type Loaded<C> = LoadedOf<State<C>, Event<C>>;

/// Why a history cannot be loaded.
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
    /// An event of something else is in the stream.
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
    load_of::<Entry<C>>(journal, code).await
}

/// Loads whatever has a stream. What does not exist has the empty history.
pub async fn load_of<D: Streamed>(journal: &dyn Journal, code: &Code) -> Result<LoadedOf<D::State, D::Event>, LoadError> {
    let stream = D::stream(code);
    let mut loaded = LoadedOf { state: D::State::default(), version: None, history: Vec::new() };
    loop {
        let from = loaded.version.map_or(StreamVersion::FIRST, StreamVersion::next);
        let page = journal.read_stream(&stream, from, PAGE).await?;
        let last = page.len() < PAGE;
        for recorded in page {
            let past = read::<D>(recorded)?;
            loaded.state = D::evolve(loaded.state, &past.event);
            loaded.version = Some(past.recorded.version);
            loaded.history.push(past);
        }
        if last {
            return Ok(loaded);
        }
    }
}

fn read<D: Streamed>(recorded: Recorded) -> Result<PastOf<D::Event>, LoadError> {
    let read = codec::decode_metadata(&recorded.metadata)
        .and_then(|metadata| Ok((D::read(&recorded.kind, metadata.schema, &recorded.payload)?, metadata)));
    match read {
        Ok((Some(event), metadata)) => Ok(PastOf { recorded, metadata, event }),
        Ok((None, _)) => Err(LoadError::Foreign { stream: recorded.stream, version: recorded.version, kind: recorded.kind }),
        Err(source) => Err(LoadError::Codec { stream: recorded.stream, version: recorded.version, source }),
    }
}
