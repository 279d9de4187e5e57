use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use journal::SharedJournal;
use projections::{Leader, Runner};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use super::{shared::SharedKeeping, stores::empty_views};
use crate::{auth::Gate, clock::Clock, http};

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
        let (listener, address) = listen(address).await?;
        let views = empty_views();
        let runner = Runner::new(journal.clone(), views.clone());
        let state = http::State::new(journal, views, runner.clone(), clock);
        Ok(Self { listener, address, runner, state, keeping: Keeping::Here })
    }

    /// Listens on an address, with views that nodes share.
    pub async fn bind_shared(journal: SharedJournal, shared: SharedKeeping, address: SocketAddr, clock: Clock) -> Result<Self, NodeError> {
        let (listener, address) = listen(address).await?;
        let SharedKeeping { views, leader, answers } = shared;
        let runner = Runner::new(journal.clone(), views.clone());
        let state = http::State::new(journal, views, runner.clone(), clock).with_shared_views(leader.clone());
        Ok(Self { listener, address, runner, state, keeping: Keeping::Shared { leader, answers } })
    }

    /// The same with a gate, which lets in who has a good token.
    #[must_use]
    pub fn with_gate(self, gate: Arc<Gate>) -> Self {
        Self { state: self.state.with_gate(gate), ..self }
    }

    /// The same with another bound on the drafts that one person may have on their way at once.
    #[must_use]
    pub fn with_open_drafts(self, most: usize) -> Self {
        Self { state: self.state.with_open_drafts(most), ..self }
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
                    let error = runner.follow().await;
                    let error = runner.fault().unwrap_or_else(|| error.to_string());
                    tracing::error!(error, "projection stopped; readers keep what they have");
                });
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
            tasks.spawn(async move {
                if caught_up.wait_for(|lag| lag.caught_up).await.is_ok() {
                    desk.work.follow().await;
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
