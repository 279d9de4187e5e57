use std::collections::HashMap;

use tonic::{Status, Streaming};
use uuid::Uuid;

use crate::{
    faults::When,
    pb::{
        Empty,
        streams::{
            AppendReq, AppendResp,
            append_req::{Content, ProposedMessage, options::ExpectedStreamRevision},
            append_resp::{
                self, Position, Success, WrongExpectedVersion,
                success::{CurrentRevisionOption, PositionOption},
                wrong_expected_version::{CurrentRevisionOption as Actual, ExpectedRevisionOption as Wanted},
            },
        },
        uuid::Value as IdValue,
    },
    service::Service,
    store::{MAX_APPEND, Proposed, Written},
};

/// Id, flags and lengths of an event.
const EVENT_BYTES: usize = 64;

impl Service {
    pub(crate) async fn answer_append(&self, mut parts: Streaming<AppendReq>) -> Result<AppendResp, Status> {
        let Some(Content::Options(options)) = parts.message().await?.and_then(|part| part.content) else {
            return Err(Status::invalid_argument("an append begins with its options"));
        };
        let stream = options.stream_identifier.map(|stream| stream.stream_name).unwrap_or_default();
        let stream = String::from_utf8(stream).map_err(|_| Status::invalid_argument("not the name of a stream"))?;
        let after = match options.expected_stream_revision {
            Some(ExpectedStreamRevision::NoStream(_)) => None,
            Some(ExpectedStreamRevision::Revision(revision)) => Some(revision),
            // A server only remembers a few of these, so that a retry may write twice.
            _ => return Err(Status::unimplemented("an append without an exact expectation is not safe to repeat")),
        };
        let (mut events, mut size) = (Vec::new(), 0);
        while let Some(part) = parts.message().await? {
            let Some(Content::ProposedMessage(message)) = part.content else {
                return Err(Status::invalid_argument("an append has one set of options"));
            };
            let event = proposed(message)?;
            // A server counts the type in two bytes a character; some count the rest of what goes onto the disk too.
            size += 2 * event.kind.len() + event.content_type.len() + event.data.len() + event.metadata.len() + EVENT_BYTES;
            events.push(event);
        }
        let fault = self.shared.faults.next_append(&stream);
        if let Some((When::Before, how)) = fault {
            return Err(self.fail(how).await);
        }
        if size > MAX_APPEND {
            return Err(Status::invalid_argument(format!("maximum append size of {MAX_APPEND} exceeded")));
        }
        let written = self.shared.store.append(&stream, after, events);
        if let Some((When::After, how)) = fault {
            return Err(self.fail(how).await);
        }
        Ok(answer(&written, after))
    }
}

fn proposed(message: ProposedMessage) -> Result<Proposed, Status> {
    let ProposedMessage { id, metadata, custom_metadata, data } = message;
    let id = match id.and_then(|id| id.value) {
        Some(IdValue::String(text)) => text.parse().map_err(|_| Status::invalid_argument("not an id"))?,
        Some(IdValue::Structured(halves)) => {
            Uuid::from_u64_pair(halves.most_significant_bits.cast_unsigned(), halves.least_significant_bits.cast_unsigned())
        }
        None => return Err(Status::invalid_argument("an event has an id")),
    };
    let of = |metadata: &HashMap<String, String>, name: &str| {
        metadata.get(name).cloned().ok_or_else(|| Status::invalid_argument(format!("required metadata {name} is missing")))
    };
    Ok(Proposed { id, kind: of(&metadata, "type")?, content_type: of(&metadata, "content-type")?, data, metadata: custom_metadata })
}

fn answer(written: &Written, after: Option<u64>) -> AppendResp {
    let success = |revision, position_option| {
        append_resp::Result::Success(Success {
            current_revision_option: Some(CurrentRevisionOption::CurrentRevision(revision)),
            position_option: Some(position_option),
        })
    };
    let result = match *written {
        Written::New(revision, place) => {
            success(revision, PositionOption::Position(Position { commit_position: place.commit, prepare_position: place.prepare }))
        }
        Written::Repeated(revision) => success(revision, PositionOption::NoPosition(Empty {})),
        Written::Wrong(actual) => append_resp::Result::WrongExpectedVersion(WrongExpectedVersion {
            current_revision_option: Some(actual.map_or(Actual::CurrentNoStream(Empty {}), Actual::CurrentRevision)),
            expected_revision_option: Some(after.map_or(Wanted::ExpectedNoStream(Empty {}), Wanted::ExpectedRevision)),
            ..WrongExpectedVersion::default()
        }),
    };
    AppendResp { result: Some(result) }
}
