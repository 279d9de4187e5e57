//! One projector at a time: a lease, and a fence behind which nobody writes who has lost it.

use std::{
    env,
    process::{Child, Command, Stdio},
    time::Duration,
};

use projections::{
    ViewError, ViewStore,
    contract::{all_of, batch, place},
    redis::RedisOptions,
};
use tokio::time::{sleep, timeout};

use super::support::{Redis, begin, new_id, options, views};

const ITEMS: usize = 20;
const DEADLINE: Duration = Duration::from_secs(60);

fn short(holder: &str) -> RedisOptions {
    RedisOptions { lease: Duration::from_millis(600), ..options(holder) }
}

#[tokio::test]
async fn one_projector_at_a_time_holds_the_lease() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let (one, two) = (redis.views("one"), redis.views("two"));
    assert!(matches!(one.commit(batch(1, ITEMS).unwrap()).await, Err(ViewError::NotLeading)), "nobody writes without a lease");
    begin(&one).await;
    assert!(!two.acquire().await.unwrap());
    assert!(matches!(two.begin("x").await, Err(ViewError::NotLeading)));
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    one.renew().await.unwrap();
    one.release().await.unwrap();
    assert!(two.acquire().await.unwrap(), "a lease that was given back is free at once");
    assert!(matches!(one.commit(batch(2, ITEMS).unwrap()).await, Err(ViewError::NotLeading)));
    two.commit(batch(2, ITEMS).unwrap()).await.unwrap();
    assert_eq!(all_of(one.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap(), Some(2));
}

#[tokio::test]
async fn a_lease_that_ran_out_writes_no_more_even_if_nobody_else_has_it() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let one = views(&redis.server.address(), short("one"));
    begin(&one).await;
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    sleep(Duration::from_millis(900)).await;
    assert!(matches!(one.commit(batch(2, ITEMS).unwrap()).await, Err(ViewError::NotLeading)));
    assert!(matches!(one.renew().await, Err(ViewError::NotLeading)));
    assert!(one.acquire().await.unwrap());
    one.commit(batch(2, ITEMS).unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_generation_is_filled_unseen_and_switched_in_whole() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let one = views(&redis.server.address(), RedisOptions { keep: Duration::from_millis(1), ..options("one") });
    begin(&one).await;
    one.commit(batch(1, ITEMS).unwrap()).await.unwrap();
    one.commit(batch(2, ITEMS).unwrap()).await.unwrap();
    let before = one.snapshot().await.unwrap();
    let id = new_id();
    one.begin(&id).await.unwrap();
    let next = one.generation(&id);
    for number in 1..=3 {
        next.commit(batch(number, ITEMS).unwrap()).await.unwrap();
        assert_eq!(all_of(one.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap(), Some(2), "the live views go on as they were");
    }
    assert_eq!(all_of(next.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap(), Some(3));
    one.switch_to(&id).await.unwrap();
    assert_eq!(all_of(one.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap(), Some(3));
    assert_eq!(all_of(before.as_ref(), ITEMS).await.unwrap(), Some(2), "a request that had begun ends in the former generation");
    sleep(Duration::from_millis(20)).await;
    while one.sweep().await.unwrap() {}
    assert!(matches!(before.keys().await, Err(ViewError::Outlived)), "the former generation is gone");
    assert_eq!(all_of(one.snapshot().await.unwrap().as_ref(), ITEMS).await.unwrap(), Some(3));
}

/// What the child of the next test does: projects without pause until it may not, and says which batch it committed last.
/// By itself, without an address, it has nothing to do.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how a test tells its child what to do")]
async fn the_child_of_the_test_below() {
    let Ok(address) = env::var("REDIS_OF_TEST") else { return };
    let one = views(&address, short("stopped"));
    begin(&one).await;
    for number in 1.. {
        match one.commit(batch(number, ITEMS).unwrap()).await {
            Ok(()) => {}
            Err(ViewError::NotLeading) => std::process::exit(7),
            Err(error) => panic!("{error}"),
        }
        if number % 8 == 0 {
            // Its lease may have run out since the last commit.
            if matches!(one.renew().await, Err(ViewError::NotLeading)) {
                std::process::exit(7);
            }
        }
    }
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_projector_that_was_stopped_beyond_its_lease_and_woken_writes_nothing() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let two = views(&redis.server.address(), short("two"));
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "lease::the_child_of_the_test_below"]).env("REDIS_OF_TEST", redis.server.address());
    let mut child = Process(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let signal = |name: &str| assert!(Command::new("kill").args([name, &child.0.id().to_string()]).status().unwrap().success());
    let at = async || two.snapshot().await.ok().and_then(|snapshot| snapshot.position());
    timeout(DEADLINE, async { while at().await < Some(place(20)) {} }).await.expect("the child projects");

    signal("-STOP");
    timeout(DEADLINE, async {
        while !two.acquire().await.unwrap() {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    let left = at().await.unwrap().numbers().0;
    for number in left + 1..=left + 5 {
        two.commit(batch(number, ITEMS).unwrap()).await.unwrap();
    }
    signal("-CONT");
    let ended = timeout(DEADLINE, async {
        loop {
            two.renew().await.unwrap();
            if let Some(status) = child.0.try_wait().unwrap() {
                return status;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    assert_eq!(ended.await.expect("the child ends").code(), Some(7), "it is told that it does not lead any more");
    let snapshot = two.snapshot().await.unwrap();
    assert_eq!(all_of(snapshot.as_ref(), ITEMS).await.unwrap(), Some(left + 5));
    two.commit(batch(left + 6, ITEMS).unwrap()).await.unwrap();
}
