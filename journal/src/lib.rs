//! Where events are kept: one port, several stores, one contract suite.
//!
//! * [`port`]: what a store promises; [`memory`] is the reference, [`sqlite`] the embedded default, [`mod@eventstore`] a cluster;
//! * `contract`: the suite that holds every store to the promises;
//! * [`transact()`]: the way of one change, from the command to the events that are kept;
//! * [`mod@copy`]: a register moved from one store to another;
//! * [`known`]: a journal as it was at a moment;
//! * `faults`: a journal that fails on demand, to prove that the way holds.

#[cfg(feature = "contract")]
pub mod contract;
pub mod copy;
pub mod eventstore;
#[cfg(feature = "contract")]
pub mod faults;
pub mod known;
pub mod load;
pub mod memory;
pub mod port;
mod read_only;
pub mod sqlite;
pub mod transact;

pub use self::eventstore::EventStoreJournal;
pub use known::{Knowledge, Known};
pub use load::{LoadError, Loaded, LoadedOf, Past, PastOf, decode_recorded, load, load_of};
pub use memory::MemoryJournal;
pub use port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};
pub use read_only::ReadOnly;
pub use sqlite::SqliteJournal;
pub use transact::{Applied, Budget, ExpectedVersion, Outcome, Request, RequestTo, TransactError, transact, transact_on};
