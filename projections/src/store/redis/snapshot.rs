use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};

use super::{
    Head, Inner,
    cache::Documents,
    together::{Asked, Together, Wanted},
    wire::{self, Answer},
};
use crate::{
    document::{Document, Key},
    store::{Entry, Snapshot, ViewError},
    term::Term,
};

/// Most codes that one call is asked for, so that no call keeps the server long.
const MOST_CODES: usize = 2_000;

/// Calls that are under way at once: while the server answers one, what another told is read.
const CALLS: usize = 2;

/// Most documents of one call.
const MOST_DOCUMENTS: usize = 500;

/// A commit, as it is named to the scripts: they answer as of it, or that they cannot.
pub(super) struct Commit {
    pub(super) inner: Arc<Inner>,
    pub(super) generation: Arc<str>,
    /// Its number in its generation, as text.
    pub(super) seq: String,
    pub(super) position: Option<Position>,
    outlived: AtomicBool,
}

/// The views in Redis after one commit.
pub(super) struct RedisSnapshot {
    pub(super) commit: Arc<Commit>,
    pub(super) events: u64,
    /// What was read before; not for a projector, which reads an entry once and changes it.
    cache: Option<Arc<Documents>>,
    together: Together<Entries>,
}

/// What a call tells of entries: as of the commit, and where the newest one was by then.
struct Entries {
    newest: Option<Position>,
    told: HashMap<Asked, Told>,
}

/// What is told of an entry: the document of a channel as it is kept, and the entry that it leads to if that was wanted.
struct Told {
    text: Vec<u8>,
    /// Whether the other channel holds the same.
    of_both: bool,
    /// Whether that is still so in the newest commit.
    is_newest: bool,
    led: Option<(Entry, Box<Told>)>,
}

/// What was asked for, in order, and what comes after it.
struct Loaded {
    all: Vec<Option<Document>>,
    next: Option<(Entry, Option<Document>)>,
}

impl Commit {
    async fn ask(&self, script: &redis::Script, more: Vec<Vec<u8>>) -> Result<Answer, ViewError> {
        let of_commit = [self.seq.clone().into_bytes(), wire::position(self.position).into_bytes()];
        let all = of_commit.into_iter().chain(more).collect();
        let mut answer = self.inner.read(script, &self.generation, all).await?;
        if answer.refused()?.is_some() {
            self.outlived.store(true, Ordering::Relaxed);
            return Err(ViewError::Outlived);
        }
        Ok(answer)
    }

    async fn entries(&self, wanted: Wanted) -> Result<Entries, ViewError> {
        let wanted: Vec<_> = wanted.into_iter().collect();
        let mut entries = Entries { newest: None, told: HashMap::with_capacity(wanted.len()) };
        for some in wanted.chunks(MOST_DOCUMENTS) {
            let texts = |((channel, (register, code)), follow): &(Asked, bool)| {
                texts(&[if *follow { "1" } else { "0" }, wire::channel(*channel), register.word(), code.as_str()])
            };
            let mut answer = self.ask(&self.inner.scripts.get, some.iter().flat_map(texts).collect()).await?;
            let newest = wire::read_position(&answer.text()?)?;
            // Of two calls the earlier knows less of what is newest.
            entries.newest = if entries.told.is_empty() { newest } else { entries.newest.min(newest) };
            for (entry, follow) in some {
                let mut told = Told::of(&mut answer)?;
                if *follow && let Some(led) = answer.entry_if_any()? {
                    told.led = Some((led, Box::new(Told::of(&mut answer)?)));
                }
                entries.told.insert(entry.clone(), told);
            }
        }
        Ok(entries)
    }
}

impl Told {
    fn of(answer: &mut Answer) -> Result<Self, ViewError> {
        let (is_newest, of_both) = (answer.number()? == 1, answer.number()? == 1);
        Ok(Self { text: answer.bytes()?, of_both, is_newest, led: None })
    }
}

impl RedisSnapshot {
    pub(super) fn new(inner: Arc<Inner>, head: Head, cache: Option<Arc<Documents>>) -> Self {
        let Head { generation, seq, position, events, .. } = head;
        let commit = Commit { inner, generation, seq, position, outlived: AtomicBool::new(false) };
        Self { commit: Arc::new(commit), events, cache, together: Together::new(CALLS) }
    }

    /// What a channel holds of an entry, if it is known without asking.
    #[expect(clippy::option_option, reason = "not known, nothing, a document")]
    fn known(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        self.cache.as_ref()?.get(&self.commit.generation, self.commit.position, channel, register, code)
    }

    pub(super) async fn ask(&self, script: &redis::Script, more: Vec<Vec<u8>>) -> Result<Answer, ViewError> {
        self.commit.ask(script, more).await
    }

