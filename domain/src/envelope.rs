//! What surrounds an event: its stream, its place, who did it and when.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::register::Register;

/// The code under which an entry is kept and addressed: 1 to 64 characters of `A-Z a-z 0-9 . _ -`, not beginning with a sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Code(Arc<str>);

/// A text that cannot be a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "编码应为1至64个字母、数字或 . _ - ，以字母或数字开头 / a code has 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', and begins with a letter or digit"
)]
pub struct InvalidCode;

impl Code {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, shared.
    pub fn shared(&self) -> Arc<str> {
        self.0.clone()
    }
}

impl FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            && text.as_bytes()[0].is_ascii_alphanumeric();
        if fits { Ok(Self(text.into())) } else { Err(InvalidCode) }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of an entry: its register and its code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName {
    /// The register of the entry.
    pub register: Register,
    /// Its code.
    pub code: Code,
}

impl EntryName {
    /// The name of an entry.
    pub fn new(register: Register, code: Code) -> Self {
        Self { register, code }
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.register.word(), self.code)
    }
}

/// What a stream is the history of. Everything that is kept is one of these; whoever reads the whole log takes out what is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamKind {
    /// An entry of a register.
    Entry(Register),
    /// A change set 变更集: many changes that go through review and approval as one.
    ChangeSet,
}

impl StreamKind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Register::ALL.into_iter().map(Self::Entry).chain([Self::ChangeSet])
    }

    /// The word that stream names and stored kinds begin with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entry(register) => register.word(),
            Self::ChangeSet => "changeset",
        }
    }

    /// By its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.word() == word)
    }
}

/// The name of a stream: `item-11440000006939756B2440101007000`, `changeset-CS…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName {
    /// What it is the history of.
    pub kind: StreamKind,
    /// The code of that.
    pub code: Code,
}

impl StreamName {
    /// The stream of an entry.
    pub fn new(register: Register, code: Code) -> Self {
        Self { kind: StreamKind::Entry(register), code }
    }

    /// The stream of a change set.
    pub fn of_change_set(code: Code) -> Self {
        Self { kind: StreamKind::ChangeSet, code }
    }

    /// The entry that it is the history of, if it is of one.
    pub fn entry(&self) -> Option<EntryName> {
        match self.kind {
            StreamKind::Entry(register) => Some(EntryName::new(register, self.code.clone())),
            StreamKind::ChangeSet => None,
        }
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.word(), self.code)
    }
}

/// A text that names no stream of the register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a stream of this register: {0:?}")]
pub struct InvalidStreamName(pub String);

impl FromStr for StreamName {
    type Err = InvalidStreamName;

    fn from_str(text: &str) -> Result<Self, InvalidStreamName> {
        let invalid = || InvalidStreamName(text.to_owned());
        let (word, code) = text.split_once('-').ok_or_else(invalid)?;
        let kind = StreamKind::from_word(word).ok_or_else(invalid)?;
        Ok(Self { kind, code: code.parse().map_err(|_| invalid())? })
    }
}

/// The number of an event within its stream, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamVersion(pub u64);

impl StreamVersion {
    /// The first event of a stream.
    pub const FIRST: Self = Self(0);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A place in the log of all events: opaque and ordered, with gaps that mean nothing.
///
/// Stores number differently: SQLite with one counter, EventStoreDB with a pair of log offsets. Nothing may be computed from
/// the numbers; they are compared, kept as a checkpoint, and handed out as a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    commit: u64,
    prepare: u64,
}

impl Position {
    /// A position of a store that numbers its events with one counter.
    pub fn single(number: u64) -> Self {
        Self { commit: number, prepare: number }
    }

    /// A position of a store that numbers with a pair of log offsets.
    pub fn pair(commit: u64, prepare: u64) -> Self {
        Self { commit, prepare }
    }

    /// The two numbers, for the store that gave them.
    pub fn numbers(self) -> (u64, u64) {
        (self.commit, self.prepare)
    }
}

/// The token: 16 hexadecimal digits, or 32 where the two numbers differ. Tokens of one length are ordered as texts; others are
/// to be compared as positions.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.commit)?;
        if self.commit == self.prepare { Ok(()) } else { write!(f, "{:016x}", self.prepare) }
    }
}

