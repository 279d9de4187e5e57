//! Views as they are kept, byte for byte: for comparisons, not for requests.

use std::collections::BTreeSet;

use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};

use super::{
    RedisViews,
    snapshot::{RedisSnapshot, texts},
    wire::{self, Answer, Held},
};
use crate::store::{Change, ViewError};

/// The live views after one commit. Whatever of it cannot be told any more is [`ViewError::Outlived`].
pub struct Kept(RedisSnapshot);

/// What is kept of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptEntry {
    /// Nothing that this program would keep.
    Broken,
    /// Documents and terms, or none.
    Whole {
        /// The document of each channel, by the order of [`Channel::ALL`].
        documents: [Option<Vec<u8>>; Channel::ALL.len()],
        /// What whoever reads it reads next, `item CODE` of a guide.
        leads_to: Vec<u8>,
        /// Its terms, each with a digit for its channels before it, sorted.
        terms: Vec<Vec<u8>>,
    },
}

/// A posting: channel, register, and the term `INDEX:VALUE`.
pub type Posting = (Channel, Register, String);

impl RedisViews {
    /// The live views as they are kept now.
    pub async fn kept(&self) -> Result<Kept, ViewError> {
        let Some(head) = self.inner.head("").await? else { return Err(super::none_yet()) };
        super::readable(&head)?;
        Ok(Kept(RedisSnapshot::new(self.inner.clone(), head, None)))
    }
}

impl Kept {
    /// The checkpoint.
    pub fn position(&self) -> Option<Position> {
        self.0.commit.position
    }

    /// Number of events that they say that they were made of.
    pub fn events(&self) -> u64 {
        self.0.events
    }

    /// Entries of a register, a part at a time: those after a cursor, which is `0` at first, and the next cursor, which is `0` at the
    /// end. An entry may come twice.
    pub async fn entries(&self, register: Register, cursor: &str) -> Result<(String, Vec<(Code, KeptEntry)>), ViewError> {
        let mut answer = self.0.ask(&self.0.commit.inner.scripts.audit, texts(&[register.word(), cursor])).await?;
        let (next, mut entries) = (answer.text()?, Vec::new());
        while let Some(code) = answer.text_if_any()? {
            entries.push((wire::code(&code)?, KeptEntry::told(answer.list()?)));
        }
        Ok((next, entries))
    }

    /// The postings, as far as there are any.
    pub async fn postings(&self) -> Result<BTreeSet<Posting>, ViewError> {
        let inner = &self.0.commit.inner;
        let before = format!("{}{}:p:", inner.options.prefix, self.0.commit.generation);
        let (mut postings, mut cursor) = (BTreeSet::new(), "0".to_owned());
        loop {
            let mut answer = inner.read(&inner.scripts.postings, &self.0.commit.generation, texts(&[&cursor])).await?;
            answer.refused()?;
            cursor = answer.text()?;
            let mut names = answer.list()?;
            while let Some(name) = names.text_if_any()? {
                postings.extend(name.strip_prefix(&before).and_then(posting));
            }
            if cursor == "0" {
                return Ok(postings);
            }
        }
    }

    /// The codes that a posting leads to, in order.
    pub async fn found_by(&self, (channel, register, term): &Posting) -> Result<Vec<Code>, ViewError> {
        self.0.find_by(*channel, *register, std::slice::from_ref(term), None, usize::MAX).await
    }
}

impl KeptEntry {
    /// What is kept where nothing is.
    pub fn none() -> Self {
        Self::Whole { documents: [None, None], leads_to: Vec::new(), terms: Vec::new() }
    }

    /// What a commit of these documents keeps.
    pub fn of(change: &Change) -> Result<Self, ViewError> {
        let mut kept = Vec::new();
        wire::change(change, &mut kept)?;
        let mut terms = kept.split_off(kept.len().min(wire::BEFORE_TERMS));
        // The number of the terms stands last before them, and before it what the entry leads to.
        let leads_to = kept.into_iter().nth_back(1).unwrap_or_default();
        terms.sort_unstable();
        let on = |channel| change.both.on(channel).map(wire::bytes).transpose();
        Ok(Self::Whole { documents: [on(Channel::Online)?, on(Channel::Counter)?], leads_to, terms })
    }

    /// What the store says of an entry.
    fn told(mut answer: Answer) -> Self {
        let held = match answer.next() {
            None => return Self::none(),
            Some(redis::Value::Int(held)) => u64::try_from(held).ok().and_then(Held::of_digit),
            Some(_) => None,
        };
        let mut rest = || {
            let (first, second) = (answer.bytes_if_any().ok()??, answer.bytes_if_any().ok()??);
            let documents = match held? {
                Held::Nothing => [None, None],
                Held::Online => [Some(first), None],
                Held::Counter => [None, Some(second)],
                Held::Both => [Some(first.clone()), Some(first)],
                Held::Each => [Some(first), Some(second)],
            };
            let (leads_to, mut list) = (answer.bytes_if_any().ok()??, answer.list().ok()?);
            let mut terms = Vec::new();
            while let Some(term) = list.bytes_if_any().ok()? {
                terms.push(term);
            }
            terms.sort_unstable();
            Some(Self::Whole { documents, leads_to, terms })
        };
        rest().unwrap_or(Self::Broken)
    }

    /// Whether a channel holds something of it.
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Broken) || matches!(self, Self::Whole { documents, .. } if documents.iter().any(Option::is_some))
    }

    /// The terms of a channel, as postings have them.
    pub fn terms_on(&self, channel: Channel) -> impl Iterator<Item = String> + '_ {
        let terms = match self {
            Self::Whole { terms, .. } => terms.as_slice(),
            Self::Broken => &[],
        };
        let bit = 1 << channel as u8;
        let on = terms.iter().filter_map(move |term| term.split_first().filter(|(digit, _)| (*digit - b'0') & bit != 0));
        on.map(|(_, term)| String::from_utf8_lossy(term).into_owned())
    }
}

/// What a posting is of: `REGISTER:CHANNEL:INDEX:VALUE`.
fn posting(name: &str) -> Option<Posting> {
    let mut parts = name.splitn(3, ':');
    let (register, digit, term) = (Register::from_word(parts.next()?)?, parts.next()?, parts.next()?);
    let channel = Channel::ALL.into_iter().find(|channel| wire::channel(*channel) == digit)?;
    Some((channel, register, term.to_owned()))
}
