//! Redis keeps the contract of view stores.

use std::sync::Arc;

use async_trait::async_trait;
use domain::envelope::Position;
use projections::{
    Batch, Noted, SharedViews, Snapshot, ViewError, ViewStore,
    redis::{RedisOptions, RedisViews},
};

use super::support::{Redis, begin, options, views};

/// Views with the server that they are in, written by one node and read by the same or another.
struct Held {
    views: Arc<RedisViews>,
    reader: Arc<RedisViews>,
    _redis: Redis,
}

#[async_trait]
impl ViewStore for Held {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        self.views.commit(batch).await
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.reader.snapshot().await
    }

    async fn as_kept(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.views.as_kept().await
    }

    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        self.reader.begun().await
    }

    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        self.views.forget(up_to).await
    }
}

async fn fresh_with(options: RedisOptions) -> Option<SharedViews> {
    let redis = Redis::start(&[]).await?;
    let views = views(&redis.server.address(), options);
    begin(&views).await;
    Some(Arc::new(Held { reader: views.clone(), views, _redis: redis }))
}

async fn fresh() -> Option<SharedViews> {
    fresh_with(options("contract")).await
}

projections::view_contract_tests!(fresh);

/// The same as another node sees it, with what it has read before at hand.
mod that_another_node_reads {
    use super::{Arc, Held, Redis, SharedViews, begin};

    async fn fresh() -> Option<SharedViews> {
        let redis = Redis::start(&[]).await?;
        let (views, reader) = (redis.views("writer"), redis.views("reader"));
        begin(&views).await;
        Some(Arc::new(Held { reader, views, _redis: redis }))
    }

    projections::view_contract_tests!(fresh);
}

/// The same where overwritten versions are hardly kept, so that snapshots are given up all the time.
mod that_keeps_little {
    use super::{RedisOptions, SharedViews, fresh_with, options};

    async fn fresh() -> Option<SharedViews> {
        fresh_with(RedisOptions { most_kept: 100, ..options("contract") }).await
    }

    projections::view_contract_tests!(fresh);
}

/// Where only the tools are installed, which bring no service that listens on the port of the system, theirs is the server.
#[test]
fn the_program_of_the_tools_is_the_server() {
    let Ok(tools) = std::process::Command::new("redis-check-rdb").arg("--version").output() else { return };
    assert!(!tools.stdout.starts_with(b"Redis server"), "under its own name it is something else");
    assert!(projections::contract::server::serves("redis-check-rdb"));
    assert!(!projections::contract::server::serves("true") && !projections::contract::server::serves("no-such-program"));
}
