//! Lists come in: workbooks, tables and portal exports become proposals, each with the place it was read from.
//!
//! This floor reads and never writes: what a proposal leads to is decided by whoever holds the register. Every line that was
//! read is in the answer, as a proposal, as rejected or as ignored, with its reason.

pub mod reading;

pub use reading::{ListInfo, Place, Proposal, ProposedCode, ProposedContent, Reading, Row, RowOutcome, Why};
