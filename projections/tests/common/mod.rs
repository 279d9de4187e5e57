//! A small register in memory, told what happens and asked what is shown.
#![allow(dead_code, reason = "each test file uses some of it")]

pub mod acts;
pub mod served;

use std::{
    collections::{HashSet, VecDeque},
    future::Future,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeZone, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    codec::{Registered, Streamed, encode, encode_metadata},
    decider::{Circumstances, Decider},
    entry::{Adopt, Approve, Command, Draft, Entry, Event, Repeal, Review, Revise, Source, State, Step, Submit},
    envelope::{ActorId, Code, Position, StreamName, StreamVersion, event_id},
    register::{Content, Guide, Item, Outcome, OutcomeKind},
    value::{Contact, ContactKind, ItemType},
};
use journal::{
    AppendError, Appended, Budget, Expected, ExpectedVersion, Journal, MemoryJournal, NewEvent, Page, Recorded, RequestTo, StoreError,
    transact_on,
};
use projections::{Batch, Happened, Noted, Runner, RunnerError, SharedViews, Snapshot, ViewError, ViewStore, check_rebuild, views_of};
use uuid::Uuid;

/// Day of 2026, noon in China.
pub fn day(n: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 1, 4, 0, 0).unwrap() + chrono::Duration::days(n)
}

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn item(name: &str) -> Item {
    Item::new(name, ItemType::Permission, code("A1"))
}

/// A guide that may be submitted: it has what the checks ask of every guide.
pub fn guide(name: &str, item: &str) -> Guide {
    let contact = |value: &str| Contact { kind: ContactKind::Phone, value: value.into(), note: None };
    Guide {
        results: vec![Outcome { name: "证".into(), kind: OutcomeKind::Certificate, sample: None }],
        consult: vec![contact("12345")],
        complain: vec![contact("12388")],
        ..Guide::new(name, code(item), code("A1"))
    }
}

/// A person in a role, for whoever answers for a content.
pub fn person(id: &'static str, role: Role, content: &impl Content) -> Acting {
    let scope = content.agency().map_or(Scope::City, |agency| Scope::Agency(agency.clone()));
    Acting { person: PersonId::new(id), role, scope }
}

/// A register of which the test is the only writer.
pub struct Told {
    pub journal: Arc<MemoryJournal>,
    commands: u128,
}

impl Told {
    pub fn new() -> Self {
        Self { journal: Arc::new(MemoryJournal::new()), commands: 0 }
    }

