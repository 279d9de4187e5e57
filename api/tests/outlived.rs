//! Views elsewhere go on while a request is answered: it is answered again from a newer snapshot, as a whole, or not at all.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use api::{app::system_clock, http};
use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use domain::{
    envelope::{Code, Position},
    register::Register,
    value::Channel,
};
use journal::MemoryJournal;
use projections::{Batch, Document, Key, MemoryViews, Runner, Snapshot, Term, ViewError, ViewStore};
use serde_json::Value;
use tower::ServiceExt;

/// Views of which the first snapshots are given up in the middle of a request.
struct Hasty {
    below: MemoryViews,
    /// Whether the store goes away then instead.
    goes_away: bool,
    outlived: usize,
    given: AtomicUsize,
}

struct HastySnapshot {
    below: Arc<dyn Snapshot>,
    gives_up: bool,
    goes_away: bool,
    given_up: AtomicBool,
}

#[async_trait]
impl ViewStore for Hasty {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.below.commit(batch).await
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        let gives_up = self.given.fetch_add(1, Ordering::Relaxed) < self.outlived;
        let goes_away = self.goes_away;
        Ok(Arc::new(HastySnapshot { below: self.below.now().await?, gives_up, goes_away, given_up: AtomicBool::new(false) }))
    }
}

#[async_trait]
impl Snapshot for HastySnapshot {
    fn position(&self) -> Option<Position> {
        self.below.position()
    }

    fn events(&self) -> u64 {
        self.below.events()
    }

    fn is_outlived(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    async fn get_many(&self, channel: Channel, register: Register, codes: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
        self.below.get_many(channel, register, codes).await
    }

    async fn find(&self, c: Channel, r: Register, terms: &[Term], after: Option<&Code>, limit: usize) -> Result<Vec<Code>, ViewError> {
        self.below.find(c, r, terms, after, limit).await
    }

    async fn count(&self, channel: Channel, register: Register, terms: &[Term]) -> Result<usize, ViewError> {
        if self.goes_away {
            return Err(ViewError::Unavailable("the store went away".into()));
        }
        if self.gives_up {
            self.given_up.store(true, Ordering::Relaxed);
            return Err(ViewError::Outlived);
        }
        self.below.count(channel, register, terms).await
    }

    async fn keys(&self) -> Result<Vec<Key>, ViewError> {
        self.below.keys().await
    }
}

/// Status and body of a request to views of which so many snapshots are given up, and how many were taken for it.
async fn asked(outlived: usize) -> (u16, Value, usize) {
    ask(outlived, false).await
}

async fn ask(outlived: usize, goes_away: bool) -> (u16, Value, usize) {
    let journal = Arc::new(MemoryJournal::new());
    let views = Arc::new(Hasty { below: MemoryViews::default(), goes_away, outlived, given: AtomicUsize::new(0) });
    let local = Arc::new(MemoryViews::default());
    let runner = Runner::new(journal.clone(), local);
    runner.catch_up(&|_| ()).await.unwrap();
    let state = http::State::new(journal, views.clone(), runner, system_clock());
    let path = "/graphql?query=%7Bregistry%7Bitems(first:1)%7Bnodes%7Bcode%7D%20totalCount%7D%7D%7D";
    let answer = http::router(state).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 20).await.unwrap()).unwrap();
    (status, body, views.given.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_request_is_answered_again_from_a_newer_snapshot() {
    for outlived in 0..3 {
        let (status, body, given) = asked(outlived).await;
        assert_eq!((status, &body["data"]["registry"]["items"]["totalCount"], given), (200, &Value::from(0), outlived + 1), "{body}");
        assert!(body.get("errors").is_none(), "{body}");
    }
}

#[tokio::test]
async fn a_request_that_no_snapshot_lasts_for_is_refused_without_part_of_an_answer() {
    let (status, body, given) = asked(100).await;
    assert_eq!((status, given, &body["errors"][0]["extensions"]["code"]), (503, 3, &Value::from("UNAVAILABLE")), "{body}");
    assert!(body["data"].is_null(), "{body}");
}

#[tokio::test]
async fn a_store_that_goes_away_in_the_middle_of_a_request_is_told_as_graphql_tells_errors() {
    let (status, body, given) = ask(0, true).await;
    assert_eq!((status, given, &body["errors"][0]["extensions"]["code"]), (200, 1, &Value::from("UNAVAILABLE")), "{body}");
    assert!(body["errors"][0]["path"].as_array().is_some_and(|path| path.last() == Some(&"totalCount".into())), "{body}");
    assert!(body.pointer("/data/registry/items/totalCount").is_none_or(Value::is_null), "no number in its place: {body}");
}
