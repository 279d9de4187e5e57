//! What people change, written into a journal without asking the schema.

use std::sync::Arc;

use api::registrar::{
    change::{Became, Desk},
    changeset::{Change, Proposal, propose},
};
use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    changeset::Origin,
    codec::Registered,
    decider::Circumstances,
    entry::{Adopt, Approve, Command, Draft, Review, Source, Submit},
    envelope::{ActorId, Code},
    register::{Agency, Guide, Item, Outcome as Result, OutcomeKind},
    value::{Contact, ContactKind, Hash, ItemType},
};
use journal::{
    MemoryJournal, SharedJournal,
    transact::{Budget, ExpectedVersion, Outcome, Request, transact},
};
use uuid::Uuid;

use super::{
    callers::{caller, grant},
    support::{day, moment},
};

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn agency(name: &str) -> Agency {
    Agency { name: name.into(), ..Agency::default() }
}

pub fn item(name: &str) -> Item {
    Item::new(name, ItemType::Permission, code("A1"))
}

/// A guide that may be submitted: it has what the checks ask of every guide.
pub fn guide(name: &str, item: &str) -> Guide {
    let contact = |value: &str| Contact { kind: ContactKind::Phone, value: value.into(), note: None };
    Guide {
        results: vec![Result { name: "证".into(), kind: OutcomeKind::Certificate, sample: None }],
        consult: vec![contact("12345")],
        complain: vec![contact("12388")],
        ..Guide::new(name, code(item), code("A1"))
    }
}

/// Writes into a journal without asking the schema.
pub struct Pen {
    pub journal: SharedJournal,
    commands: u128,
}

impl Pen {
    pub fn new() -> Self {
        Self { journal: Arc::new(MemoryJournal::new()), commands: 0 }
    }

    async fn give<C: Registered>(&mut self, at: &str, now: DateTime<Utc>, capacity: Capacity, command: impl Into<Command<C>>) {
        self.commands += 1;
        let circumstances = Circumstances { now, actor: ActorId::new("planter"), capacity, command: Uuid::from_u128(self.commands) };
        let request = Request { code: code(at), expected: ExpectedVersion::Any, command: command.into(), circumstances };
        let outcome = transact::<C>(self.journal.as_ref(), request, Budget::default()).await.unwrap();
        assert!(matches!(outcome, Outcome::Applied(_)), "{at}: {outcome:?}");
    }

    /// Takes over a line of a list.
    pub async fn adopt<C: Registered>(&mut self, at: &str, content: C) {
        let source = Source { file: "list".into(), ..Source::default() };
        self.give(at, day(-9), Capacity::Import, Adopt { content, source, effective_from: None }).await;
    }

    /// Gives a command as the import of a list, with a moment of its own.
    pub async fn import<C: Registered>(&mut self, at: &str, adopt: Adopt<C>) {
        self.give(at, day(-8), Capacity::Import, adopt).await;
    }

    /// Gives a command as a person, who acts for whoever answers for the content.
    pub async fn by<C: Registered>(&mut self, person: &'static str, role: Role, of: &C, at: &str, command: impl Into<Command<C>>) {
        let scope = of.agency().map_or(Scope::City, |agency| Scope::Agency(agency.clone()));
        let acting = Acting { person: PersonId::new(person), role, scope };
        self.give(at, day(-3), Capacity::Person(acting), command).await;
    }

    /// Proposes changes of the agency A1 as a set.
    pub async fn set(&mut self, title: &str, changes: Vec<Change>) {
        let drafter = caller("planted-account", "planted-drafter", vec![grant(Role::Drafter, Some("A1"))]);
        // Its code follows from the id.
        let proposal = Proposal { id: Uuid::nil(), code: None, origin: Origin { title: title.into(), ..Origin::default() }, changes };
        let proposed = propose(&Desk::new(self.journal.clone()), &drafter, proposal, &moment(-2), &|_| ()).await.unwrap();
        assert!(matches!(proposed.became, Became::Applied(_)), "{proposed:?}");
    }

    /// Drafts a content and takes it so many steps: 0 draft, 1 submitted, 2 reviewed, 3 approved.
    pub async fn carry<C: Registered>(&mut self, at: &str, content: C, steps: usize) {
        let content_hash = Hash::of_content(&content).unwrap();
        self.by("planted-drafter", Role::Drafter, &content, at, Draft::of(content.clone())).await;
        if steps > 0 {
            self.by("planted-drafter", Role::Drafter, &content, at, Submit::default()).await;
        }
        if steps > 1 {
            self.by("planted-reviewer", Role::Reviewer, &content, at, Review { content_hash, revision: None }).await;
        }
        if steps > 2 {
            let approve = Approve { content_hash, document: "某政发〔2026〕1号".into(), effective_from: None, beside: Vec::new() };
            self.by("planted-approver", Role::Approver, &content, at, approve).await;
        }
    }
}
