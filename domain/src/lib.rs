//! What the law and the lists say: values, registers, the one lifecycle of an entry, change sets, and the stored form of events.
//!
//! No I/O, no clock, no randomness and no async live here: time, ids and looked-up facts come in as values
//! (see [`decider::Circumstances`]). Articles are cited from the rulebook as `Art. 10(2)`.

pub mod acting;
pub mod changeset;
pub mod codec;
pub mod decider;
pub mod diff;
pub mod entry;
pub mod envelope;
pub mod register;
pub mod scenario;
pub mod value;
