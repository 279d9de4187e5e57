//! The GraphQL API as its clients meet it: the contract, the answers on the sample register, the bounds, health.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and tells what it measured"
)]

mod answers;
mod cache;
mod callers;
mod changes;
mod changesets;
mod channels;
mod commands;
mod contents;
mod contract;
mod desk;
mod health;
mod inbox;
mod limits;
mod lists;
mod matrix;
mod moments;
mod outline;
mod reform;
mod reform_cut;
mod round_trips;
mod secrets;
mod server;
mod support;
mod walk;
mod wire;
