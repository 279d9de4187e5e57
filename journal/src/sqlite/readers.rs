//! A few read-only connections, used on blocking threads, so that reading never holds up the runtime.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{errors::store_error, open, rows::ReadError, tail::Session};
use crate::port::StoreError;

/// Reads at the same time. More would wait for the same disk.
const CONNECTIONS: usize = 4;

pub(super) struct Readers {
    path: PathBuf,
    turns: Arc<Semaphore>,
    /// Open and not in use.
    idle: Mutex<Vec<Session>>,
}

impl Readers {
    pub(super) fn new(path: &Path, first: Connection) -> Self {
        Self { path: path.to_owned(), turns: Arc::new(Semaphore::new(CONNECTIONS)), idle: Mutex::new(vec![Session::new(first)]) }
    }

    /// Reads on a blocking thread, in its turn. A read whose caller went away is finished and its answer dropped.
    pub(super) async fn read<T, F>(self: &Arc<Self>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T, ReadError> + Send + 'static,
    {
        let closed = || StoreError::Other(format!("{0} 已关闭 / {0} was closed", self.path.display()));
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| closed())?;
        let readers = self.clone();
        let done = spawn_blocking(move || {
            let answer = readers.on_a_connection(work);
            drop(turn);
            answer
        });
        done.await.unwrap_or_else(|_| Err(closed()))
    }

    fn on_a_connection<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, ReadError>) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let mut session = match idle {
            Some(session) => session,
            None => Session::new(open::reading(&self.path)?),
        };
        let answer = work(&mut session).map_err(|error| match error {
            ReadError::Sqlite(error) => store_error(&self.path, &error),
            damaged @ ReadError::Damaged(_) => {
                StoreError::NotAJournal { path: self.path.display().to_string(), reason: damaged.to_string() }
            }
        });
        // A connection that failed is not trusted with the next read.
        if answer.is_ok() && !self.turns.is_closed() {
            self.idle().push(session);
        }
        answer
    }

    /// Closes what is not in use; what is closes itself when it is done.
    pub(super) fn close(&self) {
        self.turns.close();
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
