//! Redis keeps the contract of view stores.

use std::sync::Arc;

use async_trait::async_trait;
use projections::{
    Batch, SharedViews, Snapshot, ViewError, ViewStore,
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
