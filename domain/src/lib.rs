//! What the law and the lists say: values, registers, the one lifecycle of an entry, change sets, the working
//! calendar, deadlines, receipts, reports of what is not right, self-checks, and the stored form of events.
//!
//! No I/O, no clock, no randomness and no async live here: time, ids and looked-up facts come in as values
//! (see [`decider::Circumstances`]). Articles are cited from the rulebook as `Art. 10(2)`.

pub mod acting;
pub mod calendar;
pub mod changeset;
pub mod codec;
pub mod deadline;
pub mod decider;
pub mod diff;
pub mod entry;
pub mod envelope;
pub mod inaccuracy;
pub mod language;
pub mod receipt;
pub mod refusal;
pub mod register;
pub mod scenario;
pub mod selfcheck;
pub mod value;
