//! What goes to the scripts and what comes back.

use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use redis::{Script, Value};

use crate::{
    begun::Begun,
    document::{Both, Document},
    store::{Change, ViewError},
    term::{Index, Term},
};

/// Raised when documents, terms or keys are kept in another way: a generation of another format is built anew.
pub(super) const FORMAT: &str = "10";

/// The registers in the order of the scripts.
pub(super) const REGISTERS: [Register; 5] = [Register::Agency, Register::Item, Register::Material, Register::Guide, Register::Openness];

macro_rules! scripts {
    ($($(#[$of:meta])* $name:ident = $flags:literal $($part:literal)+;)*) => {
        /// The scripts, each of which is one atomic step.
        pub(super) struct Scripts { $($(#[$of])* pub(super) $name: Script,)* }

        impl Scripts {
            pub(super) fn new() -> Self {
                // In one place for both sides: the answers are by the order of the registers.
                let registers = format!("local REGISTERS = {{ {} }}\n", REGISTERS.map(|register| format!("'{register}'")).join(", "));
                let script = |flags: &str, text: &str| Script::new(&[flags, &registers, text].concat());
                Self { $($name: script($flags, concat!(include_str!("lua/common.lua"), $(include_str!(concat!("lua/", $part, ".lua")),)+)),)* }
            }
        }
    };
}

scripts! {
    refresh = "#!lua flags=no-writes\n" "refresh";
    get = "#!lua flags=no-writes\n" "get";
    find = "#!lua flags=no-writes\n" "terms" "find";
    count = "#!lua flags=no-writes\n" "terms" "count";
    keys = "#!lua flags=no-writes\n" "keys";
    audit = "#!lua flags=no-writes\n" "audit";
    postings = "#!lua flags=no-writes\n" "postings";
    asked = "#!lua flags=no-writes\n" "asked";
    begun = "#!lua flags=no-writes\n" "begun";
    // Without flags: refused before its first line where memory is out, writes fail or the server is a replica.
    commit = "#!lua\n" "leading" "commit";
    acquire = "#!lua\n" "acquire";
    ask = "#!lua\n" "ask";
    begin = "#!lua\n" "leading" "begin";
    switch = "#!lua\n" "leading" "switch";
    renew = "#!lua flags=allow-oom\n" "leading" "renew";
    release = "#!lua flags=allow-oom\n" "leading" "release";
    sweep = "#!lua flags=allow-oom\n" "leading" "sweep";
    forget = "#!lua flags=allow-oom\n" "leading" "forget";
    give_up = "#!lua flags=allow-oom\n" "leading" "give_up";
}

/// A position as it is kept: always 32 digits, so that equal positions are equal texts; empty before the first event.
pub(super) fn position(position: Option<Position>) -> String {
    position.map(Position::numbers).map_or_else(String::new, |(commit, prepare)| format!("{commit:016x}{prepare:016x}"))
}

pub(super) fn read_position(text: &str) -> Result<Option<Position>, ViewError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| nonsense("a position"))
}

/// A number that is kept as text.
pub(super) fn read_number(text: &str) -> Result<u64, ViewError> {
    text.parse().map_err(|_| nonsense("a number"))
}

pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "1",
        Channel::Counter => "2",
    }
}

pub(super) fn term(term: &Term) -> String {
    format!("{}:{}", term.index.word(), term.value.as_str())
}

/// The terms of a query, each once; those of all entries where there are none.
pub(super) fn terms(query: &[Term]) -> Vec<String> {
    let mut terms: Vec<_> = query.iter().map(term).collect();
    if terms.is_empty() {
        terms.push(term(&Term::fixed(Index::All, "")));
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// What a commit begins, as it is kept: the position of the commit and a JSON list; nothing where that is nothing.
pub(super) fn begun(checkpoint: Position, begun: &[Begun]) -> Result<Vec<u8>, ViewError> {
    if begun.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_vec(begun).map_err(|error| ViewError::Unavailable(format!("a note has no JSON form: {error}")))?;
    Ok([position(Some(checkpoint)).into_bytes(), list].concat())
}

/// Reads what [`begun`] wrote.
pub(super) fn read_begun(kept: &[u8]) -> Result<(Position, Vec<Begun>), ViewError> {
    let (place, list) = kept.split_at_checked(32).ok_or_else(|| nonsense("a note"))?;
    let place = std::str::from_utf8(place).ok().and_then(|place| read_position(place).ok().flatten());
    Ok((place.ok_or_else(|| nonsense("a position"))?, serde_json::from_slice(list).map_err(|_| nonsense("a note"))?))
}

/// How many arguments of a change stand before its terms.
pub(super) const BEFORE_TERMS: usize = 7;

/// Adds a change to the arguments of a commit: register, code, documents, what it leads to, number of the terms, terms with their channels before
/// them.
pub(super) fn change(change: &Change, arguments: &mut Vec<Vec<u8>>) -> Result<(), ViewError> {
    let number = |number: usize| number.to_string().into_bytes();
    arguments.push(change.entry.register.word().into());
    arguments.push(change.entry.code.as_str().into());
    let mut all: Vec<(String, u8)> = Vec::new();
    let held = Held::of(&change.both);
    let encoded = |document: Option<&Document>| document.map_or_else(|| Ok(Vec::new()), bytes);
    arguments.push(held.digit().into());
    arguments.push(encoded(change.both.on(Channel::Online).filter(|_| held != Held::Counter))?);
    arguments.push(encoded(change.both.on(Channel::Counter).filter(|_| held != Held::Both))?);
    arguments.push(led(&change.both));
    match &change.both {
        Both::Same(document) => {
            all.extend(document.terms().iter().map(|of| (term(of), b'3')));
        }
        Both::Each(documents) => {
            for (document, channel) in documents.iter().zip([b'1', b'2']) {
                all.extend(document.iter().flat_map(Document::terms).map(|of| (term(&of), channel)));
            }
            all.sort_unstable();
            all.dedup_by(|(later, _), (term, channels)| {
                let same = later == term;
                if same {
                    *channels = b'3';
                }
                same
            });
        }
    }
    arguments.push(number(all.len()));
    arguments.extend(all.into_iter().map(|(term, channels)| [&[channels], term.as_bytes()].concat()));
    Ok(())
}

/// Which documents there are of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// None.
    Nothing,
    /// One of the channel online.
    Online,
    /// One of the counter.
    Counter,
    /// One that both channels hold.
    Both,
    /// One of each channel.
    Each,
}

impl Held {
    fn of(both: &Both) -> Self {
        match both {
            Both::Same(_) => Self::Both,
            Both::Each([None, None]) => Self::Nothing,
            Both::Each([Some(_), None]) => Self::Online,
            Both::Each([None, Some(_)]) => Self::Counter,
            Both::Each([Some(_), Some(_)]) => Self::Each,
        }
    }

    /// The digit of the scripts.
    fn digit(self) -> &'static str {
        match self {
            Self::Nothing => "0",
            Self::Online => "1",
            Self::Counter => "2",
            Self::Both => "3",
            Self::Each => "4",
        }
    }

    pub(super) fn of_digit(digit: u64) -> Option<Self> {
        [Self::Nothing, Self::Online, Self::Counter, Self::Both, Self::Each].get(usize::try_from(digit).ok()?).copied()
    }
}

/// What whoever reads an entry reads next: of a guide its item.
fn led(both: &Both) -> Vec<u8> {
    let led = Channel::ALL.into_iter().find_map(|channel| both.on(channel)?.leads_to());
    led.map(|(register, code)| format!("{} {code}", register.word()).into_bytes()).unwrap_or_default()
}

/// The document of a channel out of its text; no text is no document.
pub(super) fn read_document(register: Register, text: &[u8]) -> Result<Option<Document>, ViewError> {
    if text.is_empty() {
        return Ok(None);
    }
    Document::decode(register, text).map(Some).map_err(|_| nonsense("a document of this version"))
}

pub(super) fn bytes(document: &Document) -> Result<Vec<u8>, ViewError> {
    document.encode().map_err(|error| ViewError::Unavailable(format!("a document has no JSON form: {error}")))
}

/// An answer that no script of ours gives.
pub(super) fn nonsense(what: &str) -> ViewError {
    ViewError::Unavailable(format!("the store answers with something else than {what}"))
}

/// An answer, taken apart from the front.
pub(super) struct Answer(std::vec::IntoIter<Value>);

impl Answer {
    pub(super) fn of(value: Value) -> Result<Self, ViewError> {
        match value {
            Value::Array(values) => Ok(Self(values.into_iter())),
            _ => Err(nonsense("a list")),
        }
    }

    /// The word that every answer begins with, if it is not `OK`.
    pub(super) fn refused(&mut self) -> Result<Option<String>, ViewError> {
        let word = self.text()?;
        Ok((word != "OK").then_some(word))
    }

    pub(super) fn next(&mut self) -> Option<Value> {
        self.0.next()
    }

    pub(super) fn text(&mut self) -> Result<String, ViewError> {
        match self.0.next() {
            Some(value) => text(value),
            None => Err(nonsense("a text")),
        }
    }

    /// The next text; nothing at the end of the answer.
    pub(super) fn text_if_any(&mut self) -> Result<Option<String>, ViewError> {
        self.0.next().map(text).transpose()
    }

    pub(super) fn number(&mut self) -> Result<u64, ViewError> {
        match self.0.next() {
            Some(Value::Int(number)) => u64::try_from(number).map_err(|_| nonsense("a number")),
            _ => Err(nonsense("a number")),
        }
    }

    /// The next list of codes; an empty one at the end of the answer.
    pub(super) fn codes_if_any(&mut self) -> Result<Vec<Code>, ViewError> {
        if self.0.as_slice().is_empty() { Ok(Vec::new()) } else { self.codes() }
    }

    /// The next list, taken apart by itself.
    pub(super) fn list(&mut self) -> Result<Self, ViewError> {
        Self::of(self.0.next().unwrap_or(Value::Nil))
    }

    /// The next text as bytes; nothing at the end of the answer.
    pub(super) fn bytes_if_any(&mut self) -> Result<Option<Vec<u8>>, ViewError> {
        match self.0.next() {
            None => Ok(None),
            Some(Value::BulkString(bytes)) => Ok(Some(bytes)),
            Some(_) => Err(nonsense("a text")),
        }
    }

    pub(super) fn codes(&mut self) -> Result<Vec<Code>, ViewError> {
        Self::of(self.0.next().unwrap_or(Value::Nil))?.0.map(|value| code(&text(value)?)).collect()
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, ViewError> {
        self.bytes_if_any()?.ok_or_else(|| nonsense("a text"))
    }

    /// The next entry; one without a register is none.
    pub(super) fn entry_if_any(&mut self) -> Result<Option<(Register, Code)>, ViewError> {
        let register = self.text()?;
        if register.is_empty() {
            return Ok(None);
        }
        let register = Register::from_word(&register).ok_or_else(|| nonsense("a register"))?;
        Ok(Some((register, code(&self.text()?)?)))
    }
}

pub(super) fn code(text: &str) -> Result<Code, ViewError> {
    text.parse().map_err(|_| nonsense("a code"))
}

fn text(value: Value) -> Result<String, ViewError> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes).map_err(|_| nonsense("a text")),
        Value::SimpleString(text) => Ok(text),
        _ => Err(nonsense("a text")),
    }
}
