//! The composition root: the only place that reads the clock, makes ids and opens stores.

mod clock;
mod gate;
mod node;
mod place;
mod random;
mod shared;
mod stores;

pub use clock::system_clock;
pub use gate::{directory, gate, is_register};
pub use node::{Node, NodeError};
pub use place::Place;
pub use random::system_random;
pub use shared::{RedisAddress, SharedKeeping, rebuild_shared, shared_views};
pub use stores::{
    ImportTurn, ImportUnderWay, create_folder, create_journal, empty_views, empty_views_beside, journal_path, may_begin, open_journal,
    open_journal_or_nothing, open_journal_to_read, open_or_begin, take_turn,
};
