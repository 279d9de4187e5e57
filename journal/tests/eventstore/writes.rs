//! What fails at a write is never doubled, never lost and never called failed where it may be there.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    decider::Circumstances,
    entry::{Adopt, Command, Source},
    envelope::{ActorId, StreamVersion},
    register::Agency,
};
use double::{Cluster, How, Options, When};
use journal::{AppendError, Budget, Expected, ExpectedVersion, Journal, Outcome, ReadOnly, Request, StoreError, TransactError, transact};
use uuid::Uuid;

use crate::support::{event, founded, item, single};

const BUDGET: Budget = Budget { retries: 6, pause: Duration::from_millis(5), longest: Duration::from_millis(100), conflicts: 2 };

fn adopt(command: u128) -> Request<Agency> {
    let noon: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
    let adopt =
        Adopt { content: Agency { name: "市数据局".into(), ..Agency::default() }, source: Source::default(), effective_from: None };
    Request {
        code: "A-1".parse().unwrap(),
        expected: ExpectedVersion::Any,
        command: Command::from(adopt),
        circumstances: Circumstances::of_import(noon, ActorId::new("clerk"), Uuid::from_u128(command)),
    }
}

/// Every way to fail, before and after the write, at each of the two writes of a command: it is carried out once, and answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_comes_through_whatever_fails_at_a_write() {
    for stream in ["id-", "agency-"] {
        for how in How::ALL {
            for when in [When::Before, When::After] {
                let cluster = Cluster::of(2, Options::default());
                let journal = founded(&cluster).await;
                cluster.fail_append(stream, when, how);
                if how == How::Kill {
                    cluster.lead(1);
                    cluster.lead(0);
                }
                let after = async {
                    if how == How::Kill {
                        // The other node takes over when the first is dead.
                        while cluster.faults_left() > 0 {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                        cluster.lead(1);
                    }
                };
                let (outcome, ()) = tokio::join!(transact(&journal, adopt(1), BUDGET), after);
                let case = format!("{how:?} {when:?} at {stream}");
                let Ok(Outcome::Applied(applied)) = outcome else { panic!("{case}: {outcome:?}") };
                assert_eq!(cluster.faults_left(), 0, "{case}: the fault did not happen");
                let kept = cluster.events("agency-");
                assert_eq!(kept.len(), 1, "{case}: kept {kept:?}");
                assert_eq!(applied.position, crate::support::position(kept[0].place), "{case}");
                let again = transact(&journal, adopt(1), BUDGET).await;
                assert!(matches!(&again, Ok(Outcome::Repeated(first)) if *first == applied), "{case}: {again:?}");
            }
        }
    }
}

/// What the adapter says of one failed attempt, and what is there.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_called_failed_only_if_nothing_is_there() {
    for how in [How::Aborted, How::Unavailable, How::Unknown, How::Internal, How::NotLeaderNowhere, How::Hang, How::Kill] {
        for when in [When::Before, When::After] {
            let (cluster, journal) = single().await;
            cluster.fail_append("item-", when, how);
            let answer = journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await;
            assert!(matches!(answer, Err(AppendError::Unknown(_))), "{how:?} {when:?}: {answer:?}");
            assert_eq!(cluster.events("item-").len(), usize::from(when == When::After));
            if how == How::Kill {
                cluster.node(0).restart();
            }
            // The same append again, by another process.
            let journal = crate::support::opened(&cluster).await;
            let again = journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
            assert_eq!((again.version, cluster.events("item-").len()), (StreamVersion(0), 1), "{how:?} {when:?}");
        }
    }
}

