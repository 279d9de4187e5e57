use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
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
    wire::{self, Answer},
};
use crate::{
    document::{Both, Document, Key},
    store::{Snapshot, ViewError},
    term::Term,
};

/// Most codes that one call is asked for, so that no call keeps the server long.
const MOST_CODES: usize = 2_000;

/// Most documents of one call.
const MOST_DOCUMENTS: usize = 500;

/// The views in Redis after one commit. Every call names the commit; the script answers as of it, or that it cannot.
pub(super) struct RedisSnapshot {
    pub(super) inner: Arc<Inner>,
    pub(super) generation: Arc<str>,
    /// The number of the commit in its generation, as text.
    pub(super) seq: String,
    pub(super) position: Option<Position>,
    events: u64,
    /// What was read before; not for a projector, which reads an entry once and changes it.
    cache: Option<Arc<Documents>>,
    outlived: AtomicBool,
}

impl RedisSnapshot {
    pub(super) fn new(inner: Arc<Inner>, head: Head, cache: Option<Arc<Documents>>) -> Self {
        let Head { generation, seq, position, events, .. } = head;
        Self { inner, generation, seq, position, events, cache, outlived: AtomicBool::new(false) }
    }

    /// What both channels hold of an entry, if it is known without asking.
    fn known(&self, register: Register, code: &Code) -> Option<Both> {
        self.cache.as_ref()?.get(&self.generation, self.position, register, code)
    }

    async fn ask(&self, script: &redis::Script, more: Vec<Vec<u8>>) -> Result<Answer, ViewError> {
        let of_snapshot = [self.seq.clone().into_bytes(), wire::position(self.position).into_bytes()];
        let all = of_snapshot.into_iter().chain(more).collect();
        let mut answer = self.inner.read(script, &self.generation, all).await?;
        if answer.refused()?.is_some() {
            self.outlived.store(true, Ordering::Relaxed);
            return Err(ViewError::Outlived);
        }
        Ok(answer)
    }

    /// What both channels hold of entries; only those that are not at hand are asked for.
    async fn load(&self, entries: &[(Register, &Code)]) -> Result<Vec<Both>, ViewError> {
        let known: Vec<_> = entries.iter().map(|(register, code)| self.known(*register, code)).collect();
        let missing: Vec<_> = entries.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(entry, _)| *entry).collect();
        let mut fetched = self.fetch(&missing).await?.into_iter();
        Ok(known.into_iter().map(|known| known.or_else(|| fetched.next()).unwrap_or(Both::Each([None, None]))).collect())
    }

    async fn fetch(&self, entries: &[(Register, &Code)]) -> Result<Vec<Both>, ViewError> {
        let mut all = Vec::with_capacity(entries.len());
        // A lone guide is about to be shown, and its item with it. A page of them may be asked for their names only.
        let follow = self.cache.is_some() && entries.len() == 1;
        for entries in entries.chunks(MOST_DOCUMENTS) {
            let entry = |(register, code): &(Register, &Code)| texts(&[register.word(), code.as_str()]);
            let more = texts(&[if follow { "1" } else { "0" }]).into_iter().chain(entries.iter().flat_map(entry)).collect();
            let mut answer = self.ask(&self.inner.scripts.get, more).await?;
            let newest = wire::read_position(&answer.text()?)?;
            for &(register, code) in entries {
                all.push(self.told((register, code.clone()), newest, &mut answer)?);
            }
            if let Some(register) = answer.text_if_any()? {
                let register = Register::from_word(&register).ok_or_else(|| wire::nonsense("a register"))?;
                let code = wire::code(&answer.text()?)?;
                self.told((register, code), newest, &mut answer)?;
            }
        }
        Ok(all)
    }

    /// The next entry of an answer, kept at hand if it is still so at the newest position.
    fn told(&self, entry: (Register, Code), newest: Option<Position>, answer: &mut Answer) -> Result<Both, ViewError> {
        let is_newest = answer.number()? == 1;
        let (both, bytes) = answer.both(entry.0)?;
        if let Some(cache) = self.cache.as_ref().filter(|_| is_newest) {
            cache.put(&self.generation, (self.position, newest), entry, both.clone(), bytes);
        }
        Ok(both)
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[async_trait]
impl Snapshot for RedisSnapshot {
    fn position(&self) -> Option<Position> {
        self.position
    }

    fn events(&self) -> u64 {
        self.events
    }

    fn is_outlived(&self) -> bool {
        self.outlived.load(Ordering::Relaxed)
    }

    fn at_hand(&self, channel: Channel, register: Register, code: &Code) -> Option<Option<Document>> {
        self.known(register, code).map(|both| both.on(channel).cloned())
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        let entries: Vec<_> = codes.iter().map(|code| (register, code)).collect();
        let all = self.load(&entries).await?;
        Ok(all.iter().map(|both| both.on(channel).cloned()).collect())
    }

    async fn get_entries(&self, channel: Channel, entries: &[(Register, Code)]) -> Result<Vec<Option<Document>>, ViewError> {
        let entries: Vec<_> = entries.iter().map(|(register, code)| (*register, code)).collect();
        let all = self.load(&entries).await?;
        Ok(all.iter().map(|both| both.on(channel).cloned()).collect())
    }

    async fn find(
        &self,
        channel: Channel,
        register: Register,
        terms: &[Term],
        after: Option<&Code>,
        limit: usize,
    ) -> Result<Vec<Code>, ViewError> {
        let terms = wire::terms(terms);
        let (mut found, mut changed) = (Vec::new(), Vec::new());
        let mut read_to = after.map_or_else(String::new, Code::to_string);
        while found.len() < limit {
            let most = (limit - found.len()).min(MOST_CODES);
            let mut more = texts(&[register.word(), wire::channel(channel), &read_to, &most.to_string()]);
            more.extend(terms.iter().map(|term| term.as_bytes().to_vec()));
            let mut answer = self.ask(&self.inner.scripts.find, more).await?;
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

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        let mut more = texts(&[register.word(), wire::channel(channel)]);
        more.extend(wire::terms(terms).into_iter().map(String::into_bytes));
        let counted = self.ask(&self.inner.scripts.count, more).await?.number()?;
        usize::try_from(counted).map_err(|_| wire::nonsense("a number"))
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        let mut keys = Vec::new();
        for register in Register::ALL {
            let mut cursor = "0".to_owned();
            loop {
                let mut answer = self.ask(&self.inner.scripts.keys, texts(&[register.word(), &cursor])).await?;
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
