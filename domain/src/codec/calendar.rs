//! The stored form of the events of the working calendar.

use super::{CodecError, Stored, Streamed, own_verb, parse};
use crate::{
    calendar::{Event, WorkingCalendar},
    envelope::{Code, StreamKind, StreamName},
};

/// The highest schema number of a verb's payload.
pub(super) fn current_schema(verb: &str) -> Option<u32> {
    (verb == "announced").then_some(1)
}

impl Streamed for WorkingCalendar {
    fn stream(code: &Code) -> StreamName {
        StreamName::of_calendar(code.clone())
    }

    fn write(event: &Event) -> Result<Stored, CodecError> {
        let verb = event.verb();
        let payload = match event {
            Event::Announced(event) => serde_json::to_vec(event),
        };
        let kind = format!("{}.{verb}", StreamKind::Calendar.word());
        Ok(Stored { kind, schema: current_schema(verb).unwrap_or(1), payload: payload.map_err(CodecError::Write)? })
    }

    fn read(kind: &str, schema: u32, payload: &[u8]) -> Result<Option<Event>, CodecError> {
        let Some((_, known)) = own_verb(StreamKind::Calendar, kind, schema, current_schema)? else { return Ok(None) };
        Ok(Some(Event::Announced(parse(kind, schema, known, payload)?)))
    }
}
