use std::{sync::Arc, time::Duration};

use journal::SharedJournal;
use projections::{Leader, Lookout, Runner, SharedViews, ViewError};

use crate::{
    auth::Gate,
    clock::Clock,
    graphql::{self, RequestView, Schema},
    registrar::change::Desk,
};

/// What requests are answered from.
#[derive(Clone)]
pub struct State {
    /// The contract.
    pub schema: Schema,
    /// The views.
    pub views: SharedViews,
    /// What keeps them up with the journal.
    pub runner: Arc<Runner>,
    /// What sees how far they are behind.
    pub lookout: Arc<Lookout>,
    /// Where this node may project shared views: whether it does.
    pub leader: Option<Arc<Leader>>,
    /// The time.
    pub clock: Clock,
    /// Whether the views are elsewhere, kept by one of several nodes.
    pub shared: bool,
    /// Who lets callers in; without one nobody has a good token.
    pub gate: Arc<Gate>,
    /// Time that a request waits for the position that it names.
    pub patience: Duration,
}

impl State {
    /// The state of a node.
    pub fn new(journal: SharedJournal, views: SharedViews, runner: Arc<Runner>, clock: Clock) -> Self {
        let lookout = Arc::new(Lookout::new(journal.clone(), views.clone()));
        let gate = Arc::new(Gate::new(None, None, clock.clone()));
        let schema = graphql::schema(journal);
        Self { schema, views, runner, lookout, leader: None, clock, shared: false, gate, patience: super::PATIENCE }
    }

    /// The same with views that several nodes share.
    #[must_use]
    pub fn with_shared_views(self, leader: Option<Arc<Leader>>) -> Self {
        Self { shared: true, leader, ..self }
    }

    /// The same with a gate.
    #[must_use]
    pub fn with_gate(self, gate: Arc<Gate>) -> Self {
        Self { gate, ..self }
    }

    /// The same with another bound on the drafts that one person may have on their way at once.
    #[must_use]
    pub fn with_open_drafts(self, most: usize) -> Self {
        let desk = Desk { most_open_drafts: most, ..Desk::new(self.schema.desk().journal.clone()) };
        Self { schema: graphql::schema_of(desk), ..self }
    }

    /// The one snapshot and moment of a request.
    pub async fn view(&self) -> Result<RequestView, ViewError> {
        let snapshot = self.views.snapshot().await?;
        // The moment is taken after the snapshot: what was in force when the snapshot was made is in force in it.
        Ok(RequestView { snapshot, now: (self.clock)() })
    }

    /// Whether the views have caught up with the journal at least once.
    pub fn is_ready(&self) -> bool {
        self.runner.watch().borrow().caught_up
    }
}
