//! What goes to the scripts and what comes back.

use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use redis::{Script, Value};

use crate::{
    document::{Both, Document},
    store::{Change, ViewError},
    term::{Index, Term},
};

/// Raised when documents, terms or keys are kept in another way: a generation of another format is built anew.
pub(super) const FORMAT: &str = "2";

/// The registers in the order of the scripts.
pub(super) const REGISTERS: [Register; 4] = [Register::Agency, Register::Item, Register::Material, Register::Guide];

macro_rules! scripts {
    ($($(#[$of:meta])* $name:ident = $flags:literal $($part:literal)+;)*) => {
        /// The scripts, each of which is one atomic step.
        pub(super) struct Scripts { $($(#[$of])* pub(super) $name: Script,)* }

        impl Scripts {
            pub(super) fn new() -> Self {
                Self { $($name: Script::new(concat!($flags, include_str!("lua/common.lua"), $(include_str!(concat!("lua/", $part, ".lua")),)+)),)* }
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
    // Without flags: refused before its first line where memory is out, writes fail or the server is a replica.
    commit = "#!lua\n" "leading" "commit";
    acquire = "#!lua\n" "acquire";
    begin = "#!lua\n" "leading" "begin";
    switch = "#!lua\n" "leading" "switch";
    renew = "#!lua flags=allow-oom\n" "leading" "renew";
    release = "#!lua flags=allow-oom\n" "leading" "release";
    sweep = "#!lua flags=allow-oom\n" "leading" "sweep";
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

/// Adds a change to the arguments of a commit: register, code, documents, terms with their channels before them.
pub(super) fn change(change: &Change, arguments: &mut Vec<Vec<u8>>) -> Result<(), ViewError> {
    let number = |number: usize| number.to_string().into_bytes();
    arguments.push(change.entry.register.word().into());
    arguments.push(change.entry.code.as_str().into());
    let mut all: Vec<(String, u8)> = Vec::new();
    match &change.both {
        Both::Same(document) => {
            arguments.extend([number(1), bytes(document)?]);
            all.extend(document.terms().iter().map(|of| (term(of), b'3')));
        }
        Both::Each(documents) => {
            arguments.push(number(documents.len()));
            for (document, channel) in documents.iter().zip([b'1', b'2']) {
                arguments.push(document.as_ref().map(bytes).transpose()?.unwrap_or_default());
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

fn bytes(document: &Document) -> Result<Vec<u8>, ViewError> {
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

    pub(super) fn codes(&mut self) -> Result<Vec<Code>, ViewError> {
        Self::of(self.0.next().unwrap_or(Value::Nil))?.0.map(|value| code(&text(value)?)).collect()
    }

    /// The documents of an entry, as many as are left, and how many bytes they have.
    pub(super) fn both(self, register: Register) -> Result<(Both, usize), ViewError> {
        let bytes = self.0.as_slice().iter().map(|value| if let Value::BulkString(bytes) = value { bytes.len() } else { 0 }).sum();
        let document = |value| match value {
            Value::Nil => Ok(None),
            Value::BulkString(bytes) => Document::decode(register, &bytes).map(Some).map_err(|_| nonsense("a document of this version")),
            _ => Err(nonsense("a document")),
        };
        let mut documents = self.0.map(document).collect::<Result<Vec<_>, _>>()?.into_iter();
        let both = match (documents.next(), documents.next()) {
            (None | Some(None), None) => Both::Each([None, None]),
            (Some(Some(document)), None) => Both::Same(document),
            (online, counter) => Both::Each([online.flatten(), counter.flatten()]),
        };
        Ok((both, bytes))
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
