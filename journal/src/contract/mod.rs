//! The suite that every store must pass. A store brings a way to make a fresh journal, and no test bodies:
//!
//! ```ignore
//! async fn fresh() -> SharedJournal { Arc::new(MemoryJournal::new()) }
//!
//! journal::contract_tests!(fresh);
//! ```
//!
//! Each clause is given a journal of its own and says what it saw if a promise of [`crate::port`] is broken. That the clauses
//! can fail is proved with journals that break one promise each.

mod appends;
mod bounds;
mod model;
mod order;
mod reads;
mod samples;
mod waiting;

#[cfg(test)]
mod broken;

use std::{future::Future, pin::Pin};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};

pub use model::agrees_with_the_reference;

use crate::port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};

/// A promise was broken, or the store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(String);

impl From<AppendError> for Broken {
    fn from(error: AppendError) -> Self {
        Self(format!("an append failed that should not: {error}"))
    }
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

/// What a clause found.
pub type Verdict = Result<(), Broken>;

/// A clause of the contract.
pub struct Clause {
    /// The promise, in words.
    pub name: &'static str,
    check: fn(SharedJournal) -> Pin<Box<dyn Future<Output = Verdict> + Send>>,
}

impl Clause {
    /// Holds an empty journal to the clause. To be called on a runtime with several threads: races are part of the contract.
    pub async fn check(&self, journal: SharedJournal) -> Verdict {
        (self.check)(journal).await
    }
}

macro_rules! clauses {
    ($($module:ident::$name:ident),* $(,)?) => {
        /// All clauses, except the comparison with the reference ([`agrees_with_the_reference`]).
        pub const CLAUSES: &[Clause] = &[$(Clause { name: stringify!($name), check: |journal| Box::pin($module::$name(journal)) }),*];

        /// One test per clause, and one for the comparison with the reference: `contract_tests!(fresh)`, where `fresh` is an
        /// async function without arguments that returns an empty [`SharedJournal`].
        #[macro_export]
        macro_rules! contract_tests {
            ($fresh:expr) => {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                    async fn $name() {
                        let fresh = $fresh;
                        if let Err(broken) = $crate::contract::check(stringify!($name), fresh().await).await {
                            panic!("{broken}");
                        }
                    }
                )*

                #[test]
                fn agrees_with_the_reference() {
                    let fresh = $fresh;
                    if let Err(broken) = $crate::contract::agrees_with_the_reference(fresh) {
                        panic!("{broken}");
                    }
                }
            };
        }
    };
}

clauses![
    appends::versions_are_contiguous,
    appends::an_append_is_whole_or_absent,
    appends::one_of_racing_writers_wins,
    appends::a_repeated_append_is_answered_as_the_first,
    appends::an_id_is_kept_once,
    bounds::an_append_beyond_a_bound_is_refused,
    bounds::an_append_at_a_bound_is_kept,
    order::a_reader_never_finds_late_events,
    order::the_head_is_the_last_event,
    reads::bytes_come_back,
    reads::a_stream_is_read_in_pages,
    reads::the_log_is_read_in_pages,
    waiting::waiting_ends_at_once_behind_the_head,
    waiting::waiting_ends_with_an_append,
];

/// Holds an empty journal to the clause of that name.
pub async fn check(name: &str, journal: SharedJournal) -> Verdict {
    match CLAUSES.iter().find(|clause| clause.name == name) {
        Some(clause) => clause.check(journal).await,
        None => Err(Broken(format!("the contract has no clause {name}"))),
    }
}

/// Holds a fresh journal to each clause, one after the other; the first broken one ends it.
pub async fn run_all<F, Fut>(fresh: F) -> Verdict
where
    F: Fn() -> Fut,
    Fut: Future<Output = SharedJournal>,
{
    for clause in CLAUSES {
        clause.check(fresh().await).await.map_err(|Broken(saw)| Broken(format!("{}: {saw}", clause.name)))?;
    }
    Ok(())
}

/// A journal with something that has to outlive it, such as its temporary folder.
pub struct Held<J, G> {
    // Dropped in this order.
    journal: J,
    _guard: G,
}

impl<J, G> Held<J, G> {
    /// Keeps `guard` as long as the journal.
    pub fn new(journal: J, guard: G) -> Self {
        Self { journal, _guard: guard }
    }
}

#[async_trait]
impl<J: Journal, G: Send + Sync> Journal for Held<J, G> {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.journal.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.journal.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.journal.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.journal.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.journal.wait(after).await
    }
}

/// Ends the clause unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($saw:tt)+) => {
        if !$condition {
            return Err($crate::contract::Broken(format!($($saw)+)));
        }
    };
}
use ensure;
