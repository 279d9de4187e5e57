//! Views in Redis: keys and what happens when are in `docs/redis.md`.
//!
//! Every step is one script, so it is atomic to whoever reads. A snapshot is the number of a commit: whatever it is asked, the script
//! first sees whether the store still holds what that commit left, and then answers as of it. Postings are of the newest commit;
//! for the entries that changed since, the versions that are kept for a while say what they were.

mod address;
mod cache;
mod kept;
mod lease;
mod link;
mod noted;
mod options;
mod snapshot;
mod together;
mod wire;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use async_trait::async_trait;
use domain::{
    envelope::{Code, Position},
    register::Register,
};
use redis::Script;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};

pub use address::{InvalidAddress, RedisAddress};
pub use kept::{Kept, KeptEntry, Posting};
pub use lease::Renewed;
pub use options::RedisOptions;

use self::{
    cache::Documents,
    lease::milliseconds,
    link::Link,
    snapshot::RedisSnapshot,
    wire::{Answer, Scripts},
};
use super::port::{Batch, Snapshot, ViewError, ViewStore};
use crate::begun::Noted;

/// Most changes since a snapshot that are told; beyond, what was read before is asked for again.
const MOST_CHANGED: &str = "10000";

/// Events of a batch: a commit of as many keeps the server some ten milliseconds.
const BATCH: usize = 500;

/// Views in Redis.
pub struct RedisViews {
    inner: Arc<Inner>,
}

/// One generation of the views, live or not: what a projector fills.
pub struct RedisGeneration {
    inner: Arc<Inner>,
    id: Arc<str>,
}

/// Where the live generation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveGeneration {
    /// Its id.
    pub id: Arc<str>,
    /// Its checkpoint.
    pub position: Option<Position>,
    /// Whether this version of the program can go on with it.
    pub of_this_format: bool,
}

struct Inner {
    scripts: Scripts,
    options: RedisOptions,
    /// Apart, so that nobody who reads waits behind a batch that is being sent.
    reading: Link,
    writing: Link,
    lease: RwLock<Option<String>>,
    /// The newest snapshot that was given out.
    known: ArcSwapOption<Known>,
    /// Whoever asks for a newer one; one at a time.
    asking: Arc<Mutex<()>>,
    /// Why nobody was given a newer one when it was asked for last, if it failed.
    missed: ArcSwapOption<Missed>,
    cache: Arc<Documents>,
}

/// The newest snapshot that was given out.
struct Known {
    snapshot: Arc<RedisSnapshot>,
    /// When it was asked for: what was committed before is in it.
    asked: Instant,
}

/// An attempt that failed.
struct Missed {
    ended: Instant,
    error: ViewError,
}

/// A generation as it says of itself.
struct Head {
    generation: Arc<str>,
    seq: String,
    position: Option<Position>,
    events: u64,
    format: String,
    /// The entries that changed since the snapshot that was asked about; `None` if the store cannot say.
    changed: Option<Vec<(Register, Code)>>,
}

