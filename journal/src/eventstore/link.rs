//! The client and its life. It does not come back by itself once it could not connect, it does not look for another node when
//! its own dies, and its deadlines are kept by the server only. So every call has a limit here, and a failed client is replaced.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use eventstore::{Client, Error};
use tokio::time::timeout;

use super::{address::Address, timing::Timing};
use crate::port::StoreError;

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The client says so.
    #[error("{0}")]
    Client(Error),
    /// Nobody said anything in time.
    #[error("没有及时应答 / no answer in time")]
    Silence,
    /// There is no client to ask with.
    #[error("{0}")]
    Setup(String),
}

impl Failure {
    /// Whether the same call may be answered later.
    pub(super) fn passes(&self) -> bool {
        match self {
            Self::Silence => true,
            Self::Setup(_) => false,
            Self::Client(error) => !matches!(error, Error::AccessDenied | Error::UnsupportedFeature | Error::ResourceDeleted),
        }
    }

    /// Whether the client has to be replaced at once.
    fn is_fatal(&self) -> bool {
        match self {
            Self::Silence => true,
            Self::Setup(_) => false,
            Self::Client(error) => {
                matches!(error, Error::ConnectionClosed | Error::GrpcConnectionError(_) | Error::ServerError(_) | Error::DeadlineExceeded)
            }
        }
    }

    /// Whether it is a regular answer of a node that works.
    fn is_answer(&self) -> bool {
        matches!(self, Self::Client(Error::WrongExpectedVersion { .. } | Error::ResourceNotFound))
    }
}

/// An error of a call, before there is an answer. With NOT_FOUND a node says that it does not lead and knows nobody who does (with an
/// endpoint the client takes it for what it is); the client makes of it what it makes of a stream that is not there.
pub(super) fn unled(error: Error) -> Error {
    match error {
        Error::ResourceNotFound => Error::ServerError("NOT_FOUND: the node is not the leader and names none".to_owned()),
        error => error,
    }
}

/// The way to the store.
pub(super) struct Link {
    pub(super) address: Address,
    pub(super) timing: Timing,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    client: Option<Client>,
    /// Number of the client, so that nobody throws away the successor of the one that failed.
    number: u64,
    /// Failures since the last answer.
    failures: u32,
}

/// A client as it is used for a call.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) client: Client,
    number: u64,
}

impl Link {
    pub(super) fn new(address: Address, timing: Timing) -> Self {
        Self { address, timing, current: Mutex::default() }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // Nothing below panics between two writes.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client that is in use, or a fresh one. Its tasks are of the runtime that asks.
    pub(super) fn line(&self) -> Result<Line, Failure> {
        let mut current = self.current();
        if let Some(client) = &current.client {
            return Ok(Line { client: client.clone(), number: current.number });
        }
        let client = Client::new(self.address.settings.clone()).map_err(|error| Failure::Setup(error.to_string()))?;
        current.number += 1;
        current.failures = 0;
        current.client = Some(client.clone());
        Ok(Line { client, number: current.number })
    }

    /// Waits for an answer, not longer than a call may take.
    pub(super) async fn within<T>(&self, line: &Line, answer: impl Future<Output = eventstore::Result<T>>) -> Result<T, Failure> {
        let answer = match timeout(self.timing.call, answer).await {
            Ok(answer) => answer.map_err(Failure::Client),
            Err(_) => Err(Failure::Silence),
        };
        match &answer {
            Err(failure) if failure.is_answer() => self.answered(),
            Err(failure) => self.failed(line, failure),
            // The beginning of a read is no answer yet.
            Ok(_) => {}
        }
        answer
    }

    /// Takes note of a whole answer.
    pub(super) fn answered(&self) {
        self.current().failures = 0;
    }

    /// Takes note of a failure: some are the end of a client, others are if they come one after the other.
    pub(super) fn failed(&self, line: &Line, failure: &Failure) {
        tracing::debug!(store = %self.address, %failure, "call failed");
        let mut current = self.current();
        if current.number != line.number {
            return;
        }
        current.failures += 1;
        if failure.is_fatal() || current.failures >= self.timing.failures {
            tracing::info!(store = %self.address, %failure, "connecting anew");
            current.client = None;
        }
    }

    /// A failure in words for whoever runs the store.
    pub(super) fn words(&self, failure: &Failure) -> StoreError {
        let address = &self.address;
        StoreError::Other(match failure {
            Failure::Client(Error::AccessDenied) => {
                format!(
                    "{address}：用户名或口令不对，或无权限 / access was denied: check user, password and rights in the connection string"
                )
            }
            Failure::Client(Error::ConnectionClosed | Error::GrpcConnectionError(_)) => format!(
                "{address} 无法连接 / cannot be reached: check hosts, ports and tls of the connection string, and that the server runs: {failure}"
            ),
            Failure::Client(Error::NotLeaderException(_)) => format!("{address}：节点不是主节点 / the node is not the leader"),
            _ => format!("{address}：{failure}"),
        })
    }
}
