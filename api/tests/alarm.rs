//! An event that never reached the views raises an alarm: in `/readyz`, in `/metrics` and in the log.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "common/lines.rs"]
mod lines;

use std::sync::Arc;

use api::{app::system_clock, http, registrar::sample};
use async_trait::async_trait;
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use journal::MemoryJournal;
use lines::Lines;
use projections::{Batch, MemoryViews, Runner, Snapshot, ViewError, ViewStore};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Views that lose the last event of every batch, and its entry with it.
struct Losing(MemoryViews);

#[async_trait]
impl ViewStore for Losing {
    async fn commit(&self, mut batch: Batch) -> Result<(), ViewError> {
        batch.changes.pop();
        self.0.commit(Batch { events: batch.events - 1, ..batch }).await
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.0.snapshot().await
    }
}

async fn get(state: &http::State, path: &str) -> (u16, String) {
    let answer = http::router(state.clone()).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    (status, String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
}

fn figure(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

async fn node(views: Arc<dyn ViewStore>) -> http::State {
    let journal = Arc::new(MemoryJournal::new());
    sample::make(journal.as_ref(), system_clock()(), &|_, _| ()).await.unwrap();
    let runner = Runner::new(journal.clone(), views.clone());
    runner.catch_up(&|_| ()).await.unwrap();
    http::State::new(journal, views, runner, system_clock())
}

#[tokio::test]
async fn what_is_not_known_yet_is_not_told() {
    let state = node(Arc::new(MemoryViews::default())).await;
    let (status, ready) = get(&state, "/readyz").await;
    let ready: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!((status, &ready["lag"], ready.get("gap")), (200, &Value::Null, None), "{ready}");
    let (status, text) = get(&state, "/metrics").await;
    assert_eq!((status, figure(&text, "tongyuan_ready")), (200, Some(1.0)), "{text}");
    assert!(!text.contains("lag") && !text.contains("gap") && text.ends_with("# EOF\n"), "{text}");
}

#[tokio::test]
async fn an_event_that_was_lost_is_told_by_every_means() {
    for (views, missing) in [(Arc::new(Losing(MemoryViews::default())) as Arc<dyn ViewStore>, 1), (Arc::new(MemoryViews::default()), 0)] {
        let (log, _log) = Lines::of_this_thread();
        let state = node(views).await;
        state.lookout.look().await.unwrap();
        // A checkpoint is remembered, then held against the journal.
        state.lookout.count().await.unwrap();
        state.lookout.count().await.unwrap();
        let (status, ready) = get(&state, "/readyz").await;
        let ready: Value = serde_json::from_str(&ready).unwrap();
        assert_eq!((status, &ready["lag"]), (200, &json!({ "events": 0, "seconds": 0.0 })), "{ready}");
        let (_, text) = get(&state, "/metrics").await;
        assert_eq!(figure(&text, "tongyuan_views_gap_events"), Some(f64::from(missing)), "{text}");
        assert_eq!(figure(&text, "tongyuan_views_lag_events"), Some(0.0), "{text}");
        assert_eq!(figure(&text, "tongyuan_views_lag_seconds"), Some(0.0), "{text}");
        let (views, journal) = (figure(&text, "tongyuan_views_events"), figure(&text, "tongyuan_views_counted_events"));
        assert_eq!(views.map(|views| views + f64::from(missing)), journal);
        // Once, as an error, however often it is counted.
        state.lookout.count().await.unwrap();
        let told: Vec<_> = log.text().lines().filter(|line| line.contains("需重建视图")).map(str::to_owned).collect();
        assert_eq!(told.len(), usize::from(missing != 0), "{told:?}");
        let says = |line: &String| line.contains("ERROR") && line.contains("build them anew") && line.contains("missing=1");
        assert!(told.iter().all(says), "{told:?}");
        if missing == 0 {
            assert_eq!(ready.get("gap"), None, "{ready}");
        } else {
            assert_eq!((&ready["gap"]["missing"], &ready["gap"]["position"]), (&json!(missing), &ready["position"]), "{ready}");
            let words = ready["gap"]["message"].as_str().unwrap();
            assert!(words.split_once(" / ").is_some_and(|(zh, en)| zh.contains("重建视图") && en.contains("build them anew")), "{words}");
        }
    }
}
