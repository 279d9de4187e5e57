//! The client dies, hangs and stays where it is; the adapter does not.

use std::time::{Duration, Instant};

use domain::envelope::StreamVersion;
use double::{Cluster, How, Options};
use journal::{AppendError, EventStoreJournal, Expected, Journal, StoreError, eventstore::Timing};

use crate::support::{QUICK, event, founded, item, opened, single};

/// The client of a first connection that failed is dead for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_comes_up_later_is_found() {
    let (cluster, journal) = single().await;
    drop(journal);
    cluster.node(0).kill();
    let url = cluster.url();
    let opening = tokio::spawn(async move {
        let patient = Timing { retries: 60, ..QUICK };
        EventStoreJournal::open_with(&url, patient, "").await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster.node(0).restart();
    let journal = opening.await.unwrap().unwrap();
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_not_there_is_said_to_be_in_both_languages() {
    let cluster = Cluster::single();
    cluster.node(0).kill();
    let url = cluster.url().replace("esdb://", "esdb://admin:s3cret@");
    let said = EventStoreJournal::open_with(&url, Timing { retries: 1, ..QUICK }, "").await.unwrap_err().to_string();
    assert!(said.contains("无法连接") && said.contains("cannot be reached") && !said.contains("s3cret"), "{said}");
}

/// A restart breaks the connection; the next calls go over a new one.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_survived() {
    let (cluster, journal) = single().await;
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    cluster.node(0).restart();
    assert_eq!(journal.read_all(None, 10).await.unwrap().events.len(), 1);
    cluster.node(0).restart();
    let mut answer = journal.append(&item("Y"), Expected::NoStream, vec![event(2)]).await;
    if matches!(answer, Err(AppendError::Unknown(_) | AppendError::NotExecuted(_))) {
        answer = journal.append(&item("Y"), Expected::NoStream, vec![event(2)]).await;
    }
    answer.unwrap();
}

/// After its node died the client never asks where the cluster is.
#[tokio::test(flavor = "multi_thread")]
async fn another_node_is_found_when_one_dies() {
    let cluster = Cluster::of(3, Options::default());
    let journal = founded(&cluster).await;
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    let asked = cluster.gossips();
    cluster.node(0).kill();
    cluster.lead(1);
    assert_eq!(journal.read_all(None, 10).await.unwrap().events.len(), 1);
    assert!(cluster.gossips() > asked, "the members were not asked for");
}

/// A node that stops answering: the client's deadline is kept by the server, which does nothing any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_hangs_is_given_up() {
    let (cluster, journal) = single().await;
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    cluster.node(0).hang(true);
    let begun = Instant::now();
    let answer = journal.append(&item("X"), Expected::Version(StreamVersion(0)), vec![event(2)]).await;
    assert!(matches!(answer, Err(AppendError::NotExecuted(_) | AppendError::Unknown(_))), "{answer:?}");
    assert!(begun.elapsed() < QUICK.call * 30, "it took {:?}", begun.elapsed());
    cluster.node(0).hang(false);
    assert_eq!(journal.read_all(None, 10).await.unwrap().events.len(), 1);
}

/// A leader that hangs while another leads is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_hangs_is_left() {
    let cluster = Cluster::of(3, Options::default());
    let journal = founded(&cluster).await;
    cluster.node(0).hang(true);
    cluster.lead(2);
    assert!(journal.read_all(None, 10).await.unwrap().events.is_empty());
}

/// Errors that no one of is fatal, in a row, are reason enough for a fresh client.
#[tokio::test(flavor = "multi_thread")]
async fn many_failures_in_a_row_make_a_fresh_client() {
    let (cluster, journal) = single().await;
    let connects = cluster.connects();
    for _ in 0..QUICK.failures {
        cluster.fail_read(How::Aborted);
    }
    journal.head().await.unwrap();
    assert!(cluster.connects() > connects);
}

/// Every way in which a read fails, also in the middle of its answer: it is tried again, and nothing is missing or double.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_read_is_tried_again() {
    for how in How::ALL.into_iter().filter(|how| *how != How::Kill) {
        let (cluster, journal) = single().await;
        journal.append(&item("X"), Expected::NoStream, (0..5).map(event).collect()).await.unwrap();
        cluster.fail_read(how);
        let page = journal.read_all(None, 10).await.unwrap();
        assert_eq!((page.events.len(), page.end, cluster.faults_left()), (5, true, 0), "{how:?}");
        // Of a stream the same: one that cannot be read is not one that is empty, nor one that is not there.
        cluster.fail_read(how);
        let stream = journal.read_stream(&item("X"), StreamVersion::FIRST, 10).await.unwrap();
        assert_eq!((stream.len(), cluster.faults_left()), (5, 0), "{how:?}");
        cluster.fail_read(how);
        let conflict = journal.append(&item("X"), Expected::NoStream, vec![event(9)]).await;
        let last = Some(StreamVersion(4));
        assert!(matches!(&conflict, Err(AppendError::Conflict { actual, .. }) if *actual == last), "{how:?}: {conflict:?}");
        assert_eq!(cluster.events("id-").len(), 5, "{how:?}: nothing is reserved for what cannot be kept");
    }
}

