//! Every call of a projector is cut in two ways: the store never had it, or had it and the answer is lost. Whatever it was (taking the lease,
//! beginning a generation, a commit, switching it in, renewing, giving up, forgetting what receipts were written of), the projector goes on by
//! itself, and views, receipts and generations are in the end what they would have been.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, stream};
use journal::Journal;
use projections::{
    Leader, ReceiptBook, ReceiptWriter, SharedViews, ViewStore, Witnessing, audit, check_live,
    redis::{RedisOptions, RedisViews},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::{
    common::{Told, day},
    lead::{DEADLINE, Node, equals_a_rebuild, reached, tell},
    support::{Redis, command, new_id, options, views},
    wire::commands,
};

/// Where a call is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

/// Which calls are cut, counted from 0.
#[derive(Debug, Clone, Copy)]
struct Cut {
    first: usize,
    /// One, or another one right after it: what is done about a failure fails too.
    count: usize,
    when: When,
}

/// A way to a Redis on which calls of scripts are counted and cut.
struct Way {
    port: u16,
    calls: Arc<AtomicUsize>,
}

impl Way {
    async fn to(port: u16, cut: Option<Cut>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let way = Self { port: listener.local_addr().unwrap().port(), calls: Arc::default() };
        let calls = way.calls.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                tokio::spawn(relay(near, far, calls.clone(), cut));
            }
        });
        way
    }
}

/// Relays a connection until one of its calls is cut; then it is closed.
async fn relay(near: TcpStream, far: TcpStream, calls: Arc<AtomicUsize>, cut: Option<Cut>) {
    let ((mut asks, mut hears), (mut says, mut takes)) = (near.into_split(), far.into_split());
    let lost = Arc::new(AtomicBool::new(false));
    let silent = lost.clone();
    let answers = async move {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = says.read(&mut bytes).await {
            if !silent.load(Ordering::SeqCst) && hears.write_all(&bytes[..read]).await.is_err() {
                break;
            }
        }
    };
    let requests = async move {
        let mut read = Vec::new();
        while asks.read_buf(&mut read).await.is_ok_and(|read| read > 0) {
            for command in commands(&mut read) {
                let number = if command.name == "EVALSHA" { Some(calls.fetch_add(1, Ordering::SeqCst)) } else { None };
                let cut = cut.filter(|cut| number.is_some_and(|number| (cut.first..cut.first + cut.count).contains(&number)));
                match cut.map(|cut| cut.when) {
                    Some(When::Before) => return,
                    Some(When::After) => {
                        lost.store(true, Ordering::SeqCst);
                        let _ = takes.write_all(&command.bytes).await;
                        // Time for the server to do it; whether it did is for the projector to find out.
                        sleep(Duration::from_millis(100)).await;
                        return;
                    }
                    None if takes.write_all(&command.bytes).await.is_err() => return,
                    None => {}
                }
            }
        }
    };
    tokio::select! {
        () = answers => {}
        () = requests => {}
    }
}

fn of(port: u16, prefix: &str, holder: &str) -> Arc<RedisViews> {
    let options = RedisOptions {
        prefix: format!("{prefix}:"),
        lease: Duration::from_millis(1_500),
        keep: Duration::from_millis(200),
        ..options(holder)
    };
    views(&format!("redis://127.0.0.1:{port}/0"), options)
}

/// A projector builds views, follows, has them built anew and follows again; says how many calls it made.
async fn life(redis: &Redis, prefix: &str, cut: Option<Cut>) -> usize {
    let way = Way::to(redis.server.port, cut).await;
    let [reader, asker] = ["reader", "asker"].map(|holder| of(redis.server.port, prefix, holder));
    let one = of(way.port, prefix, "one");
    let mut told = Told::new();
    let journal = told.journal.clone();
    for n in 0..6 {
        tell(&mut told, n).await;
    }
    let receipts = ReceiptWriter::new(one.clone(), Arc::new(ReceiptBook::new(journal.clone())), Witnessing::new(Arc::new(|| day(9))));
    let leader = Leader::new(journal.clone(), one, Arc::new(new_id)).with_receipts(Arc::new(receipts));
    let node = Node(tokio::spawn(async move { leader.run().await }));
    reached(&reader, journal.head().await.unwrap()).await;
    tell(&mut told, 6).await;
    reached(&reader, journal.head().await.unwrap()).await;
    // What could not be built is told to whoever asked for it, who may ask again.
    let rebuilding = async {
        while Leader::new(journal.clone(), asker.clone(), Arc::new(new_id)).have_rebuilt().await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(DEADLINE, rebuilding).await.unwrap_or_else(|_| panic!("{cut:?}: never built anew"));
    tell(&mut told, 8).await;

    let settled = async {
        loop {
            let head = journal.head().await.unwrap();
            let snapshot = reached(&reader, head).await;
            let shared: SharedViews = reader.clone();
            let found = audit(journal.clone(), shared, Arc::new(|| day(9))).await.unwrap();
            let live = reader.live().await.unwrap().unwrap().id;
            let generations = command(redis.server.port, &["SMEMBERS", &format!("{prefix}:generations")]).await;
            let alone = generations.matches("bulk-string").count() == 1 && generations.contains(&*live);
            if found.missing == 0 && reader.begun().await.unwrap().is_none() && journal.head().await.unwrap() == head && alone {
                assert_eq!(found.parity.differing, [], "{cut:?}");
                return snapshot;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let snapshot = timeout(DEADLINE * 2, settled).await.unwrap_or_else(|_| panic!("{cut:?}: not settled"));
    equals_a_rebuild(snapshot.as_ref(), &journal).await;
    let check = check_live(journal.clone(), &reader).await.unwrap();
    assert_eq!(check.differences, [], "{cut:?}");
    let all = super::receipts::receipts(&journal).await;
    let each: BTreeSet<_> = all.iter().map(|(channel, receipt)| (*channel, receipt.entry(), receipt.revision)).collect();
    assert_eq!(all.len(), each.len(), "{cut:?}: a revision has two receipts of one channel");
    drop(node);
    way.calls.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_call_of_a_projector_is_cut_it_goes_on_and_all_is_as_it_would_have_been() {
    let Some(redis) = Redis::start(&[]).await else { return };
    // Scripts are known to the server from then on, so that a call is one call.
    let calls = life(&redis, "whole", None).await;
    assert!((15..500).contains(&calls), "{calls}");
    println!("MEASURED a life of a projector is {calls} calls");
    let cuts: Vec<_> = (0..calls.min(140))
        .flat_map(|first| {
            let cut = |count, when| Cut { first, count, when };
            let twice = (first % 3 == 0).then(|| cut(2, When::After));
            [cut(1, When::Before), cut(1, When::After)].into_iter().chain(twice)
        })
        .collect();
    let count = cuts.len();
    let lives = cuts.into_iter().map(|cut| {
        let redis = &redis;
        async move { life(redis, &format!("{}-{}-{:?}", cut.first, cut.count, cut.when), Some(cut)).await }
    });
    let ended: Vec<_> = stream::iter(lives).buffer_unordered(12).collect().await;
    assert_eq!(ended.len(), count);
}
