use domain::{
    codec::{CodecError, RegisterEvent},
    envelope::{Code, EntryName, Metadata, Position, StreamVersion},
    register::{Content, Guide, OnChannel, Register, on_channels},
    value::Channel,
};
use journal::{Recorded, decode_recorded};

/// A recorded event of an entry, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// Code of the entry.
    pub code: Code,
    /// Number within the stream.
    pub version: StreamVersion,
    /// Place in the log.
    pub position: Position,
    /// Who, when, by which command.
    pub metadata: Metadata,
    /// What.
    pub event: RegisterEvent,
    /// What each channel shows of it, where [`Happened::cut`] was asked to note that.
    pub(crate) cut: Option<Box<[OnChannel<Guide>; Channel::ALL.len()]>>,
}

/// An event that this version cannot read, with its place.
#[derive(Debug, thiserror::Error)]
#[error("位置 {position} 处 {stream} 的第{version}个事件无法读取 / event {version} of stream {stream} at {position} cannot be read", version = version.0)]
pub struct Unreadable {
    /// Stream of the event.
    pub stream: String,
    /// Number within it.
    pub version: StreamVersion,
    /// Place in the log.
    pub position: Position,
    /// Why.
    #[source]
    pub source: CodecError,
}

impl Happened {
    /// The entry.
    pub fn entry(&self) -> EntryName {
        let register = match &self.event {
            RegisterEvent::Agency(_) => Register::Agency,
            RegisterEvent::Item(_) => Register::Item,
            RegisterEvent::Guide(_) => Register::Guide,
            RegisterEvent::Material(_) => Register::Material,
            RegisterEvent::CatalogueEntry(_) => Register::Openness,
        };
        EntryName::new(register, self.code.clone())
    }

    /// Reads a recorded event of an entry; `None`: it is of something else, which no view is made of.
    pub fn read(recorded: &Recorded) -> Result<Option<Self>, Box<Unreadable>> {
        let Some(EntryName { code, .. }) = recorded.stream.entry() else { return Ok(None) };
        match decode_recorded(recorded) {
            Ok((metadata, event)) => {
                Ok(Some(Self { code, version: recorded.version, position: recorded.position, metadata, event, cut: None }))
            }
            Err(source) => Err(Box::new(Unreadable {
                stream: recorded.stream.to_string(),
                version: recorded.version,
                position: recorded.position,
                source,
            })),
        }
    }

    /// Notes what each channel shows of a guide of which the counter alone sees a part. What both show has to be hashed then, which takes longer than all
    /// else that the views need of the event. Events are projected one after the other; this can be done before, of many at once. Whoever
    /// projects few does without: it is made then.
    pub(crate) fn cut(mut self) -> Self {
        if let RegisterEvent::Guide(event) = &self.event
            && let Some(publication) = event.publication().filter(|publication| publication.content.has_counter_only())
        {
            self.cut = on_channels(publication.content, publication.content_hash).map(Box::new);
        }
        self
    }
}
