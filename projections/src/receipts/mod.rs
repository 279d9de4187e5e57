//! Receipts: that a channel serves a revision is written into the journal, once (Art. 10(2)); and parity: that both channels hold the same of every
//! entry is looked after without pause.
//!
//! The way of a receipt: a runner commits views and, in the same step, notes what they begin to show and when (`begun`); the writer takes
//! the notes, appends receipts of what has none (`book`), and forgets the notes. A process that dies between two of these steps leaves the notes where the
//! views are, or in a file; where it could not, what is shown is looked over anew.

mod audit;
mod book;
mod looked;
mod parity;
mod writer;

pub use audit::{Audit, audit};
pub use book::{ReceiptBook, ReceiptError};
pub use looked::Round;
pub use parity::{Difference as ParityDifference, Differing, Parity, compare};
pub use writer::{Now, ReceiptWriter, Witnessing, Written};
