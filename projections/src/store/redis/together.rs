//! Entries that several requests want at once, asked for in one call.
//!
//! A call costs the store, the line and this process much the same for one entry as for ten. So while one is under way whoever wants
//! more waits for its end, and then one call asks for all of it. Who is alone waits for nobody.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use domain::value::Channel;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::sync::Semaphore;

use crate::store::{Entry, ViewError};

/// An entry as a channel holds it.
pub(super) type Asked = (Channel, Entry);

/// What is asked for, each once, and whether what it leads to is wanted too.
pub(super) type Wanted = HashMap<Asked, bool>;

/// A call; whoever waits for it drives it, so it goes on when the one who began it has gone away.
type Round<T> = Shared<BoxFuture<'static, Result<Arc<T>, ViewError>>>;

/// The calls of one snapshot.
pub(super) struct Together<T> {
    state: Arc<Mutex<State<T>>>,
    line: Arc<Semaphore>,
}

struct State<T> {
    /// What the next call asks for.
    wanted: Wanted,
    next: Option<Round<T>>,
}

impl<T: Send + Sync + 'static> Together<T> {
    /// So many calls at a time.
    pub(super) fn new(calls: usize) -> Self {
        let state = State { wanted: HashMap::new(), next: None };
        Self { state: Arc::new(Mutex::new(state)), line: Arc::new(Semaphore::new(calls)) }
    }

    /// What a call tells of these and of all that others want by then. `call` is used if no other waits to be made.
    pub(super) async fn ask<F>(&self, wanted: Wanted, call: impl FnOnce(Wanted) -> F + Send + 'static) -> Result<Arc<T>, ViewError>
    where
        F: Future<Output = Result<T, ViewError>> + Send + 'static,
    {
        let round = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            for (entry, follow) in wanted {
                *state.wanted.entry(entry).or_default() |= follow;
            }
            let begin = || round(Arc::downgrade(&self.state), self.line.clone(), call).boxed().shared();
            state.next.get_or_insert_with(begin).clone()
        };
        round.await
    }
}

/// Waits for its turn and asks for all that is wanted. It does not own the state: one that was begun and never driven is dropped with it.
async fn round<T, F>(state: Weak<Mutex<State<T>>>, line: Arc<Semaphore>, call: impl FnOnce(Wanted) -> F) -> Result<Arc<T>, ViewError>
where
    F: Future<Output = Result<T, ViewError>>,
{
    // The line is never closed; if it were, each would ask by itself.
    let _turn = line.acquire().await;
    let wanted = {
        let Some(state) = state.upgrade() else { return Err(ViewError::Outlived) };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.next = None;
        std::mem::take(&mut state.wanted)
    };
    call(wanted).await.map(Arc::new)
}

#[cfg(test)]
mod tests {
    use domain::register::Register;
    use futures::future::join;
    use tokio::sync::oneshot;

    use super::*;

    fn entry(code: &str) -> Asked {
        (Channel::Online, (Register::Item, code.parse().unwrap()))
    }

    fn one(code: &str, follow: bool) -> Wanted {
        HashMap::from([(entry(code), follow)])
    }

    /// A call that tells what it was asked for.
    async fn tell(wanted: Wanted) -> Result<Wanted, ViewError> {
        Ok(wanted)
    }

    #[tokio::test]
    async fn while_a_call_is_under_way_others_gather_for_the_next() {
        let together = Together::<Wanted>::new(1);
        let (answer, waits) = oneshot::channel::<()>();
        let first = together.ask(one("A", false), |wanted| async move {
            waits.await.unwrap();
            Ok(wanted)
        });
        let mut first = Box::pin(first);
        assert!(futures::poll!(first.as_mut()).is_pending());
        let mut gone = Box::pin(together.ask(one("B", true), tell));
        assert!(futures::poll!(gone.as_mut()).is_pending());
        let others = async {
            let (b, c) = (together.ask(one("B", false), tell), together.ask(one("C", false), tell));
            drop(gone);
            answer.send(()).unwrap();
            join(b, c).await
        };
        let (first, (b, c)) = join(first, others).await;
        assert_eq!(*first.unwrap(), one("A", false));
        let both = HashMap::from([(entry("B"), true), (entry("C"), false)]);
        assert_eq!((&*b.unwrap(), &*c.unwrap()), (&both, &both), "one call, also for who had gone, and each entry once");
        assert_eq!(*together.ask(one("A", false), tell).await.unwrap(), one("A", false), "nothing is left over");
    }

    #[tokio::test]
    async fn a_failure_reaches_all_who_waited_for_it_and_nobody_else() {
        let together = Together::<Wanted>::new(1);
        let fail = |_: Wanted| async { Err(ViewError::Unavailable("gone".into())) };
        let turn = together.line.clone().acquire_owned().await.unwrap();
        let both = join(together.ask(one("B", false), fail), together.ask(one("C", false), tell));
        let ((b, c), ()) = join(both, async { drop(turn) }).await;
        assert!(b.is_err() && c.is_err(), "they were asked for in one call");
        assert_eq!(*together.ask(one("B", false), tell).await.unwrap(), one("B", false));
    }

    #[tokio::test]
    async fn who_goes_away_in_the_middle_of_a_call_does_not_hold_the_line() {
        let together = Together::<Wanted>::new(1);
        let mut first = Box::pin(together.ask(one("A", false), |_| std::future::pending()));
        assert!(futures::poll!(first.as_mut()).is_pending());
        let mut second = Box::pin(together.ask(one("B", false), tell));
        assert!(futures::poll!(second.as_mut()).is_pending());
        drop(first);
        assert_eq!(*second.await.unwrap(), one("B", false));
    }

    #[tokio::test]
    async fn what_was_begun_and_never_driven_keeps_nothing() {
        let together = Together::<Wanted>::new(1);
        let kept = Arc::new(());
        let by_call = kept.clone();
        let mut never = Box::pin(together.ask(one("A", false), move |wanted| async move {
            drop(by_call);
            Ok(wanted)
        }));
        let (line, turn) = (together.line.clone(), together.line.clone().acquire_owned().await.unwrap());
        assert!(futures::poll!(never.as_mut()).is_pending());
        drop(never);
        drop(together);
        assert_eq!(Arc::strong_count(&kept), 1);
        drop((line, turn));
    }
}
