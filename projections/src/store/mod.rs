//! Where views are kept: a port and its stores.

mod memory;
mod notes;
mod port;
mod posting;
pub mod redis;

pub use memory::MemoryViews;
pub use notes::NotingError;
pub use port::{Batch, Change, Entry, SharedViews, Snapshot, ViewError, ViewStore};
