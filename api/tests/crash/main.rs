//! The binary under `kill -9`, beside itself, and on a full disk: nothing acknowledged is lost, nothing is doubled, and the same
//! import again completes what was cut off.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod appender;
mod approved;
#[path = "../common/entries.rs"]
mod entries;
mod file;
mod full;
#[path = "../common/issuer.rs"]
mod issuer;
mod kill;
mod lists;
mod process;
mod receipts;
mod reform;
mod register;
mod reviewed;
mod serving;
mod shared;
mod together;
mod way;

/// Not a test of its own: what a child process runs, see [`appender`].
#[test]
fn child() {
    appender::play_role();
}