    /// Gives a command as the import of a list does.
    pub async fn command<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, command: impl Into<Command<C>>) {
        self.give(at, now, Capacity::Import, command).await;
    }

    /// Gives a command as a person.
    pub async fn by<C: Registered>(&mut self, acting: Acting, at: &str, now: DateTime<Utc>, command: impl Into<Command<C>>) {
        self.give(at, now, Capacity::Person(acting), command).await;
    }

    /// Gives a command to what is no entry; a refused one changes nothing.
    pub async fn on<D: Streamed<Refusal: std::fmt::Debug>>(
        &mut self,
        at: &str,
        now: DateTime<Utc>,
        capacity: Capacity,
        command: impl Into<D::Command>,
    ) {
        self.commands += 1;
        let circumstances = Circumstances { now, actor: ActorId::new("test"), capacity, command: Uuid::from_u128(self.commands) };
        let request = RequestTo { code: code(at), expected: ExpectedVersion::Any, command: command.into(), circumstances };
        let _ = transact_on::<D>(self.journal.as_ref(), request, Budget::default()).await.unwrap();
    }

    /// Gives a command and appends what it leads to; a refused one changes nothing.
    async fn give<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, capacity: Capacity, command: impl Into<Command<C>>) {
        self.commands += 1;
        let id = Uuid::from_u128(self.commands);
        let stream = StreamName::new(C::REGISTER, code(at));
        let recorded = self.journal.read_stream(&stream, StreamVersion::FIRST, 1_000).await.unwrap();
        let past: Vec<Event<C>> = recorded.iter().map(|r| C::unwrap(Happened::read(r).unwrap().unwrap().event).unwrap()).collect();
        let circumstances = Circumstances { now, actor: ActorId::new("test"), capacity, command: id };
        let Ok(events) = Entry::<C>::decide(&Entry::<C>::fold(&past), command.into(), &circumstances) else { return };
        let new: Vec<_> = events
            .iter()
            .enumerate()
            .map(|(i, event)| {
                let stored = encode(event).unwrap();
                let metadata = circumstances.metadata(stored.schema);
                NewEvent { id: event_id(id, i), kind: stored.kind, metadata: encode_metadata(&metadata).unwrap(), payload: stored.payload }
            })
            .collect();
        if new.is_empty() {
            return;
        }
        let expected = recorded.last().map_or(Expected::NoStream, |r| Expected::Version(r.version));
        self.journal.append(&stream, expected, new).await.unwrap();
    }

    /// What the entry is at present.
    pub async fn state<C: Registered>(&self, at: &str) -> State<C> {
        let stream = StreamName::new(C::REGISTER, code(at));
        let recorded = self.journal.read_stream(&stream, StreamVersion::FIRST, 1_000).await.unwrap();
        let past: Vec<Event<C>> = recorded.iter().map(|r| C::unwrap(Happened::read(r).unwrap().unwrap().event).unwrap()).collect();
        Entry::<C>::fold(&past)
    }

    /// Writes a draft, or changes the one that there is.
    pub async fn draft<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, content: C) {
        let acting = person("p-drafter", Role::Drafter, &content);
        if self.state::<C>(at).await.pending.is_some() {
            self.by(acting, at, now, Revise { content }).await;
        } else {
            self.by(acting, at, now, Draft::of(content)).await;
        }
    }

    /// Takes the draft as far as it goes: to the openness office, to the approver, to publication.
    pub async fn carry<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, to: Step, from: Option<DateTime<Utc>>) {
        let Some(pending) = self.state::<C>(at).await.pending else { return };
        let (content, content_hash) = (pending.content.as_ref(), pending.content_hash);
        self.by::<C>(person("p-drafter", Role::Drafter, content), at, now, Submit::default()).await;
        if to == Step::Submitted {
            return;
        }
        self.by::<C>(person("p-reviewer", Role::Reviewer, content), at, now, Review { content_hash, revision: None }).await;
        if to == Step::Reviewed {
            return;
        }
        let approve = Approve { content_hash, document: "某政发〔2026〕1号".into(), effective_from: from, beside: Vec::new() };
        self.by::<C>(person("p-approver", Role::Approver, content), at, now, approve).await;
    }

    /// Writes a content down and publishes it by three persons.
    pub async fn approve<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, content: C, from: Option<DateTime<Utc>>) {
        self.draft(at, now, content).await;
        self.carry::<C>(at, now, Step::Draft, from).await;
    }

    /// Does something to a published entry as its approver.
    pub async fn as_approver<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, command: impl Into<Command<C>>) {
        let Some(latest) = self.state::<C>(at).await.latest else { return };
        self.by(person("p-approver", Role::Approver, latest.content.as_ref()), at, now, command).await;
    }

    pub async fn adopt<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, content: C, from: Option<DateTime<Utc>>) {
        let source = Source { file: "list".into(), ..Source::default() };
        self.command(at, now, Adopt { content, source, effective_from: from }).await;
    }

    pub async fn repeal<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, from: Option<DateTime<Utc>>) {
        let repeal = Repeal { effective_from: from, reason: "法律修改".into(), document: None, replaced_by: None, reform: None };
        self.command::<C>(at, now, repeal).await;
    }
}

/// A journal that leaves some of its events out of what is read, as one does whose events become readable out of order.
pub struct Hiding {
    below: Arc<MemoryJournal>,
    hidden: Mutex<HashSet<Position>>,
}

impl Hiding {
    pub fn over(told: &Told, hidden: impl IntoIterator<Item = u64>) -> Arc<Self> {
        let hidden = hidden.into_iter().map(Position::single).collect();
        Arc::new(Self { below: told.journal.clone(), hidden: Mutex::new(hidden) })
    }

