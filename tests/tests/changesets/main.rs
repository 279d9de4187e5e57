//! Change sets by their use cases: many changes that are proposed, reviewed and approved as one.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod abolished;
mod faults;
mod homecoming;
mod late;
mod life;
mod lists;
mod many;
mod owed;
mod real;
mod singly;
mod support;
mod together;
mod who;