/// A text that is no position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("不是本登记册给出的位置标记 / not a position: expected a token that this register has given out")]
pub struct InvalidPosition;

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let number = |digits: &str| {
            let plain = digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            plain.then(|| u64::from_str_radix(digits, 16).ok()).flatten().ok_or(InvalidPosition)
        };
        match text.len() {
            16 => Ok(Self::single(number(text)?)),
            32 if text.is_ascii() => Ok(Self::pair(number(&text[..16])?, number(&text[16..])?)),
            _ => Err(InvalidPosition),
        }
    }
}

impl Serialize for Position {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Who did something: an id in a directory that can be erased; never a personal name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ActorId(Box<str>);

/// A text that cannot be the id of an actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "经办人标识应为1至64个字母、数字或 . _ - @ : ，不得用姓名 / the id of an actor has 1 to 64 of A-Z, a-z, 0-9 and . _ - @ :, and is no personal name"
)]
pub struct InvalidActor;

impl ActorId {
    /// An id of this program's own, such as `demo`. What comes from outside is parsed and checked.
    pub fn new(id: &'static str) -> Self {
        Self(id.into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActorId {
    type Err = InvalidActor;

    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b':'));
        if fits { Ok(Self(text.into())) } else { Err(InvalidActor) }
    }
}

/// What is kept beside the payload of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Schema number of the payload under its kind.
    pub schema: u32,
    /// Id of the command that led to the event.
    pub command: Uuid,
    /// Who gave the command.
    pub actor: ActorId,
    /// When it was decided, by the clock of the register.
    pub at: DateTime<Utc>,
}

/// The id of the n-th event of a command: fixed before the first attempt to append it, so that a retry is recognised.
pub fn event_id(command: Uuid, index: usize) -> Uuid {
    Uuid::new_v5(&command, &u64::try_from(index).unwrap_or(u64::MAX).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fit_into_addresses_and_stream_names() {
        for good in ["11440000006939756B2440101007000", "TYXY2AQNX1H7JLCU", "a.b_c-d"] {
            assert_eq!(good.parse::<Code>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a b", "编码", "a/b", &"x".repeat(65)] {
            assert!(bad.parse::<Code>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_stream_name_is_read_back() {
        let name = StreamName::new(Register::Guide, "a-b".parse().unwrap());
        assert_eq!(name.to_string(), "guide-a-b");
        assert_eq!("guide-a-b".parse(), Ok(name.clone()));
        assert_eq!(name.entry(), Some(EntryName::new(Register::Guide, "a-b".parse().unwrap())));
        let set = StreamName::of_change_set("a-b".parse().unwrap());
        assert_eq!((set.to_string().as_str(), set.entry()), ("changeset-a-b", None));
        assert_eq!("changeset-a-b".parse(), Ok(set));
        for bad in ["$system-x", "changeset", "changeset-", "changesets-a"] {
            assert!(bad.parse::<StreamName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_kind_of_stream_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<_> = StreamKind::all().map(StreamKind::word).collect();
        assert_eq!(words.len(), StreamKind::all().count());
        assert!(StreamKind::all().all(|kind| StreamKind::from_word(kind.word()) == Some(kind) && !kind.word().contains('-')));
    }

    #[test]
    fn positions_are_ordered_as_values_and_as_tokens() {
        let mut places = [Position::pair(9, 7), Position::single(10), Position::pair(9, 9), Position::single(300)];
        places.sort();
        let tokens: Vec<_> = places.iter().map(ToString::to_string).collect();
        assert_eq!(tokens[2..], ["000000000000000a", "000000000000012c"]);
        for (place, token) in places.iter().zip(&tokens) {
            assert_eq!(token.parse(), Ok(*place));
        }
        assert!("12".parse::<Position>().is_err());
        assert!("+00000000000000a".parse::<Position>().is_err());
    }

    #[test]
    fn an_actor_is_an_id_and_no_name() {
        assert_eq!("u-17@city".parse::<ActorId>().unwrap().as_str(), "u-17@city");
        for bad in ["", "张三", "a b", "<script>", &"x".repeat(65)] {
            assert_eq!(bad.parse::<ActorId>(), Err(InvalidActor), "{bad}");
        }
    }

    #[test]
    fn event_ids_follow_from_the_command() {
        let command = Uuid::from_u128(7);
        assert_eq!(event_id(command, 0), event_id(command, 0));
        assert_ne!(event_id(command, 0), event_id(command, 1));
    }
}
