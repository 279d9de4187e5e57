use std::sync::Arc;

use journal::SharedJournal;
use projections::{
    BuiltBy, Leader, RebuildError, ReceiptBook, ReceiptWriter, SharedViews, ViewError, Witnessing,
    redis::{RedisOptions, RedisViews},
};
use uuid::Uuid;

pub use projections::redis::RedisAddress;

use crate::clock::Clock;

/// Views that several nodes share, and what this node does with them.
pub struct SharedKeeping {
    pub(super) views: SharedViews,
    pub(super) leader: Option<Arc<Leader>>,
    /// Whether it answers requests.
    pub(super) answers: bool,
    /// The receipts, as this node reads them.
    pub(super) receipts: Arc<ReceiptBook>,
}

impl SharedKeeping {
    /// Views at an address, for a node that may project, or answer, or both.
    pub fn new(address: &RedisAddress, journal: SharedJournal, projects: bool, answers: bool, clock: Clock) -> Result<Self, ViewError> {
        let views = Arc::new(RedisViews::new(address, RedisOptions::new(new_id()))?);
        let receipts = Arc::new(ReceiptBook::new(journal.clone()));
        let leader = projects.then(|| {
            let writer = ReceiptWriter::new(views.clone(), receipts.clone(), Witnessing::new(clock));
            Arc::new(Leader::new(journal, views.clone(), Arc::new(new_id)).with_receipts(Arc::new(writer)))
        });
        Ok(Self { views, leader, answers, receipts })
    }
}

/// Views that nodes share, to be looked at as they are kept.
pub fn shared_views(address: &RedisAddress) -> Result<RedisViews, ViewError> {
    RedisViews::new(address, RedisOptions::new(new_id()))
}

/// Has the views at an address built anew from a journal, by the node that projects, or here where none does.
pub async fn rebuild_shared(address: &RedisAddress, journal: SharedJournal) -> Result<BuiltBy, RebuildError> {
    Leader::new(journal, Arc::new(shared_views(address)?), Arc::new(new_id)).have_rebuilt().await
}

/// An id that nothing else has.
#[expect(clippy::disallowed_methods, reason = "the composition root is where ids come in")]
fn new_id() -> String {
    Uuid::new_v4().simple().to_string()
}
