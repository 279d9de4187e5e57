use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use futures::{Stream, StreamExt, stream};
use tonic::Status;

use crate::{
    faults::How,
    pb::{
        StreamIdentifier, Uuid as Id,
        streams::{
            ReadResp,
            read_req::{
                Options,
                options::{
                    AllOptions, CountOption, FilterOption, FilterOptions, ReadDirection, StreamOption, StreamOptions,
                    all_options::AllOption, filter_options::Filter, stream_options::RevisionOption,
                },
            },
            read_resp::{
                Content, ReadEvent, StreamNotFound,
                read_event::{Position, RecordedEvent},
            },
        },
        uuid::Value as IdValue,
    },
    service::Service,
    store::{Event, Place},
};

pub(crate) type Answers = Pin<Box<dyn Stream<Item = Result<ReadResp, Status>> + Send>>;

impl Service {
    pub(crate) async fn answer_read(&self, options: Options) -> Result<Answers, Status> {
        let prefixes = prefixes(options.filter_option.as_ref())?;
        let backwards = options.read_direction() == ReadDirection::Backwards;
        let count = match options.count_option {
            Some(CountOption::Count(count)) => usize::try_from(count).unwrap_or(usize::MAX),
            Some(CountOption::Subscription(_)) => {
                let Some(StreamOption::All(all)) = options.stream_option else {
                    return Err(Status::unimplemented("subscriptions are to all streams"));
                };
                return Ok(self.subscribe(from(all.all_option.as_ref()), prefixes));
            }
            None => return Err(Status::invalid_argument("no count")),
        };
        self.shared.reads.fetch_add(1, Ordering::SeqCst);
        let contents = match options.stream_option {
            Some(StreamOption::All(all)) => self.all(&all, &prefixes, backwards, count),
            Some(StreamOption::Stream(stream)) => self.stream(&stream, backwards, count)?,
            None => return Err(Status::invalid_argument("neither a stream nor all")),
        };
        let answers = stream::iter(contents.into_iter().map(|content| Ok(ReadResp { content: Some(content) })));
        match self.shared.faults.next_read() {
            None => Ok(answers.boxed()),
            Some(how @ (How::NotLeader | How::NotLeaderNowhere)) => Err(self.fail(how).await),
            Some(how) => {
                let service = self.clone();
                let broken = stream::once(async move { Err(service.fail(how).await) });
                Ok(answers.take(1).chain(broken).boxed())
            }
        }
    }

    fn all(&self, options: &AllOptions, prefixes: &[String], backwards: bool, count: usize) -> Vec<Content> {
        let log = self.shared.store.log();
        let wanted = |event: &&Arc<Event>| passes(prefixes, &event.stream);
        let place = from(options.all_option.as_ref());
        let at_end = matches!(options.all_option, Some(AllOption::End(_)));
        if backwards {
            let before = |event: &&Arc<Event>| at_end || place.is_some_and(|place| event.place < place);
            return log.events.iter().rev().filter(before).filter(wanted).take(count).map(|event| content(event)).collect();
        }
        // Inclusive, other than a subscription.
        let behind = |event: &&Arc<Event>| !at_end && place.is_none_or(|place| event.place >= place);
        log.events.iter().filter(behind).filter(wanted).take(count).map(|event| content(event)).collect()
    }

    fn stream(&self, options: &StreamOptions, backwards: bool, count: usize) -> Result<Vec<Content>, Status> {
        let identifier = options.stream_identifier.clone().unwrap_or_default();
        let name = String::from_utf8(identifier.stream_name.clone()).map_err(|_| Status::invalid_argument("not the name of a stream"))?;
        let log = self.shared.store.log();
        let Some(places) = log.streams.get(&name) else {
            return Ok(vec![Content::StreamNotFound(StreamNotFound { stream_identifier: Some(identifier) })]);
        };
        let events = places.iter().map(|place| &log.events[*place]);
        let revision = match options.revision_option {
            Some(RevisionOption::Revision(revision)) => revision,
            Some(RevisionOption::End(_)) => u64::MAX,
            _ => 0,
        };
        Ok(if backwards {
            events.rev().filter(|event| event.revision <= revision).take(count).map(|event| content(event)).collect()
        } else {
            events.filter(|event| event.revision >= revision).take(count).map(|event| content(event)).collect()
        })
    }
}

fn from(option: Option<&AllOption>) -> Option<Place> {
    match option {
        Some(AllOption::Position(place)) => Some(Place { commit: place.commit_position, prepare: place.prepare_position }),
        _ => None,
    }
}

fn prefixes(filter: Option<&FilterOption>) -> Result<Vec<String>, Status> {
    match filter {
        Some(FilterOption::Filter(FilterOptions { filter: Some(Filter::StreamIdentifier(by)), .. })) if by.regex.is_empty() => {
            Ok(by.prefix.clone())
        }
        Some(FilterOption::Filter(_)) => Err(Status::unimplemented("filters are prefixes of stream names; a pattern would win over them")),
        _ => Ok(Vec::new()),
    }
}

/// Whether a filter lets an event of this stream pass.
pub(crate) fn passes(prefixes: &[String], stream: &str) -> bool {
    prefixes.is_empty() || prefixes.iter().any(|prefix| stream.starts_with(prefix.as_str()))
}

/// An event as it is told.
pub(crate) fn content(event: &Event) -> Content {
    let metadata =
        [("type", event.kind.clone()), ("content-type", event.content_type.clone()), ("created", "17000000000000000".to_owned())];
    Content::Event(ReadEvent {
        event: Some(RecordedEvent {
            id: Some(Id { value: Some(IdValue::String(event.id.to_string())) }),
            stream_identifier: Some(StreamIdentifier { stream_name: event.stream.clone().into_bytes() }),
            stream_revision: event.revision,
            prepare_position: event.place.prepare,
            commit_position: event.place.commit,
            metadata: metadata.map(|(name, value)| (name.to_owned(), value)).into(),
            custom_metadata: event.metadata.clone(),
            data: event.data.clone(),
        }),
        link: None,
        position: Some(Position::CommitPosition(event.place.commit)),
    })
}
