//! What is logged of requests: a fault is an error, and a server that is not ready yet is none.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use api::{app::system_clock, http};
use axum::{body::Body, http::Request};
use journal::MemoryJournal;
use projections::{MemoryViews, Runner};
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Status and log of a request to a node that never gets ready.
async fn asked(path: &str) -> (u16, String) {
    let lines = Lines::default();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(lines.clone()).finish();
    let _log = tracing::subscriber::set_default(log);
    let journal = Arc::new(MemoryJournal::new());
    let views = Arc::new(MemoryViews::default());
    let state = http::State::new(journal.clone(), views.clone(), Runner::new(journal, views), system_clock());
    let answer = http::router(state).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    (answer.status().as_u16(), log)
}

#[tokio::test]
async fn not_being_ready_yet_is_no_error_and_a_fault_is_one() {
    let (status, log) = asked("/readyz").await;
    assert!(status == 503 && log.contains("finished processing request") && !log.contains("ERROR"), "{status} {log}");
    let (status, log) = asked("/graphql?query=%7B__typename%7D").await;
    assert!(status == 503 && log.contains("ERROR"), "{status} {log}");
}
