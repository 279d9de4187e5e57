//! Views in a real Redis: the contract, the lease, and what happens when Redis fails.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod acl;
mod cache;
#[path = "../common/mod.rs"]
mod common;
mod contract;
mod cuts;
mod faults;
mod lead;
mod lease;
mod receipts;
mod renewed;
mod support;
mod tls;
mod unfit;
mod wire;
