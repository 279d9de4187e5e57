//! The store of several machines: an EventStoreDB or KurrentDB cluster.
//!
//! ```text
//! append ──→ reservations of the ids, all at once ──→ one append of all events, at an exact revision
//! read   ──→ finite reads of a stream or of all streams of the registers, from the leader
//! wait   ──→ a subscription on a runtime of its own; while there is none, the end of the log is asked for
//! ```
//! What the client does not do, or does in a way that cannot be built on, is answered here: see `docs/adr/0010`.

mod address;
mod append;
mod ended;
mod follow;
mod link;
mod read;
mod reserve;
mod timing;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use tokio::{
    sync::{Mutex, watch},
    time::sleep,
};
use uuid::Uuid;

pub use address::redacted;
pub use timing::Timing;

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, StoreError, check_bounds};
use address::Address;
use append::Written;
use follow::{Follower, Seen};
use link::Link;

/// How often the end of the log is asked for while there is no subscription; an answer comes within the 50 ms of the port.
const POLL: std::time::Duration = std::time::Duration::from_millis(20);

/// The stream that says that here is a register. It is of none of the registers, so it is in no log.
const FOUNDED: &str = "register-tongyuan";

/// Format of what is kept.
const FORMAT: i64 = 1;

/// Under this the ids of this adapter's own events are made.
const OWN: Uuid = Uuid::from_u128(0x7ce1_54f5_0ab1_4c5f_9d3e_5a0e_41d2_87b6);

/// A journal in an EventStoreDB or KurrentDB cluster.
pub struct EventStoreJournal {
    link: Arc<Link>,
    /// Before the name of every stream, so that tests can share a server.
    namespace: Arc<str>,
    seen: watch::Sender<Seen>,
    follower: OnceLock<Result<Follower, StoreError>>,
    /// Who holds it asks for the end of the log for those who wait.
    polling: Mutex<()>,
}

impl fmt::Debug for EventStoreJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStoreJournal").field(&self.link.address).finish()
    }
}

impl EventStoreJournal {
    /// Founds a register in a store that has none. Refused with [`StoreError::Exists`] if it has one, and with
    /// [`StoreError::NotAJournal`] if another program has streams of these names there.
    pub async fn create(url: &str) -> Result<Self, StoreError> {
        Self::new(url, Timing::default(), "")?.found().await
    }

    /// Opens the register of a store; never founds one.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::new(url, Timing::default(), "")?.check().await
    }

    /// Founds one in a namespace of its own, with another patience: for tests.
    #[cfg(feature = "contract")]
    pub async fn create_with(url: &str, timing: Timing, namespace: &str) -> Result<Self, StoreError> {
        Self::new(url, timing, namespace)?.found().await
    }

    /// Opens one that was founded so.
    #[cfg(feature = "contract")]
    pub async fn open_with(url: &str, timing: Timing, namespace: &str) -> Result<Self, StoreError> {
        Self::new(url, timing, namespace)?.check().await
    }

    fn new(url: &str, timing: Timing, namespace: &str) -> Result<Self, StoreError> {
        let link = Arc::new(Link::new(Address::parse(url)?, timing));
        let (seen, follower) = (watch::Sender::new(Seen::default()), OnceLock::new());
        Ok(Self { link, namespace: namespace.into(), seen, follower, polling: Mutex::default() })
    }

    /// Where it is, without credentials.
    pub fn address(&self) -> String {
        self.link.address.to_string()
    }

    /// The name of a stream in the store.
    fn named(&self, name: impl fmt::Display) -> String {
        format!("{}{name}", self.namespace)
    }

    async fn found(self) -> Result<Self, StoreError> {
        if self.format().await?.is_some() {
            return Err(StoreError::Exists(self.address()));
        }
        if self.end().await?.is_some() {
            let reason = "库中已有同名流，但没有登记册 / it has streams of these names and no register".to_owned();
            return Err(StoreError::NotAJournal { path: self.address(), reason });
        }
        let payload = format!("{{\"format\":{FORMAT}}}").into_bytes();
        let event = NewEvent { id: Uuid::new_v5(&OWN, FOUNDED.as_bytes()), kind: "register.founded".into(), metadata: Vec::new(), payload };
        match self.write(&self.named(FOUNDED), Expected::NoStream, vec![event]).await {
            // Two who found it at the same time found the same.
            Ok(Written::Done(_)) => Ok(self),
            Ok(Written::Overtaken(_)) => Err(StoreError::Exists(self.address())),
            Err(failure) => Err(self.link.words(&failure)),
        }
    }

    async fn check(self) -> Result<Self, StoreError> {
        match self.format().await? {
            None => Err(StoreError::Missing(self.address())),
            Some(found) if found > FORMAT => Err(StoreError::Newer { path: self.address(), found, known: FORMAT }),
            Some(_) => Ok(self),
        }
    }

    /// The format of the register that is kept here, if one is.
    async fn format(&self) -> Result<Option<i64>, StoreError> {
        let found = self.stream(&self.named(FOUNDED), 0, 1).await?;
        let Some(event) = found.first() else { return Ok(None) };
        let text = String::from_utf8_lossy(&event.data);
        let number = text.strip_prefix("{\"format\":").and_then(|rest| rest.strip_suffix('}')).and_then(|number| number.parse().ok());
        let reason = || format!("{FOUNDED}: {text}");
        number.map(Some).ok_or_else(|| StoreError::NotAJournal { path: self.address(), reason: reason() })
    }
}

#[async_trait]
impl Journal for EventStoreJournal {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        check_bounds(&events)?;
        let appended = self.keep(stream, expected, events).await?;
        self.seen.send_if_modified(|seen| seen.reach(appended.position));
        Ok(appended)
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let found = self.stream(&self.named(stream), from.0, limit).await?;
        found.into_iter().map(|event| self.recorded(event)).collect()
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.log(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.end().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.follower.get_or_init(|| Follower::start(&self.link, &self.namespace, self.seen.clone())).as_ref().map_err(Clone::clone)?;
        let mut seen = self.seen.subscribe();
        loop {
            let Seen { head, live } = *seen.borrow_and_update();
            if head > after {
                return Ok(());
            }
            tokio::select! {
                // Cannot fail: the sender is a field of this journal.
                _ = seen.changed() => {}
                polled = self.poll(after), if !live => polled?,
            }
        }
    }
}

impl EventStoreJournal {
    /// Asks for the end of the log until it is behind a position. However many wait, one of them asks.
    async fn poll(&self, after: Option<Position>) -> Result<(), StoreError> {
        let _asking = self.polling.lock().await;
        loop {
            let found = self.end().await?;
            self.seen.send_if_modified(|seen| seen.reach(found));
            if found > after {
                return Ok(());
            }
            sleep(POLL).await;
        }
    }
}
