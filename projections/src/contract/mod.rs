//! The suite that every view store must pass. A store brings a way to make a fresh one, and no test bodies:
//!
//! ```ignore
//! async fn fresh() -> Option<SharedViews> { Some(Arc::new(MemoryViews::default())) }
//!
//! projections::view_contract_tests!(fresh);
//! ```
//!
//! Each clause is given a store of its own, empty and ready to be written, and says what it saw if a promise of the port is
//! broken. A store that cannot be had here says so itself and gives `None`.

mod begun;
mod commits;
mod finding;
mod model;
mod registers;
mod samples;
pub mod server;
mod snapshots;

#[cfg(test)]
mod broken;

use std::{future::Future, pin::Pin};

pub use model::agrees_with_the_reference;
pub use samples::{AllOf, all_of, batch, entry, place};

use crate::store::{SharedViews, ViewError};

/// A promise was broken, or the store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub(crate) String);

impl From<ViewError> for Broken {
    fn from(error: ViewError) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

/// What a clause found.
pub type Verdict = Result<(), Broken>;

/// A clause of the contract.
pub struct Clause {
    /// The promise, in words.
    pub name: &'static str,
    check: fn(SharedViews) -> Pin<Box<dyn Future<Output = Verdict> + Send>>,
}

macro_rules! clauses {
    ($($module:ident::$name:ident),* $(,)?) => {
        /// All clauses, except the comparison with the reference ([`agrees_with_the_reference`]).
        pub const CLAUSES: &[Clause] = &[$(Clause { name: stringify!($name), check: |views| Box::pin($module::$name(views)) }),*];

        /// One test per clause, and one for the comparison with the reference: `view_contract_tests!(fresh)`, where `fresh` is an
        /// async function without arguments that returns an empty store, or `None` where it cannot be had.
        #[macro_export]
        macro_rules! view_contract_tests {
            ($fresh:expr) => {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                    async fn $name() {
                        let fresh = $fresh;
                        let Some(views) = fresh().await else { return };
                        if let Err(broken) = $crate::contract::check(stringify!($name), views).await {
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
    commits::a_batch_upon_another_checkpoint_is_refused_whole,
    commits::a_checkpoint_counts_the_events_before_it,
    commits::one_of_racing_batches_wins,
    commits::a_large_batch_is_one_commit,
    begun::what_begins_is_noted_with_its_commit_and_kept_until_it_is_forgotten,
    begun::a_refused_batch_begins_nothing,
    commits::documents_come_back_byte_for_byte,
    finding::codes_are_found_in_pages,
    finding::what_a_document_no_longer_says_does_not_find_it,
    finding::channels_are_apart,
    finding::keys_are_all_that_is_held,
    registers::every_register_is_kept,
    registers::a_large_batch_reaches_every_register,
    snapshots::a_batch_becomes_visible_whole,
    snapshots::a_snapshot_stays_where_it_is,
    snapshots::a_checkpoint_never_goes_back,
];

/// Holds an empty store to the clause of that name. To be called on a runtime with several threads: races are part of it.
pub async fn check(name: &str, views: SharedViews) -> Verdict {
    match CLAUSES.iter().find(|clause| clause.name == name) {
        Some(clause) => (clause.check)(views).await,
        None => Err(Broken(format!("the contract has no clause {name}"))),
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
