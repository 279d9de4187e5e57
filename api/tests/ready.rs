//! What is logged of requests: a fault is an error, and a server that is not ready yet is none.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "common/lines.rs"]
mod lines;

use std::sync::Arc;

use api::{app::system_clock, http};
use axum::{body::Body, http::Request};
use journal::MemoryJournal;
use lines::Lines;
use projections::{MemoryViews, Runner};
use tower::ServiceExt;

/// Status and log of a request to a node that never gets ready.
async fn asked(path: &str) -> (u16, String) {
    let (lines, _log) = Lines::of_this_thread();
    let journal = Arc::new(MemoryJournal::new());
    let views = Arc::new(MemoryViews::default());
    let state = http::State::new(journal.clone(), views.clone(), Runner::new(journal, views), system_clock());
    let answer = http::router(state).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    (answer.status().as_u16(), lines.text())
}

#[tokio::test]
async fn not_being_ready_yet_is_no_error_and_a_fault_is_one() {
    let (status, log) = asked("/readyz").await;
    assert!(status == 503 && log.contains("finished processing request") && !log.contains("ERROR"), "{status} {log}");
    let (status, log) = asked("/graphql?query=%7B__typename%7D").await;
    assert!(status == 503 && log.contains("ERROR"), "{status} {log}");
}
