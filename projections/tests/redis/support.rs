//! A Redis, and views in it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use projections::{
    contract::server::Server,
    redis::{RedisOptions, RedisViews},
};
use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A server of one test, with its folder.
pub struct Redis {
    pub server: Server,
    folder: TempDir,
}

impl Redis {
    /// Starts one; `None` where there is no Redis to be had.
    pub async fn start(settings: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path(), settings).await.unwrap()?;
        Some(Self { server, folder })
    }

    /// Starts it again after it was killed, on the same port, with what it left in its folder.
    pub async fn restart(&mut self, settings: &[&str]) {
        self.server = Server::start_on(self.server.port, self.folder.path(), settings).await.unwrap();
    }

    /// Views in it, of a process of its own.
    pub fn views(&self, holder: &str) -> Arc<RedisViews> {
        views(&self.server.address(), options(holder))
    }
}

/// Options of tests: nothing is older than it need be, and nobody waits long.
pub fn options(holder: &str) -> RedisOptions {
    RedisOptions { fresh: Duration::ZERO, lease: Duration::from_secs(60), ..RedisOptions::new(holder) }
}

pub fn views(address: &str, options: RedisOptions) -> Arc<RedisViews> {
    Arc::new(RedisViews::new(&address.parse().unwrap(), options).unwrap())
}

/// An id that no generation of this process had.
pub fn new_id() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("g{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Takes the lease and makes an empty generation the live one.
pub async fn begin(views: &RedisViews) {
    assert!(views.acquire().await.unwrap());
    let id = new_id();
    views.begin(&id).await.unwrap();
    views.switch_to(&id).await.unwrap();
}

/// Sends a server a command and returns its answer as a text.
pub async fn command(port: u16, words: &[&str]) -> String {
    let client = redis::Client::open(("127.0.0.1", port)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut command = redis::cmd(words[0]);
    for word in &words[1..] {
        command.arg(*word);
    }
    format!("{:?}", command.query_async::<redis::Value>(&mut connection).await.unwrap())
}

/// An address behind which one server takes the place of another.
pub struct Proxy {
    pub port: u16,
    target: watch::Sender<u16>,
    accepted: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (target, turned) = watch::channel(port);
        let port = listener.local_addr().unwrap().port();
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = accepted.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let mut turned = turned.clone();
                tokio::spawn(async move {
                    let target = *turned.borrow_and_update();
                    let Ok(mut far) = TcpStream::connect(("127.0.0.1", target)).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = turned.changed() => {}
                    }
                });
            }
        });
        Self { port, target, accepted }
    }

    /// How often somebody connected.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// From now on it leads to another server; what was connected is cut.
    pub fn turn_to(&self, port: u16) {
        self.target.send_replace(port);
    }
}
