//! A register moves between stores whole, in order and byte for byte; whatever fails on the way, the same copy goes on.

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{
    envelope::{StreamName, StreamVersion},
    register::Register,
};
use double::{Cluster, How, When};
use journal::{
    AppendError, Budget, EventStoreJournal, Expected, Journal, MemoryJournal, NewEvent, Recorded, SharedJournal, SqliteJournal,
    copy::{Copied, CopyError, Phase, copy},
    faults::{Fault, Faulty},
};
use uuid::Uuid;

const BUDGET: Budget = Budget { retries: 3, pause: Duration::from_millis(2), longest: Duration::from_millis(20), conflicts: 0 };

fn stream(number: u64) -> StreamName {
    let register = Register::ALL[usize::try_from(number).unwrap() % 4];
    StreamName::new(register, format!("S-{number}").parse().unwrap())
}

fn event(number: u64) -> NewEvent {
    let payload = vec![0xff, 0, u8::try_from(number % 256).unwrap()];
    NewEvent { id: Uuid::from_u64_pair(7, number), kind: format!("item.k{}", number % 3), metadata: b"{}".to_vec(), payload }
}

/// Events of several streams, some appended together.
async fn fill(journal: &dyn Journal, appends: u64) {
    let mut versions = [None; 5];
    for append in 0..appends {
        let at = usize::try_from(append % 5).unwrap();
        let events = (0..=append % 3).map(|index| event(append * 3 + index)).collect();
        let expected: Expected = versions[at].into();
        versions[at] = Some(journal.append(&stream(append % 5), expected, events).await.unwrap().version);
    }
}

async fn all(journal: &dyn Journal) -> Vec<Recorded> {
    journal.read_all(None, usize::MAX).await.unwrap().events
}

/// The same events at the same places of their streams, in the same order; positions are each store's own.
async fn same(one: &dyn Journal, other: &dyn Journal) -> bool {
    let (one, other) = (all(one).await, all(other).await);
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| Recorded { position: b.position, ..a.clone() } == *b)
}

