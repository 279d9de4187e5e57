//! The stored form of events: a kind such as `item.adopted`, a schema number, a payload in JSON.
//!
//! A stored kind is a promise. It is never renamed in place; a changed payload gets the next schema number, one step in
//! `upcast` that lifts the old form, and a fixture of the old form in `fixtures/`.

mod calendar;
mod changeset;
mod deadline;
mod inaccuracy;
mod receipt;
mod schemas;
mod selfcheck;
mod upcast;

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};

pub use schemas::{content_schema, event_schemas};

use crate::{
    decider::Decider,
    entry::{Entry, Event},
    envelope::{Code, Metadata, StreamKind, StreamName},
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, Register},
};

/// An event of any register.
#[derive(Debug, Clone, PartialEq)]
pub enum RegisterEvent {
    /// Of an agency.
    Agency(Event<Agency>),
    /// Of an item.
    Item(Event<Item>),
    /// Of a guide.
    Guide(Event<Guide>),
    /// Of a material.
    Material(Event<Material>),
    /// Of an entry of the openness catalogue.
    CatalogueEntry(Event<CatalogueEntry>),
}

impl RegisterEvent {
    /// Whether it is work on a change that is not public: see [`Event::is_internal`].
    pub fn is_internal(&self) -> bool {
        match self {
            Self::Agency(event) => event.is_internal(),
            Self::Item(event) => event.is_internal(),
            Self::Guide(event) => event.is_internal(),
            Self::Material(event) => event.is_internal(),
            Self::CatalogueEntry(event) => event.is_internal(),
        }
    }
}

