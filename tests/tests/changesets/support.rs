//! A desk with a few entries, and the persons of a change.

use std::sync::Arc;

use api::{
    auth::{Caller, Grant, Office, testing},
    clock::Clock,
    registrar::{
        change::{Became, ChangeError, Desk},
        changeset::{Change, LoadedSet, Proposal, SetAsk, SetChanged, act, load_set, propose},
    },
};
use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    changeset::{Approve, Command, Origin, Return, Review, Withdraw},
    codec::Registered,
    decider::Circumstances,
    entry::{self, Adopt, Draft, Source, State},
    envelope::{ActorId, Code},
    register::{Item, Register},
    value::{Hash, ItemType, LegalBasis},
};
use journal::{
    MemoryJournal, SharedJournal,
    transact::{Budget, ExpectedVersion, Outcome, Request, transact},
};
use uuid::Uuid;

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn now() -> DateTime<Utc> {
    "2026-03-02T04:00:00Z".parse().unwrap()
}

/// A clock that stands still.
pub fn clock() -> Clock {
    Arc::new(now)
}

pub fn item(name: &str) -> Item {
    of("A1", name)
}

pub fn of(agency: &str, name: &str) -> Item {
    let mut item = Item::new(name, ItemType::Penalty, code(agency));
    item.legal_bases.push(LegalBasis { title: "中华人民共和国统计法".into(), ..LegalBasis::default() });
    item
}

pub fn caller(person: &str, role: Role, agency: Option<&str>) -> Arc<Caller> {
    let scope = agency.map_or(Scope::City, |agency| Scope::Agency(code(agency)));
    let grant = Grant { office: Office::Change(role), scope };
    Arc::new(testing::caller(&format!("account-{person}"), person, vec![grant]).unwrap())
}

/// A person who drafts for several agencies, `None` for the city.
pub fn drafting_for(agencies: &[Option<&str>]) -> Arc<Caller> {
    let scope = |agency: Option<&str>| agency.map_or(Scope::City, |agency| Scope::Agency(code(agency)));
    let grants = agencies.iter().map(|agency| Grant { office: Office::Change(Role::Drafter), scope: scope(*agency) }).collect();
    Arc::new(testing::caller("account-p-d", "p-d", grants).unwrap())
}

pub fn drafter() -> Arc<Caller> {
    caller("p-d", Role::Drafter, Some("A1"))
}

pub fn reviewer() -> Arc<Caller> {
    caller("p-r", Role::Reviewer, None)
}

pub fn approver() -> Arc<Caller> {
    caller("p-a", Role::Approver, Some("A1"))
}

/// A desk over a journal; what is asked is numbered.
pub struct Bench {
    pub desk: Desk,
}

impl Bench {
    pub fn over(journal: SharedJournal) -> Self {
        Self { desk: Desk::new(journal) }
    }

    /// A register with I1 to I4 of the agency A1, adopted from a list.
    pub async fn new() -> Self {
        let bench = Self::over(Arc::new(MemoryJournal::new()));
        bench.fill().await;
        bench
    }

    pub async fn fill(&self) {
        for at in ["I1", "I2", "I3", "I4"] {
            self.adopt(at, item(&format!("事项{at}"))).await;
        }
    }

    pub async fn adopt(&self, at: &str, content: Item) {
        self.adopt_any(at, content).await;
    }

    pub async fn adopt_any<C: Registered>(&self, at: &str, content: C) {
        let source = Source { file: "2025.xlsx".into(), ..Source::default() };
        self.give::<C>(at, Capacity::Import, Adopt { content, source, effective_from: None }.into()).await;
    }

    pub async fn give<C: Registered>(&self, at: &str, capacity: Capacity, command: entry::Command<C>) {
        let circumstances = Circumstances {
            now: now(),
            actor: ActorId::new("singly"),
            capacity,
            command: Uuid::new_v5(&Uuid::nil(), format!("{at} {command:?}").as_bytes()),
        };
        let request = Request { code: code(at), expected: ExpectedVersion::Any, command, circumstances };
        let outcome = transact::<C>(self.desk.journal.as_ref(), request, Budget::default()).await.unwrap();
        assert!(matches!(outcome, Outcome::Applied(_)), "{at}: {outcome:?}");
    }

    /// Gives a command to one entry, beside all sets.
    pub async fn singly(&self, person: &'static str, role: Role, at: &str, command: impl Into<entry::Command<Item>>) {
        let acting = Acting { person: PersonId::new(person), role, scope: Scope::Agency(code("A1")) };
        self.give::<Item>(at, Capacity::Person(acting), command.into()).await;
    }

    pub async fn state(&self, at: &str) -> State<Item> {
        journal::load::<Item>(self.desk.journal.as_ref(), &code(at)).await.unwrap().state
    }

