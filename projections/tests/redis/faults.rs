//! Redis fails: readers answer, refuse, or say that they are behind; they never answer wrongly.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use projections::{
    SharedViews, Snapshot, ViewError, ViewStore,
    contract::{AllOf, all_of, batch, place, server::Server},
    redis::{RedisOptions, RedisViews},
};
use tokio::time::{Instant, sleep, timeout};

use super::support::{Proxy, Redis, begin, command, options, views};

const ITEMS: usize = 30;
const DEADLINE: Duration = Duration::from_secs(60);

/// Commits batches from one on until something stops it, and says which was acknowledged last and why it stopped.
async fn write(views: &dyn ViewStore, from: u64, items: usize) -> (u64, ViewError) {
    let mut number = from;
    loop {
        match views.commit(batch(number, items).unwrap()).await {
            Ok(()) => number += 1,
            Err(error) => return (number - 1, error),
        }
    }
}

async fn says(views: &dyn ViewStore) -> Option<u64> {
    all_of(views.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap()
}

/// Waits until the views can be read again; meanwhile they are refused, never wrong.
async fn readable(views: &dyn ViewStore, items: usize) -> Option<u64> {
    let until = async {
        loop {
            match views.snapshot().await {
                Ok(snapshot) => match all_of(snapshot.as_ref(), items).await {
                    Ok(number) => return number,
                    Err(AllOf::Broken(broken)) => panic!("{broken}"),
                    Err(AllOf::Refused(_)) => {}
                },
                Err(ViewError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    timeout(DEADLINE, until).await.unwrap()
}

/// Takes the lease again, which may have been lost with the server.
async fn lead_again(views: &RedisViews) {
    timeout(DEADLINE, async {
        while !matches!(views.acquire().await, Ok(true)) {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_in_the_middle_of_a_batch_it_comes_back_with_whole_batches_only() {
    const MANY: usize = 300;
    let kept = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut redis) = Redis::start(&kept).await else { return };
    let one = redis.views("one");
    begin(&one).await;
    let mut number = 1;
    for round in 0..4_u64 {
        let writing = tokio::spawn({
            let one = one.clone();
            async move { write(one.as_ref(), number, MANY).await }
        });
        // Something is kept of each round, however busy the machine is.
        let some = async {
            while readable(one.as_ref(), MANY).await.is_none_or(|kept| kept < number) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(DEADLINE, some).await.unwrap();
        sleep(Duration::from_millis(37 * round)).await;
        redis.server.kill();
        let (acknowledged, error) = writing.await.unwrap();
        assert!(matches!(error, ViewError::Unavailable(_)), "{error}");
        redis.restart(&kept).await;
        let left = readable(one.as_ref(), MANY).await.unwrap_or(0);
        assert!(left == acknowledged || left == acknowledged + 1, "{acknowledged} was acknowledged, {left} is there");
        lead_again(&one).await;
        number = left + 1;
    }
    assert!(number > 4, "hardly anything was written: {number}");
}

#[tokio::test]
async fn restarted_empty_it_shows_nothing_until_the_views_are_built_anew() {
    let Some(mut redis) = Redis::start(&[]).await else { return };
    let (one, reader) = (redis.views("one"), redis.views("reader"));
    begin(&one).await;
    for number in 1..=5 {
        one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    let before = reader.snapshot().await.unwrap();
    redis.server.kill();
    assert!(matches!(reader.snapshot().await, Err(ViewError::Unavailable(_))));
    assert!(matches!(before.keys().await, Err(ViewError::Unavailable(_))));
    redis.restart(&[]).await;
    let refused = timeout(DEADLINE, async {
        loop {
            match before.keys().await {
                Err(ViewError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
                other => return other,
            }
        }
    });
    assert!(matches!(refused.await.unwrap(), Err(ViewError::Outlived)), "what a snapshot answered from is gone");
    assert!(matches!(reader.snapshot().await, Err(ViewError::Unavailable(_))), "an empty store is no empty register");
    // The connection of before is cut; that is learnt by using it.
    let _ = one.renew().await;
    assert!(matches!(one.commit(batch(6, ITEMS).unwrap()).await, Err(ViewError::NotLeading)), "the lease is gone too");
    begin(&one).await;
    assert!(matches!(one.commit(batch(6, ITEMS).unwrap()).await, Err(ViewError::Moved { actual: None, .. })));
    for number in 1..=5 {
        assert!(matches!(reader.snapshot().await, Err(ViewError::Unavailable(_))), "it was shown more than batch {number} already");
        one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    assert_eq!(says(reader.as_ref()).await, Some(5));
}

#[tokio::test]
async fn out_of_memory_a_batch_is_refused_whole_and_readers_answer() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let one = redis.views("one");
    begin(&one).await;
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    let before = one.snapshot().await.unwrap();
    command(redis.server.port, &["CONFIG", "SET", "maxmemory", "1"]).await;
    for _ in 0..3 {
        let refused = one.commit(batch(2, ITEMS).unwrap()).await;
        assert!(matches!(&refused, Err(ViewError::Unavailable(words)) if words.contains("maxmemory")), "{refused:?}");
        assert_eq!(says(one.as_ref()).await, Some(1));
        assert_eq!(all_of(before.as_ref(), ITEMS).await.unwrap(), Some(1));
    }
    one.renew().await.unwrap();
    command(redis.server.port, &["CONFIG", "SET", "maxmemory", "0"]).await;
    one.commit(batch(2, ITEMS).unwrap()).await.unwrap();
    assert_eq!(says(one.as_ref()).await, Some(2));
    assert_eq!(all_of(before.as_ref(), ITEMS).await.unwrap(), Some(1));
}

#[tokio::test]
async fn one_that_may_throw_keys_away_is_not_used() {
    let Some(redis) = Redis::start(&["--maxmemory-policy", "allkeys-lru"]).await else { return };
    let Err(refused) = redis.views("one").acquire().await else { panic!("it was used") };
    assert!(refused.to_string().contains("noeviction"), "{refused}");
}

#[tokio::test]
async fn a_password_is_needed_and_never_told() {
    let Some(redis) = Redis::start(&["--requirepass", "se-cret"]).await else { return };
    let with = |secret: &str| views(&format!("redis://:{secret}@127.0.0.1:{}/0", redis.server.port), options("one"));
    assert!(with("se-cret").acquire().await.unwrap());
    let Err(refused) = with("wr-ong").snapshot().await else { panic!("it was let in") };
    assert!(!format!("{refused} {refused:?}").contains("wr-ong"), "{refused}");
}

#[tokio::test]
async fn slow_it_is_given_up_in_time_and_used_again_when_it_answers() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let quick = RedisOptions { patience: Duration::from_secs(1), commit_patience: Duration::from_secs(2), ..options("one") };
    let one = views(&redis.server.address(), quick);
    begin(&one).await;
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    let before = one.snapshot().await.unwrap();
    redis.server.signal("STOP");
    let begun = Instant::now();
    assert!(matches!(one.snapshot().await, Err(ViewError::Unavailable(_))));
    assert!(matches!(before.keys().await, Err(ViewError::Unavailable(_))));
    // Whether this one is kept cannot be known yet.
    assert!(matches!(one.commit(batch(2, ITEMS).unwrap()).await, Err(ViewError::Unavailable(_))));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    redis.server.signal("CONT");
    let left = readable(one.as_ref(), ITEMS).await.unwrap();
    assert!(left == 1 || left == 2, "{left}");
    // What was sent may still be on its way; it and what follows are committed once.
    let mut number = left + 1;
    while number < 6 {
        match one.commit(batch(number, ITEMS).unwrap()).await {
            Ok(()) => number += 1,
            Err(ViewError::Moved { actual, .. }) => number = actual.unwrap().numbers().0 + 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(says(one.as_ref()).await, Some(5));
    assert_eq!(all_of(before.as_ref(), ITEMS).await.unwrap(), Some(1));
}

/// What one attempt finds out is the answer to all who waited for it: one after the other they would wait for a minute.
#[tokio::test]
async fn while_it_is_silent_one_asks_and_all_are_refused_with_it() {
    const PATIENCE: Duration = Duration::from_secs(3);
    let Some(redis) = Redis::start(&[]).await else { return };
    let proxy = Proxy::to(redis.server.port).await;
    let patient = RedisOptions { patience: PATIENCE, ..options("one") };
    let one = views(&format!("redis://127.0.0.1:{}/0", proxy.port), patient);
    begin(&one).await;
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    let before = one.snapshot().await.unwrap();
    redis.server.signal("STOP");
    // The first round finds the connection silent, the second cannot make another.
    for round in 0..2 {
        let (begun, connections) = (Instant::now(), proxy.accepted());
        let all = join_all((0..20).map(|_| one.snapshot())).await;
        assert!(all.iter().all(|answer| matches!(answer, Err(ViewError::Unavailable(_)))));
        assert!(proxy.accepted() - connections <= 1, "round {round}: one attempt, not {}", proxy.accepted() - connections);
        assert!(begun.elapsed() < PATIENCE * 5, "round {round}: {:?}", begun.elapsed());
    }
    // Whoever has a snapshot already and reads from it fares alike.
    let (begun, connections) = (Instant::now(), proxy.accepted());
    let all = join_all((0..20).map(|_| before.keys())).await;
    assert!(all.iter().all(|answer| matches!(answer, Err(ViewError::Unavailable(_)))));
    assert!(proxy.accepted() - connections <= 1 && begun.elapsed() < PATIENCE * 5, "{:?}", begun.elapsed());

    // While somebody asks again, whoever comes is not kept waiting for what is known.
    let asking = tokio::spawn({
        let one = one.clone();
        async move { one.snapshot().await.map(drop) }
    });
    timeout(DEADLINE, async {
        while proxy.accepted() == connections + 1 {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    assert!(matches!(one.snapshot().await, Err(ViewError::Unavailable(_))));
    assert!(!asking.is_finished(), "it was refused before the attempt ended");
    assert!(asking.await.unwrap().is_err());
    redis.server.signal("CONT");
    assert_eq!(readable(one.as_ref(), ITEMS).await, Some(1));
}

#[tokio::test]
async fn a_replica_that_is_behind_takes_over_and_nobody_is_shown_the_past() {
    let (Some(mut first), Some(second)) = (Redis::start(&[]).await, Redis::start(&[]).await) else { return };
    let proxy = Proxy::to(first.server.port).await;
    let address = format!("redis://127.0.0.1:{}/0", proxy.port);
    let (one, reader, late) = (views(&address, options("one")), views(&address, options("reader")), views(&address, options("late")));
    begin(&one).await;
    command(second.server.port, &["REPLICAOF", "127.0.0.1", &first.server.port.to_string()]).await;
    for number in 1..=5 {
        one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    let at_second = views(&second.server.address(), options("watch"));
    timeout(DEADLINE, async {
        loop {
            match at_second.snapshot().await {
                Ok(snapshot) if snapshot.position() == Some(place(5)) => return,
                _ => sleep(Duration::from_millis(20)).await,
            }
        }
    })
    .await
    .unwrap();
    assert!(matches!(at_second.acquire().await, Err(ViewError::Unavailable(_))), "nobody writes into a replica");
    command(second.server.port, &["REPLICAOF", "NO", "ONE"]).await;
    let fifth = reader.snapshot().await.unwrap();
    for number in 6..=8 {
        one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    let eighth = reader.snapshot().await.unwrap();
    assert_eq!(all_of(eighth.as_ref(), ITEMS).await.unwrap(), Some(8));

    first.server.kill();
    proxy.turn_to(second.server.port);
    let behind = timeout(DEADLINE, async {
        loop {
            match reader.snapshot().await {
                Err(ViewError::Unavailable(words)) if words.contains("behind") => return,
                Err(ViewError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
                other => panic!("{:?}", other.map(|snapshot| snapshot.position())),
            }
        }
    });
    behind.await.unwrap();
    assert!(matches!(eighth.keys().await, Err(ViewError::Outlived)), "the eighth batch is lost there");
    assert_eq!(all_of(fifth.as_ref(), ITEMS).await.unwrap(), Some(5), "the fifth is not");
    assert_eq!(readable(late.as_ref(), ITEMS).await, Some(5), "who was shown nothing later is shown what is there");
    // The projector, whose lease came along, is told where the views are and goes on from there, in other steps.
    let moved = timeout(DEADLINE, async {
        loop {
            match one.commit(batch(9, ITEMS).unwrap()).await {
                Err(ViewError::Moved { actual, .. }) => return actual,
                Err(ViewError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
                other => panic!("{other:?}"),
            }
        }
    });
    assert_eq!(moved.await.unwrap(), Some(place(5)));
    let mut jump = batch(8, ITEMS).unwrap();
    jump.base = Some(place(5));
    one.commit(jump).await.unwrap();
    assert_eq!(says(reader.as_ref()).await, Some(8));
    assert!(
        matches!(all_of(eighth.as_ref(), ITEMS).await, Err(AllOf::Refused(ViewError::Outlived))),
        "it was another way to the same place"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn through_sentinels_the_new_master_is_found() {
    let (Some(mut first), Some(second)) = (Redis::start(&[]).await, Redis::start(&[]).await) else { return };
    command(second.server.port, &["REPLICAOF", "127.0.0.1", &first.server.port.to_string()]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sentinel.conf");
    let port = first.server.port;
    let lines = [
        format!("sentinel monitor main 127.0.0.1 {port} 1"),
        "sentinel down-after-milliseconds main 500".to_owned(),
        "sentinel failover-timeout main 3000".to_owned(),
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let sentinel = Server::sentinel(&file).await.unwrap();
    let address = format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port);
    let one = views(&address, RedisOptions { lease: Duration::from_secs(5), ..options("one") });
    begin(&one).await;
    for number in 1..=3 {
        one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    let at_second = views(&second.server.address(), options("watch"));
    let there = async || matches!(at_second.snapshot().await, Ok(snapshot) if snapshot.position() == Some(place(3)));
    let known = async || command(sentinel.port, &["SENTINEL", "REPLICAS", "main"]).await.contains(&second.server.port.to_string());
    timeout(DEADLINE, async {
        while !there().await || !known().await {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
    first.server.kill();
    assert_eq!(readable(one.as_ref(), ITEMS).await, Some(3));
    lead_again(&one).await;
    one.commit(batch(4, ITEMS).unwrap()).await.unwrap();
    assert_eq!(says(one.as_ref()).await, Some(4));
    assert_eq!(says(at_second.as_ref()).await, Some(4), "it is the one that was the replica");
}

/// Every answer while a projector writes without pause is of one batch, and nearly every request is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_a_projector_writes_without_pause_requests_are_answered_each_of_one_position() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let one = redis.views("one");
    begin(&one).await;
    let writing = tokio::spawn({
        let one = one.clone();
        async move {
            for number in 1..=400 {
                one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
            }
        }
    });
    let reader: SharedViews = redis.views("reader");
    let (mut answered, mut moved) = (0, 0);
    while !writing.is_finished() {
        let snapshot: Arc<dyn Snapshot> = reader.snapshot().await.unwrap();
        all_of(snapshot.as_ref(), ITEMS).await.unwrap();
        answered += 1;
        moved += usize::from(reader.snapshot().await.unwrap().position() > snapshot.position());
    }
    writing.await.unwrap();
    assert!(answered > 10 && moved > answered / 2, "{answered} answers, {moved} of them while the views went on");
}
