//! The subscription that wakes those who wait: it ends, falls silent, repeats itself and goes back; nobody sleeps on, and no
//! thread runs in a circle.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::envelope::Position;
use double::{Cluster, Place, Signal};
use journal::{EventStoreJournal, Expected, Journal, NewEvent};
use tokio::time::{sleep, timeout};

use crate::support::{QUICK, event, item, opened, single};

/// Long enough for a slow machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whoever waits is woken by an append of another process.
async fn wakes(reader: &EventStoreJournal, writer: &EventStoreJournal, id: u128) -> Duration {
    let head = reader.head().await.unwrap();
    let append = async {
        sleep(Duration::from_millis(20)).await;
        let events: Vec<NewEvent> = vec![event(id)];
        writer.append(&item(&format!("W-{id}")), Expected::NoStream, events).await.unwrap();
        Instant::now()
    };
    let waiting = async {
        while reader.read_all(head, 1).await.unwrap().events.is_empty() {
            reader.wait(head).await.unwrap();
        }
        Instant::now()
    };
    let Ok((appended, woken)) = timeout(PATIENCE, async { tokio::join!(append, waiting) }).await else { panic!("someone sleeps on") };
    woken.saturating_duration_since(appended)
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what} did not happen");
        sleep(Duration::from_millis(5)).await;
    }
}

/// A register with a reader that follows it and a writer of another process.
async fn followed() -> (Arc<Cluster>, EventStoreJournal, EventStoreJournal) {
    let (cluster, reader) = single().await;
    let writer = opened(&cluster).await;
    wakes(&reader, &writer, 1).await;
    until("a subscription", || !cluster.subscriptions().is_empty()).await;
    (cluster, reader, writer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_breaks_is_made_again() {
    let (cluster, reader, writer) = followed().await;
    for (number, signal) in [Signal::Break, Signal::FallSilent, Signal::End, Signal::End].into_iter().enumerate() {
        let before = cluster.subscriptions().len();
        cluster.signal(signal);
        wakes(&reader, &writer, 10 + number as u128).await;
        until("the next subscription", || cluster.subscriptions().len() > before).await;
        wakes(&reader, &writer, 20 + number as u128).await;
    }
}

/// The client never comes back from a subscription that was ended in order; the thread must not stay in that circle.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn an_end_in_order_does_not_spin() {
    let (cluster, reader, writer) = followed().await;
    for round in 0..3 {
        let before = cluster.subscriptions().len();
        until("a subscription that hears", || cluster.signal(Signal::End) > 0).await;
        until("the next subscription", || cluster.subscriptions().len() > before).await;
        wakes(&reader, &writer, 30 + round).await;
    }
    let busy = busy_followers();
    sleep(Duration::from_millis(500)).await;
    let spent = busy_followers() - busy;
    assert!(spent < 40, "{spent} ticks of half a second were spent by threads that should sleep");
}

/// Ticks that the following threads of this process have run, in hundredths of a second.
#[cfg(target_os = "linux")]
fn busy_followers() -> u64 {
    let mut ticks = 0;
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else { continue };
        let (head, tail) = stat.rsplit_once(')').unwrap();
        if head.ends_with("(journal-follow") {
            let fields: Vec<&str> = tail.split_whitespace().collect();
            ticks += fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        }
    }
    ticks
}

/// Late and double checkpoints and events move nothing back: each subscription goes on where the one before was, or further.
#[tokio::test(flavor = "multi_thread")]
async fn late_and_double_messages_change_nothing() {
    let (cluster, reader, writer) = followed().await;
    let early = cluster.events("item-")[0].place;
    for id in 40..45 {
        wakes(&reader, &writer, id).await;
    }
    let last = cluster.events("").last().unwrap().place;
    for place in [last, last, early, Place::default(), early] {
        cluster.signal(Signal::Checkpoint(place));
    }
    cluster.signal(Signal::RepeatEvent);
    cluster.signal(Signal::Nonsense);
    sleep(Duration::from_millis(50)).await;
    let before = cluster.subscriptions().len();
    cluster.signal(Signal::Break);
    until("the next subscription", || cluster.subscriptions().len() > before).await;
    let asked = cluster.subscriptions();
    assert!(asked.is_sorted(), "a subscription went back: {asked:?}");
    assert_eq!(asked.last(), Some(&Some(last)), "the checkpoint was not taken");
    // Nobody is woken for nothing again and again, and nothing is missed.
    let head = reader.head().await.unwrap();
    let idle = timeout(Duration::from_millis(200), reader.wait(head)).await;
    assert!(idle.is_err(), "woken without an event");
    wakes(&reader, &writer, 46).await;
}

/// A checkpoint is no event: it does not wake, and the head does not go beyond the last event.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_no_event() {
    let (cluster, reader, writer) = followed().await;
    let head = reader.head().await.unwrap();
    cluster.signal(Signal::Checkpoint(cluster.events("").last().unwrap().place));
    assert!(timeout(Duration::from_millis(200), reader.wait(head)).await.is_err(), "a checkpoint woke someone");
    assert_eq!(reader.head().await.unwrap(), head);
    // Read on from a checkpoint: it is a place without an event of ours.
    let last = cluster.events("").last().unwrap().place;
    assert!(reader.read_all(Some(Position::pair(last.commit, last.prepare)), 5).await.unwrap().end);
    wakes(&reader, &writer, 50).await;
}

/// While there is no subscription, the end of the log is asked for: within the 50 ms of the port, and what an answer takes.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_subscription_the_log_is_asked() {
    let (cluster, reader, writer) = followed().await;
    cluster.signal(Signal::FallSilent);
    // Silent and not yet given up: until then only the limit of silence helps.
    let late = wakes(&reader, &writer, 60).await;
    assert!(late < QUICK.silence + Duration::from_secs(2), "{late:?}");
    cluster.node(0).restart();
    wakes(&reader, &opened(&cluster).await, 61).await;
}

/// Waiting does not make calls while a subscription is there.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_does_not_ask() {
    let (cluster, reader, _writer) = followed().await;
    sleep(Duration::from_millis(50)).await;
    let head = reader.head().await.unwrap();
    let reads = cluster.reads();
    let _ = timeout(Duration::from_millis(250), reader.wait(head)).await;
    assert!(cluster.reads() - reads < 5, "{} reads while waiting", cluster.reads() - reads);
}
