//! Clauses can fail: stores that break one promise each.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::envelope::Position;

use super::check;
use crate::begun::{Begun, Noted};
use crate::store::{Batch, MemoryViews, SharedViews, Snapshot, ViewError, ViewStore};

/// How a store is broken.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// A batch is committed in two halves.
    Halves,
    /// Whatever a batch builds upon, it is taken.
    AnyBase,
    /// A batch that is refused is said to be committed.
    AlwaysYes,
    /// A snapshot of before is given now and then.
    Back,
    /// A batch that is refused was committed all the same.
    RefusedAndKept,
    /// It counts what it changes, not what happened.
    CountsChanges,
    /// It notes what a refused batch begins.
    NotesRefused,
}

struct Faulty {
    below: MemoryViews,
    fault: Fault,
    earlier: Mutex<Vec<Arc<dyn Snapshot>>>,
    noted: Mutex<Vec<Begun>>,
}

#[async_trait]
impl ViewStore for Faulty {
    async fn commit(&self, mut batch: Batch) -> Result<(), ViewError> {
        let now = self.below.now().await?;
        // Time for those who look on: the faults are there between two commits.
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.earlier.lock().unwrap().push(now);
        match self.fault {
            Fault::Halves => {
                // A place between two: nobody asked for it.
                let second = batch.changes.split_off(batch.changes.len() / 2);
                let (commit, prepare) = batch.checkpoint.numbers();
                let between = domain::envelope::Position::pair(commit, prepare.saturating_sub(1));
                if between == batch.checkpoint {
                    batch.changes.extend(second);
                    return self.below.commit(batch).await;
                }
                self.below.commit(Batch { checkpoint: between, events: 0, ..batch.clone() }).await?;
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.below.commit(Batch { changes: second, base: Some(between), ..batch }).await
            }
            Fault::AnyBase => {
                let base = self.below.now().await?.position();
                self.below.commit(Batch { base, ..batch }).await
            }
            Fault::RefusedAndKept => {
                let refused = self.below.commit(batch.clone()).await;
                if refused.is_err() {
                    let base = self.below.now().await?.position();
                    let _ = self.below.commit(Batch { base, ..batch }).await;
                }
                refused
            }
            Fault::AlwaysYes => {
                let _ = self.below.commit(batch).await;
                Ok(())
            }
            Fault::CountsChanges => self.below.commit(Batch { events: batch.changes.len() as u64, ..batch }).await,
            Fault::NotesRefused => {
                let refused = self.below.commit(batch.clone()).await;
                if refused.is_err() {
                    self.noted.lock().unwrap().extend(batch.begun);
                }
                refused
            }
            Fault::Back => self.below.commit(batch).await,
        }
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        // The oldest of all that are left, until none is.
        let earlier = {
            let mut earlier = self.earlier.lock().unwrap();
            (earlier.len() > 2).then(|| earlier.remove(0))
        };
        match earlier {
            Some(earlier) if self.fault == Fault::Back => Ok(earlier),
            _ => self.below.now().await,
        }
    }

    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap());
        match self.below.begun().await? {
            Some(Noted { up_to, begun }) => Ok(Some(Noted { up_to, begun: [begun, noted].concat() })),
            None if noted.is_empty() => Ok(None),
            None => Ok(self.below.now().await?.position().map(|up_to| Noted { up_to, begun: noted })),
        }
    }

    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        self.below.forget(up_to).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_broken_promise_is_found() {
    for (fault, clause) in [
        (Fault::Halves, "a_batch_becomes_visible_whole"),
        (Fault::AnyBase, "a_batch_upon_another_checkpoint_is_refused_whole"),
        (Fault::AlwaysYes, "one_of_racing_batches_wins"),
        (Fault::RefusedAndKept, "a_batch_upon_another_checkpoint_is_refused_whole"),
        (Fault::CountsChanges, "a_checkpoint_counts_the_events_before_it"),
        (Fault::NotesRefused, "a_refused_batch_begins_nothing"),
        (Fault::Back, "a_checkpoint_never_goes_back"),
    ] {
        let views: SharedViews =
            Arc::new(Faulty { below: MemoryViews::default(), fault, earlier: Mutex::default(), noted: Mutex::default() });
        assert!(check(clause, views).await.is_err(), "{fault:?} passes {clause}");
    }
    let whole: SharedViews = Arc::new(MemoryViews::default());
    assert!(check("no_such_clause", whole).await.is_err());
}
