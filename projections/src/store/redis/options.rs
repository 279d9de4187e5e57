use std::time::Duration;

/// How views in Redis are kept.
#[derive(Debug, Clone)]
pub struct RedisOptions {
    /// What all keys begin with.
    pub prefix: String,
    /// By whom the lease is held: an id that no other process has.
    pub holder: String,
    /// How long a lease lasts that is not renewed.
    pub lease: Duration,
    /// How long overwritten versions are kept, and with them the snapshots that need them: longer than a request may take.
    pub keep: Duration,
    /// Most overwritten versions that are kept.
    pub most_kept: usize,
    /// How old a snapshot may be when a request begins; for as long a failure to get one is remembered too.
    pub fresh: Duration,
    /// Room for documents that were read, in bytes as they are kept in the store.
    pub cache: u64,
    /// How long an answer may take.
    pub patience: Duration,
    /// How long a commit may take.
    pub commit_patience: Duration,
}

impl RedisOptions {
    /// The usual ones.
    pub fn new(holder: impl Into<String>) -> Self {
        Self {
            prefix: "tongyuan:".to_owned(),
            holder: holder.into(),
            lease: Duration::from_secs(10),
            keep: Duration::from_secs(30),
            most_kept: 20_000,
            fresh: Duration::from_millis(20),
            cache: 64 << 20,
            patience: Duration::from_secs(2),
            commit_patience: Duration::from_secs(10),
        }
    }
}
