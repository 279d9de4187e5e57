//! A reform that is cut off at any append, before it or after it: the same act again completes it, also after its day, and leads to what
//! an undisturbed one leads to.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use api::registrar::{
    Acted,
    reform::{Act, Authority, Outcome, Reformer},
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codec::decode_metadata,
    decider::Circumstances,
    entry::{Adopt, Source},
    envelope::{ActorId, EntryName, Position, StreamName, StreamVersion},
    register::{Item, Register},
};
use exchange::PlanRow;
use journal::{
    AppendError, Appended, Budget, Expected, ExpectedVersion, Journal, NewEvent, Page, Recorded, Request, SharedJournal, StoreError,
    transact,
};
use projections::{DeadlineQuery, Deadlines};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    reform::{city, item_of},
    support::{day, made},
};

/// A journal of which the machine stops at an append: it never answers from then on.
pub struct Cut {
    pub inner: SharedJournal,
    pub left: AtomicUsize,
    /// Whether the append at which it stops is kept.
    pub kept: bool,
    pub stopped: Arc<Notify>,
}

#[async_trait]
impl Journal for Cut {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() {
            return self.inner.append(stream, expected, events).await;
        }
        if self.kept {
            self.inner.append(stream, expected, events).await.unwrap();
        }
        self.stopped.notify_one();
        pending().await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.inner.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        self.inner.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.inner.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.inner.wait(after).await
    }
}

/// Two agencies become a new one, and one item goes elsewhere.
pub fn act() -> Act {
    let row = |row, from: &str, item: Option<&str>, to: Option<&str>, name: Option<&str>| PlanRow {
        row,
        from: from.into(),
        item: item.map(Into::into),
        to: to.map(Into::into),
        name: name.map(Into::into),
        ..PlanRow::default()
    };
    let plan = vec![
        row(2, "OLD1", None, None, Some("市场监督管理局")),
        row(3, "质监局", None, None, Some("市场监督管理局")),
        row(4, "OLD1", Some("I2"), Some("NEW"), None),
    ];
    Act::new(None, plan, "某政发〔2026〕9号".into(), day(30))
}

async fn carry_out(journal: SharedJournal, now: DateTime<Utc>) -> (usize, usize) {
    let reformer = Reformer::new(journal, Arc::new(move || now), Authority::Register(ActorId::new("reform")));
    let Outcome::Carried { done, .. } = reformer.reform(&act(), false, &|_, _| ()).await.unwrap() else { panic!("the plan is right") };
    assert!(done.iter().all(|done| done.refusal().is_none()), "{done:?}");
    let unchanged = done.iter().filter(|done| done.acted == Acted::Unchanged).count();
    (done.len() - unchanged, unchanged)
}

/// What is in a journal, entry by entry, without when it was written.
async fn told(journal: &SharedJournal) -> BTreeMap<String, Vec<(String, Vec<u8>)>> {
    let mut told: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for recorded in journal.read_all(None, usize::MAX).await.unwrap().events {
        told.entry(recorded.stream.to_string()).or_default().push((recorded.kind, recorded.payload));
    }
    told
}

/// All events of the reform were decided when the first was recorded, and each says when it was recorded itself (Art. 10(2)).
async fn decided_once(journal: &SharedJournal, before: usize, completed: DateTime<Utc>) {
    let all = journal.read_all(None, usize::MAX).await.unwrap().events;
    for recorded in &all[before..] {
        let metadata = decode_metadata(&recorded.metadata).unwrap();
        assert_eq!(metadata.decided(), made(), "{}", recorded.stream);
        assert!(metadata.at == made() || metadata.at == completed, "{}", recorded.stream);
        assert_eq!(metadata.decided_at.is_some(), metadata.at != made(), "told where it is another time: {}", recorded.stream);
    }
}

