//! Read your write: whoever names a position is answered at or after it, or is told that it cannot be yet.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{sync::Arc, time::Duration};

use api::{
    app::system_clock,
    http::{self, POSITION},
    registrar::sample,
};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use domain::envelope::Position;
use journal::{Journal, MemoryJournal};
use projections::{MemoryViews, Runner};
use serde_json::Value;
use tower::ServiceExt;

const QUERY: &str = "/graphql?query=%7Bregistry%7Bposition%20items(first:1)%7BtotalCount%7D%7D%7D";

/// A node of this process that projects while it is asked.
struct Node {
    journal: Arc<MemoryJournal>,
    runner: Arc<Runner>,
    state: http::State,
}

impl Node {
    /// One of an empty register, in which a request waits so long.
    async fn empty(patience: Duration) -> Self {
        let journal = Arc::new(MemoryJournal::new());
        let views = Arc::new(MemoryViews::default());
        let runner = Runner::new(journal.clone(), views.clone());
        runner.catch_up(&|_| ()).await.unwrap();
        let state = http::State { patience, ..http::State::new(journal.clone(), views, runner.clone(), system_clock()) };
        Self { journal, runner, state }
    }

    /// From now on it projects.
    fn follow(&self) {
        let runner = self.runner.clone();
        tokio::spawn(async move { runner.follow().await });
    }

    /// Writes the sample register; returns where the journal ends.
    async fn write(&self) -> Position {
        sample::make(self.journal.as_ref(), system_clock()(), &|_, _| ()).await.unwrap();
        self.journal.head().await.unwrap().unwrap()
    }
}

async fn asked(state: http::State, position: Option<&str>) -> (u16, HeaderMap, Value) {
    let mut request = Request::get(QUERY);
    if let Some(position) = position {
        request = request.header(POSITION, position);
    }
    let answer = http::router(state).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap();
    (head.status.as_u16(), head.headers, body)
}

fn told(headers: &HeaderMap) -> Option<Position> {
    headers.get(POSITION).map(|value| value.to_str().unwrap().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_names_a_position_waits_for_it() {
    let node = Node::empty(Duration::from_secs(60)).await;
    let (status, headers, body) = asked(node.state.clone(), None).await;
    assert_eq!((status, told(&headers), &body["data"]["registry"]["position"]), (200, None, &Value::Null), "{body}");

    // In this store the tenth event will have this place.
    let tenth = Position::single(10);
    let waiting = tokio::spawn({
        let state = node.state.clone();
        async move { asked(state, Some(&tenth.to_string())).await }
    });
    node.follow();
    let end = node.write().await;
    let (status, headers, body) = waiting.await.unwrap();
    assert!(status == 200 && told(&headers) >= Some(tenth), "{status} {headers:?} {body}");
    assert_eq!(body["data"]["registry"]["position"], told(&headers).unwrap().to_string());

    let (status, headers, body) = asked(node.state.clone(), Some(&end.to_string())).await;
    assert_eq!((status, told(&headers)), (200, Some(end)), "{body}");
    assert!(body["data"]["registry"]["items"]["totalCount"].as_u64().unwrap() > 100, "{body}");
}

#[tokio::test]
async fn what_the_views_have_not_reached_in_time_is_refused_and_answered_later() {
    let node = Node::empty(Duration::from_millis(60)).await;
    let end = node.write().await;
    let (status, headers, body) = asked(node.state.clone(), Some(&end.to_string())).await;
    let error = &body["errors"][0];
    assert_eq!((status, &body["data"], told(&headers)), (503, &Value::Null, None), "{body}");
    assert_eq!((&error["extensions"]["code"], &error["extensions"]["reason"]), (&"UNAVAILABLE".into(), &"NOT_YET".into()));
    assert_eq!(headers["retry-after"], "1");
    let words = error["message"].as_str().unwrap();
    assert!(words.split_once(" / ").is_some_and(|(zh, en)| zh.contains("尚未") && en.contains("not reached")), "{words}");
    // Whoever names none is answered from where the views are.
    assert_eq!(asked(node.state.clone(), None).await.0, 200);

    node.runner.catch_up(&|_| ()).await.unwrap();
    let (status, headers, _) = asked(node.state.clone(), Some(&end.to_string())).await;
    assert_eq!((status, told(&headers)), (200, Some(end)));
    let beyond = Position::single(end.numbers().0 + 1).to_string();
    let (status, headers, body) = asked(node.state, Some(&beyond)).await;
    assert_eq!((status, told(&headers)), (503, Some(end)), "where the views are is told: {body}");
}

#[tokio::test]
async fn a_header_that_is_no_position_is_told_in_both_languages() {
    let node = Node::empty(Duration::from_secs(60)).await;
    for wrong in ["1", "now", "00000000000000001"] {
        let (status, _, body) = asked(node.state.clone(), Some(wrong)).await;
        let words = body["errors"][0]["message"].as_str().unwrap();
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &"BAD_REQUEST".into()), "{body}");
        assert!(words.contains("位置标记 / the header Tongyuan-Position"), "{words}");
    }
}
