//! The one projector of views that several nodes share: whoever holds the lease. It goes on where the views are, or builds a new
//! generation beside them and switches it in.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::envelope::Position;
use journal::SharedJournal;
use tokio::{sync::watch, time::sleep};

use crate::{
    receipts::ReceiptWriter,
    redis::{RedisViews, Renewed},
    runner::{Lag, Runner, RunnerError, Seen, with_causes},
    store::{ViewError, ViewStore as _},
};

/// Makes ids that nothing else has.
pub type NewId = Arc<dyn Fn() -> String + Send + Sync>;

/// How often whoever asked for a rebuild looks whether it is done.
const LOOK: Duration = Duration::from_millis(500);

/// Who built the views anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltBy {
    /// The node that leads, beside the live views, which went on meanwhile.
    Leader,
    /// This process, because no node led.
    Here,
}

/// Why views that nodes share were not built anew.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The store of the views cannot be asked.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// This process could not build them.
    #[error(transparent)]
    Build(#[from] RunnerError),
    /// The node that leads could not, and goes on with those that there are.
    #[error("投影节点未能重建视图，现有视图照旧 / the projector could not build the views anew and goes on with the present ones: {0}")]
    GivenUp(String),
}

/// A node that leads while it holds the lease, and waits for it otherwise.
pub struct Leader {
    journal: SharedJournal,
    views: Arc<RedisViews>,
    new_id: NewId,
    leads: AtomicBool,
    /// Under which id a rebuild is asked for, as far as it was heard of.
    asked: watch::Sender<Option<String>>,
    /// Who writes receipts of what the live views show, while this leads.
    receipts: Option<Arc<ReceiptWriter>>,
    /// How far the live views are by what was acknowledged; nothing while it is not followed.
    reached: Mutex<Option<watch::Receiver<Lag>>>,
}

/// A generation that was filled beside the live one.
struct Filled {
    generation: String,
    /// The id under which that was asked for.
    asked: String,
}

impl Leader {
    /// A node that has not begun.
    pub fn new(journal: SharedJournal, views: Arc<RedisViews>, new_id: NewId) -> Self {
        Self {
            journal,
            views,
            new_id,
            leads: AtomicBool::new(false),
            asked: watch::Sender::new(None),
            receipts: None,
            reached: Mutex::default(),
        }
    }

    /// The same, and while it leads receipts are written of what the views show.
    #[must_use]
    pub fn with_receipts(self, receipts: Arc<ReceiptWriter>) -> Self {
        Self { receipts: Some(receipts), ..self }
    }

