//! Deadlines at work over a log: what begins a case, what fulfils it, and where it stands when.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod edges;
mod laws;
mod rules;
mod sight;
mod support;
