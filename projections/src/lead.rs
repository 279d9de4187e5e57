//! The one projector of views that several nodes share: whoever holds the lease. It goes on where the views are, or builds a new
//! generation beside them and switches it in.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use journal::SharedJournal;
use tokio::time::sleep;

use crate::{
    redis::RedisViews,
    runner::{Runner, RunnerError},
    store::ViewError,
};

/// Makes ids that nothing else has.
pub type NewId = Arc<dyn Fn() -> String + Send + Sync>;

/// A node that leads while it holds the lease, and waits for it otherwise.
pub struct Leader {
    journal: SharedJournal,
    views: Arc<RedisViews>,
    new_id: NewId,
    leads: AtomicBool,
}

impl Leader {
    /// A node that has not begun.
    pub fn new(journal: SharedJournal, views: Arc<RedisViews>, new_id: NewId) -> Self {
        Self { journal, views, new_id, leads: AtomicBool::new(false) }
    }

    /// Whether it holds the lease, as far as it knows. It may be wrong: what counts is that a commit is refused.
    pub fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// Leads whenever it can, until the future is dropped. Nothing ends it: a store that fails may come back, and what this version
    /// cannot read a newer one may, once this one has given the lease back.
    pub async fn run(&self) {
        let third = self.views.lease_lasts() / 3;
        let mut told = String::new();
        loop {
            let (words, pause) = match self.views.acquire().await {
                Ok(true) => {
                    tracing::info!("this node projects: it holds the lease of the views");
                    self.leads.store(true, Ordering::Relaxed);
                    let error = tokio::select! {
                        error = self.project() => error,
                        error = self.keep_lease() => error.into(),
                    };
                    self.leads.store(false, Ordering::Relaxed);
                    // If it cannot be given back it runs out.
                    let _ = self.views.release().await;
                    let unreadable = matches!(error, RunnerError::Unreadable(_));
                    (with_causes(&error), if unreadable { third * 3 } else { third / 4 })
                }
                Ok(false) => (String::new(), third),
                Err(error) => (error.to_string(), third),
            };
            // A store that is away for an hour is told of once.
            if words != told && !words.is_empty() {
                tracing::warn!("this node does not project: {words}");
            }
            told = words;
            sleep(pause).await;
        }
    }

    /// Gives the lease back when the node stops, so that the next one need not wait.
    pub async fn step_down(&self) {
        if self.leads.swap(false, Ordering::Relaxed) {
            let _ = self.views.release().await;
        }
    }

    async fn keep_lease(&self) -> ViewError {
        let third = self.views.lease_lasts() / 3;
        loop {
            sleep(third).await;
            match self.views.renew().await {
                Ok(()) => {}
                Err(ViewError::NotLeading) => return ViewError::NotLeading,
                // The lease may still be ours; a commit will tell.
                Err(error) => {
                    tracing::debug!(%error, "the lease could not be renewed");
                    continue;
                }
            }
            while matches!(self.views.sweep().await, Ok(true)) {}
        }
    }

    async fn project(&self) -> RunnerError {
        loop {
            match self.project_until_error().await {
                RunnerError::Views(error @ ViewError::Moved { .. }) => {
                    tracing::warn!(%error, "the views are elsewhere than they were left; going on from where they are");
                    // The other end may be at work on it just now.
                    sleep(self.views.lease_lasts() / 30).await;
                }
                error => return error,
            }
        }
    }

    async fn project_until_error(&self) -> RunnerError {
        let followed = async {
            let head = self.journal.head().await?;
            let id = match self.views.live().await? {
                // Views that are ahead of the journal are of another journal, or of this one before it was restored.
                Some(live) if live.of_this_format && live.position <= head => live.id.to_string(),
                _ => self.rebuild().await?,
            };
            Ok(Runner::new(self.journal.clone(), Arc::new(self.views.generation(&id))).follow().await)
        };
        followed.await.unwrap_or_else(|error| error)
    }

    /// Builds a generation from the beginning of the journal and makes it the live one. Returns its id. Needs the lease.
    pub async fn rebuild(&self) -> Result<String, RunnerError> {
        let id = (self.new_id)();
        tracing::info!(generation = id, "building the views anew");
        self.views.begin(&id).await?;
        let runner = Runner::new(self.journal.clone(), Arc::new(self.views.generation(&id)));
        let reached = runner.catch_up(&|_| ()).await?;
        self.views.switch_to(&id).await?;
        tracing::info!(generation = id, position = ?reached.map(|position| position.to_string()), "the new views are live");
        Ok(id)
    }
}

fn with_causes(error: &RunnerError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}
