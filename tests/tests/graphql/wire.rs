//! Changes over HTTP: by POST alone, once, and with the place where they were written.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    acting::Role,
    envelope::{Position, StreamName, StreamVersion},
};
use journal::{AppendError, Appended, Expected, Journal, MemoryJournal, NewEvent, Page, Recorded, SharedJournal, StoreError};
use serde_json::json;
use tokio::time::sleep;

use super::{
    callers::{content, one},
    server::{Answered, Server},
    support::made,
};

const ID: &str = "00000000-0000-0000-0000-00000000000a";

/// A journal of which the log is read late, so that views are behind what was written. Streams are read at once.
struct Late {
    below: MemoryJournal,
    milliseconds: AtomicU64,
}

#[async_trait]
impl Journal for Late {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        sleep(Duration::from_millis(self.milliseconds.load(Ordering::Relaxed))).await;
        self.below.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

fn draft(id: &str) -> String {
    format!(
        "mutation {{ draft(input: {{ commandId: \"{id}\", register: ITEM, content: {{ name: \"甲\", type: \"PERMISSION\", agency: \"A1\" }} }})
            {{ status position entry {{ code streamVersion }} }} }}"
    )
}

fn position(answered: &Answered) -> String {
    let line = answered.head.lines().find_map(|line| line.strip_prefix("tongyuan-position: ")).unwrap_or_default();
    line.trim().to_owned()
}

async fn start() -> (SharedJournal, Server) {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let server = Server::start_for(journal.clone(), made(), one("p-d", Role::Drafter, "ITEM")).await;
    (journal, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_tells_where_it_was_written_and_the_next_request_reads_it() {
    let (journal, server) = start().await;
    let answered = server.ask(&draft(ID), json!({})).await;
    let payload = &answered.json()["data"]["draft"];
    assert_eq!((answered.status, &payload["status"]), (200, &json!("APPLIED")), "{answered:?}");
    let written = journal.head().await.unwrap().unwrap().to_string();
    assert_eq!((position(&answered), payload["position"].as_str().unwrap()), (written.clone(), written.as_str()));
    let again = server.ask(&draft(ID), json!({})).await;
    assert_eq!((position(&again), &again.json()["data"]["draft"]["status"]), (written.clone(), &json!("UNCHANGED")));

    let code = payload["entry"]["code"].as_str().unwrap();
    let query = format!("{{ entry(register: ITEM, code: {code:?}) {{ streamVersion draft {{ step }} }} }}");
    let body = json!({ "query": query }).to_string();
    let read = server.send_with("POST", "/graphql", &[("tongyuan-position", &written)], &body).await;
    assert_eq!(read.json()["data"]["entry"], json!({ "streamVersion": 0, "draft": { "step": "DRAFT" } }), "{read:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_is_shown_to_whoever_goes_on_reading_and_no_answer_is_of_an_earlier_position() {
    let journal = Arc::new(Late { below: MemoryJournal::new(), milliseconds: AtomicU64::new(0) });
    let server = Server::start_for(journal.clone(), made(), one("p-d", Role::Drafter, "ITEM")).await;
    journal.milliseconds.store(100, Ordering::Relaxed);
    let told = |answered: &Answered| position(answered).parse::<Position>().unwrap();
    let id = |number| format!("00000000-0000-0000-0000-0000000000{number:02}");
    let mut last = None;
    for number in 0..4 {
        let written = told(&server.ask(&draft(&id(number)), json!({})).await);
        // Nothing is named: the views of this node are there.
        let read = server.ask("{ registry { position } }", json!({})).await;
        assert!(Some(written) > last && told(&read) >= written, "{last:?} {written} {read:?}");
        // A command of before is answered from where the register was shown already.
        let again = server.ask(&draft(&id(0)), json!({})).await;
        assert_eq!(again.json()["data"]["draft"]["status"], "UNCHANGED");
        assert!(told(&again) >= told(&read), "{read:?} {again:?}");
        last = Some(told(&again));
    }
    // Where the views do not come the change is answered all the same, with the place to ask for.
    journal.milliseconds.store(3_000, Ordering::Relaxed);
    let answered = server.ask(&draft(&id(9)), json!({})).await;
    assert_eq!(answered.json()["data"]["draft"]["status"], "APPLIED");
    assert_eq!(Some(told(&answered)), journal.head().await.unwrap());
    let read = server.ask("{ registry { position } }", json!({})).await;
    assert!(told(&read) < told(&answered), "it was answered before the views were there: {read:?}");
    let body = json!({ "query": "{ registry { position } }" }).to_string();
    let read = server.send_with("POST", "/graphql", &[("tongyuan-position", &position(&answered))], &body).await;
    assert!(told(&read) >= told(&answered), "{read:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_changed_by_get() {
    let (journal, server) = start().await;
    let encoded = |text: &str| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"));
    let two = format!("query Q {{ registry {{ channel }} }} {}", draft(ID).replacen("mutation", "mutation M", 1));
    for path in [encoded(&draft(ID)), format!("{}&operationName=M", encoded(&two))] {
        let answered = server.send("GET", &format!("/graphql?query={path}"), "").await;
        assert_eq!((answered.status, answered.code().as_str()), (405, "BAD_REQUEST"), "{answered:?}");
        assert!(answered.head.contains("allow: post"), "{answered:?}");
    }
    // The query beside it may be asked.
    let asked = server.send("GET", &format!("/graphql?query={}&operationName=Q", encoded(&two)), "").await;
    assert_eq!(asked.json(), json!({ "data": { "registry": { "channel": "ONLINE" } } }));
    assert_eq!(journal.head().await.unwrap(), None);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_content_that_is_too_large_is_a_refusal_and_a_body_that_is_has_an_error() {
    let (journal, server) = start().await;
    for (bytes, error) in [(200 * 1024, ""), (300 * 1024, "LIMIT_EXCEEDED")] {
        let mut content = content("ITEM", "甲");
        content["remark"] = json!("x".repeat(bytes));
        let query =
            "mutation ($c: JSON!, $id: UUID!) { draft(input: { commandId: $id, register: ITEM, content: $c }) { refusal { code } } }";
        let answered = server.ask(query, json!({ "c": content, "id": ID })).await;
        assert_eq!(answered.code(), error, "{bytes}");
        assert_eq!(answered.body.contains("CONTENT_TOO_LARGE"), error.is_empty(), "{}", answered.body);
    }
    assert_eq!(journal.head().await.unwrap(), None);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_nothing_is_changed() {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let server = Server::start(journal.clone(), made()).await;
    server.ready().await;
    let answered = server.ask(&draft(ID), json!({})).await;
    assert_eq!((answered.code().as_str(), answered.json()["data"].is_null()), ("UNAUTHENTICATED", true));
    let words = answered.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(words.contains(" / it takes a token"), "{words}");
    assert_eq!(journal.head().await.unwrap(), None);
    server.stop().await;
}
