//! A node of this process, and HTTP as plain as it can be sent.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use api::{app::Node, auth::Caller, http};
use axum::Extension;
use chrono::{DateTime, Utc};
use journal::{MemoryJournal, SharedJournal};
use projections::{MemoryViews, Runner};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use super::support::made;

/// Longer than anything here takes on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A node that serves until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    pub runner: Arc<Runner>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

/// An answer.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answered {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Server {
    /// Serves a journal on a port of its own; the clock stands still.
    pub async fn start(journal: SharedJournal, now: DateTime<Utc>) -> Self {
        let node = Node::bind(journal, ([127, 0, 0, 1], 0).into(), Arc::new(move || now)).await.unwrap();
        let (address, runner) = (node.address(), node.runner());
        let (stop, told) = watch::channel(false);
        let running = tokio::spawn(async move { node.run(told).await });
        Self { address, runner, stop, running }
    }

    /// Serves a journal to somebody whose token was verified, whatever they send.
    pub async fn start_for(journal: SharedJournal, now: DateTime<Utc>, caller: Arc<Caller>) -> Self {
        let views = Arc::new(MemoryViews::default());
        let runner = Runner::new(journal.clone(), views.clone());
        let state = http::State::new(journal, views, runner.clone(), Arc::new(move || now));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, mut told) = watch::channel(false);
        let following = runner.clone();
        let running = tokio::spawn(async move {
            let follow = tokio::spawn(async move { following.follow().await });
            let stopped = async move {
                let _ = told.wait_for(|stop| *stop).await;
            };
            http::serve(listener, http::router(state).layer(Extension(caller)), stopped, Duration::from_secs(1)).await;
            follow.abort();
        });
        let server = Self { address, runner, stop, running };
        server.ready().await;
        server
    }

    /// Serves a journal by a clock that goes, with answers that may be kept for so many seconds.
    pub async fn start_caching(journal: SharedJournal, seconds: u64, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        let node = Node::bind(journal, ([127, 0, 0, 1], 0).into(), Arc::new(clock)).await.unwrap().with_cache_seconds(seconds);
        let (address, runner) = (node.address(), node.runner());
        let (stop, told) = watch::channel(false);
        let running = tokio::spawn(async move { node.run(told).await });
        let server = Self { address, runner, stop, running };
        server.ready().await;
        server
    }

    /// Serves an empty register that is ready.
    pub async fn empty() -> Self {
        let server = Self::start(Arc::new(MemoryJournal::new()), made()).await;
        server.ready().await;
        server
    }

    /// Waits until the views have caught up.
    pub async fn ready(&self) {
        timeout(DEADLINE, self.runner.watch().wait_for(|lag| lag.caught_up)).await.unwrap().unwrap();
    }

    /// Sends a request and reads the answer to its end.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Answered {
        self.send_with(method, path, &[], body).await
    }

    /// The same with further headers.
    pub async fn send_with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answered {
        let length = body.len();
        let further = headers.iter().fold(String::new(), |all, (name, value)| all + name + ": " + value + "\r\n");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{further}\r\n"
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // A body that is too large is answered before it is sent whole.
        let _ = stream.write_all(body.as_bytes()).await;
        read(stream).await
    }

    /// Asks in GraphQL.
    pub async fn ask(&self, query: &str, variables: Value) -> Answered {
        self.send("POST", "/graphql", &json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// Stops and waits for the end.
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        timeout(DEADLINE, self.running).await.unwrap().unwrap();
    }
}

async fn read(mut stream: TcpStream) -> Answered {
    let mut bytes = Vec::new();
    let read = timeout(DEADLINE, stream.read_to_end(&mut bytes)).await.expect("no answer");
    // A connection that is cut after its answer was read is as good as one that is closed.
    assert!(read.is_ok() || !bytes.is_empty(), "{read:?}");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answered { status, head: head.to_lowercase(), body: body.to_owned() }
}
