//! The composition root: the only place that reads the clock, makes ids and opens stores.

mod clock;
mod node;
mod stores;

pub use clock::{Clock, system_clock};
pub use node::{Node, NodeError};
pub use stores::{Stores, journal_path};
