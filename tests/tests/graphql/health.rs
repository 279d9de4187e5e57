//! Alive and ready: what `/healthz` and `/readyz` say, and what readers get meanwhile.

use std::sync::Arc;

use api::registrar::sample;
use async_trait::async_trait;
use domain::envelope::{ActorId, Metadata, Position, StreamName, StreamVersion};
use journal::{
    AppendError, Appended, Expected, Journal, MemoryJournal, NewEvent, Page, Recorded, SharedJournal, SqliteJournal, StoreError,
};
use serde_json::json;
use tokio::{sync::Semaphore, time::timeout};
use uuid::Uuid;

use super::{
    server::{DEADLINE, Server},
    support::{ITEM, made},
};

/// A journal whose log is not read before it is let go.
struct Held {
    below: MemoryJournal,
    go: Semaphore,
}

#[async_trait]
impl Journal for Held {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        // Closed: let go for good. The making of the sample reads one event.
        if limit > 1 {
            let _ = self.go.acquire().await;
        }
        self.below.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

#[tokio::test]
async fn a_node_is_alive_at_once_and_ready_when_its_views_have_caught_up() {
    let held = Arc::new(Held { below: MemoryJournal::new(), go: Semaphore::new(0) });
    sample::make(held.as_ref(), made(), &|_, _| ()).await.unwrap();
    let server = Server::start(held.clone(), made()).await;

    assert_eq!(server.send("GET", "/healthz", "").await.status, 200);
    let starting = server.send("GET", "/readyz", "").await;
    assert_eq!((starting.status, starting.json()["ready"].as_bool()), (503, Some(false)));
    let early = server.ask("{ registry { channel } }", json!({})).await;
    assert_eq!((early.status, early.code().as_str()), (503, "UNAVAILABLE"), "an empty register is never shown as if it were one");

    held.go.close();
    server.ready().await;
    let ready = server.send("GET", "/readyz", "").await;
    assert_eq!((ready.status, ready.json()["ready"].as_bool()), (200, Some(true)));
    let asked = server.ask("{ registry { position items(first: 1) { totalCount } } }", json!({})).await.json();
    // Receipts of what is shown move the views on meanwhile, as far as the journal goes.
    let [from, at] =
        [&ready.json(), &asked["data"]["registry"]].map(|told| told["position"].as_str().unwrap().parse::<Position>().unwrap());
    let end = held.head().await.unwrap();
    assert!(from <= at && Some(at) <= end, "{from} {at} {end:?}");
    assert!(asked["data"]["registry"]["items"]["totalCount"].as_u64().unwrap() > 100);
    server.stop().await;
}

#[tokio::test]
async fn an_event_of_a_newer_version_stops_the_views_and_readers_keep_what_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(SqliteJournal::create(&folder.path().join("journal.db")).unwrap());
    sample::make(journal.as_ref(), made(), &|_, _| ()).await.unwrap();
    let shared: SharedJournal = journal.clone();
    let server = Server::start(shared, made()).await;
    server.ready().await;
    let query = format!(
        "{{ registry {{ position item(code: \"{ITEM}\") {{ name revision {{ contentHash }} }} items(first: 1) {{ totalCount }} }} }}"
    );
    let mut before = server.ask(&query, json!({})).await.json();

    let metadata = Metadata { schema: 99, command: Uuid::from_u128(1), actor: ActorId::new("newer"), at: made(), decided_at: None };
    let event = NewEvent {
        id: Uuid::from_u128(2),
        kind: "item.adopted".to_owned(),
        metadata: domain::codec::encode_metadata(&metadata).unwrap(),
        payload: b"{}".to_vec(),
    };
    let stream = "item-NEWER".parse().unwrap();
    let appended = journal.append(&stream, Expected::NoStream, vec![event]).await.unwrap().position;
    // Receipts of the sample may have come in between: the views stop with the last event before the one that cannot be read.
    let all = journal.read_all(None, usize::MAX).await.unwrap().events;
    let last = all.iter().map(|recorded| recorded.position).rfind(|position| Some(*position) < appended).unwrap();
    before["data"]["registry"]["position"] = json!(last.to_string());

    let stopped = async {
        while server.send("GET", "/readyz", "").await.status != 503 {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, stopped).await.expect("not ready any more");
    let unready = server.send("GET", "/readyz", "").await.json();
    assert_eq!(unready["ready"], false);
    assert_eq!(unready["position"], before["data"]["registry"]["position"]);
    let words = unready["reason"].as_str().unwrap();
    assert!(words.contains("stopped") && !words.contains("item"), "why stands in the log: {words}");
    assert!(server.runner.fault().is_some_and(|fault| fault.for_good && fault.words.contains("newer version")));
    assert_eq!(server.send("GET", "/healthz", "").await.status, 200);
    let after = server.ask(&query, json!({})).await;
    assert_eq!((after.status, after.json()), (200, before));
    // The history of the entry that cannot be read says that it cannot, not that there is none.
    let history = server.ask("{ entry(register: ITEM, code: \"NEWER\") { name } }", json!({})).await;
    assert_eq!(history.code(), "UNAVAILABLE", "{history:?}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_appended_while_it_serves_is_shown_on_both_channels_from_one_position() {
    let journal: SharedJournal = Arc::new(MemoryJournal::new());
    let server = Server::start(journal.clone(), made()).await;
    server.ready().await;
    sample::make(journal.as_ref(), made(), &|_, _| ()).await.unwrap();
    let head = journal.head().await.unwrap();
    // Receipts of what is shown may have moved the views on by then.
    timeout(DEADLINE, server.runner.watch().wait_for(|lag| lag.checkpoint >= head)).await.unwrap().unwrap();
    let query = "{ a: registry { position items(first: 1) { totalCount } } b: registry(channel: COUNTER) { position items(first: 1) { totalCount } } }";
    let shown = server.ask(query, json!({})).await.json();
    assert_eq!(shown["data"]["a"], shown["data"]["b"]);
    assert!(shown["data"]["a"]["position"].as_str() >= Some(head.unwrap().to_string().as_str()), "{shown}");
    assert!(shown["data"]["a"]["items"]["totalCount"].as_u64() > Some(100), "{shown}");
    server.stop().await;
}
