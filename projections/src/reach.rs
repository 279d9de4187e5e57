//! Whether a journal can be read, and since when not.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Silence after which a journal counts as one that cannot be read, though no read has failed yet: what is under way may take as long, also
/// while a cluster chooses another leader.
const SILENCE: Duration = Duration::from_secs(10);

/// Whether the journal can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// It answered the last read, and not long ago.
    pub reachable: bool,
    /// How long ago it answered last, by the clock of this node; where it never did, since it was asked first.
    pub unread: Duration,
}

/// What is known of that.
#[derive(Debug, Default)]
pub(crate) struct Hearing(Mutex<Option<Heard>>);

#[derive(Debug, Clone, Copy)]
struct Heard {
    answered: Instant,
    failed: bool,
}

impl Hearing {
    /// Reads, and notes whether there was an answer.
    pub(crate) async fn of<T, E: fmt::Display>(&self, read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let _ = self.heard().get_or_insert_with(|| Heard { answered: Instant::now(), failed: false });
        let answer = read.await;
        if let Some(heard) = &mut *self.heard() {
            match &answer {
                Err(error) if !heard.failed => tracing::error!(%error, "日志暂时无法读取 / the journal cannot be read at present"),
                Ok(_) if heard.failed => tracing::info!("the journal can be read again"),
                _ => {}
            }
            heard.failed = answer.is_err();
            if answer.is_ok() {
                heard.answered = Instant::now();
            }
        }
        answer
    }

    /// Whether the journal can be read; `None` before it was asked.
    pub(crate) fn reach(&self) -> Option<Reach> {
        let Heard { answered, failed } = (*self.heard())?;
        let unread = answered.elapsed();
        Some(Reach { reachable: !failed && unread < SILENCE, unread })
    }

    fn heard(&self) -> MutexGuard<'_, Option<Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
