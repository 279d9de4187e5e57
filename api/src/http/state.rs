use std::{sync::Arc, time::Duration};

use journal::SharedJournal;
use projections::{Leader, Lookout, ReceiptBook, ReceiptWriter, Runner, SharedViews, ViewError};

use crate::{
    auth::{Counter, Gate},
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
    /// Who writes receipts where this node does so on its own; a leader has its own.
    pub receipts: Option<Arc<ReceiptWriter>>,
    /// The time.
    pub clock: Clock,
    /// Whether the views are elsewhere, kept by one of several nodes.
    pub shared: bool,
    /// Whether this node takes changes.
    pub takes_changes: bool,
    /// Who lets callers in; without one nobody has a good token.
    pub gate: Arc<Gate>,
    /// Whom it shows what only the counter sees.
    pub counter: Counter,
    /// Most seconds for which an answer that everybody gets alike may be shown without asking again; 0: none.
    pub cache_seconds: u64,
    /// Time that a request waits for the position that it names.
    pub patience: Duration,
}

impl State {
    /// The state of a node.
    pub fn new(journal: SharedJournal, views: SharedViews, runner: Arc<Runner>, clock: Clock) -> Self {
        let lookout = Arc::new(Lookout::new(journal.clone(), views.clone()));
        let gate = Arc::new(Gate::new(None, None, clock.clone()));
        let schema = graphql::schema(journal);
        Self {
            schema,
            views,
            runner,
            lookout,
            leader: None,
            receipts: None,
            clock,
            shared: false,
            takes_changes: true,
            gate,
            counter: Counter::default(),
            cache_seconds: 0,
            patience: super::PATIENCE,
        }
    }

    /// The same with views that several nodes share.
    #[must_use]
    pub fn with_shared_views(self, leader: Option<Arc<Leader>>) -> Self {
        Self { shared: true, leader, ..self }
    }

    /// The same without the right to change anything.
    #[must_use]
    pub fn without_changes(self) -> Self {
        Self { takes_changes: false, ..self }
    }

    /// The same with receipts that this node writes.
    #[must_use]
    pub fn with_receipts(self, receipts: Arc<ReceiptWriter>) -> Self {
        Self { receipts: Some(receipts), ..self }
    }

    /// The same with receipts that somebody else on this node has read already.
    #[must_use]
    pub fn with_book(self, receipts: Arc<ReceiptBook>) -> Self {
        let desk = self.schema.desk();
        let desk = Desk { most_open_drafts: desk.most_open_drafts, receipts, ..Desk::new(desk.journal.clone()) };
        Self { schema: graphql::schema_of(desk), ..self }
    }

    /// The same with a gate.
    #[must_use]
    pub fn with_gate(self, gate: Arc<Gate>) -> Self {
        Self { gate, ..self }
    }

    /// The same with another audience of what only the counter sees.
    #[must_use]
    pub fn with_counter(self, counter: Counter) -> Self {
        Self { counter, ..self }
    }

    /// The same with answers that may be shown without asking again for so many seconds.
    #[must_use]
    pub fn with_cache_seconds(self, cache_seconds: u64) -> Self {
        Self { cache_seconds, ..self }
    }

    /// The same with another bound on the drafts that one person may have on their way at once.
    #[must_use]
    pub fn with_open_drafts(self, most: usize) -> Self {
        let desk = self.schema.desk();
        let desk = Desk { most_open_drafts: most, receipts: desk.receipts.clone(), ..Desk::new(desk.journal.clone()) };
        Self { schema: graphql::schema_of(desk), ..self }
    }

    /// The one snapshot and moment of a request.
    pub async fn view(&self) -> Result<RequestView, ViewError> {
        let snapshot = self.views.snapshot().await?;
        // The moment is taken after the snapshot: what was in force when the snapshot was made is in force in it.
        Ok(RequestView { snapshot, now: (self.clock)() })
    }

    /// Whether this node does nothing but project shared views.
    pub fn projects_only(&self) -> bool {
        self.leader.is_some() && !self.takes_changes
    }

    /// Whether the views have caught up with the journal at least once.
    pub fn is_ready(&self) -> bool {
        self.runner.watch().borrow().caught_up
    }
}
