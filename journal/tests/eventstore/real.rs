//! The clauses that every store keeps, over a real server. Nothing is deleted there: each run writes into streams of its own.

use std::sync::Arc;

use journal::{
    EventStoreJournal, SharedJournal,
    contract::{CLAUSES, agrees_with_the_reference},
    eventstore::Timing,
};
use uuid::Uuid;

async fn fresh() -> SharedJournal {
    let url = server().unwrap();
    #[expect(clippy::disallowed_methods, reason = "every journal has a namespace of its own on a server that keeps everything")]
    let namespace = format!("test{}:", Uuid::new_v4().simple());
    Arc::new(EventStoreJournal::create_with(&url, Timing::default(), &namespace).await.unwrap())
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says whether there is a server")]
fn server() -> Option<String> {
    std::env::var("TONGYUAN_TEST_EVENTSTORE").ok().filter(|url| !url.is_empty())
}

#[test]
fn a_real_server_keeps_the_contract() {
    if server().is_none() {
        // Past the capture of the test runner, so that nobody believes that it ran.
        let said = "SKIPPED real EventStoreDB: set TONGYUAN_TEST_EVENTSTORE=esdb://… to run the contract against a server\n";
        let _ = std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes());
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    for clause in CLAUSES {
        let verdict = runtime.block_on(async { clause.check(fresh().await).await });
        assert!(verdict.is_ok(), "{}: {}", clause.name, verdict.unwrap_err());
    }
    let verdict = agrees_with_the_reference(fresh);
    assert!(verdict.is_ok(), "{}", verdict.unwrap_err());
}
