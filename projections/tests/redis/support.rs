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

/// A server of one test, with its folder.
pub struct Redis {
    pub server: Server,
    _folder: TempDir,
}

impl Redis {
    /// Starts one; `None` where there is no Redis to be had.
    pub async fn start(settings: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path(), settings).await.unwrap()?;
        Some(Self { server, _folder: folder })
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
