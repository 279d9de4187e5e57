//! The binary as whoever types it meets it: every command, its files, its exit codes, and the server as a process.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops at the first surprise, and tells what it measured")]

mod abolished;
mod again;
mod begin;
mod books;
mod calendar;
mod catalogue;
mod checked;
mod codes;
mod copied;
mod counter;
mod deadlines;
mod denied;
mod diff;
mod documents;
mod drafts;
mod editions;
mod evidence;
mod forged;
mod from_draft;
mod help;
mod hung;
mod identity;
mod import;
#[path = "../common/issuer.rs"]
mod issuer;
mod nodes;
mod oversized;
mod parity;
mod process;
mod public;
mod real_sets;
mod rebuilt;
mod redis_faults;
mod reform;
mod repealed;
mod replay;
mod reports;
mod reviewed;
mod served;
mod settings;
mod shown;
mod store;
mod terminal;
mod tokens;
mod trouble;
mod users;
