//! What a node has read is at hand while it has not changed, and Redis is not asked for it again.

use domain::{
    register::Register,
    value::{Channel, Level},
};
use projections::{
    Snapshot, ViewStore,
    contract::{batch, entry, place},
    redis::RedisViews,
};

use super::support::{Redis, begin, command};

/// How many scripts the server has run.
async fn scripts_run(redis: &Redis) -> u64 {
    let stats = command(redis.server.port, &["INFO", "commandstats"]).await;
    let calls = stats.split("cmdstat_evalsha:calls=").nth(1).and_then(|rest| rest.split(',').next());
    calls.map_or(0, |calls| calls.parse().unwrap())
}

async fn at_hand(reader: &RedisViews, codes: &[&str]) -> Vec<Option<String>> {
    let snapshot = reader.snapshot().await.unwrap();
    let known = |code: &&str| snapshot.at_hand(Channel::Online, Register::Item, &code.parse().unwrap());
    codes.iter().map(|code| known(code).map(|document| document.map_or_else(|| "none".to_owned(), |d| d.words().to_owned()))).collect()
}

#[tokio::test]
async fn a_hot_document_is_asked_for_once_and_again_after_it_changed() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let (writer, reader) = (redis.views("writer"), redis.views("reader"));
    begin(&writer).await;
    writer.commit(batch(1, 3).unwrap()).await.unwrap();
    let codes = ["I00000", "I00001", "I00009"];
    assert_eq!(at_hand(&reader, &codes).await, [None, None, None]);
    let parsed: Vec<_> = codes.iter().map(|code| code.parse().unwrap()).collect();
    let read = async |snapshot: &dyn Snapshot| snapshot.get_many(Channel::Counter, Register::Item, &parsed).await.unwrap();
    let snapshot = reader.snapshot().await.unwrap();
    read(snapshot.as_ref()).await;
    assert_eq!(
        at_hand(&reader, &codes).await,
        [Some("第1次".into()), Some("第1次".into()), Some("none".into())],
        "on the other channel too"
    );
    let before = scripts_run(&redis).await;
    for _ in 0..50 {
        read(snapshot.as_ref()).await;
    }
    assert_eq!(scripts_run(&redis).await, before, "what is at hand is not asked for");

    let mut second = batch(2, 0).unwrap();
    second.changes = vec![entry(1, "改", Some(Level::City), place(2)).unwrap()];
    writer.commit(second).await.unwrap();
    assert_eq!(at_hand(&reader, &codes).await, [Some("第1次".into()), None, Some("none".into())]);
    let newer = reader.snapshot().await.unwrap();
    let said = |documents: Vec<Option<projections::Document>>| documents[1].as_ref().unwrap().words().to_owned();
    assert_eq!(said(read(newer.as_ref()).await), "改");
    assert_eq!(said(read(snapshot.as_ref()).await), "第1次", "the request of before stays where it is");
    assert_eq!(at_hand(&reader, &codes).await[1], Some("改".into()));
}
