use std::sync::Arc;

use journal::SharedJournal;
use projections::{
    Leader, SharedViews, ViewError,
    redis::{RedisOptions, RedisViews},
};
use uuid::Uuid;

pub use projections::redis::RedisAddress;

/// Views that several nodes share, and what this node does with them.
pub struct SharedKeeping {
    pub(super) views: SharedViews,
    pub(super) leader: Option<Arc<Leader>>,
    /// Whether it answers requests.
    pub(super) answers: bool,
}

impl SharedKeeping {
    /// Views at an address, for a node that may project, or answer, or both.
    pub fn new(address: &RedisAddress, journal: SharedJournal, projects: bool, answers: bool) -> Result<Self, ViewError> {
        let views = Arc::new(RedisViews::new(address, RedisOptions::new(new_id()))?);
        let leader = projects.then(|| Arc::new(Leader::new(journal, views.clone(), Arc::new(new_id))));
        Ok(Self { views, leader, answers })
    }
}

/// An id that nothing else has.
#[expect(clippy::disallowed_methods, reason = "the composition root is where ids come in")]
fn new_id() -> String {
    Uuid::new_v4().simple().to_string()
}
