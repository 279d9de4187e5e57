//! Documents that several fields ask for at once, in one round trip.
//!
//! The library's loader waits a millisecond, by a timer, for others to ask as well: longer than a store on the network takes to
//! answer. Here nobody waits for a time. Fields beside each other are polled one after the other by one task, so whoever asks first
//! steps back once, and by then all that can be asked for is.

use std::{
    collections::HashMap,
    future::poll_fn,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use domain::value::Channel;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use projections::{Document, Snapshot, ViewError};

/// An entry, as it is asked for.
pub type Asked = projections::Entry;

/// What a request has loaded of a channel, and what it is about to.
pub struct Batch {
    snapshot: Arc<dyn Snapshot>,
    channel: Channel,
    state: Arc<Mutex<State>>,
}

/// A round trip; whoever waits for it drives it, so it goes on when the one who began it has gone away.
type Round = Shared<BoxFuture<'static, Result<(), ViewError>>>;

#[derive(Default)]
struct State {
    /// What was loaded; nothing may be what there is.
    loaded: HashMap<Asked, Option<Document>>,
    /// What the next round asks for.
    wanted: Vec<Asked>,
    next: Option<Round>,
}

impl Batch {
    /// Documents of a snapshot.
    pub fn new(snapshot: Arc<dyn Snapshot>, channel: Channel) -> Self {
        Self { snapshot, channel, state: Arc::default() }
    }

    /// Documents of entries, in the order asked for.
    pub async fn load(&self, asked: &[Asked]) -> Result<Vec<Option<Document>>, ViewError> {
        // What another round loads already is asked for once more: that costs less than to look for it.
        if let Some(round) = self.join(asked) {
            round.await?;
        }
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(asked.iter().map(|entry| state.loaded.get(entry).cloned().flatten()).collect())
    }

    /// The round that loads what is not there yet; `None` if everything is.
    fn join(&self, asked: &[Asked]) -> Option<Round> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<_> = asked.iter().filter(|entry| !state.loaded.contains_key(entry)).cloned().collect();
        if missing.is_empty() {
            return None;
        }
        state.wanted.extend(missing);
        let begin = || round(self.snapshot.clone(), self.channel, Arc::downgrade(&self.state)).boxed().shared();
        Some(state.next.get_or_insert_with(begin).clone())
    }
}

/// Loads all that is wanted. It does not own what it fills: one that was begun and never driven is dropped with its request.
async fn round(snapshot: Arc<dyn Snapshot>, channel: Channel, state: Weak<Mutex<State>>) -> Result<(), ViewError> {
    step_back().await;
    let Some(state) = state.upgrade() else { return Ok(()) };
    let mut wanted = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.next = None;
        std::mem::take(&mut state.wanted)
    };
    wanted.sort_unstable();
    wanted.dedup();
    let documents = snapshot.get_with_next(channel, &wanted).await?;
    state.lock().unwrap_or_else(PoisonError::into_inner).loaded.extend(documents);
    Ok(())
}

/// Waits until the task that polls it has polled all else that it can. That is more than one poll away: each field that waits for the
/// round polls it.
fn step_back() -> impl Future<Output = ()> {
    let mut back: Option<Arc<Back>> = None;
    poll_fn(move |context| match &back {
        Some(back) if back.came.load(Ordering::Acquire) => Poll::Ready(()),
        Some(_) => Poll::Pending,
        None => {
            let coming = back.insert(Arc::new(Back { came: AtomicBool::new(false), task: context.waker().clone() }));
            // The runtime wakes whoever yields when the task has given it the word.
            let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&coming.clone().into()));
            Poll::Pending
        }
    })
}

struct Back {
    came: AtomicBool,
    task: Waker,
}

