//! Use cases: who may do what, then the domain decides.

mod read;

pub use read::{ReadError, read_entry};
