use std::{
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use redis::{AsyncConnectionConfig, Script, Value, aio::MultiplexedConnection};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::address::{RedisAddress, Source};
use crate::store::ViewError;

/// A connection that is made when it is needed, and anew after it failed.
pub(super) struct Link {
    dial: Mutex<Dial>,
    open: RwLock<Option<(u64, MultiplexedConnection)>>,
    /// Connections that were made so far.
    opened: AtomicU64,
    address: RedisAddress,
    patience: Duration,
}

/// How connections are made.
struct Dial {
    source: Source,
    /// When the last attempt ended, and why, if it failed.
    missed: Option<(Instant, ViewError)>,
}

/// Time that a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(2);

impl Link {
    pub(super) fn new(address: &RedisAddress, patience: Duration) -> Result<Self, ViewError> {
        let source = address.source().map_err(|error| unavailable(address, &error))?;
        let dial = Mutex::new(Dial { source, missed: None });
        Ok(Self { dial, open: RwLock::default(), opened: AtomicU64::new(0), address: address.clone(), patience })
    }

    /// Runs a script that changes nothing: once more on a new connection if the one at hand was cut.
    pub(super) async fn read(&self, script: &Script, arguments: &[Vec<u8>]) -> Result<Value, ViewError> {
        match self.once(script, arguments).await {
            Err(Failed { cut: true, .. }) => self.run(script, arguments).await,
            answered => answered.map_err(|failed| failed.error),
        }
    }

    /// Runs a script. An answer that does not come in time, or a server that may not be used as it is, closes the connection; the
    /// next call makes another one, through the Sentinels if there are any.
    pub(super) async fn run(&self, script: &Script, arguments: &[Vec<u8>]) -> Result<Value, ViewError> {
        self.once(script, arguments).await.map_err(|failed| failed.error)
    }

    async fn once(&self, script: &Script, arguments: &[Vec<u8>]) -> Result<Value, Failed> {
        let (number, mut connection) = self.connection().await?;
        let mut call = script.prepare_invoke();
        for argument in arguments {
            call.arg(argument);
        }
        match timeout(self.patience, call.invoke_async::<Value>(&mut connection)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                let cut = error.is_connection_dropped() || (error.is_io_error() && !error.is_timeout());
                // A replica, one that loads, one in trouble: somebody else may be the master by now.
                if cut || error.is_timeout() || error.is_unrecoverable_error() || needs_another(&error) {
                    self.close(number);
                }
                Err(Failed { error: unavailable(&self.address, &error), cut })
            }
            Err(_) => {
                self.close(number);
                let words = format!("{}: no answer within {} s", self.address, self.patience.as_secs_f64());
                Err(ViewError::Unavailable(words).into())
            }
        }
    }

    fn current(&self) -> Option<(u64, MultiplexedConnection)> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn close(&self, number: u64) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        // Another call may have made a new one meanwhile.
        if open.as_ref().is_some_and(|(current, _)| *current == number) {
            *open = None;
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), ViewError> {
        if let Some(open) = self.current() {
            return Ok(open);
        }
        let came = Instant::now();
        // One at a time connects; the others find what it made, or why it could not.
        let mut dial = self.dial.lock().await;
        if let Some(open) = self.current() {
            return Ok(open);
        }
        if let Some((_, error)) = dial.missed.as_ref().filter(|(ended, _)| *ended >= came) {
            return Err(error.clone());
        }
        let connected = self.connect(&mut dial.source).await;
        dial.missed = connected.as_ref().err().map(|error| (Instant::now(), error.clone()));
        connected
    }

    async fn connect(&self, source: &mut Source) -> Result<(u64, MultiplexedConnection), ViewError> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECTING)).set_response_timeout(Some(self.patience));
        let connecting = async {
            match source {
                Source::Direct(client) => client.get_multiplexed_async_connection_with_config(&config).await,
                Source::Sentinel(client) => client.get_async_connection_with_config(&config).await,
            }
        };
        let connected = timeout(CONNECTING * 2, connecting).await;
        let connected = connected.map_err(|_| ViewError::Unavailable(format!("{}: no connection in time", self.address)))?;
        let mut connection = connected.map_err(|error| unavailable(&self.address, &error))?;
        let info = timeout(self.patience, redis::cmd("INFO").query_async::<String>(&mut connection)).await;
        let info = info.map_err(|_| ViewError::Unavailable(format!("{}: no answer", self.address)))?;
        self.fits(&info.map_err(|error| unavailable(&self.address, &error))?)?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        *open = Some((number, connection.clone()));
        Ok((number, connection))
    }

    /// Whether the server can keep the promises of a view store.
    fn fits(&self, info: &str) -> Result<(), ViewError> {
        let said = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or_default().trim();
        let major = said("redis_version").split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or(0);
        if major < 7 {
            let words = "需要 Redis 7 或更高版本 / Redis 7 or later is needed, this one is";
            return Err(ViewError::Unavailable(format!("{}: {words} {}", self.address, said("redis_version"))));
        }
        if said("redis_mode") == "cluster" {
            let words = "不支持 Redis Cluster 模式，请用单机或 Sentinel / a Redis Cluster is not supported, use one server or Sentinel";
            return Err(ViewError::Unavailable(format!("{}: {words}", self.address)));
        }
        // With part of the keys thrown away an answer would be wrong and look right.
        let policy = said("maxmemory_policy");
        if policy.starts_with("allkeys") {
            let words = "会淘汰数据，请设 maxmemory-policy noeviction / it may evict keys: set maxmemory-policy noeviction";
            return Err(ViewError::Unavailable(format!("{}: {policy} {words}", self.address)));
        }
        Ok(())
    }
}

/// A call that failed.
struct Failed {
    error: ViewError,
    /// Whether the connection was cut, maybe long before.
    cut: bool,
}

impl From<ViewError> for Failed {
    fn from(error: ViewError) -> Self {
        Self { error, cut: false }
    }
}

fn needs_another(error: &redis::RedisError) -> bool {
    matches!(error.code(), Some("READONLY" | "LOADING" | "MASTERDOWN" | "BUSY" | "NOAUTH"))
}

/// A failure in words that hold no password: the address is shown without, and Redis does not repeat one.
fn unavailable(address: &RedisAddress, error: &redis::RedisError) -> ViewError {
    ViewError::Unavailable(format!("{address}: {error}"))
}