/// Before an event is written its id is reserved; what fails there has certainly not written the event.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_reservation_is_no_doubt() {
    for when in [When::Before, When::After] {
        let (cluster, journal) = single().await;
        cluster.fail_append("id-", when, How::Aborted);
        let answer = journal.append(&item("X"), Expected::NoStream, vec![event(1), event(2)]).await;
        assert!(matches!(answer, Err(AppendError::NotExecuted(_))), "{answer:?}");
        assert!(cluster.events("item-").is_empty());
        journal.append(&item("X"), Expected::NoStream, vec![event(1), event(2)]).await.unwrap();
        assert_eq!((cluster.events("item-").len(), cluster.events("id-").len()), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_append_nothing_is_sent_not_even_a_reservation() {
    let (cluster, journal) = single().await;
    let before = (cluster.events("").len(), cluster.appends());
    let journal = ReadOnly(Arc::new(journal));
    let refused = journal.append(&item("I1"), Expected::NoStream, vec![event(1)]).await;
    assert!(matches!(refused, Err(AppendError::NotExecuted(StoreError::ToReadOnly(_)))), "{refused:?}");
    assert!(matches!(transact(&journal, adopt(1), BUDGET).await, Err(TransactError::NotExecuted(_))));
    assert_eq!((cluster.events("").len(), cluster.appends()), before);
    assert_eq!(journal.head().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn not_leader_is_not_executed_and_the_client_goes_to_the_leader() {
    let cluster = Cluster::of(3, Options::default());
    let journal = founded(&cluster).await;
    cluster.lead(2);
    let mut expected = Expected::NoStream;
    let mut refused = 0;
    for id in 0..3 {
        loop {
            match journal.append(&item("X"), expected, vec![event(id)]).await {
                Ok(appended) => break expected = Expected::Version(appended.version),
                Err(AppendError::NotExecuted(_)) => refused += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    assert!(refused <= 1, "the client did not stay with the leader: {refused} refusals");
    assert_eq!(cluster.events("item-").len(), 3);
}

/// An append that the server recognises as repeated is answered without a position: that must not become the beginning of the
/// log. The server meets one when the same append is under way twice.
#[tokio::test(flavor = "multi_thread")]
async fn no_position_is_none() {
    let (cluster, journal) = single().await;
    let mut without = 0;
    for round in 0..50 {
        let name = item(&format!("X-{round}"));
        let same = || journal.append(&name, Expected::NoStream, vec![event(round)]);
        let answers = tokio::join!(same(), same(), same(), same());
        let place = crate::support::position(cluster.events("item-").last().unwrap().place);
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            let answer = answer.unwrap();
            assert_eq!(answer.position.unwrap_or(place), place);
            without += usize::from(answer.position.is_none());
        }
        if without > 0 {
            break;
        }
    }
    assert!(without > 0, "the server never met the same append twice");
}

/// An id that another stream has is refused before anything is written, whichever process brings it.
#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_of_one_stream() {
    let (cluster, one) = single().await;
    let two = crate::support::opened(&cluster).await;
    let (at_one, at_two) = (item("X"), item("Y"));
    let (first, second) = tokio::join!(
        one.append(&at_one, Expected::NoStream, vec![event(1), event(2)]),
        two.append(&at_two, Expected::NoStream, vec![event(3), event(2)]),
    );
    let kept = [first.is_ok(), second.is_ok()].into_iter().filter(|kept| *kept).count();
    let ids: Vec<_> = cluster.events("item-").iter().map(|event| event.id).collect();
    let times = ids.iter().filter(|id| **id == Uuid::from_u128(2)).count();
    // Each may have been first at one of the ids: then both are refused, and nothing is there.
    assert_eq!((times, ids.len()), (kept, kept * 2), "{first:?} {second:?}");
    assert!(kept <= 1);
    // Given again, as after a failure, one of them stays refused.
    let third = two.append(&item("Z"), Expected::NoStream, vec![event(2)]).await;
    assert!(matches!(third, Err(AppendError::Invalid(_))), "{third:?}");
}

/// An attempt that lost a race is made again at another version of its stream with the same ids: that is no second use.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_ids_may_be_tried_at_the_next_version() {
    let (cluster, journal) = single().await;
    cluster.fail_append("item-", When::Before, How::Aborted);
    assert!(journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.is_err());
    journal.append(&item("X"), Expected::NoStream, vec![event(7)]).await.unwrap();
    let moved = journal.append(&item("X"), Expected::Version(StreamVersion(0)), vec![event(1)]).await.unwrap();
    assert_eq!(moved.version, StreamVersion(1));
    // But not once more, now that it is there.
    let again = journal.append(&item("X"), Expected::Version(StreamVersion(1)), vec![event(1)]).await;
    assert!(matches!(again, Err(AppendError::Invalid(_))), "{again:?}");
    assert_eq!(cluster.events("item-").len(), 2);
}

/// A store that is gone to the end of the budget: failed if it was never reached, unknown if it may have been.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_budget_says_what_is_known() {
    let (cluster, journal) = single().await;
    for _ in 0..=BUDGET.retries {
        cluster.fail_append("agency-", When::After, How::Unavailable);
    }
    let outcome = transact(&journal, adopt(1), BUDGET).await;
    // The first attempt is there, and one of the next finds it, unless all answers are lost.
    assert!(matches!(outcome, Ok(Outcome::Applied(_) | Outcome::Unknown(_))), "{outcome:?}");
    cluster.clear_faults();
    assert!(matches!(transact(&journal, adopt(1), BUDGET).await, Ok(Outcome::Repeated(_) | Outcome::Applied(_))));
    assert_eq!(cluster.events("agency-").len(), 1);

    cluster.node(0).kill();
    let failed = transact(&journal, adopt(2), Budget { retries: 1, ..BUDGET }).await;
    assert!(matches!(&failed, Err(TransactError::Load(_) | TransactError::NotExecuted(_))), "{failed:?}");
    let shared: Arc<dyn Journal> = Arc::new(journal);
    let dead = shared.append(&item("X"), Expected::NoStream, vec![event(1)]).await;
    assert!(matches!(&dead, Err(AppendError::NotExecuted(StoreError::Other(words))) if words.contains("无法连接")), "{dead:?}");
}