impl RedisViews {
    /// Views at an address. Nothing is connected before something is asked.
    pub fn new(address: &RedisAddress, options: RedisOptions) -> Result<Self, ViewError> {
        let inner = Inner {
            scripts: Scripts::new(),
            reading: Link::new(address, options.patience)?,
            writing: Link::new(address, options.commit_patience)?,
            lease: RwLock::default(),
            known: ArcSwapOption::empty(),
            asking: Arc::default(),
            missed: ArcSwapOption::empty(),
            cache: Arc::new(Documents::new(options.cache)),
            options,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where the live generation is; `None` if there is none.
    pub async fn live(&self) -> Result<Option<LiveGeneration>, ViewError> {
        let head = self.inner.head("").await?;
        Ok(head.map(|head| LiveGeneration { id: head.generation, position: head.position, of_this_format: head.format == wire::FORMAT }))
    }

    /// A generation, to be filled or followed.
    pub fn generation(&self, id: &str) -> RedisGeneration {
        RedisGeneration { inner: self.inner.clone(), id: id.into() }
    }

    /// How long a lease lasts that is not renewed.
    pub fn lease_lasts(&self) -> Duration {
        self.inner.options.lease
    }
}

impl Inner {
    async fn read(&self, script: &Script, generation: &str, more: Vec<Vec<u8>>) -> Result<Answer, ViewError> {
        Answer::of(self.reading.read(script, &self.arguments(generation, more)).await?)
    }

    async fn write(&self, script: &Script, generation: &str, more: Vec<Vec<u8>>) -> Result<Answer, ViewError> {
        Answer::of(self.writing.run(script, &self.arguments(generation, more)).await?)
    }

    fn arguments(&self, generation: &str, more: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        [self.options.prefix.as_bytes().to_vec(), generation.into()].into_iter().chain(more).collect()
    }

    fn lease(&self) -> Option<String> {
        self.lease.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_lease(&self, lease: Option<String>) {
        *self.lease.write().unwrap_or_else(PoisonError::into_inner) = lease;
    }

    /// Gives up a lease that ran out, unless there is a newer one by now.
    fn lost(&self, lost: &str) {
        let mut lease = self.lease.write().unwrap_or_else(PoisonError::into_inner);
        if lease.as_deref() == Some(lost) {
            *lease = None;
        }
    }

    async fn head(&self, generation: &str) -> Result<Option<Head>, ViewError> {
        self.head_after(generation, None).await
    }

    /// Where a generation is, and what changed in it since a snapshot.
    async fn head_after(&self, generation: &str, since: Option<&RedisSnapshot>) -> Result<Option<Head>, ViewError> {
        let since = since
            .map(|since| (&*since.commit.generation, since.commit.seq.clone(), wire::position(since.commit.position)))
            .unwrap_or_default();
        let more = [since.0.to_owned(), since.1, since.2, MOST_CHANGED.to_owned()].map(String::into_bytes);
        let mut answer = self.read(&self.scripts.refresh, generation, more.into()).await?;
        if answer.refused()?.is_some() {
            return Ok(None);
        }
        let generation = answer.text()?.into();
        let (seq, position, format) = (answer.text()?, wire::read_position(&answer.text()?)?, answer.text()?);
        let events = wire::read_number(&answer.text()?)?;
        let mut changed = (answer.number()? == 1).then(Vec::new);
        if let Some(changed) = &mut changed {
            for register in wire::REGISTERS {
                // None at all where the snapshot is the newest.
                let codes = answer.codes_if_any()?;
                changed.extend(codes.into_iter().map(|code| (register, code)));
            }
        }
        Ok(Some(Head { generation, seq, position, events, format, changed }))
    }

    async fn commit(&self, generation: &str, batch: Batch) -> Result<(), ViewError> {
        if Some(batch.checkpoint) <= batch.base {
            let actual = self.head(generation).await?.and_then(|head| head.position);
            return Err(ViewError::Moved { base: batch.base, actual });
        }
        let Some(lease) = self.lease() else { return Err(ViewError::NotLeading) };
        let mut more = vec![
            lease.clone().into_bytes(),
            wire::position(batch.base).into_bytes(),
            wire::position(Some(batch.checkpoint)).into_bytes(),
            batch.events.to_string().into_bytes(),
            milliseconds(self.options.keep),
            self.options.most_kept.to_string().into_bytes(),
            wire::begun(batch.checkpoint, &batch.begun)?,
        ];
        for change in &batch.changes {
            wire::change(change, &mut more)?;
        }
        let mut answer = self.write(&self.scripts.commit, generation, more).await?;
        match answer.refused()?.as_deref() {
            None => Ok(()),
            Some("LEASE") => {
                self.lost(&lease);
                Err(ViewError::NotLeading)
            }
            Some("MOVED") => Err(ViewError::Moved { base: batch.base, actual: wire::read_position(&answer.text()?)? }),
            // It was there when the projector began: the store was emptied or replaced.
            Some(_) => Err(ViewError::Moved { base: batch.base, actual: None }),
        }
    }
}

#[async_trait]
impl ViewStore for RedisViews {
    /// Commits to the generation that is live.
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.inner.commit("", batch).await
    }

    /// The newest commit of the live generation. Where it was asked for a little ago, that one, and it is asked for again meanwhile, so
    /// that a node under load never waits. Where the store fails one asks, and its failure is that of all who came before it ended; whoever
    /// comes while it is asked again is refused at once. So all are refused within the time of one attempt, however many they are.
    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        let (came, fresh) = (Instant::now(), self.inner.options.fresh);
        let known = self.inner.known.load_full().filter(|known| known.asked + fresh >= came);
        let Some(known) = known else {
            if let Some(missed) = self.inner.missed.load_full()
                && (missed.ended + fresh > came || self.inner.asking.try_lock().is_err())
            {
                return Err(missed.error.clone());
            }
            let asking = self.inner.asking.clone().lock_owned().await;
            // What somebody else asked for meanwhile is new enough.
            if let Some(known) = self.inner.known.load_full().filter(|known| known.asked + fresh >= came) {
                return Ok(known.snapshot.clone());
            }
            if let Some(missed) = self.inner.missed.load_full().filter(|missed| missed.ended >= came) {
                return Err(missed.error.clone());
            }
            let inner = self.inner.clone();
            // On a task of its own: whoever asked and goes away does not let the others begin anew.
            let asked = tokio::spawn(async move { inner.refresh(asking).await }).await;
            return Ok(asked.map_err(|error| ViewError::Unavailable(error.to_string()))??);
        };
        if known.asked + fresh / 2 < came
            && let Ok(asking) = self.inner.asking.clone().try_lock_owned()
        {
            let inner = self.inner.clone();
            // A failure is met by the next request that has to wait, and told there.
            tokio::spawn(async move { inner.refresh(asking).await.map(drop) });
        }
        Ok(known.snapshot.clone())
    }

    async fn as_kept(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        let head = self.inner.head("").await?.ok_or_else(none_yet)?;
        readable(&head)?;
        Ok(Arc::new(RedisSnapshot::new(self.inner.clone(), head, None)))
    }

    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        self.noted().await
    }

    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        self.forget_up_to(up_to).await
    }

    fn batch(&self) -> Option<usize> {
        Some(BATCH)
    }
}

