//! Changes over HTTP: by POST alone, once, and with the place where they were written.

use std::sync::Arc;

use domain::acting::Role;
use journal::{MemoryJournal, SharedJournal};
use serde_json::json;

use super::{
    callers::{content, one},
    server::{Answered, Server},
    support::made,
};

const ID: &str = "00000000-0000-0000-0000-00000000000a";

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
async fn a_content_that_is_too_large_is_refused_with_the_same_code_by_body_and_by_content() {
    let (journal, server) = start().await;
    for bytes in [200 * 1024, 300 * 1024] {
        let mut content = content("ITEM", "甲");
        content["remark"] = json!("x".repeat(bytes));
        let query = "mutation ($c: JSON!, $id: UUID!) { draft(input: { commandId: $id, register: ITEM, content: $c }) { status } }";
        let answered = server.ask(query, json!({ "c": content, "id": ID })).await;
        assert_eq!(answered.code(), "LIMIT_EXCEEDED", "{bytes}");
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
