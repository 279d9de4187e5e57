//! What a node has read twice is at hand while it has not changed, and Redis is not asked for it again.

use std::sync::Arc;

use chrono::DateTime;
use domain::{
    envelope::{EntryName, Position},
    register::{Guide, Register},
    value::{Channel, Hash, Level},
};
use projections::{
    Both, Change, Document, EntryView, RevisionView, Snapshot, ViewStore,
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
async fn a_hot_document_is_asked_for_twice_and_again_after_it_changed() {
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
    assert_eq!(at_hand(&reader, &codes).await, [None, None, None], "what is read once may never be read again");
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

/// A guide of an item, the same on both channels.
fn guide(at: &str, item: &str, position: Position) -> Change {
    let (day, code) = (DateTime::UNIX_EPOCH, EntryName::new(Register::Guide, at.parse().unwrap()));
    let revision = RevisionView {
        number: 1,
        content: Some(Arc::new(Guide::new("指南", item.parse().unwrap(), "A1".parse().unwrap()))),
        content_hash: Hash::of_bytes(at.as_bytes()),
        effective_from: day,
        approved_at: day,
        document_number: None,
        source: None,
        withheld_since: Vec::new(),
        gate: None,
    };
    let view = EntryView {
        code: code.code.clone(),
        revisions: vec![revision],
        repeal: None,
        suspension: None,
        guides: Vec::new(),
        recorded_at: day,
        position,
        words: String::new(),
    };
    Change { entry: code, both: Both::Same(Document::Guide(Arc::new(view))) }
}

/// The names of what a snapshot tells of guides, and how often it asked for it.
async fn told(redis: &Redis, snapshot: &dyn Snapshot, codes: &[&str]) -> (Vec<String>, u64) {
    let entries: Vec<_> = codes.iter().map(|code| (Register::Guide, code.parse().unwrap())).collect();
    let before = scripts_run(redis).await;
    let told = snapshot.get_with_next(Channel::Online, &entries).await.unwrap();
    let names = told.iter().map(|((register, code), document)| {
        assert_eq!(document.as_ref().map(|document| (document.register(), document.code())), Some((*register, code)));
        format!("{register} {code}: {}", document.as_ref().unwrap().words())
    });
    (names.collect(), scripts_run(redis).await - before)
}

#[tokio::test]
async fn a_guide_that_is_asked_for_brings_its_item_and_a_page_of_them_does_not() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let (writer, reader) = (redis.views("writer"), redis.views("reader"));
    begin(&writer).await;
    writer.commit(batch(1, 3).unwrap()).await.unwrap();
    let mut second = batch(2, 0).unwrap();
    second.changes = vec![guide("G1", "I00000", place(2)), guide("G2", "I00001", place(2))];
    writer.commit(second).await.unwrap();
    let snapshot = reader.snapshot().await.unwrap();
    // The server is told the script with the first call.
    snapshot.get_many(Channel::Online, Register::Item, &["I00002".parse().unwrap()]).await.unwrap();
    let both = vec!["guide G1: ".to_owned(), "guide G2: ".to_owned()];
    assert_eq!(told(&redis, snapshot.as_ref(), &["G1", "G2"]).await, (both, 1), "whoever lists guides may not need their items");
    let (g1, i0) = ("guide G1: ".to_owned(), "item I00000: 第1次".to_owned());
    assert_eq!(told(&redis, snapshot.as_ref(), &["G1"]).await, (vec![g1.clone(), i0.clone()], 1), "both in one call");
    assert_eq!(at_hand(&reader, &["I00000"]).await, [None]);
    assert_eq!(told(&redis, snapshot.as_ref(), &["G1"]).await, (vec![g1.clone()], 0), "the guide was asked for twice, and is at hand");
    // An item is at hand once it came with two guides, or twice with one.
    let another = redis.views("another");
    let before = another.snapshot().await.unwrap();
    told(&redis, before.as_ref(), &["G1"]).await;
    assert_eq!(told(&redis, before.as_ref(), &["G1"]).await.0, [g1.clone(), i0]);
    assert_eq!(at_hand(&another, &["I00000", "I00001"]).await, [Some("第1次".into()), None]);
    // It came as it was at the snapshot, and is asked for again when it has changed.
    let mut third = batch(3, 0).unwrap();
    third.changes = vec![entry(0, "改", Some(Level::City), place(3)).unwrap()];
    writer.commit(third).await.unwrap();
    assert_eq!(at_hand(&another, &["I00000"]).await, [None]);
    let behind = redis.views("behind");
    let before = behind.snapshot().await.unwrap();
    let mut fourth = batch(4, 0).unwrap();
    fourth.changes = vec![entry(0, "又改", Some(Level::City), place(4)).unwrap()];
    writer.commit(fourth).await.unwrap();
    for _ in 0..2 {
        assert_eq!(told(&redis, before.as_ref(), &["G1"]).await.0[1..], ["item I00000: 改"], "as of the snapshot");
    }
    let item = "I00000".parse().unwrap();
    assert_eq!(before.at_hand(Channel::Online, Register::Item, &item), None, "what is older than the newest is not kept");
}
