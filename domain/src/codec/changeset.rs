//! The stored form of the events of change sets.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    changeset::{ChangeSet, Event},
    envelope::{Code, StreamKind, StreamName},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    matches!(verb, "proposed" | "reviewed" | "approved" | "returned" | "withdrawn").then_some(1)
}

impl Streamed for ChangeSet {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_change_set(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Proposed(event) => serde_json::to_vec(event),
            Event::Reviewed(event) => serde_json::to_vec(event),
            Event::Approved(event) => serde_json::to_vec(event),
            Event::Returned(event) => serde_json::to_vec(event),
            Event::Withdrawn(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::ChangeSet.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((verb, known)) = own_verb(StreamKind::ChangeSet, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(match verb {
            "proposed" => Event::Proposed(parse(kind, schema, known, payload)?),
            "reviewed" => Event::Reviewed(parse(kind, schema, known, payload)?),
            "approved" => Event::Approved(parse(kind, schema, known, payload)?),
            "returned" => Event::Returned(parse(kind, schema, known, payload)?),
            "withdrawn" => Event::Withdrawn(parse(kind, schema, known, payload)?),
            _ => return Err(CodecError::UnknownKind(kind.to_owned())),
        }))
    }
}
