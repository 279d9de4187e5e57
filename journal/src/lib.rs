//! Where events are kept: one port, several stores, one contract suite.

pub mod port;

pub use port::{AppendError, Appended, Expected, Journal, NewEvent, Page, Recorded, SharedJournal, StoreError};
