//! The GraphQL API as its clients meet it: the contract, the answers on the sample register, the bounds, health.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and tells what it measured"
)]

mod abolished;
mod abolished_names;
mod abolished_stays;
mod acts_matrix;
mod addresses;
mod announcements;
mod answers;
mod beside;
mod by_name;
mod cache;
mod caching;
mod calendar;
mod callers;
mod changes;
mod changesets;
mod channels;
mod commands;
mod contents;
mod contract;
mod counter;
mod deadlines;
mod deadlines_support;
mod desk;
mod evidence;
mod handed_on;
mod health;
mod hidden;
mod inbox;
mod instants;
mod leap;
mod library;
mod limits;
mod lists;
mod matrix;
mod moments;
mod outline;
mod past;
mod planted;
mod reform;
mod reform_between;
mod reform_cut;
mod reform_names;
mod reform_resumed;
mod refusals;
mod repeals;
mod replay;
mod round_trips;
mod secrets;
mod server;
mod sets_matrix;
mod signs;
mod summaries;
mod support;
mod undone;
mod unknown;
mod walk;
mod wire;
mod with_item;
mod withheld_filters;
