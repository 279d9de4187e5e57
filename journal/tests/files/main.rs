//! The embedded store and its file: kills, full and read-only disks, damage, other programs, other processes.
//!
//! What has to happen in a process of its own runs this test binary again with a role (see [`support::child`]).

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed")]

mod damaged;
mod full;
mod index;
mod kill;
mod log;
mod processes;
mod read_only;
mod refused;
mod support;

/// Where a child process begins; in the test run itself it does nothing.
#[test]
fn child() {
    support::play_role();
}
