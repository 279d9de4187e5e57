//! The stored form of the events of self-checks.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    envelope::{Code, StreamKind, StreamName},
    selfcheck::{Event, SelfChecks},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    (verb == "checked").then_some(1)
}

impl Streamed for SelfChecks {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_self_checks(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Checked(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::SelfCheck.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((verb, known)) = own_verb(StreamKind::SelfCheck, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(match verb {
            "checked" => Event::Checked(parse(kind, schema, known, payload)?),
            _ => return Err(CodecError::UnknownKind(kind.to_owned())),
        }))
    }
}