impl Wake for Back {
    fn wake(self: Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use async_trait::async_trait;
    use domain::{
        envelope::{Code, Position},
        register::Register,
    };
    use futures::future::{join, join3};
    use projections::{Key, Term};

    use super::*;

    /// A store that holds nothing, counts how often it is asked, and may fail.
    #[derive(Default)]
    struct Counting {
        asked: Mutex<Vec<usize>>,
        fails: AtomicUsize,
    }

    #[async_trait]
    impl Snapshot for Counting {
        fn position(&self) -> Option<Position> {
            None
        }

        fn events(&self) -> u64 {
            0
        }

        async fn get_many(&self, _: Channel, _: Register, _: &[Code]) -> Result<Vec<Option<Document>>, ViewError> {
            Err(ViewError::Outlived)
        }

        async fn get_entries(&self, _: Channel, entries: &[Asked]) -> Result<Vec<Option<Document>>, ViewError> {
            self.asked.lock().unwrap().push(entries.len());
            tokio::task::yield_now().await;
            if self.fails.load(Ordering::Relaxed) > 0 { Err(ViewError::Outlived) } else { Ok(vec![None; entries.len()]) }
        }

        async fn find(&self, _: Channel, _: Register, _: &[Term], _: Option<&Code>, _: usize) -> Result<Vec<Code>, ViewError> {
            Ok(Vec::new())
        }

        async fn count(&self, _: Channel, _: Register, _: &[Term]) -> Result<usize, ViewError> {
            Ok(0)
        }

        async fn keys(&self) -> Result<Vec<Key>, ViewError> {
            Ok(Vec::new())
        }
    }

    fn entry(register: Register, code: &str) -> Asked {
        (register, code.parse().unwrap())
    }

    #[tokio::test]
    async fn what_is_asked_for_at_once_is_one_round_trip_and_nothing_is_asked_for_twice() {
        let store = Arc::new(Counting::default());
        let batch = Batch::new(store.clone(), Channel::Online);
        let (a, b, c) = (entry(Register::Item, "A"), entry(Register::Agency, "B"), entry(Register::Item, "C"));
        let both = [a.clone(), b.clone()];
        let (one, two, three) = join3(batch.load(&both), batch.load(std::slice::from_ref(&a)), batch.load(std::slice::from_ref(&c))).await;
        assert_eq!((one.unwrap().len(), two.unwrap().len(), three.unwrap().len()), (2, 1, 1));
        assert_eq!(*store.asked.lock().unwrap(), [3]);
        batch.load(&[c, b, a]).await.unwrap();
        assert_eq!(*store.asked.lock().unwrap(), [3], "what is known is not asked for again");
    }

    #[tokio::test]
    async fn a_failure_reaches_all_who_asked_and_is_not_kept() {
        let store = Arc::new(Counting::default());
        store.fails.store(1, Ordering::Relaxed);
        let batch = Batch::new(store.clone(), Channel::Online);
        let a = [entry(Register::Item, "A")];
        let (one, two) = join(batch.load(&a), batch.load(&a)).await;
        assert!(matches!((one, two), (Err(ViewError::Outlived), Err(ViewError::Outlived))));
        store.fails.store(0, Ordering::Relaxed);
        assert!(batch.load(&a).await.unwrap()[0].is_none());
    }

    #[tokio::test]
    async fn whoever_goes_away_leaves_the_round_to_the_others_and_nothing_behind() {
        let store = Arc::new(Counting::default());
        let batch = Batch::new(store.clone(), Channel::Online);
        let a = [entry(Register::Item, "A")];
        let (mut first, second) = (Box::pin(batch.load(&a)), batch.load(&a));
        assert!(futures::poll!(first.as_mut()).is_pending());
        drop(first);
        assert_eq!(second.await.unwrap().len(), 1);
        let b = [entry(Register::Item, "B")];
        let mut never = Box::pin(batch.load(&b));
        assert!(futures::poll!(never.as_mut()).is_pending());
        drop(never);
        drop(batch);
        assert_eq!(Arc::strong_count(&store), 1, "the snapshot is free");
    }
}
