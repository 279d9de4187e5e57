//! The stored form of the events of reports of what is not right.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    envelope::{Code, StreamKind, StreamName},
    inaccuracy::{Event, Inaccuracy},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    matches!(verb, "reported" | "dismissed").then_some(1)
}

impl Streamed for Inaccuracy {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_inaccuracy(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Reported(event) => serde_json::to_vec(event),
            Event::Dismissed(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::Inaccuracy.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((verb, known)) = own_verb(StreamKind::Inaccuracy, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(match verb {
            "reported" => Event::Reported(parse(kind, schema, known, payload)?),
            "dismissed" => Event::Dismissed(parse(kind, schema, known, payload)?),
            _ => return Err(CodecError::UnknownKind(kind.to_owned())),
        }))
    }
}
