//! The binary as whoever types it meets it: every command, its files, its exit codes, and the server as a process.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops at the first surprise, and tells what it measured")]

mod abolished;
mod begin;
mod books;
mod catalogue;
mod checked;
mod codes;
mod drafts;
mod editions;
mod from_draft;
mod help;
mod identity;
mod import;
mod nodes;
mod process;
mod real_sets;
mod reform;
mod repealed;
mod reports;
mod served;
mod settings;
mod shown;
mod store;
mod tokens;
mod trouble;
mod users;
