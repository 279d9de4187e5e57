//! What readers see: the channel views, how they are kept, and how they are asked.

pub mod channel;
#[cfg(feature = "contract")]
pub mod contract;
mod document;
mod happened;
pub mod history;
mod lead;
mod lookout;
mod moment;
mod query;
mod rebuild;
mod runner;
pub mod store;
pub use store::redis;
mod term;
mod work;

pub use document::{Both, Document, EntryView, Gate, Key, RevisionView, Shown, Upcoming, Viewed};
pub use happened::{Happened, Unreadable};
pub use lead::{Leader, NewId};
pub use lookout::{Behind, Counted, LookError, Lookout};
pub use moment::Timeline;
pub use query::{ListQuery, Listed, count, list};
pub use rebuild::{Difference, RebuildCheck, check_rebuild, digest, views_of};
pub use runner::{Lag, Runner, RunnerError};
pub use store::{Batch, Change, MemoryViews, SharedViews, Snapshot, ViewError, ViewStore};
pub use term::{Index, Term, Word};
pub use work::{Open, SetRow, Waiting, Work};
