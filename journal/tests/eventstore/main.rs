//! The store of several machines keeps the contract, and does what its client does not.
//!
//! Against the protocol double it is proved that the protocol is handled; not durability, nor quorums. A real server takes part
//! where `TONGYUAN_TEST_EVENTSTORE` names one.

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed")]

mod contract;
mod follow;
mod lines;
mod real;
mod secure;
mod support;
mod writes;
