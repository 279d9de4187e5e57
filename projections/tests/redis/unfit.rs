//! Servers that cannot keep the promises of a view store are refused by what they say of themselves, before anything is asked of them.

use std::sync::{Arc, Mutex};

use projections::{ViewError, ViewStore, contract::batch};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    support::{options, views},
    wire::commands,
};

/// A server that says this of itself, and `+OK` to all else; its port, and what it was asked.
async fn pretender(info: &str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
    let (noted, answer) = (asked.clone(), format!("${}\r\n{info}\r\n", info.len()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answers(stream, answer.clone(), noted.clone()));
        }
    });
    (port, asked)
}

async fn answers(mut stream: TcpStream, info: String, noted: Arc<Mutex<Vec<String>>>) {
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        for command in commands(&mut bytes) {
            noted.lock().unwrap().push(command.name.clone());
            let answer = if command.name == "INFO" { info.as_str() } else { "+OK\r\n" };
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_refused_before_it_is_asked_anything() {
    let said = |version: &str, mode: &str, policy: &str| {
        format!("# Server\r\nredis_version:{version}\r\nredis_mode:{mode}\r\n# Memory\r\nmaxmemory_policy:{policy}\r\n")
    };
    for (info, words) in [
        (said("6.2.14", "standalone", "noeviction"), ["需要 Redis 7", "Redis 7 or later is needed, this one is 6.2.14"]),
        (said("7.2.4", "cluster", "noeviction"), ["不支持 Redis Cluster", "a Redis Cluster is not supported"]),
        (said("7.2.4", "standalone", "allkeys-lru"), ["请设 maxmemory-policy noeviction", "it may evict keys"]),
        ("nothing of the kind".to_owned(), ["需要 Redis 7", "Redis 7 or later is needed"]),
    ] {
        let (port, asked) = pretender(&info).await;
        let one = views(&format!("redis://127.0.0.1:{port}/0"), options("one"));
        for refused in [one.acquire().await.err(), one.snapshot().await.err(), one.commit(batch(1, 1).unwrap()).await.err()] {
            match refused {
                Some(ViewError::Unavailable(said)) => assert!(words.iter().all(|words| said.contains(words)), "{said}"),
                // Without a lease nothing is even sent.
                Some(ViewError::NotLeading) => {}
                other => panic!("{other:?}"),
            }
        }
        let asked = asked.lock().unwrap();
        assert!(asked.iter().any(|name| name == "INFO") && !asked.iter().any(|name| name.starts_with("EVAL")), "{asked:?}");
    }
    // What can be used is asked.
    let (port, asked) = pretender(&said("7.0.0", "standalone", "volatile-lru")).await;
    let _ = views(&format!("redis://127.0.0.1:{port}/0"), options("one")).acquire().await;
    assert!(asked.lock().unwrap().iter().any(|name| name == "EVALSHA"));
}