/// While there is no leader, a stream is neither empty nor missing: it cannot be read, and a register is not founded a second time.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_leader_no_stream_is_taken_for_an_empty_one() {
    let (cluster, journal) = single().await;
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    let nowhere = || {
        cluster.clear_faults();
        (0..100).for_each(|_| cluster.fail_read(How::NotLeaderNowhere));
    };
    nowhere();
    let failed = journal.read_stream(&item("X"), StreamVersion::FIRST, 10).await;
    assert!(matches!(&failed, Err(StoreError::Other(words)) if words.contains("not the leader")), "{failed:?}");
    nowhere();
    let failed = journal.append(&item("Y"), Expected::NoStream, vec![event(2)]).await;
    assert!(matches!(failed, Err(AppendError::NotExecuted(_))), "{failed:?}");
    nowhere();
    let opened = EventStoreJournal::open_with(&cluster.url(), QUICK, "").await;
    assert!(matches!(opened, Err(StoreError::Other(_))), "a register that cannot be seen is not one that is missing: {opened:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pass_is_told_within_a_bound() {
    let (cluster, journal) = single().await;
    for _ in 0..100 {
        cluster.fail_read(How::Unavailable);
    }
    let failed = journal.head().await;
    assert!(matches!(failed, Err(StoreError::Other(_))), "{failed:?}");
    assert_eq!(100 - cluster.faults_left(), 1 + QUICK.retries, "the bound of retries");
}

/// A node that takes calls and says nothing costs each attempt its whole time: by number of attempts alone a read would take minutes.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_of_a_node_that_hangs_is_not_tried_for_longer_than_its_time() {
    let (cluster, journal) = single().await;
    drop(journal);
    let impatient = Timing { retries: 1_000, trying: QUICK.call, ..QUICK };
    let journal = EventStoreJournal::open_with(&cluster.url(), impatient, "").await.unwrap();
    journal.head().await.unwrap();
    cluster.node(0).hang(true);
    let begun = Instant::now();
    let failed = journal.head().await;
    assert!(matches!(&failed, Err(StoreError::Other(words)) if words.contains("no answer in time")), "{failed:?}");
    assert!(
        begun.elapsed() < QUICK.call * 30,
        "a thousand attempts would have taken {:?}, it took {:?}",
        QUICK.call * 1_000,
        begun.elapsed()
    );
    cluster.node(0).hang(false);
    journal.head().await.unwrap();
}

/// A store that nobody founded a register in is none, and one that has one is not founded again.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_founded_once() {
    let cluster = Cluster::single();
    let url = cluster.url();
    let missing = EventStoreJournal::open(&url).await;
    assert!(matches!(&missing, Err(StoreError::Missing(at)) if *at == url.split('?').next().unwrap()), "{missing:?}");
    EventStoreJournal::create(&url).await.unwrap();
    assert!(matches!(EventStoreJournal::create(&url).await, Err(StoreError::Exists(_))));
    let journal = opened(&cluster).await;
    let page = journal.read_all(None, 10).await.unwrap();
    assert!(page.end && page.events.is_empty(), "the founding is in the log: {page:?}");
}

/// What an append costs: one look at the stream, the reservations side by side, and the append. Without TCP_NODELAY, which the
/// client does not set, each of the three waits for an acknowledgement. Measured, and held to nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_append_is_three_calls_one_after_the_other() {
    for leisurely in [false, true] {
        let cluster = Cluster::of(1, Options { leisurely, ..Options::default() });
        let journal = founded(&cluster).await;
        journal.append(&item("W"), Expected::NoStream, vec![event(1_000)]).await.unwrap();
        let (reads, appends, begun) = (cluster.reads(), cluster.appends(), Instant::now());
        for id in 0..10 {
            journal.append(&item(&format!("X-{id}")), Expected::NoStream, (0..5).map(|n| event(id * 5 + n)).collect()).await.unwrap();
        }
        let each = begun.elapsed() / 10;
        assert_eq!((cluster.reads() - reads, cluster.appends() - appends), (10, 60));
        println!("MEASURED an append of 5 events takes {each:?}, acknowledged {}", if leisurely { "by the system" } else { "at once" });
    }
}
