//! Receipts where several nodes share the views: the moment stands with the views, and whoever leads next writes it down.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codec::Streamed,
    envelope::StreamVersion,
    receipt::{Event, Receipt, Receipts, Witness},
    value::Channel,
};
use journal::{Journal, MemoryJournal, SharedJournal};
use projections::{
    Leader, ParityDifference, ReceiptBook, ReceiptWriter, Runner, Seen, SharedViews, ViewStore, Witnessing, audit, redis::RedisViews,
};
use tokio::time::{sleep, timeout};

use super::{
    common::{Told, day, guide, item},
    lead::{DEADLINE, Node, quick, reached, tell},
    support::{Redis, begin, command, new_id},
};

fn witnessing(at: &Arc<Mutex<DateTime<Utc>>>) -> Witnessing {
    let at = at.clone();
    Witnessing::new(Arc::new(move || *at.lock().unwrap()))
}

fn writer(journal: &Arc<MemoryJournal>, views: &Arc<RedisViews>, witnessing: Witnessing) -> ReceiptWriter {
    ReceiptWriter::new(views.clone(), Arc::new(ReceiptBook::new(journal.clone())), witnessing)
}

pub async fn receipts(journal: &MemoryJournal) -> Vec<(Channel, Receipt)> {
    let mut all = Vec::new();
    for channel in Channel::ALL {
        let stream = Receipts::stream(&Receipts::code_of(channel));
        for recorded in journal.read_stream(&stream, StreamVersion::FIRST, 100_000).await.unwrap() {
            let Event::Served(served) = Receipts::read(&recorded.kind, 1, &recorded.payload).unwrap().unwrap();
            all.extend(served.receipts.iter().map(|receipt| (channel, receipt.clone())));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_dies_between_view_and_receipt_leaves_the_true_time_to_the_next() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let one = redis.views("one");
    begin(&one).await;
    let clock = Arc::new(Mutex::new(day(1) + TimeDelta::microseconds(7)));
    told.approve("I1", day(1), item("甲"), None).await;
    let generation = one.live().await.unwrap().unwrap().id;
    let runner = |views: &Arc<RedisViews>, seen| {
        Runner::witnessed(told.journal.clone(), Arc::new(views.generation(&generation)), witnessing(&clock), seen)
    };
    runner(&one, Seen::FromTheFirst).catch_up(&|_| ()).await.unwrap();
    assert_eq!(receipts(&told.journal).await, []);
    one.release().await.unwrap();
    drop(one);
    // A day later somebody else leads. The revision that was shown then is superseded by now.
    told.approve("I1", day(2), item("乙"), None).await;
    *clock.lock().unwrap() = day(2);
    let two = redis.views("two");
    assert!(two.acquire().await.unwrap());
    let runner = Runner::witnessed(told.journal.clone(), Arc::new(two.generation(&generation)), witnessing(&clock), Seen::FromTheFirst);
    runner.catch_up(&|_| ()).await.unwrap();
    *clock.lock().unwrap() = day(3);
    let next = writer(&told.journal, &two, witnessing(&clock));
    next.write().await.unwrap();
    let written: Vec<_> = receipts(&told.journal).await.into_iter().map(|(_, r)| (r.revision, r.served_at, r.witness)).collect();
    let of_both = |revision, at| (revision, at, Witness::Commit);
    let each = [of_both(1, day(1) + TimeDelta::microseconds(7)), of_both(2, day(2))];
    assert_eq!(written, [each, each].concat());
    assert_eq!(two.begun().await.unwrap(), None, "what is written down is forgotten");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_leads_and_dies_each_revision_has_one_receipt_of_each_channel() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    let journal = told.journal.clone();
    let clock = Arc::new(Mutex::new(day(0)));
    let leads = |holder: &str| {
        let views = quick(&redis, holder);
        let shared: SharedJournal = journal.clone();
        let writer = Arc::new(writer(&journal, &views, witnessing(&clock)));
        let leader = Leader::new(shared, views, Arc::new(new_id)).with_receipts(writer);
        Node(tokio::spawn(async move { leader.run().await }))
    };
    let reader = quick(&redis, "reader");
    let mut node = leads("n0");
    for n in 0..60 {
        *clock.lock().unwrap() = day(n);
        tell(&mut told, n).await;
        sleep(Duration::from_millis(u64::try_from(n % 7).unwrap() * 10)).await;
        if n % 15 == 14 {
            let next = leads(&format!("n{n}"));
            // The former one is not asked to step down.
            node = next;
        }
    }
    // All that is shown now has its receipts before long, and then nothing more is appended.
    let until = async {
        loop {
            let head = journal.head().await.unwrap();
            reached(&reader, head).await;
            let views: SharedViews = reader.clone();
            let found = audit(journal.clone(), views, Arc::new(|| day(59))).await.unwrap();
            if found.missing == 0 && reader.begun().await.unwrap().is_none() && journal.head().await.unwrap() == head {
                return found;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let found = timeout(DEADLINE, until).await.unwrap();
    assert_eq!(found.parity.differing, []);
    let all = receipts(&journal).await;
    let each: BTreeSet<_> = all.iter().map(|(channel, receipt)| (*channel, receipt.entry(), receipt.revision)).collect();
    assert_eq!(all.len(), each.len(), "a revision has two receipts of one channel");
    assert!(all.len() > 40, "{}", all.len());
    drop(node);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_changed_by_hand_is_not_the_same_any_more() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let mut told = Told::new();
    told.adopt("I1", day(1), item("取水许可"), None).await;
    let mut content = guide("取水许可办理", "I1");
    content.clerk_notes = Some("先查".to_owned());
    told.adopt("G1", day(1), content, None).await;
    let one = redis.views("one");
    begin(&one).await;
    let generation = one.live().await.unwrap().unwrap().id;
    Runner::new(told.journal.clone(), Arc::new(one.generation(&generation))).catch_up(&|_| ()).await.unwrap();
    let differing = async || {
        let views: SharedViews = one.clone();
        audit(told.journal.clone(), views, Arc::new(|| day(1))).await.unwrap().parity.differing
    };
    // What was read before is at hand, and is not what is compared.
    one.snapshot().await.unwrap();
    assert_eq!(differing().await, []);
    let spoil = "local raw = redis.call('HGET', KEYS[1], ARGV[1]); \
                 return redis.call('HSET', KEYS[1], ARGV[1], (string.gsub(raw, ARGV[2], ARGV[3], tonumber(ARGV[4]))))";
    let port = redis.server.port;
    let entries = |register: &str| format!("tongyuan:{generation}:d:{register}");
    command(port, &["EVAL", spoil, "1", &entries("guide"), "G1:1", "\"name\":\"取水", "\"name\":\"取火", "1"]).await;
    let found: Vec<_> = differing().await.into_iter().map(|differing| (differing.entry.to_string(), differing.difference)).collect();
    let of = |difference| ("guide-G1".to_owned(), difference);
    assert_eq!(found, [of(ParityDifference::Content), of(ParityDifference::Hash(Channel::Online))]);
    // Both channels alike: then each is not what its hash says.
    command(port, &["EVAL", spoil, "1", &entries("item"), "I1", "\"name\":\"取水", "\"name\":\"取火", "1"]).await;
    let found: Vec<_> = differing().await.into_iter().map(|differing| (differing.entry.to_string(), differing.difference)).collect();
    assert!(found.contains(&("item-I1".to_owned(), ParityDifference::Hash(Channel::Online))), "{found:?}");
    // The writer finds it too, and says which.
    let writer = writer(&told.journal, &one, witnessing(&Arc::new(Mutex::new(day(1)))));
    writer.turn().await.unwrap();
    assert_eq!(writer.written().differing.len(), 2);
}
