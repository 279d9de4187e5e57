//! Events, fold, decisions: the shape that every rule of the register has.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    acting::Capacity,
    envelope::{ActorId, Metadata},
};

/// What a decision may know beside the state and the command. All of it comes in as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The present moment, as recorded with the events. It is that of the decision too, but for what is carried to the members of a change set, or to the
    /// entries that a reform had not reached: see [`Circumstances::decided_at`].
    pub now: DateTime<Utc>,
    /// Who decides: an id, never a name.
    pub actor: ActorId,
    /// In which capacity: the person behind the account, their role and for whom they act, or the import of a list.
    pub capacity: Capacity,
    /// The id of the command; the ids of its events follow from it.
    pub command: Uuid,
}

impl Circumstances {
    /// Those of an import of lists that are in force.
    pub fn of_import(now: DateTime<Utc>, actor: ActorId, command: Uuid) -> Self {
        Self { now, actor, capacity: Capacity::Import, command }
    }

    /// The moment of the decision: of what is carried to a member of a change set that of the set, and of a part of a reform that of the reform, whenever
    /// it reaches the entry; else now.
    pub fn decided_at(&self) -> DateTime<Utc> {
        let before = match &self.capacity {
            Capacity::OfSet(of) => of.decided_at(),
            // By a clock that went back it was not decided after it was recorded.
            Capacity::OfReform(of) => Some(of.begun_at().min(self.now)),
            Capacity::Import | Capacity::Person(_) | Capacity::Office(_) => None,
        };
        before.unwrap_or(self.now)
    }

    /// What is kept beside the payload of an event, under a schema number.
    pub fn metadata(&self, schema: u32) -> Metadata {
        let decided_at = Some(self.decided_at()).filter(|at| *at != self.now);
        Metadata { schema, command: self.command, actor: self.actor.clone(), at: self.now, decided_at }
    }
}

/// A kind of thing whose history is a stream of events.
pub trait Decider {
    /// What the events so far amount to. Its default is "nothing has happened".
    type State: Default + Clone;
    /// What may be asked for.
    type Command;
    /// What can have happened.
    type Event: Clone;
    /// Why something asked for was refused: data, with a stable code.
    type Refusal;

    /// The events that a command leads to. The empty vector means "already so". Pure: the same three values give the same
    /// answer.
    fn decide(state: &Self::State, command: Self::Command, circumstances: &Circumstances) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after an event. Total: it holds no rules and refuses nothing.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;

    /// The state that a history leads to.
    fn fold<'e>(events: impl IntoIterator<Item = &'e Self::Event>) -> Self::State
    where
        Self::Event: 'e,
    {
        events.into_iter().fold(Self::State::default(), Self::evolve)
    }
}
