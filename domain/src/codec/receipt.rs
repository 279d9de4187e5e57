//! The stored form of the events of receipts.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    envelope::{Code, StreamKind, StreamName},
    receipt::{Event, Receipts},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    (verb == "served").then_some(2)
}

impl Streamed for Receipts {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_receipts(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Served(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::Receipt.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((_, known)) = own_verb(StreamKind::Receipt, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(Event::Served(parse(kind, schema, known, payload)?)))
    }
}