    /// What a channel holds of entries, and what the last of them leads to where that was told too; only what is not at hand is asked for.
    async fn load(&self, channel: Channel, entries: &[(Register, &Code)], follow: bool) -> Result<Loaded, ViewError> {
        let known: Vec<_> = entries.iter().map(|(register, code)| self.known(channel, *register, code)).collect();
        let missing = entries.iter().zip(&known).filter(|(_, known)| known.is_none());
        let wanted: Wanted = missing.map(|(&(register, code), _)| ((channel, (register, code.clone())), follow)).collect();
        if wanted.is_empty() {
            return Ok(Loaded { all: known.into_iter().flatten().collect(), next: None });
        }
        let commit = self.commit.clone();
        let fetched = self.together.ask(wanted, |wanted| async move { commit.entries(wanted).await }).await?;
        let mut loaded = Loaded { all: Vec::with_capacity(entries.len()), next: None };
        for (&(register, code), known) in entries.iter().zip(known) {
            if let Some(known) = known {
                loaded.all.push(known);
                continue;
            }
            let asked = (channel, (register, code.clone()));
            let told = fetched.told.get(&asked).ok_or_else(|| wire::nonsense("all entries that were asked for"))?;
            loaded.all.push(self.read(fetched.newest, asked, told)?);
            if follow && let Some((led, told)) = &told.led {
                let document = match self.known(channel, led.0, &led.1) {
                    Some(known) => known,
                    None => self.read(fetched.newest, (channel, led.clone()), told)?,
                };
                loaded.next = Some((led.clone(), document));
            }
        }
        Ok(loaded)
    }

    /// Reads what was told. It is kept at hand if it was asked for before and is still so at the newest position.
    fn read(&self, newest: Option<Position>, (channel, entry): Asked, told: &Told) -> Result<Option<Document>, ViewError> {
        let document = wire::read_document(entry.0, &told.text)?;
        if let Some(cache) = self.cache.as_ref().filter(|cache| told.is_newest && cache.is_asked_again(entry.0, &entry.1)) {
            for channel in Channel::ALL.into_iter().filter(|of| *of == channel || told.of_both) {
                let span = (self.commit.position, newest);
                cache.put(&self.commit.generation, span, channel, entry.clone(), document.clone(), told.text.len());
            }
        }
        Ok(document)
    }

    /// Codes by terms as they are kept, in order, after a code, at most so many.
    pub(super) async fn find_by(
        &self,
        channel: Channel,
        register: Register,
        terms: &[String],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        let (mut found, mut changed) = (Vec::new(), Vec::new());
        let mut read_to = after.map_or_else(String::new, Code::to_string);
        while found.len() < limit {
            let most = (limit - found.len()).min(MOST_CODES);
            let mut more = texts(&[register.word(), wire::channel(channel), &read_to, &most.to_string()]);
            more.extend(terms.iter().map(|term| term.as_bytes().to_vec()));
            let mut answer = self.ask(&self.commit.inner.scripts.find, more).await?;
            let done = answer.number()? == 1;
            read_to = answer.text()?;
            found.extend(answer.codes()?);
            changed = answer.codes()?;
            if done {
                break;
            }
        }
        // Unchanged entries are found up to the limit; the changed ones stand among them where they belong.
        found.extend(changed.into_iter().filter(|code| after.is_none_or(|after| code > after)));
        found.sort_unstable();
        found.truncate(limit);
        Ok(found)
    }
}

pub(super) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[async_trait]
impl Snapshot for RedisSnapshot {
    fn position(&self) -> Option<Position> {
        self.commit.position
    }

    fn events(&self) -> u64 {
        self.events
    }

    fn is_outlived(&self) -> bool {
        self.commit.outlived.load(Ordering::Relaxed)
    }

    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        self.known(channel, register, code)
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let entries: Vec<_> = codes.iter().map(|code| (register, code)).collect();
        Ok(self.load(channel, &entries, false).await?.all)
    }

    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        let entries: Vec<_> = entries.iter().map(|(register, code)| (*register, code)).collect();
        Ok(self.load(channel, &entries, false).await?.all)
    }

    async fn get_with_next(&self, channel: Channel, entries: &[Entry]) -> Result<Vec<(Entry, Option<Document>)>, ViewError> {
        // A lone guide is about to be shown, and its item with it. A page of them may be asked for their names only.
        let follow = self.cache.is_some() && entries.len() == 1;
        let asked: Vec<_> = entries.iter().map(|(register, code)| (*register, code)).collect();
        let Loaded { all, next } = self.load(channel, &asked, follow).await?;
        Ok(entries.iter().cloned().zip(all).chain(next).collect())
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        self.find_by(channel, register, &wire::terms(terms), after, limit).await
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        let mut more = texts(&[register.word(), wire::channel(channel)]);
        more.extend(wire::terms(terms).into_iter().map(String::into_bytes));
        let counted = self.ask(&self.commit.inner.scripts.count, more).await?.number()?;
        usize::try_from(counted).map_err(|_| wire::nonsense("a number"))
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        let mut keys = Vec::new();
        for register in Register::ALL {
            let mut cursor = "0".to_owned();
            loop {
                let mut answer = self.ask(&self.commit.inner.scripts.keys, texts(&[register.word(), &cursor])).await?;
                cursor = answer.text()?;
                while let Some(code) = answer.next() {
                    let code = Answer::of(redis::Value::Array(vec![code]))?.text()?;
                    let (code, channels) = (wire::code(&code)?, answer.number()?);
                    for channel in Channel::ALL.into_iter().filter(|channel| channels & (1 << *channel as u64) != 0) {
                        keys.push(Key { channel, register, code: code.clone() });
                    }
                }
                if cursor == "0" {
                    break;
                }
            }
        }
        keys.sort_unstable();
        // A scan may meet an entry twice.
        keys.dedup();
        Ok(keys)
    }
}
