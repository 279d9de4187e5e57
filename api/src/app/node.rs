use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use domain::calendar::Span;
use journal::SharedJournal;
use projections::{Leader, ReceiptWriter, Runner, Seen, SharedViews, Witnessing};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use super::{shared::SharedKeeping, stores::empty_views};
use crate::{
    auth::{Counter, Gate},
    clock::Clock,
    http,
    registrar::{
        changeset::Completer,
        deadline::{LEAD, watch},
    },
};

/// Time that requests under way are given when the node stops.
const GRACE: Duration = Duration::from_secs(10);

/// Why a node cannot run.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The address cannot be listened on.
    #[error("{}", cannot_listen(*address, source))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    let (zh, en) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "端口已被占用，可能已有服务在运行；请停止它，或用 --listen 另选",
            "the port is in use, maybe by another server: stop it, or choose another with --listen",
        ),
        io::ErrorKind::AddrNotAvailable => {
            ("本机没有这个地址；请用 --listen 另选", "this machine has no such address: choose another with --listen")
        }
        io::ErrorKind::PermissionDenied => {
            ("没有权限使用该端口；请用 --listen 选1024以上的端口", "the port may not be used: choose one above 1024 with --listen")
        }
        _ => ("请用 --listen 另选地址", "choose another with --listen"),
    };
    format!("不能在 {address} 提供服务：{zh} / cannot listen on {address}: {en}")
}

/// How often a node looks where the views are that another one keeps.
const LOOK: Duration = Duration::from_millis(250);

/// A node: the views of a journal, kept up with it, and served.
pub struct Node {
    listener: TcpListener,
    address: SocketAddr,
    runner: Arc<Runner>,
    state: http::State,
    keeping: Keeping,
    /// How long before its end a deadline is warned of.
    lead: Span,
}

/// Who keeps the views.
enum Keeping {
    /// This node, in its memory.
    Here,
    /// One of several nodes, maybe this one.
    Shared { leader: Option<Arc<Leader>>, answers: bool },
}

impl Node {
    /// Listens on an address. The views are empty until [`Node::run`].
    pub async fn bind(journal: SharedJournal, address: SocketAddr, clock: Clock) -> Result<Self, NodeError> {
        Self::bind_over(journal, empty_views(), address, clock).await
    }

    /// The same with empty views that the caller has chosen, which are of this node alone.
    pub async fn bind_over(journal: SharedJournal, views: SharedViews, address: SocketAddr, clock: Clock) -> Result<Self, NodeError> {
        let (listener, address) = listen(address).await?;
        let witnessing = Witnessing::new(clock.clone());
        // Nobody is answered from what the views hold on their way through the journal.
        let runner = Runner::witnessed(journal.clone(), views.clone(), witnessing.clone(), Seen::OnceCaughtUp);
        let state = http::State::new(journal, views.clone(), runner.clone(), clock);
        let receipts = ReceiptWriter::new(views, state.schema.desk().receipts.clone(), witnessing);
        let state = state.with_receipts(Arc::new(receipts));
        Ok(Self { listener, address, runner, state, keeping: Keeping::Here, lead: LEAD })
    }

    /// Listens on an address, with views that nodes share.
    pub async fn bind_shared(journal: SharedJournal, shared: SharedKeeping, address: SocketAddr, clock: Clock) -> Result<Self, NodeError> {
        let (listener, address) = listen(address).await?;
        let SharedKeeping { views, leader, answers, receipts } = shared;
        let runner = Runner::new(journal.clone(), views.clone());
        let state = http::State::new(journal, views, runner.clone(), clock).with_shared_views(leader.clone()).with_book(receipts);
        Ok(Self { listener, address, runner, state, keeping: Keeping::Shared { leader, answers }, lead: LEAD })
    }

    /// The same with a gate, which lets in who has a good token.
    #[must_use]
    pub fn with_gate(self, gate: Arc<Gate>) -> Self {
        Self { state: self.state.with_gate(gate), ..self }
    }

