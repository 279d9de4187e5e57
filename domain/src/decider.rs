//! Events, fold, decisions: the shape that every rule of the register has.

use chrono::{DateTime, Months, Utc};
use uuid::Uuid;

use crate::{acting::Capacity, envelope::ActorId};

/// What a decision may know beside the state and the command. All of it comes in as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The moment of the decision, as recorded with its events.
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
}

/// Years ahead for which something may be decided. Plans are made for five; what is later is a slip of the hand.
const MOST_YEARS: u32 = 10;

/// Why a moment is too late to be decided for now, in Chinese and English, if it is.
pub fn too_late(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<(String, String)> {
    let last = now.checked_add_months(Months::new(12 * MOST_YEARS)).filter(|last| at > *last)?;
    Some((
        format!("时间{at}超过{MOST_YEARS}年以后（最晚{last}），似为误填；请核对年份"),
        format!("{at} is more than {MOST_YEARS} years ahead (at the latest {last}) and seems mistyped: check the year"),
    ))
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