    pub fn show_all(&self) {
        self.hidden.lock().unwrap().clear();
    }
}

#[async_trait]
impl Journal for Hiding {
    async fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.below.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: StreamVersion, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.below.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, after: Option<Position>, limit: usize) -> Result<Page, StoreError> {
        let mut page = self.below.read_all(after, limit).await?;
        let hidden = self.hidden.lock().unwrap();
        page.events.retain(|event| !hidden.contains(&event.position));
        Ok(page)
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.below.head().await
    }

    async fn wait(&self, after: Option<Position>) -> Result<(), StoreError> {
        self.below.wait(after).await
    }
}

/// What happens to a commit. Failures come in pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// It fails and nothing is kept.
    NotKept,
    /// It fails, but it is kept.
    Kept,
}

/// Views before others, with a fault for each of the commits to come.
pub struct FaultyViews {
    below: SharedViews,
    faults: Mutex<VecDeque<Fault>>,
}

impl FaultyViews {
    pub fn over(below: SharedViews, faults: impl IntoIterator<Item = Fault>) -> Arc<Self> {
        Arc::new(Self { below, faults: Mutex::new(faults.into_iter().collect()) })
    }
}

#[async_trait]
impl ViewStore for FaultyViews {
    async fn commit(&self, batch: Batch) -> Result<(), ViewError> {
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        if fault != Fault::NotKept {
            self.below.commit(batch).await?;
        }
        if fault == Fault::None { Ok(()) } else { Err(ViewError::Unavailable("a fault was asked for".into())) }
    }

    async fn snapshot(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.below.snapshot().await
    }

    async fn as_kept(&self) -> Result<Arc<dyn Snapshot>, ViewError> {
        self.below.as_kept().await
    }

    async fn begun(&self) -> Result<Option<Noted>, ViewError> {
        self.below.begun().await
    }

    async fn forget(&self, up_to: Position) -> Result<(), ViewError> {
        self.below.forget(up_to).await
    }
}

/// At every write of a runner, each of the pair, once and twice: it stops, and one that goes on where the views are comes to what is
/// built at once, made of as many events. `fresh` makes empty views.
pub async fn goes_on_after_every_fault<F: Future<Output = SharedViews>>(fresh: impl Fn() -> F) {
    const OF_A_BATCH: usize = 3;
    let mut told = Told::new();
    for n in 0..10 {
        told.adopt(&format!("I{n}"), day(n), item("甲"), None).await;
        told.adopt(&format!("G{n}"), day(n), guide("乙", &format!("I{}", n / 2)), None).await;
    }
    let rebuilt = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    let writes = usize::try_from(rebuilt.events()).unwrap().div_ceil(OF_A_BATCH);
    for fault in [Fault::NotKept, Fault::Kept] {
        for write in 0..writes {
            for times in [1, 2] {
                let case = format!("{fault:?} at write {write}, {times} times");
                let faults = std::iter::repeat_n(Fault::None, write).chain(std::iter::repeat_n(fault, times));
                let views = FaultyViews::over(fresh().await, faults);
                let mut stopped = 0;
                while let Err(error) = Runner::with_batch(told.journal.clone(), views.clone(), OF_A_BATCH).catch_up(&|_| ()).await {
                    assert!(matches!(error, RunnerError::Views(ViewError::Unavailable(_))), "{case}: {error}");
                    stopped += 1;
                }
                // What was kept without an answer is not given again: the last write has no other after it.
                let expected = if fault == Fault::Kept { times.min(writes - write) } else { times };
                assert_eq!(stopped, expected, "{case}");
                let live = views.snapshot().await.unwrap();
                assert_eq!((live.position(), live.events()), (rebuilt.position(), rebuilt.events()), "{case}");
                assert_eq!(check_rebuild(live.as_ref(), rebuilt.as_ref()).await.unwrap().differences, [], "{case}");
            }
        }
    }
}