#[tokio::test]
async fn what_a_reform_reaches_after_it_was_cut_off_is_due_from_its_decision() {
    let inner = city().await.journal;
    let stopped = Arc::new(Notify::new());
    let cut = Cut { inner: inner.clone(), left: AtomicUsize::new(1), kept: false, stopped: stopped.clone() };
    tokio::select! {
        done = carry_out(Arc::new(cut), made()) => panic!("it came to its end: {done:?}"),
        () = stopped.notified() => {}
    }
    // There are no receipts, so that only what is not over is a case.
    let later = made() + TimeDelta::hours(3);
    let reformer = Reformer::new(inner.clone(), Arc::new(move || later), Authority::Register(ActorId::new("reform")));
    let Outcome::Carried { done, begun_at, .. } = reformer.reform(&act(), true, &|_, _| ()).await.unwrap() else { panic!("it was begun") };
    let left = done.iter().filter(|done| done.acted != Acted::Unchanged).count();
    assert_eq!((begun_at, left), (Some(made()), done.len() - 1), "a dry run tells that it was cut off");
    carry_out(inner.clone(), later).await;
    let query = DeadlineQuery { entry: Some(EntryName::new(Register::Item, "I2".parse().unwrap())), ..DeadlineQuery::default() };
    let page = Deadlines::new(inner).page(&query, |_| true, (later, None), (None, 100)).await.unwrap();
    let of_reform: Vec<_> = page.cases.iter().filter(|case| case.revision == Some(2)).collect();
    let [case] = of_reform.as_slice() else { panic!("{page:?}") };
    assert_eq!((case.trigger, case.judgement.start), (made(), Some(made())), "{case:?}");
}

#[tokio::test]
async fn what_was_changed_after_the_cut_is_handed_over_no_earlier_than_that() {
    let inner = city().await.journal;
    let stopped = Arc::new(Notify::new());
    let cut = Cut { inner: inner.clone(), left: AtomicUsize::new(1), kept: false, stopped: stopped.clone() };
    tokio::select! {
        done = carry_out(Arc::new(cut), made()) => panic!("it came to its end: {done:?}"),
        () = stopped.notified() => {}
    }
    let (changed, completed) = (made() + TimeDelta::hours(1), made() + TimeDelta::hours(3));
    let source = Source { file: "list".into(), ..Source::default() };
    let request = Request {
        code: "I2".parse().unwrap(),
        expected: ExpectedVersion::Any,
        command: Adopt { content: item_of("OLD1", "年度检验"), source, effective_from: None }.into(),
        circumstances: Circumstances::of_import(changed, ActorId::new("list"), Uuid::from_u128(7_000)),
    };
    let outcome = transact::<Item>(inner.as_ref(), request, Budget::default()).await.unwrap();
    assert!(matches!(outcome, journal::transact::Outcome::Applied(_)), "{outcome:?}");
    carry_out(inner.clone(), completed).await;
    let history = journal::load::<Item>(inner.as_ref(), &"I2".parse().unwrap()).await.unwrap().history;
    let moments: Vec<_> = history[history.len() - 2..].iter().map(|past| (past.metadata.decided(), past.metadata.at)).collect();
    assert_eq!(moments, [(changed, changed), (changed, completed)], "what it was done to was not there when the act was begun");
}

#[tokio::test]
async fn a_reform_that_is_cut_off_at_any_append_is_completed_by_the_same_again() {
    let undisturbed = city().await.journal;
    let before = undisturbed.read_all(None, usize::MAX).await.unwrap().events.len();
    let (steps, _) = carry_out(undisturbed.clone(), made()).await;
    let expected = told(&undisturbed).await;
    assert_eq!(undisturbed.read_all(None, usize::MAX).await.unwrap().events.len(), before + steps);
    assert_eq!(carry_out(undisturbed.clone(), made()).await, (0, steps), "once it is done nothing changes");
    let mut cut_in_the_middle = 0;
    for at in 0..steps {
        for kept in [false, true] {
            let inner = city().await.journal;
            let stopped = Arc::new(Notify::new());
            let cut = Cut { inner: inner.clone(), left: AtomicUsize::new(at), kept, stopped: stopped.clone() };
            tokio::select! {
                done = carry_out(Arc::new(cut), made()) => panic!("cut at {at} it came to its end: {done:?}"),
                () = stopped.notified() => {}
            }
            let there = inner.read_all(None, usize::MAX).await.unwrap().events.len() - before;
            assert!(there >= at && there <= steps, "cut at {at}: {there}");
            cut_in_the_middle += usize::from(there > 0 && there < steps);
            // Half of the time it is completed after the day only. What was not begun then is too late, and that is right.
            let now = if at % 2 == 1 { day(31) } else { made() };
            assert_eq!(carry_out(inner.clone(), now).await, (steps - there, there), "cut at {at}");
            assert!(told(&inner).await == expected, "cut at {at}, {kept}: another register");
            decided_once(&inner, before, now).await;
        }
    }
    assert!(cut_in_the_middle > steps, "{cut_in_the_middle} of {} cuts fell into the middle", 2 * steps);
}
