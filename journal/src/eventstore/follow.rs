//! The log as it grows, told by a subscription.
//!
//! It wakes those who wait, and nothing else: events are read by finite reads. It runs on a thread and a runtime of its own, so
//! that whatever the client does with a subscription keeps nobody else from running.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::envelope::Position;
use eventstore::{StreamPosition, SubscribeToAllOptions, SubscriptionEvent};
use tokio::{
    runtime::Runtime,
    sync::watch,
    time::{sleep, timeout},
};
use tracing::instrument::WithSubscriber;

use super::{
    ended::{Ended, Guard},
    link::{Failure, Line, Link},
    read::{outward, place, registers},
};
use crate::port::StoreError;

/// What is known of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Place of the last event.
    pub(super) head: Option<Position>,
    /// Whether a subscription will tell of the next one.
    pub(super) live: bool,
}

impl Seen {
    /// Takes in where the log is; it never goes back.
    pub(super) fn reach(&mut self, head: Option<Position>) -> bool {
        let further = head > self.head;
        if further {
            self.head = head;
        }
        further
    }
}

/// The task that follows the log. It ends with this.
pub(super) struct Follower {
    runtime: Option<Runtime>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Follower {
    pub(super) fn start(link: &Link, namespace: &str, seen: watch::Sender<Seen>) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("journal-follow").build();
        let runtime = runtime.map_err(|error| StoreError::Other(format!("journal-follow: {error}")))?;
        // With a client of its own: its connections belong to this runtime.
        let link = Link::new(link.address.clone(), link.timing);
        let following = Following { link, namespace: namespace.to_owned(), seen, reached: Mutex::default() };
        runtime.spawn(Arc::new(following).run());
        Ok(Self { runtime: Some(runtime) })
    }
}

struct Following {
    link: Link,
    namespace: String,
    seen: watch::Sender<Seen>,
    /// Up to where everything was told: the next subscription goes on there. Ours and not the client's, which forgets
    /// checkpoints and may begin again at the end.
    reached: Mutex<Option<Position>>,
}

impl Following {
    async fn run(self: Arc<Self>) {
        let mut failures = 0;
        loop {
            let ended = match self.clone().begin().await {
                // A task of its own, which may end by unwinding.
                Ok(line) => {
                    let guard = Guard::default();
                    let listening = self.clone().listen(line, guard.clone());
                    tokio::spawn(listening.with_subscriber(guard)).await.unwrap_or_else(|error| match error.try_into_panic() {
                        Ok(panic) if panic.is::<Ended>() => End { told: true, why: "it was ended in order".to_owned() },
                        _ => End { told: false, why: "the client failed".to_owned() },
                    })
                }
                Err(failure) => End { told: false, why: failure.to_string() },
            };
            self.seen.send_if_modified(|seen| std::mem::take(&mut seen.live));
            failures = if ended.told { 0 } else { failures + 1 };
            tracing::debug!(store = %self.link.address, why = ended.why, failures, "subscription ended");
            sleep(self.pause(failures)).await;
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        let timing = self.link.timing;
        timing.pause.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(timing.longest)
    }

    /// A line, and a place to begin after: the end of the log as it is now, if nothing was told yet.
    async fn begin(self: Arc<Self>) -> Result<Line, Failure> {
        if self.reached().is_none() {
            let end = self.link.end(&self.namespace).await?;
            self.reach(end);
            self.seen.send_if_modified(|seen| seen.reach(end));
        }
        self.link.line()
    }

    fn reached(&self) -> Option<Position> {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on to a place. What comes late or twice is not further.
    fn reach(&self, place: Option<Position>) {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        *reached = place.max(*reached);
    }

    async fn listen(self: Arc<Self>, line: Line, guard: Guard) -> End {
        let from = self.reached().map_or(StreamPosition::Start, |after| StreamPosition::Position(outward(after)));
        let options = SubscribeToAllOptions::default().position(from).filter(registers(&self.namespace)).requires_leader(true);
        let options = match self.link.address.credentials.clone() {
            Some(credentials) => options.authenticated(credentials),
            None => options,
        };
        let mut subscription = line.client.subscribe_to_all(&options).await;
        let mut told = false;
        loop {
            let message = match timeout(self.link.timing.silence, subscription.next_subscription_event()).await {
                Ok(Ok(message)) => message,
                Ok(Err(error)) => {
                    let failure = Failure::Client(error);
                    self.link.failed(&line, &failure);
                    return End { told, why: failure.to_string() };
                }
                Err(_) => return End { told, why: "it was silent".to_owned() },
            };
            guard.known();
            match message {
                SubscriptionEvent::Confirmed(_) => {
                    self.seen.send_if_modified(|seen| !std::mem::replace(&mut seen.live, true));
                    told = true;
                }
                SubscriptionEvent::EventAppeared(resolved) => {
                    let at = resolved.event.as_ref().map(place);
                    self.reach(at);
                    self.seen.send_if_modified(|seen| seen.reach(at));
                }
                SubscriptionEvent::Checkpoint(at) if (at.commit, at.prepare) != (0, 0) => {
                    self.reach(Some(Position::pair(at.commit, at.prepare)));
                }
                _ => {}
            }
        }
    }
}

/// How a subscription ended.
struct End {
    /// Whether it was one at all.
    told: bool,
    why: String,
}
