//! Builds views beside the live ones, and compares them byte for byte.

mod live;

use std::sync::Arc;

use domain::envelope::Position;
use journal::SharedJournal;
pub use live::check_live;

use crate::{
    runner::{Runner, RunnerError},
    store::{MemoryViews, SharedViews, Snapshot, ViewError, ViewStore},
};

/// What a comparison of live and rebuilt views found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildCheck {
    /// Place up to which both were compared.
    pub position: Option<Position>,
    /// Documents compared.
    pub documents: usize,
    /// Bytes compared.
    pub bytes: u64,
    /// Where they differ, at most a hundred; empty if they are equal.
    pub differences: Vec<Difference>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What, e.g. the document `online/item/CODE`.
    pub place: String,
    /// How: it is missing on one side, or its bytes or its terms differ.
    pub what: &'static str,
}

/// Most differences that are named.
const MOST_NAMED: usize = 100;

impl RebuildCheck {
    fn of(position: Option<Position>) -> Self {
        Self { position, documents: 0, bytes: 0, differences: Vec::new() }
    }

    fn differs(&mut self, place: impl FnOnce() -> String, what: &'static str) {
        if self.differences.len() < MOST_NAMED {
            self.differences.push(Difference { place: place(), what });
        }
    }
}

const BYTES: &str = "the bytes differ";
const TERMS: &str = "the index terms differ";
const NOT_LIVE: &str = "it is missing in the live views";
const NOT_REBUILT: &str = "it is missing in the rebuilt views";

/// Builds fresh views from a journal.
pub async fn views_of(journal: SharedJournal, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Arc<MemoryViews>, RunnerError> {
    let views = Arc::new(MemoryViews::default());
    let shared: SharedViews = views.clone();
    Runner::new(journal, shared).catch_up(progress).await?;
    Ok(views)
}

/// Compares live views with rebuilt ones at the same place of the log.
pub async fn check_rebuild(live: &dyn Snapshot, rebuilt: &dyn Snapshot) -> Result<RebuildCheck, ViewError> {
    let mut check = RebuildCheck::of(live.position());
    if live.position() != rebuilt.position() {
        return Err(ViewError::Moved { base: live.position(), actual: rebuilt.position() });
    }
    let mut keys = live.keys().await?;
    keys.extend(rebuilt.keys().await?);
    keys.sort_unstable();
    keys.dedup();
    for group in keys.chunk_by(|a, b| (a.channel, a.register) == (b.channel, b.register)).flat_map(|group| group.chunks(512)) {
        let codes: Vec<_> = group.iter().map(|key| key.code.clone()).collect();
        let ours = live.get_many(group[0].channel, group[0].register, &codes).await?;
        let theirs = rebuilt.get_many(group[0].channel, group[0].register, &codes).await?;
        for ((key, a), b) in group.iter().zip(ours).zip(theirs) {
            let what = match (a, b) {
                (Some(a), Some(b)) => {
                    let (bytes_a, bytes_b) = (encoded(&a)?, encoded(&b)?);
                    check.bytes += bytes_a.len() as u64;
                    if bytes_a != bytes_b {
                        BYTES
                    } else if a.terms() == b.terms() {
                        check.documents += 1;
                        continue;
                    } else {
                        TERMS
                    }
                }
                (None, _) => NOT_LIVE,
                (_, None) => NOT_REBUILT,
            };
            check.documents += 1;
            check.differs(|| format!("{}/{}/{}", key.channel, key.register, key.code), what);
        }
    }
    Ok(check)
}

/// One hash over all documents of a snapshot, in the order of their keys: equal for equal views.
pub async fn digest(snapshot: &dyn Snapshot) -> Result<domain::value::Hash, ViewError> {
    let mut all = Vec::new();
    for key in snapshot.keys().await? {
        let document = snapshot.get_many(key.channel, key.register, std::slice::from_ref(&key.code)).await?;
        for document in document.iter().flatten() {
            all.extend_from_slice(format!("{}/{}/{}\n", key.channel, key.register, key.code).as_bytes());
            all.extend_from_slice(domain::value::Hash::of_bytes(&encoded(document)?).as_bytes());
        }
    }
    Ok(domain::value::Hash::of_bytes(&all))
}

fn encoded(document: &crate::document::Document) -> Result<Vec<u8>, ViewError> {
    document.encode().map_err(|error| ViewError::Unavailable(format!("a document has no JSON form: {error}")))
}

/// The snapshot of a memory store without going through the port; used where views were just built.
impl MemoryViews {
    /// The views as they are.
    pub async fn now(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.snapshot().await
    }
}
