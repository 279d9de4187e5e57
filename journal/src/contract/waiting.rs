use std::time::Duration;

use domain::envelope::Position;
use tokio::time::{sleep, timeout};

use super::{
    Broken, Verdict, ensure,
    samples::{events, stream},
};
use crate::port::{Expected, SharedJournal};

/// Long enough for a slow machine; the promise is 50 ms.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who is behind the head does not wait.
pub(super) async fn waiting_ends_at_once_behind_the_head(journal: SharedJournal) -> Verdict {
    journal.append(&stream(0)?, Expected::NoStream, events(0, 1)).await?;
    let first = journal.head().await?;
    journal.append(&stream(1)?, Expected::NoStream, events(1, 1)).await?;
    for after in [None, first] {
        within(&journal, after).await?;
    }
    Ok(())
}

/// Who is at the head waits, and is woken by the next append; so is everyone else who waits.
pub(super) async fn waiting_ends_with_an_append(journal: SharedJournal) -> Verdict {
    for append in 0..5 {
        let head = journal.head().await?;
        let waiters: Vec<_> = (0..4)
            .map(|_| {
                let journal = journal.clone();
                tokio::spawn(async move {
                    // Waiting may end early; the reader sees that there is nothing and waits again.
                    while journal.read_all(head, 1).await?.events.is_empty() {
                        within(&journal, head).await?;
                    }
                    Ok::<_, Broken>(())
                })
            })
            .collect();
        sleep(Duration::from_millis(5)).await;
        journal.append(&stream(append)?, Expected::NoStream, events(append, 1)).await?;
        for waiter in waiters {
            waiter.await.map_err(|error| Broken(format!("a waiter panicked: {error}")))??;
        }
    }
    Ok(())
}

async fn within(journal: &SharedJournal, after: Option<Position>) -> Verdict {
    let waited = timeout(PATIENCE, journal.wait(after)).await;
    ensure!(waited.is_ok(), "someone still waited after {PATIENCE:?}, although there were events");
    Ok(waited.unwrap_or(Ok(()))?)
}