/// An event in its stored form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// E.g. `item.adopted`.
    pub kind: String,
    /// Schema number of the payload.
    pub schema: u32,
    /// JSON.
    pub payload: Vec<u8>,
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// A kind that this version does not know.
    #[error(
        "不认识事件种类“{0}”，日志由更新的版本或其他程序写成；请改用新版同源 / \
         event kind {0:?} is unknown, the journal was written by a newer version or another program: use a newer Tongyuan"
    )]
    UnknownKind(String),
    /// A schema number above the one that this version writes.
    #[error(
        "事件种类“{kind}”的结构为第{found}版，本版本最高只能读第{known}版；请改用新版同源 / \
         event kind {kind:?} has schema {found}, written by a newer version, this one reads up to {known}: use a newer Tongyuan"
    )]
    NewerSchema {
        /// The kind.
        kind: String,
        /// Its number.
        found: u32,
        /// The highest known one.
        known: u32,
    },
    /// A payload that is not what its kind and schema promise.
    #[error(
        "事件“{kind}”的内容不能读取，日志可能已损坏；请从备份恢复 / payload of event kind {kind:?} cannot be read, the journal may be damaged: restore a backup"
    )]
    Payload {
        /// The kind.
        kind: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Metadata that cannot be read or written.
    #[error(
        "事件的附加信息不能读写，日志可能已损坏；请从备份恢复 / metadata of an event cannot be read or written, the journal may be damaged: restore a backup"
    )]
    Metadata(#[source] serde_json::Error),
    /// A payload that cannot be written.
    #[error("事件不能写成 / the event cannot be written")]
    Write(#[source] serde_json::Error),
}

/// What has a history of its own in the journal: a stream by its code, and the stored form of its events. Whoever loads, decides and
/// appends needs no more of it.
pub trait Streamed: Decider<Command: Clone> {
    /// The stream of the one with this code.
    fn stream(code: &Code) -> StreamName;

    /// Writes an event.
    fn write(event: &Self::Event) -> Result<Stored, CodecError>;

    /// Reads an event; `None`: it is readable, and of something else.
    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Self::Event>, CodecError>;
}

impl<C: Registered> Streamed for Entry<C> {
    fn stream(code: &Code) -> StreamName {
        StreamName::new(C::REGISTER, code.clone())
    }

    fn write(event: &Event<C>) -> Result<Stored, CodecError> {
        encode(event)
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event<C>>, CodecError> {
        Ok(C::unwrap(decode(kind, schema, payload)?))
    }
}

/// Joins the events of one register to those of all.
pub trait Registered: Content {
    /// An event of this register as one of any.
    fn wrap(event: Event<Self>) -> RegisterEvent;

    /// An event of any register as one of this, if it is.
    fn unwrap(event: RegisterEvent) -> Option<Event<Self>>;
}

macro_rules! registered {
    ($($content:ident),*) => {$(
        impl Registered for $content {
            fn wrap(event: Event<Self>) -> RegisterEvent {
                RegisterEvent::$content(event)
            }

            fn unwrap(event: RegisterEvent) -> Option<Event<Self>> {
                match event {
                    RegisterEvent::$content(event) => Some(event),
                    _ => None,
                }
            }
        }
    )*};
}

registered!(Agency, Item, Guide, Material, CatalogueEntry);

/// The highest schema number of a verb's payload.
fn current_schema(verb: &str) -> Option<u32> {
    match verb {
        "adopted" | "drafted" | "redrafted" | "submitted" | "reviewed" | "approved" | "returned" | "withdrawn" | "suspended"
        | "resumed" | "corrected" | "transferred" => Some(1),
        "repealed" => Some(3),
        _ => None,
    }
}

/// Writes an event.
pub fn encode<C: Registered>(event: &Event<C>) -> Result<Stored, CodecError> {
    let verb = event.verb();
    let payload = match event {
        Event::Adopted(event) => serde_json::to_vec(event),
        Event::Drafted(event) | Event::Redrafted(event) => serde_json::to_vec(event),
        Event::Submitted(event) => serde_json::to_vec(event),
        Event::Reviewed(event) => serde_json::to_vec(event),
        Event::Approved(event) => serde_json::to_vec(event),
        Event::Returned(event) => serde_json::to_vec(event),
        Event::Withdrawn(event) => serde_json::to_vec(event),
        Event::Suspended(event) => serde_json::to_vec(event),
        Event::Resumed(event) => serde_json::to_vec(event),
        Event::Repealed(event) => serde_json::to_vec(event),
        Event::Corrected(event) => serde_json::to_vec(event),
        Event::Transferred(event) => serde_json::to_vec(event),
    };
    let schema = current_schema(verb).unwrap_or(1);
    Ok(Stored { kind: format!("{}.{verb}", C::REGISTER.word()), schema, payload: payload.map_err(CodecError::Write)? })
}

/// Reads an event, lifting an older form to the present one.
pub fn decode(kind: &str, schema: u32, payload: &[u8]) -> Result<RegisterEvent, CodecError> {
    let unknown = || CodecError::UnknownKind(kind.to_owned());
    let (word, verb) = kind.split_once('.').ok_or_else(unknown)?;
    let register = Register::from_word(word).ok_or_else(unknown)?;
    let known = current_schema(verb).ok_or_else(unknown)?;
    if schema > known {
        return Err(CodecError::NewerSchema { kind: kind.to_owned(), found: schema, known });
    }
    match register {
        Register::Agency => read::<Agency>(kind, verb, schema, known, payload),
        Register::Item => read::<Item>(kind, verb, schema, known, payload),
        Register::Guide => read::<Guide>(kind, verb, schema, known, payload),
        Register::Material => read::<Material>(kind, verb, schema, known, payload),
        Register::Openness => read::<CatalogueEntry>(kind, verb, schema, known, payload),
    }
}

fn read<C: Registered>(kind: &str, verb: &str, schema: u32, known: u32, payload: &[u8]) -> Result<RegisterEvent, CodecError> {
    Ok(C::wrap(match verb {
        "adopted" => Event::Adopted(parse(kind, schema, known, payload)?),
        "drafted" => Event::Drafted(parse(kind, schema, known, payload)?),
        "redrafted" => Event::Redrafted(parse(kind, schema, known, payload)?),
        "submitted" => Event::Submitted(parse(kind, schema, known, payload)?),
        "reviewed" => Event::Reviewed(parse(kind, schema, known, payload)?),
        "approved" => Event::Approved(parse(kind, schema, known, payload)?),
        "returned" => Event::Returned(parse(kind, schema, known, payload)?),
        "withdrawn" => Event::Withdrawn(parse(kind, schema, known, payload)?),
        "suspended" => Event::Suspended(parse(kind, schema, known, payload)?),
        "resumed" => Event::Resumed(parse(kind, schema, known, payload)?),
        "repealed" => Event::Repealed(parse(kind, schema, known, payload)?),
        "corrected" => Event::Corrected(parse(kind, schema, known, payload)?),
        "transferred" => Event::Transferred(parse(kind, schema, known, payload)?),
        _ => return Err(CodecError::UnknownKind(kind.to_owned())),
    }))
}

fn parse<T: DeserializeOwned>(kind: &str, schema: u32, known: u32, payload: &[u8]) -> Result<T, CodecError> {
    let failed = |source| CodecError::Payload { kind: kind.to_owned(), source };
    if schema == known {
        // Looking once whether all of it is UTF-8 takes a tenth of looking at each text. What is not has its error from the parser.
        return match simdutf8::basic::from_utf8(payload) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(payload),
        }
        .map_err(failed);
    }
    let old = serde_json::from_slice(payload).map_err(failed)?;
    serde_json::from_value(upcast::lift(verb_of(kind), schema, known, old)).map_err(failed)
}

/// The verb of a kind of a stream that is no entry's, and the highest schema number of its payload; `None`: it is of another kind of stream. One
/// that is unknown, or newer than this version, is an error.
fn own_verb(own: StreamKind, kind: &str, schema: u32, current: fn(&str) -> Option<u32>) -> Result<Option<(&str, u32)>, CodecError> {
    let unknown = || CodecError::UnknownKind(kind.to_owned());
    let (word, verb) = kind.split_once('.').ok_or_else(unknown)?;
    if StreamKind::from_word(word).ok_or_else(unknown)? != own {
        return Ok(None);
    }
    let known = current(verb).ok_or_else(unknown)?;
    if schema > known {
        return Err(CodecError::NewerSchema { kind: kind.to_owned(), found: schema, known });
    }
    Ok(Some((verb, known)))
}

fn verb_of(kind: &str) -> &str {
    kind.split_once('.').map_or(kind, |(_, verb)| verb)
}

/// Writes metadata.
pub fn encode_metadata(metadata: &Metadata) -> Result<Vec<u8>, CodecError> {
    serde_json::to_vec(metadata).map_err(CodecError::Metadata)
}

/// Reads metadata.
pub fn decode_metadata(bytes: &[u8]) -> Result<Metadata, CodecError> {
    serde_json::from_slice(bytes).map_err(CodecError::Metadata)
}

/// When an event was recorded, without the rest of its metadata: for whoever passes over most of a log.
pub fn decode_recorded_at(bytes: &[u8]) -> Result<DateTime<Utc>, CodecError> {
    #[derive(Deserialize)]
    struct RecordedAt {
        at: DateTime<Utc>,
    }
    serde_json::from_slice(bytes).map(|RecordedAt { at }| at).map_err(CodecError::Metadata)
}