    /// What is published of an entry, and where its draft stands: `name step`.
    pub async fn told(&self, at: &str) -> String {
        let state = self.state(at).await;
        let name = state.latest.as_ref().map_or("-", |latest| &latest.content.name);
        let draft = state.step().map_or_else(|| "-".to_owned(), |step| format!("{step:?}"));
        let end = if state.repeal.is_some() { " repealed" } else { "" };
        format!("{name} {draft}{end}")
    }

    pub async fn propose(&self, who: &Caller, id: u128, set: Option<&Code>, changes: Vec<Change>) -> Result<SetChanged, ChangeError> {
        let origin = Origin { title: "某市统计局2026年权责清单".into(), list_key: Some("L".into()), ..Origin::default() };
        let proposal = Proposal { id: Uuid::from_u128(id), code: set.cloned(), origin, changes };
        propose(&self.desk, who, proposal, &clock(), &|_| ()).await
    }

    pub async fn ask(&self, who: &Caller, id: u128, set: &Code, command: impl Into<Command>) -> Result<SetChanged, ChangeError> {
        self.ask_expecting(who, id, (set, ExpectedVersion::Any), command).await
    }

    pub async fn ask_expecting(
        &self,
        who: &Caller,
        id: u128,
        (set, expected): (&Code, ExpectedVersion),
        command: impl Into<Command>,
    ) -> Result<SetChanged, ChangeError> {
        let ask = SetAsk { id: Uuid::from_u128(id), code: set.clone(), expected, command: command.into() };
        act(&self.desk, who, ask, &clock(), &|_| ()).await
    }

    /// A set of three: N1 is new, I1 changed, I2 gone.
    pub async fn proposed(&self) -> Code {
        self.proposed_of(three()).await
    }

    async fn proposed_of(&self, changes: Vec<Change>) -> Code {
        let proposed = self.propose(&drafter(), 1, None, changes).await.unwrap();
        assert!(matches!(proposed.became, Became::Applied(_)), "{proposed:?}");
        proposed.code
    }

    /// The same, reviewed.
    pub async fn reviewed(&self) -> Code {
        self.reviewed_of(three()).await
    }

    /// A set of these, reviewed.
    pub async fn reviewed_of(&self, changes: Vec<Change>) -> Code {
        let set = self.proposed_of(changes).await;
        let reviewed = self.ask(&reviewer(), 2, &set, self.review(&set).await).await.unwrap();
        assert!(matches!(reviewed.became, Became::Applied(_)), "{reviewed:?}");
        set
    }

    pub async fn set(&self, set: &Code) -> LoadedSet {
        load_set(self.desk.journal.as_ref(), set).await.unwrap()
    }

    pub async fn hash(&self, set: &Code) -> Hash {
        self.set(set).await.state.hash.unwrap()
    }

    pub async fn review(&self, set: &Code) -> Review {
        Review { hash: self.hash(set).await }
    }

    pub async fn approve(&self, set: &Code) -> Approve {
        Approve { hash: self.hash(set).await, document: "某政发〔2026〕1号".into(), effective_from: None }
    }

    /// Number of events in the journal.
    pub async fn events(&self) -> usize {
        self.desk.journal.read_all(None, usize::MAX).await.unwrap().events.len()
    }
}

pub fn to(at: &str, name: &str) -> Change {
    Change::to(code(at), item(name), None)
}

pub fn gone(at: &str) -> Change {
    Change::gone(Register::Item, code(at), "新版清单未再列入".into())
}

pub fn three() -> Vec<Change> {
    vec![to("N1", "新事项"), to("I1", "事项I1改"), gone("I2")]
}

pub fn return_() -> Return {
    Return { reason: "缺依据".into() }
}

pub fn withdraw() -> Withdraw {
    Withdraw { reason: "不再需要".into() }
}

pub fn draft(name: &str) -> Draft<Item> {
    Draft::of(item(name))
}

/// What became of a command, in a word.
pub fn word(changed: &Result<SetChanged, ChangeError>) -> String {
    match changed {
        Err(ChangeError::Forbidden) => "FORBIDDEN".into(),
        Err(_) => "FAILED".into(),
        Ok(changed) => match &changed.became {
            Became::Applied(_) => "APPLIED".into(),
            Became::Unchanged(_) => "UNCHANGED".into(),
            Became::Refused(refused) => refused.code.into(),
            Became::Conflict => "CONFLICT".into(),
            Became::Unknown => "UNKNOWN".into(),
        },
    }
}

/// The members that forbid it, each with its code.
pub fn members(changed: &Result<SetChanged, ChangeError>) -> Vec<String> {
    let members = changed.as_ref().unwrap().members.iter();
    members.map(|member| format!("{} {}", member.entry.code, member.refused.code)).collect()
}