    /// Who writes receipts while this leads.
    pub fn receipts(&self) -> Option<&Arc<ReceiptWriter>> {
        self.receipts.as_ref()
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
                        never = self.write_receipts() => match never {},
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

    async fn write_receipts(&self) -> Infallible {
        if let Some(receipts) = &self.receipts {
            receipts.run().await;
        }
        std::future::pending().await
    }

    /// A runner of the live views.
    fn runner_of(&self, id: &str) -> Arc<Runner> {
        let (journal, views) = (self.journal.clone(), Arc::new(self.views.generation(id)));
        match &self.receipts {
            Some(receipts) => Runner::witnessed(journal, views, receipts.witnessing(), Seen::FromTheFirst),
            None => Runner::new(journal, views),
        }
    }

    async fn keep_lease(&self) -> ViewError {
        let third = self.views.lease_lasts() / 3;
        loop {
            sleep(third).await;
            let reached = self.reached();
            match self.views.renew().await {
                // A store that was set back, with the lease in it: a commit would tell, but there may be none for long.
                Ok(Renewed { position, .. }) if position < reached => return ViewError::Moved { base: reached, actual: position },
                Ok(Renewed { asked, .. }) => {
                    self.asked.send_replace(asked);
                }
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

    /// Where the live views were when this last committed to them, if it did.
    fn reached(&self) -> Option<Position> {
        let following = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        following.as_ref().and_then(|following| following.borrow().checkpoint)
    }

    fn follows(&self, runner: Option<&Runner>) {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = runner.map(Runner::watch);
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
        // Until it is known where the views are nothing is believed of them: they may be built anew, and begin at the beginning.
        self.follows(None);
        let followed = async {
            let head = self.journal.head().await?;
            let mut id = match self.views.live().await? {
                // Views that are ahead of the journal are of another journal, or of this one before it was restored.
                Some(live) if live.of_this_format && live.position <= head => live.id.to_string(),
                live => {
                    // What those have begun to show is of another journal too.
                    if let Some(position) = live.and_then(|live| live.position).filter(|position| Some(*position) > head) {
                        self.views.forget(position).await?;
                    }
                    self.rebuild().await?
                }
            };
            let mut taken_up = None;
            loop {
                let runner = self.runner_of(&id);
                self.follows(Some(&runner));
                let filled = tokio::select! {
                    error = runner.follow() => return self.stopped(error).await,
                    filled = self.fill_when_asked(&mut taken_up) => filled?,
                };
                // Nobody follows the former one any more, so the new one is not behind what was shown.
                match self.switch_in(&filled).await {
                    Ok(()) => id = filled.generation,
                    Err(error) => self.give_up(&filled.generation, &filled.asked, error).await?,
                }
            }
        };
        followed.await.unwrap_or_else(|error| error)
    }

    /// Waits until a rebuild is asked for and fills a generation, beside whatever goes on with the live one. What cannot be filled is given
    /// up and told to whoever asked: the live views are worth more than new ones.
    /// What was taken up once is not again, though it may be heard of a little longer.
    async fn fill_when_asked(&self, taken_up: &mut Option<String>) -> Result<Filled, RunnerError> {
        let mut heard = self.asked.subscribe();
        loop {
            // The sender is kept as long as this, so that it never fails.
            let asked = heard.wait_for(|asked| asked.is_some() && asked != taken_up).await.map(|asked| asked.clone());
            let Some(asked) = asked.ok().flatten() else { continue };
            *taken_up = Some(asked.clone());
            let generation = (self.new_id)();
            match self.fill(&generation).await {
                Ok(()) => return Ok(Filled { generation, asked }),
                Err(error) => self.give_up(&generation, &asked, error).await?,
            }
        }
    }

    /// Whoever asked for a rebuild is told of what no rebuild could read either.
    async fn stopped(&self, error: RunnerError) -> Result<RunnerError, RunnerError> {
        if matches!(error, RunnerError::Unreadable(_))
            && let Some((asked, None)) = self.views.asked().await?
        {
            self.views.give_up("", &asked, &with_causes(&error)).await?;
        }
        Ok(error)
    }

    async fn fill(&self, generation: &str) -> Result<(), RunnerError> {
        tracing::info!(generation, "building the views anew");
        self.views.begin(generation).await?;
        Runner::new(self.journal.clone(), Arc::new(self.views.generation(generation))).catch_up(&|_| ()).await?;
        Ok(())
    }

    async fn switch_in(&self, Filled { generation, asked }: &Filled) -> Result<(), RunnerError> {
        let runner = Runner::new(self.journal.clone(), Arc::new(self.views.generation(generation)));
        let reached = runner.catch_up(&|_| ()).await?;
        self.views.answer_with(generation, asked).await?;
        if let Some(receipts) = &self.receipts {
            receipts.look_over();
        }
        tracing::info!(generation, position = ?reached.map(|position| position.to_string()), "the new views are live");
        Ok(())
    }

    /// Gives up a generation, unless somebody else may be at work on what was asked for by now.
    async fn give_up(&self, generation: &str, asked: &str, error: RunnerError) -> Result<(), RunnerError> {
        if matches!(error, RunnerError::Views(ViewError::NotLeading)) {
            return Err(error);
        }
        let words = with_causes(&error);
        tracing::error!(generation, "the views could not be built anew, the present ones go on: {words}");
        Ok(self.views.give_up(generation, asked, &words).await?)
    }

    /// Builds a generation from the beginning of the journal and makes it the live one. Returns its id. Needs the lease.
    pub async fn rebuild(&self) -> Result<String, RunnerError> {
        let asked = self.views.asked().await?.map(|(id, _)| id).unwrap_or_default();
        let filled = Filled { generation: (self.new_id)(), asked };
        self.fill(&filled.generation).await?;
        self.switch_in(&filled).await?;
        Ok(filled.generation)
    }

    /// Has the views built anew, by whoever leads, or by this process where nobody does; returns when the new ones are live. Readers
    /// answer all the while. If the future is dropped it is done all the same by whoever leads.
    pub async fn have_rebuilt(&self) -> Result<BuiltBy, RebuildError> {
        let asked = self.views.ask(&(self.new_id)()).await?;
        loop {
            match self.views.asked().await? {
                Some((id, Some(why))) if id == asked => return Err(RebuildError::GivenUp(why)),
                Some((id, None)) if id == asked => {}
                _ => return Ok(BuiltBy::Leader),
            }
            if self.views.acquire().await? {
                let built = tokio::select! {
                    built = self.rebuild() => built.map(|_| BuiltBy::Here),
                    error = self.keep_lease() => Err(error.into()),
                };
                if let Err(error) = &built {
                    // Who leads next is not to try what failed here.
                    let _ = self.views.give_up("", &asked, &with_causes(error)).await;
                }
                // If it cannot be given back it runs out.
                let _ = self.views.release().await;
                return Ok(built?);
            }
            sleep(LOOK).await;
        }
    }
}
