//! Live views are held against a rebuild as they are kept, and are built anew beside themselves while readers answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::envelope::{Position, StreamName, StreamVersion};
use journal::{AppendError, Appended, Expected, Journal, MemoryJournal, NewEvent, Page, Recorded, SharedJournal, StoreError};
use projections::{BuiltBy, Difference, Leader, RebuildError, Runner, ViewStore, check_live, check_rebuild, redis::RedisViews, views_of};
use proptest::prelude::*;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{
    common::{
        Told,
        acts::{Act, act, acts},
        day, guide, item,
    },
    lead::{DEADLINE, equals_a_rebuild, node, quick, reached, tell},
    support::{Redis, begin, command, new_id},
};

fn asker(journal: &Arc<MemoryJournal>, views: &Arc<RedisViews>) -> Leader {
    let journal: SharedJournal = journal.clone();
    Leader::new(journal, views.clone(), Arc::new(new_id))
}

/// What differs between the live views and a rebuild, each as `PLACE: HOW`.
async fn differences(journal: &Arc<MemoryJournal>, views: &RedisViews) -> Vec<String> {
    let check = check_live(journal.clone(), views).await.unwrap();
    check.differences.iter().map(|Difference { place, what }| format!("{place}: {what}")).collect()
}

/// A register of two items with a guide each, of which one has notes for the counter.
async fn small() -> Told {
    let mut told = Told::new();
    for n in 0..2 {
        told.adopt(&format!("I{n}"), day(n), item(&format!("事项{n}")), None).await;
        let mut content = guide(&format!("指南{n}"), &format!("I{n}"));
        content.clerk_notes = (n == 1).then(|| "窗口提示".to_owned());
        told.adopt(&format!("G{n}"), day(n), content, None).await;
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_changed_by_hand_is_named() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let told = small().await;
    let (one, two) = (quick(&redis, "one"), quick(&redis, "two"));
    assert_eq!(asker(&told.journal, &one).have_rebuilt().await.unwrap(), BuiltBy::Here, "nobody leads");
    let check = check_live(told.journal.clone(), &two).await.unwrap();
    assert_eq!((check.position, check.documents, check.differences.len()), (told.journal.head().await.unwrap(), 8, 0), "{check:?}");
    assert!(check.bytes > 1_000);

    let rebuild = async || {
        asker(&told.journal, &one).have_rebuilt().await.unwrap();
        assert_eq!(differences(&told.journal, &two).await, [""; 0]);
        one.live().await.unwrap().unwrap().id.to_string()
    };
    let port = redis.server.port;
    // Written by the server itself, so that the bytes around stay what they are.
    let edit = async |id: &str, register: &str, code: &str, from: &str, to: &str| {
        let script = "local raw = redis.call('HGET', KEYS[1], ARGV[1]); local at, last = string.find(raw, ARGV[2], 1, true); \
             redis.call('HSET', KEYS[1], ARGV[1], string.sub(raw, 1, at - 1) .. ARGV[3] .. string.sub(raw, last + 1))";
        command(port, &["EVAL", script, "1", &format!("tongyuan:{id}:d:{register}"), code, from, to]).await;
    };

    // Other words in a document; one of a single channel that is cut; text that is none of ours.
    let id = rebuild().await;
    edit(&id, "item", "I0", "事项0", "事项9").await;
    assert_eq!(differences(&told.journal, &two).await, ["online/item/I0: the bytes differ", "counter/item/I0: the bytes differ"]);
    let id = rebuild().await;
    edit(&id, "guide", "G1:1", "\"code\":\"G1\",\"revisions\"", "\"revisions\"").await;
    assert_eq!(differences(&told.journal, &two).await, ["online/guide/G1: the bytes differ"]);
    let id = rebuild().await;
    command(port, &["HSET", &format!("tongyuan:{id}:e:item"), "I1", "x"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["item/I1: it cannot be read"]);
    // A document that is gone, one of a channel of which none is noted, and none where one is noted.
    let id = rebuild().await;
    command(port, &["HDEL", &format!("tongyuan:{id}:d:item"), "I0"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["item/I0: it cannot be read"]);
    let id = rebuild().await;
    command(port, &["HSET", &format!("tongyuan:{id}:d:item"), "I0:2", "{}"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["item/I0: it cannot be read"]);
    let id = rebuild().await;
    command(port, &["HSET", &format!("tongyuan:{id}:d:item"), "I0", ""]).await;
    assert_eq!(differences(&told.journal, &two).await, ["online/item/I0: the bytes differ", "counter/item/I0: the bytes differ"]);
    // What stands beside a document says that it leads elsewhere than its version does.
    let id = rebuild().await;
    command(port, &["HSET", &format!("tongyuan:{id}:d:guide"), "G0:n", "item I1"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["guide/G0: it cannot be read"]);

    // An entry that is gone, one that nobody adopted, all of a register.
    let id = rebuild().await;
    command(port, &["HDEL", &format!("tongyuan:{id}:e:guide"), "G0"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["guide/G0: it is missing in the live views"]);
    let id = rebuild().await;
    let copy = "for _, key in ipairs(KEYS) do redis.call('HSET', key, 'I7', redis.call('HGET', key, 'I0')) end";
    command(port, &["EVAL", copy, "2", &format!("tongyuan:{id}:e:item"), &format!("tongyuan:{id}:d:item")]).await;
    assert_eq!(differences(&told.journal, &two).await, ["item/I7: it is missing in the rebuilt views"]);
    let id = rebuild().await;
    command(port, &["DEL", &format!("tongyuan:{id}:e:item")]).await;
    let gone = ["item/I0: it is missing in the live views", "item/I1: it is missing in the live views"];
    assert_eq!(differences(&told.journal, &two).await, gone);

    // Postings: a key removed, a code too many, a posting of nothing.
    let id = rebuild().await;
    command(port, &["DEL", &format!("tongyuan:{id}:p:guide:1:item:I1")]).await;
    assert_eq!(differences(&told.journal, &two).await, ["online/guide/G1 by item:I1: it is not found"]);
    let id = rebuild().await;
    command(port, &["ZADD", &format!("tongyuan:{id}:p:guide:2:item:I1"), "0", "G0"]).await;
    command(port, &["ZADD", &format!("tongyuan:{id}:p:item:1:level:9"), "0", "I0"]).await;
    command(port, &["SADD", &format!("tongyuan:{id}:keys"), &format!("tongyuan:{id}:p:item:1:level:9")]).await;
    let found = ["online/item/I0 by level:9: it is found and should not be", "counter/guide/G0 by item:I1: it is found and should not be"];
    assert_eq!(differences(&told.journal, &two).await, found);

    // The number of events; a place of another journal.
    let id = rebuild().await;
    command(port, &["HINCRBY", &format!("tongyuan:{id}:head"), "events", "1"]).await;
    assert_eq!(differences(&told.journal, &two).await, ["events 5, 4 in the journal: the live views are of another number of events"]);
    rebuild().await;
    let other = small().await;
    let ahead = differences(&other.journal, &two).await;
    assert_eq!(ahead, [""; 0], "the same events at the same places are the same views");
    let shorter = Told::new();
    let ahead = differences(&shorter.journal, &two).await;
    assert!(ahead.len() == 1 && ahead[0].contains("the journal has no event there"), "{ahead:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn live_views_are_compared_while_a_projector_goes_on() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let views = quick(&redis, "one");
    let _node = node(&journal, &views);
    let reader = quick(&redis, "reader");
    tell(&mut told, 0).await;
    reached(&reader, journal.head().await.unwrap()).await;
    let checking = tokio::spawn({
        let journal = journal.clone();
        async move {
            let mut places = Vec::new();
            for _ in 0..12 {
                let check = check_live(journal.clone(), &reader).await.unwrap();
                assert_eq!(check.differences, [], "at {:?}", check.position);
                places.push(check.position);
            }
            places
        }
    });
    let mut n = 1;
    while !checking.is_finished() {
        tell(&mut told, n).await;
        n += 1;
        sleep(Duration::from_millis(2)).await;
    }
    let places = checking.await.unwrap();
    assert!(places.windows(2).any(|two| two[0] < two[1]), "the views went on meanwhile: {places:?}");
}

/// Takes snapshots until it is told to stop: none is refused, none is of an earlier position. Says how many there were.
async fn read_on(reader: Arc<RedisViews>, stop: tokio::sync::watch::Receiver<bool>) -> usize {
    let (mut last, mut count): (Option<Position>, _) = (None, 0);
    while !*stop.borrow() {
        let snapshot = reader.snapshot().await.unwrap();
        assert!(snapshot.position() >= last, "{last:?} {:?}", snapshot.position());
        last = snapshot.position();
        count += 1;
        sleep(Duration::from_millis(1)).await;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_are_built_anew_beside_themselves_while_readers_answer_and_events_come() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let (one, reader) = (quick(&redis, "one"), quick(&redis, "reader"));
    let _node = node(&journal, &one);
    for n in 0..40 {
        tell(&mut told, n).await;
    }
    reached(&reader, journal.head().await.unwrap()).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let reading = tokio::spawn(read_on(reader.clone(), stopped));
    let mut before = reader.live().await.unwrap().unwrap().id;
    for round in 0..3 {
        command(redis.server.port, &["DEL", &format!("tongyuan:{before}:p:item:1:all:")]).await;
        let asking = tokio::spawn({
            let asker = asker(&journal, &quick(&redis, "asker"));
            async move { asker.have_rebuilt().await }
        });
        let mut n = 40 * (round + 1);
        while !asking.is_finished() {
            tell(&mut told, n).await;
            n += 1;
            sleep(Duration::from_millis(3)).await;
        }
        assert_eq!(asking.await.unwrap().unwrap(), BuiltBy::Leader);
        let now = reader.live().await.unwrap().unwrap().id;
        assert_ne!(now, before, "another generation is live");
        before = now;
        let snapshot = reached(&reader, journal.head().await.unwrap()).await;
        equals_a_rebuild(snapshot.as_ref(), &journal).await;
        assert_eq!(differences(&journal, &reader).await, [""; 0]);
    }
    // It was done once each time, and nobody asks any more.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(reader.live().await.unwrap().unwrap().id, before);
    assert_eq!(command(redis.server.port, &["EXISTS", "tongyuan:rebuild"]).await, "int(0)");
    stop.send(true).unwrap();
    assert!(reading.await.unwrap() > 100);
}

/// A journal of which the beginning cannot be read for a while.
struct Headless {
    below: Arc<MemoryJournal>,
    headless: AtomicBool,
}

#[async_trait]
impl Journal for Headless {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        if after.is_none() && self.headless.load(Ordering::SeqCst) {
            return Err(StoreError::Other("the beginning is gone".into()));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rebuild_that_cannot_be_done_is_told_and_the_views_go_on() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = small().await;
    let journal = Arc::new(Headless { below: told.journal.clone(), headless: AtomicBool::new(false) });
    let (one, reader) = (quick(&redis, "one"), quick(&redis, "reader"));
    let leader = Leader::new(journal.clone(), one.clone(), Arc::new(new_id));
    let leading = tokio::spawn(async move { leader.run().await });
    reached(&reader, told.journal.head().await.unwrap()).await;
    let before = reader.live().await.unwrap().unwrap().id;
    journal.headless.store(true, Ordering::SeqCst);
    let asker = asker(&told.journal, &quick(&redis, "asker"));
    let rebuilt = timeout(DEADLINE, asker.have_rebuilt()).await.unwrap();
    assert!(matches!(&rebuilt, Err(RebuildError::GivenUp(why)) if why.contains("the beginning is gone")), "{rebuilt:?}");
    assert_eq!(reader.live().await.unwrap().unwrap().id, before);
    told.adopt("I5", day(5), item("事项5"), None).await;
    reached(&reader, told.journal.head().await.unwrap()).await;
    assert_eq!(differences(&told.journal, &reader).await, [""; 0]);
    // What could not be filled is taken away, and it is not tried again by itself; asked once more it is.
    let generations = async || command(redis.server.port, &["SCARD", "tongyuan:generations"]).await;
    timeout(DEADLINE, async {
        while generations().await != "int(1)" {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the generation that was given up is taken away");
    journal.headless.store(false, Ordering::SeqCst);
    assert_eq!(timeout(DEADLINE, asker.have_rebuilt()).await.unwrap().unwrap(), BuiltBy::Leader);
    assert_ne!(reader.live().await.unwrap().unwrap().id, before);
    leading.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_event_that_cannot_be_read_is_told_to_whoever_asks_for_a_rebuild() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let told = small().await;
    let journal = told.journal.clone();
    let (one, reader) = (quick(&redis, "one"), quick(&redis, "reader"));
    let _node = node(&journal, &one);
    let shown = journal.head().await.unwrap();
    reached(&reader, shown).await;
    let metadata = br#"{"schema":7,"command":"00000000-0000-0000-0000-000000000000","actor":"a","at":"2026-01-01T00:00:00Z"}"#;
    let new = NewEvent { id: Uuid::from_u128(99), kind: "item.adopted".into(), metadata: metadata.to_vec(), payload: b"{}".to_vec() };
    journal.append(&"item-I9".parse().unwrap(), Expected::NoStream, vec![new]).await.unwrap();
    let asked = timeout(DEADLINE, asker(&journal, &quick(&redis, "asker")).have_rebuilt()).await.unwrap();
    assert!(matches!(&asked, Err(RebuildError::GivenUp(why)) if why.contains("item-I9")) || matches!(asked, Err(RebuildError::Build(_))));
    assert_eq!(reader.snapshot().await.unwrap().position(), shown);
}

proptest! {
    // Each case is a server's work; the memory store has the many.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_redis_keeps_equals_a_rebuild_after_any_history(history in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let Some(redis) = Redis::start(&[]).await else { return Ok(()) };
            let views = redis.views("one");
            begin(&views).await;
            let mut told = Told::new();
            let runner = Runner::new(told.journal.clone(), Arc::new(views.generation(&views.live().await.unwrap().unwrap().id)));
            for (what, now) in history {
                if matches!(what, Act::CatchUp) {
                    runner.catch_up(&|_| ()).await.unwrap();
                } else {
                    act(&mut told, what, now).await;
                }
            }
            runner.catch_up(&|_| ()).await.unwrap();
            let check = check_live(told.journal.clone(), &views).await.unwrap();
            prop_assert_eq!(&check.differences, &vec![]);
            // As readers get it, the same.
            let rebuilt = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
            let read = check_rebuild(views.snapshot().await.unwrap().as_ref(), rebuilt.as_ref()).await.unwrap();
            prop_assert_eq!(&read.differences, &vec![]);
            prop_assert_eq!(read.documents, check.documents);
            Ok(())
        })?;
    }
}