impl Inner {
    /// Asks for the newest commit of the live generation. Only one at a time does: what it learns is noted in order.
    async fn refresh(self: Arc<Self>, asking: OwnedMutexGuard<()>) -> Result<Arc<RedisSnapshot>, ViewError> {
        let newest = self.clone().newest().await;
        let missed = newest.as_ref().err().map(|error| Arc::new(Missed { ended: Instant::now(), error: error.clone() }));
        self.missed.store(missed);
        drop(asking);
        newest
    }

    async fn newest(self: Arc<Self>) -> Result<Arc<RedisSnapshot>, ViewError> {
        let known = self.known.load_full();
        let asked = Instant::now();
        let before = known.as_ref().map(|known| &*known.snapshot);
        let Some(mut head) = self.head_after("", before).await? else {
            return Err(none_yet());
        };
        readable(&head)?;
        // A store that was restored or replaced may be behind what readers were shown.
        if before.is_some_and(|before| head.position < before.commit.position) {
            let words = "Redis 落后于已显示的内容，等待追上 / Redis is behind what was shown already, until it has caught up";
            return Err(ViewError::Unavailable(words.into()));
        }
        match head.changed.take() {
            Some(changed) => self.cache.go_on(head.position, changed),
            None => self.cache.begin(head.generation.clone(), head.position),
        }
        let snapshot = Arc::new(RedisSnapshot::new(self.clone(), head, Some(self.cache.clone())));
        self.known.store(Some(Arc::new(Known { snapshot: snapshot.clone(), asked })));
        Ok(snapshot)
    }
}

fn none_yet() -> ViewError {
    ViewError::Unavailable("尚无视图，等待投影节点建立 / there are no views yet, a projector has to build them".into())
}

/// Whether this version of the program understands a generation.
fn readable(head: &Head) -> Result<(), ViewError> {
    if head.format == wire::FORMAT {
        return Ok(());
    }
    let words = "视图由其他版本的程序写入 / the views are of another version of this program, format";
    Err(ViewError::Unavailable(format!("{words} {}", head.format)))
}

#[async_trait]
impl ViewStore for RedisGeneration {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.inner.commit(&self.id, batch).await
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        let head = self.inner.head(&self.id).await?;
        let head = head.ok_or(ViewError::Moved { base: None, actual: None })?;
        Ok(Arc::new(RedisSnapshot::new(self.inner.clone(), head, None)))
    }

    fn batch(&self) -> Option<usize> {
        Some(BATCH)
    }
}
