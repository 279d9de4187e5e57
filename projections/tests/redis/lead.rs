//! The projector of shared views: it builds, follows, hands over, and what readers get equals rebuilt views at every position.

use std::{sync::Arc, time::Duration};

use domain::{envelope::Position, register::Item};
use journal::{Journal, MemoryJournal, SharedJournal};
use projections::{Leader, Lookout, MemoryViews, Runner, SharedViews, Snapshot, ViewError, ViewStore, check_rebuild, redis::RedisViews};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    common::{Hiding, Told, day, goes_on_after_every_fault, guide, item},
    support::{Redis, command, new_id, options, views},
};

pub const DEADLINE: Duration = Duration::from_secs(60);

/// A node that projects when it may, until it is dropped.
pub struct Node(pub JoinHandle<()>);

impl Drop for Node {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub fn node(journal: &Arc<MemoryJournal>, views: &Arc<RedisViews>) -> Node {
    let journal: SharedJournal = journal.clone();
    let leader = Leader::new(journal, views.clone(), Arc::new(new_id));
    Node(tokio::spawn(async move { leader.run().await }))
}

pub fn quick(redis: &Redis, holder: &str) -> Arc<RedisViews> {
    views(&redis.server.address(), projections::redis::RedisOptions { lease: Duration::from_millis(900), ..options(holder) })
}

pub async fn reached(views: &RedisViews, position: Option<Position>) -> Arc<dyn Snapshot> {
    let until = async {
        loop {
            match views.snapshot().await {
                Ok(snapshot) if snapshot.position() >= position => return snapshot,
                Ok(_) | Err(ViewError::Unavailable(_)) => sleep(Duration::from_millis(5)).await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    timeout(DEADLINE, until).await.unwrap()
}

/// Whether a snapshot holds byte for byte what a rebuild up to its position does.
pub async fn equals_a_rebuild(snapshot: &dyn Snapshot, journal: &Arc<MemoryJournal>) {
    let memory = Arc::new(MemoryViews::default());
    Runner::new(journal.clone(), memory.clone()).catch_up_to(snapshot.position()).await.unwrap();
    let check = check_rebuild(snapshot, memory.now().await.unwrap().as_ref()).await.unwrap();
    assert_eq!(check.differences, [], "at {:?}", snapshot.position());
}

pub async fn tell(told: &mut Told, n: i64) {
    let at = n % 9;
    match n % 4 {
        0 | 1 => told.adopt(&format!("I{at}"), day(n), item(&format!("事项{n}")), (n % 3 == 0).then(|| day(n + 5))).await,
        2 => {
            let mut content = guide(&format!("指南{n}"), &format!("I{}", n % 7));
            content.clerk_notes = (n % 8 == 2).then(|| "窗口提示".to_owned());
            told.adopt(&format!("G{at}"), day(n), content, None).await;
        }
        _ if n % 12 == 3 => told.repeal::<Item>(&format!("I{at}"), day(n), None).await,
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_read_while_it_projects_equals_a_rebuild_at_that_position() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let _node = node(&journal, &quick(&redis, "one"));
    let reader = quick(&redis, "reader");
    let mut held = Vec::new();
    for n in 0..160 {
        tell(&mut told, n).await;
        // Time to project it, now and then more than one at once.
        sleep(Duration::from_millis(u64::try_from(n % 5).unwrap())).await;
        if n % 8 == 0 {
            held.push(reached(&reader, None).await);
        }
    }
    held.push(reached(&reader, journal.head().await.unwrap()).await);
    assert!(held.windows(2).filter(|two| two[0].position() < two[1].position()).count() > 4, "the views did not go on meanwhile");
    for snapshot in &held {
        equals_a_rebuild(snapshot.as_ref(), &journal).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn another_node_takes_over_and_goes_on_where_the_views_are() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let (one, two) = (quick(&redis, "one"), quick(&redis, "two"));
    let first = node(&journal, &one);
    for n in 0..20 {
        tell(&mut told, n).await;
    }
    reached(&two, journal.head().await.unwrap()).await;
    let generation = two.live().await.unwrap().unwrap().id;
    let second = node(&journal, &two);
    // It is not asked to step down: it dies.
    drop(first);
    for n in 20..40 {
        tell(&mut told, n).await;
    }
    let snapshot = reached(&one, journal.head().await.unwrap()).await;
    equals_a_rebuild(snapshot.as_ref(), &journal).await;
    assert_eq!(two.live().await.unwrap().unwrap().id, generation, "nothing was built anew");
    drop(second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_emptied_store_is_filled_anew_and_never_shown_half_full() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let _node = node(&journal, &quick(&redis, "one"));
    let reader = quick(&redis, "reader");
    for n in 0..60 {
        tell(&mut told, n).await;
    }
    let head = journal.head().await.unwrap();
    let before = reached(&reader, head).await.keys().await.unwrap().len();
    command(redis.server.port, &["FLUSHALL"]).await;
    let snapshot = reached(&reader, head).await;
    assert_eq!(snapshot.keys().await.unwrap().len(), before);
    equals_a_rebuild(snapshot.as_ref(), &journal).await;
    tell(&mut told, 61).await;
    reached(&reader, journal.head().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_event_that_the_projector_stepped_over_is_found_by_whoever_reads() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    for n in 0..40 {
        tell(&mut told, n).await;
    }
    let hiding = Hiding::over(&told, [11]);
    let projector = |name| {
        let leader = Leader::new(hiding.clone(), quick(&redis, name), Arc::new(new_id));
        Node(tokio::spawn(async move { leader.run().await }))
    };
    let first = projector("one");
    let reader = quick(&redis, "reader");
    let head = told.journal.head().await.unwrap();
    let events = told.journal.read_all(None, usize::MAX).await.unwrap().events.len() as u64;
    assert_eq!(reached(&reader, head).await.events(), events - 1);
    let lookout = Lookout::new(told.journal.clone(), reader.clone());
    for _ in 0..2 {
        lookout.count().await.unwrap();
    }
    assert_eq!(lookout.counted().unwrap().missing(), 1);
    // Built anew they have it, and it is said no longer.
    drop(first);
    hiding.show_all();
    command(redis.server.port, &["DEL", "tongyuan:live"]).await;
    let _second = projector("two");
    assert_eq!(reached(&reader, head).await.events(), events);
    for _ in 0..2 {
        lookout.count().await.unwrap();
    }
    assert_eq!(lookout.counted().unwrap().missing(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_that_are_set_back_with_the_lease_in_them_are_brought_up_though_nothing_happens() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let (one, reader) = (quick(&redis, "one"), quick(&redis, "reader"));
    let _node = node(&journal, &one);
    tell(&mut told, 0).await;
    reached(&reader, journal.head().await.unwrap()).await;
    // The generation as a replica has it that was cut off then; the lease stays.
    let of_generation = format!("tongyuan:{}:", reader.live().await.unwrap().unwrap().id);
    let copy = async |from: &str, to: &str| {
        let script = "for _, key in ipairs(redis.call('KEYS', ARGV[2] .. '*')) do redis.call('DEL', key) end \
             for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('COPY', key, ARGV[2] .. string.sub(key, #ARGV[1] + 1)) end";
        command(redis.server.port, &["EVAL", script, "0", from, to]).await;
    };
    copy(&of_generation, "replica:").await;
    for n in 1..9 {
        tell(&mut told, n).await;
    }
    let end = journal.head().await.unwrap();
    reached(&reader, end).await;
    // The lease is renewed and the journal is silent.
    copy("replica:", &of_generation).await;
    let snapshot = reached(&reader, end).await;
    equals_a_rebuild(snapshot.as_ref(), &journal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_of_another_format_are_not_read_and_built_anew() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    tell(&mut told, 0).await;
    let journal = told.journal.clone();
    let (one, reader) = (quick(&redis, "one"), quick(&redis, "reader"));
    let first = node(&journal, &one);
    let head = journal.head().await.unwrap();
    reached(&reader, head).await;
    drop(first);
    let id = one.live().await.unwrap().unwrap().id;
    command(redis.server.port, &["HSET", &format!("tongyuan:{id}:head"), "format", "0"]).await;
    let Err(refused) = reader.snapshot().await else { panic!("views of another format were read") };
    assert!(refused.to_string().contains("another version"), "{refused}");
    let _second = node(&journal, &one);
    equals_a_rebuild(reached(&reader, head).await.as_ref(), &journal).await;
}

#[tokio::test]
async fn after_every_fault_of_a_commit_a_projector_goes_on_and_nothing_is_lost_or_doubled() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let one = redis.views("one");
    assert!(one.acquire().await.unwrap());
    goes_on_after_every_fault(async || {
        let id = new_id();
        one.begin(&id).await.unwrap();
        Arc::new(one.generation(&id)) as SharedViews
    })
    .await;
}
