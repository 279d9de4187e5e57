//! What is seen while others write.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{
    Broken, Verdict, ensure,
    samples::{AllOf, all_of, batch},
};
use crate::store::{SharedViews, ViewError};

/// Batches that a writer commits without pause.
const BATCHES: u64 = 120;

/// Items of each.
const ITEMS: usize = 40;

/// A writer that commits without pause; the flag is set when it is done, however it ends.
fn write(views: SharedViews) -> (Arc<AtomicBool>, tokio::task::JoinHandle<Verdict>) {
    struct Done(Arc<AtomicBool>);
    impl Drop for Done {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }
    let done = Arc::new(AtomicBool::new(false));
    let guard = Done(done.clone());
    let writing = tokio::spawn(async move {
        let _guard = guard;
        for number in 1..=BATCHES {
            views.commit(batch(number, ITEMS)?).await?;
        }
        Ok(())
    });
    (done, writing)
}

/// What became of a task that must not die.
async fn ended<T>(task: tokio::task::JoinHandle<Result<T, Broken>>) -> Result<T, Broken> {
    task.await.map_err(|error| Broken(format!("a task died: {error}")))?
}

pub(super) async fn a_batch_becomes_visible_whole(views: SharedViews) -> Verdict {
    let (done, writing) = write(views.clone());
    let readers = (0..3).map(|_| {
        let (views, done) = (views.clone(), done.clone());
        tokio::spawn(async move {
            let (mut answered, mut refused) = (0, 0);
            loop {
                let last = done.load(Ordering::Acquire);
                match all_of(views.snapshot().await?.as_ref(), ITEMS).await {
                    Ok(_) => answered += 1,
                    Err(AllOf::Refused(ViewError::Outlived)) => refused += 1,
                    Err(broken) => return Err(broken.into()),
                }
                if last {
                    return Ok::<_, Broken>((answered, refused));
                }
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        let (answered, refused) = ended(reader).await?;
        ensure!(answered > 0, "no answers and {refused} refusals while a projector writes");
    }
    ended(writing).await?;
    ensure!(all_of(views.snapshot().await?.as_ref(), ITEMS).await? == Some(BATCHES), "not the last batch");
    Ok(())
}

pub(super) async fn a_snapshot_stays_where_it_is(views: SharedViews) -> Verdict {
    let before = views.snapshot().await?;
    views.commit(batch(1, ITEMS)?).await?;
    let first = views.snapshot().await?;
    for number in 2..=10 {
        views.commit(batch(number, ITEMS)?).await?;
        for (snapshot, expected) in [(&before, None), (&first, Some(1))] {
            match all_of(snapshot.as_ref(), ITEMS).await {
                Ok(said) => ensure!(said == expected, "a snapshot of {expected:?} says {said:?}"),
                Err(AllOf::Refused(ViewError::Outlived)) => {
                    ensure!(snapshot.is_outlived(), "a snapshot that was given up does not say so");
                }
                Err(broken) => return Err(broken.into()),
            }
            let keys = match snapshot.keys().await {
                Err(ViewError::Outlived) => continue,
                keys => keys?.len(),
            };
            ensure!(keys == expected.map_or(0, |_| 2 * ITEMS), "a snapshot of {expected:?} has {keys} keys");
        }
    }
    Ok(())
}

pub(super) async fn a_checkpoint_never_goes_back(views: SharedViews) -> Verdict {
    let (done, writing) = write(views.clone());
    let mut seen = None;
    while !done.load(Ordering::Acquire) {
        let position = views.snapshot().await?.position();
        ensure!(position >= seen, "the checkpoint went from {seen:?} to {position:?}");
        seen = position;
    }
    ended(writing).await
}
