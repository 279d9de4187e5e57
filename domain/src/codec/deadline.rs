//! The stored form of the events of the rules of deadlines.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    deadline::{DeadlineRules, Event},
    envelope::{Code, StreamKind, StreamName},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    (verb == "ruled").then_some(1)
}

impl Streamed for DeadlineRules {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_deadlines(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Ruled(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::Deadline.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((_, known)) = own_verb(StreamKind::Deadline, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(Event::Ruled(parse(kind, schema, known, payload)?)))
    }
}
