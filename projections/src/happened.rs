use domain::{
    codec::{CodecError, RegisterEvent},
    envelope::{Code, Metadata, Position, StreamName, StreamVersion},
    register::Register,
};
use journal::{Recorded, decode_recorded};

/// A recorded event, read.
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
    /// The stream of the entry.
    pub fn stream(&self) -> StreamName {
        let register = match &self.event {
            RegisterEvent::Agency(_) => Register::Agency,
            RegisterEvent::Item(_) => Register::Item,
            RegisterEvent::Guide(_) => Register::Guide,
            RegisterEvent::Material(_) => Register::Material,
            RegisterEvent::CatalogueEntry(_) => Register::Openness,
        };
        StreamName::new(register, self.code.clone())
    }

    /// Reads a recorded event.
    pub fn read(recorded: &Recorded) -> Result<Self, Box<Unreadable>> {
        match decode_recorded(recorded) {
            Ok((metadata, event)) => {
                Ok(Self { code: recorded.stream.code.clone(), version: recorded.version, position: recorded.position, metadata, event })
            }
            Err(source) => Err(Box::new(Unreadable {
                stream: recorded.stream.to_string(),
                version: recorded.version,
                position: recorded.position,
                source,
            })),
        }
    }
}