    /// The same with answers that may be shown without asking again for so many seconds.
    #[must_use]
    pub fn with_cache_seconds(self, seconds: u64) -> Self {
        Self { state: self.state.with_cache_seconds(seconds), ..self }
    }

    /// The same with another audience of what only the counter sees.
    #[must_use]
    pub fn with_counter(self, counter: Counter) -> Self {
        Self { state: self.state.with_counter(counter), ..self }
    }

    /// The same with another bound on the drafts that one person may have on their way at once.
    #[must_use]
    pub fn with_open_drafts(self, most: usize) -> Self {
        Self { state: self.state.with_open_drafts(most), ..self }
    }

    /// The same with another time before the end of a deadline at which it is warned of.
    #[must_use]
    pub fn with_deadline_lead(self, lead: Span) -> Self {
        Self { lead, ..self }
    }

    /// The same without the right to change anything: mutations are refused before they are looked at.
    #[must_use]
    pub fn without_changes(self) -> Self {
        Self { state: self.state.without_changes(), ..self }
    }

    /// Where it listens; tells the port that was chosen for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How far the views are.
    pub fn runner(&self) -> Arc<Runner> {
        self.runner.clone()
    }

    /// Serves until `stop` says so, then lets requests under way finish.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let runner = self.runner.clone();
        let mut tasks = JoinSet::new();
        let mut router: fn(http::State) -> axum::Router = http::router;
        let mut answers = true;
        let leader = match self.keeping {
            Keeping::Here => {
                tasks.spawn(async move {
                    let unreadable = runner.follow_on().await;
                    let error = runner.fault().map_or_else(|| unreadable.to_string(), |fault| fault.words);
                    tracing::error!(error, "projection stopped; readers keep what they have");
                });
                if let Some(receipts) = self.state.receipts.clone() {
                    let mut caught_up = self.runner.watch();
                    tasks.spawn(async move {
                        if caught_up.wait_for(|lag| lag.caught_up).await.is_ok() {
                            receipts.run().await;
                        }
                    });
                }
                None
            }
            Keeping::Shared { leader, answers: asked } => {
                answers = asked;
                tasks.spawn(async move { runner.observe(LOOK).await });
                if let Some(leader) = leader.clone() {
                    tasks.spawn(async move { leader.run().await });
                }
                if !answers {
                    router = http::health_router;
                }
                leader
            }
        };
        let (lookout, mut caught_up) = (self.state.lookout.clone(), self.runner.watch());
        tasks.spawn(async move {
            // While views are built it would read the journal beside whoever builds them, and say what is known anyway.
            if caught_up.wait_for(|lag| lag.caught_up).await.is_ok() {
                lookout.run().await;
            }
        });
        if answers {
            let (desk, mut caught_up) = (self.state.schema.desk().clone(), self.runner.watch());
            let (clock, lead, takes_changes) = (self.state.clock.clone(), self.lead, self.state.takes_changes);
            tasks.spawn(async move {
                if caught_up.wait_for(|lag| lag.caught_up).await.is_ok() {
                    let complete = async {
                        if takes_changes {
                            Completer::default().run(&desk, &clock).await;
                        }
                    };
                    tokio::join!(desk.work.follow(), desk.deadlines.follow(), watch(&desk.deadlines, &clock, lead), complete);
                }
            });
        }
        let stopped = async move {
            // A sender that is gone means that nobody can say stop any more: then there is nobody to serve for either.
            let _ = stop.wait_for(|stop| *stop).await;
            tracing::info!("stopping: no new connections, requests under way finish");
        };
        if !http::serve(self.listener, router(self.state), stopped, GRACE).await {
            tracing::warn!("requests were still under way after {} s and were cut", GRACE.as_secs());
        }
        tasks.shutdown().await;
        if let Some(leader) = leader {
            leader.step_down().await;
        }
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), NodeError> {
    let failed = |source| NodeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
