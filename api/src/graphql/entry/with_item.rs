//! With which item a guide goes. That takes a look into the log, and only if somebody asks.

use std::sync::Arc;

use domain::{
    codec::Registered,
    entry::{RepealNotice, State},
    envelope::{Code, Position},
    register::Item,
};
use journal::{Knowledge, Known, LoadError, SharedJournal};
use projections::history::Audience;
use tokio::sync::OnceCell;

use super::Viewer;
use crate::registrar::with_item::{GoneWith, audience, gone_with, item_of_state};

/// The item of a guide, and what of it whoever asks is told with the guide.
#[derive(Debug)]
pub(super) struct WithItem {
    item: Code,
    viewer: Viewer,
    of_guide: Audience,
    own: Option<RepealNotice>,
    /// What was recorded later counts as not recorded; `None`: everything counts.
    up_to: Option<Knowledge>,
    gone: OnceCell<Option<GoneWith>>,
}

impl WithItem {
    /// The item of a guide; `None`: it is none.
    pub(super) fn of<C: Registered>(viewer: &Viewer, state: &State<C>, of_guide: Audience) -> Option<Self> {
        let item = item_of_state(state, of_guide, viewer.now)?;
        let (viewer, own) = (viewer.clone(), state.repeal.clone());
        Some(Self { item, viewer, of_guide, own, up_to: None, gone: OnceCell::new() })
    }

    /// The same by what had been recorded up to a place of the log.
    pub(super) fn up_to(self, at: Option<Position>) -> Self {
        Self { up_to: Some(Knowledge::Place(at)), ..self }
    }

    /// The repeal of the item, if the guide goes with it and that may be told.
    pub(super) async fn gone(&self, journal: &SharedJournal) -> Result<Option<&GoneWith>, LoadError> {
        self.gone.get_or_try_init(|| self.look(journal.clone())).await.map(Option::as_ref)
    }

    async fn look(&self, journal: SharedJournal) -> Result<Option<GoneWith>, LoadError> {
        let journal = match self.up_to {
            Some(knowledge) => Arc::new(Known::new(journal, knowledge)),
            None => journal,
        };
        let item = journal::load::<Item>(journal.as_ref(), &self.item).await?;
        let audience = audience(self.viewer.caller.as_deref(), &item, self.of_guide, self.viewer.now);
        Ok(audience.and_then(|audience| gone_with((&self.item, &item), self.own.as_ref(), audience, self.viewer.now)))
    }
}