async fn quiet(from: &dyn Journal, to: &dyn Journal) -> Result<Copied, CopyError> {
    copy(from, to, BUDGET, &|_, _, _| ()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_between_sqlite_and_eventstore() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::single();
    let first = SqliteJournal::create(&folder.path().join("first.db")).unwrap();
    fill(&first, 40).await;
    let store = EventStoreJournal::create(&cluster.url()).await.unwrap();
    let told = Mutex::new(Vec::new());
    let copied = copy(&first, &store, BUDGET, &|phase, done, total| told.lock().unwrap().push((phase, done, total))).await.unwrap();
    let total = all(&first).await.len() as u64;
    assert_eq!((copied.there, copied.appended), (0, total));
    assert_eq!((copied.from, copied.to), (first.head().await.unwrap(), store.head().await.unwrap()));
    assert!(same(&first, &store).await);
    let told = told.into_inner().unwrap();
    assert_eq!(told.last(), Some(&(Phase::Verify, total, total)));
    assert!(told.iter().all(|(_, done, total)| done <= total) && told.iter().any(|(phase, ..)| *phase == Phase::Append));

    let second = SqliteJournal::create(&folder.path().join("second.db")).unwrap();
    assert_eq!(quiet(&store, &second).await.unwrap().appended, total);
    assert!(same(&first, &second).await);
    // Given again it finds everything; what came in since is copied.
    assert_eq!(quiet(&store, &second).await.unwrap().there, total);
    store.append(&stream(9), Expected::NoStream, vec![event(900)]).await.unwrap();
    let again = quiet(&store, &second).await.unwrap();
    assert_eq!((again.there, again.appended), (total, 1));
}

/// At every write of a copy, every fault: the copy comes through, or stops and goes on when it is given again.
#[tokio::test(start_paused = true)]
async fn nothing_is_doubled_or_lost_whatever_fails_at_a_write() {
    let source = MemoryJournal::new();
    fill(&source, 12).await;
    let others = vec![NewEvent { id: Uuid::from_u128(1), ..event(0) }];
    let faults = [Fault::NotExecuted, Fault::UnknownAndLost, Fault::UnknownButKept, Fault::WithoutPosition, Fault::Overtaken(others)];
    for fault in faults {
        for write in 0..12 {
            for times in [1, 2, 10] {
                let inner: SharedJournal = Arc::new(MemoryJournal::new());
                let before = std::iter::repeat_n(Fault::None, write);
                let target = Faulty::new(inner.clone(), before.chain(std::iter::repeat_n(fault.clone(), times)));
                let ended = quiet(&source, &target).await;
                let case = format!("{fault:?} at write {write}, {times} times: {ended:?}");
                if matches!(fault, Fault::Overtaken(_)) {
                    assert!(matches!(ended, Err(CopyError::Overtaken { .. })), "{case}");
                    assert!(matches!(quiet(&source, &*inner).await, Err(CopyError::Differs { .. })), "{case}");
                    continue;
                }
                let fails = times > 3 && !matches!(fault, Fault::WithoutPosition | Fault::UnknownButKept);
                match &ended {
                    Ok(_) => assert!(same(&source, &*inner).await && !fails, "{case}"),
                    Err(CopyError::Append { source: AppendError::NotExecuted(_) | AppendError::Unknown(_), .. }) => {}
                    Err(error) => panic!("{case}: {error}"),
                }
                assert!(ended.is_err() || !fails, "{case}");
                quiet(&source, &*inner).await.unwrap();
                assert!(same(&source, &*inner).await, "{case}");
            }
        }
    }
}

/// The same at the wire: every way to fail, before and after the write, at the reservation and at the event.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_over_the_wire() {
    let source = MemoryJournal::new();
    fill(&source, 4).await;
    for prefix in ["id-", "item-", "agency-"] {
        for how in [How::Aborted, How::Unavailable, How::Internal, How::Unknown, How::NotLeader, How::NotLeaderNowhere] {
            for when in [When::Before, When::After] {
                let cluster = Cluster::single();
                let target = EventStoreJournal::create(&cluster.url()).await.unwrap();
                cluster.fail_append(prefix, when, how);
                quiet(&source, &target).await.unwrap();
                assert_eq!(cluster.faults_left(), 0);
                assert!(same(&source, &target).await, "{how:?} {when:?} at {prefix}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn failing_reads_are_tried_again_and_then_told() {
    let source: SharedJournal = Arc::new(MemoryJournal::new());
    fill(&*source, 5).await;
    let source = Faulty::new(source, []);
    source.fail_reads(2);
    quiet(&source, &MemoryJournal::new()).await.unwrap();
    source.fail_reads(50);
    assert!(matches!(quiet(&source, &MemoryJournal::new()).await, Err(CopyError::Source(_))));
    let target = Faulty::new(Arc::new(MemoryJournal::new()), []);
    target.fail_reads(50);
    source.fail_reads(0);
    assert!(matches!(quiet(&source, &target).await, Err(CopyError::Target(_))));
}

#[tokio::test]
async fn a_target_that_is_something_else_is_left_alone() {
    let source = MemoryJournal::new();
    fill(&source, 6).await;
    let change = |what: fn(&mut NewEvent)| {
        let mut first = event(0);
        what(&mut first);
        first
    };
    let others = [
        change(|event| event.id = Uuid::from_u128(3)),
        change(|event| event.kind.push('x')),
        change(|event| event.metadata.push(b' ')),
        change(|event| event.payload.push(0)),
    ];
    for other in others {
        let target = MemoryJournal::new();
        target.append(&stream(0), Expected::NoStream, vec![other]).await.unwrap();
        assert!(matches!(quiet(&source, &target).await, Err(CopyError::Differs { number: 1, .. })));
        assert_eq!(all(&target).await.len(), 1);
    }
    // In another stream, and longer than the source.
    let target = MemoryJournal::new();
    target.append(&stream(8), Expected::NoStream, vec![event(0)]).await.unwrap();
    assert!(matches!(quiet(&source, &target).await, Err(CopyError::Differs { number: 1, .. })));
    let target = MemoryJournal::new();
    quiet(&source, &target).await.unwrap();
    target.append(&stream(9), Expected::NoStream, vec![event(900)]).await.unwrap();
    let longer = all(&source).await.len() as u64 + 1;
    assert!(matches!(quiet(&source, &target).await, Err(CopyError::Differs { number, .. }) if number == longer));
}

#[tokio::test]
async fn a_large_register_is_copied_in_pages_and_large_appends_are_cut() {
    let source = MemoryJournal::new();
    let name = stream(1);
    let mut version = None;
    for append in 0..3 {
        let mut event = event(append);
        event.payload = vec![b'x'; 700_000];
        version = Some(source.append(&name, version.into(), vec![event]).await.unwrap().version);
    }
    for append in 0..130 {
        let events = (0..10).map(|index| event(100 + append * 10 + index)).collect();
        version = Some(source.append(&name, version.into(), events).await.unwrap().version);
    }
    assert_eq!(version, Some(StreamVersion(1_302)));
    let target = MemoryJournal::new();
    quiet(&source, &target).await.unwrap();
    assert!(same(&source, &target).await);
}
