//! Given, when, then: the one grammar in which rules are tested.
//!
//! ```ignore
//! given::<Entry<Item>>([adopted()]).at(noon()).when(Repeal { .. }).then_refused("ALREADY_REPEALED");
//! ```

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    acting::{Acting, Capacity, OfSet},
    decider::{Circumstances, Decider},
    envelope::ActorId,
    language::assert_told_in_both_languages,
};

/// A history, and the circumstances of what comes next.
pub struct Given<D: Decider> {
    history: Vec<D::Event>,
    circumstances: Circumstances,
}

/// The outcome of a command.
pub struct Outcome<D: Decider> {
    history: Vec<D::Event>,
    result: Result<Vec<D::Event>, D::Refusal>,
}

/// Begins a scenario with what has happened so far.
pub fn given<D: Decider>(history: impl IntoIterator<Item = D::Event>) -> Given<D> {
    let circumstances = Circumstances::of_import(DateTime::<Utc>::UNIX_EPOCH, ActorId::new("test"), Uuid::nil());
    Given { history: history.into_iter().collect(), circumstances }
}

impl<D: Decider> Given<D> {
    /// Sets the moment of the command.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        self.circumstances.now = now;
        self
    }

    /// Sets who gives the command.
    #[must_use]
    pub fn by(mut self, actor: &'static str) -> Self {
        self.circumstances.actor = ActorId::new(actor);
        self
    }

    /// Sets the person who gives the command, in a role.
    #[must_use]
    pub fn acting(mut self, acting: Acting) -> Self {
        self.circumstances.capacity = Capacity::Person(acting);
        self
    }

    /// Sets that it is asked of a member of a change set, or carried to it.
    #[must_use]
    pub fn of_set(mut self, of: OfSet) -> Self {
        self.circumstances.capacity = Capacity::OfSet(of);
        self
    }

    /// Gives the command.
    pub fn when(self, command: impl Into<D::Command>) -> Outcome<D> {
        let state = D::fold(&self.history);
        let result = D::decide(&state, command.into(), &self.circumstances);
        Outcome { history: self.history, result }
    }
}

impl<D: Decider> Outcome<D>
where
    D::Event: Debug + PartialEq,
    D::Refusal: Debug + RefusalCode,
{
    /// Exactly these events happened.
    ///
    /// # Panics
    /// If others did, or the command was refused.
    #[track_caller]
    pub fn then(self, expected: impl IntoIterator<Item = D::Event>) {
        let expected: Vec<_> = expected.into_iter().collect();
        match self.result {
            Ok(events) => assert_eq!(events, expected),
            Err(refusal) => panic!("refused: {refusal:?}"),
        }
    }

    /// It is already so: nothing happened.
    ///
    /// # Panics
    /// If something did.
    #[track_caller]
    pub fn then_nothing(self) {
        self.then([]);
    }

    /// The command was refused with this code.
    ///
    /// # Panics
    /// If it was not, or with another code.
    #[track_caller]
    pub fn then_refused(self, code: &str) {
        match self.result {
            Err(refusal) => {
                assert_eq!(refusal.code(), code, "{refusal:?}");
                if let Some((zh, en)) = refusal.words() {
                    assert_told_in_both_languages(zh, en);
                }
            }
            Ok(events) => panic!("expected the refusal {code}, got {events:?}"),
        }
    }

    /// The state after what happened.
    ///
    /// # Panics
    /// If the command was refused.
    #[track_caller]
    pub fn then_state(self) -> D::State {
        match self.result {
            Ok(events) => D::fold(self.history.iter().chain(&events)),
            Err(refusal) => panic!("refused: {refusal:?}"),
        }
    }
}

/// A refusal with a stable code.
pub trait RefusalCode {
    /// The code, e.g. `ALREADY_REPEALED`.
    fn code(&self) -> &str;

    /// Its words in Chinese and English, if it has any.
    fn words(&self) -> Option<(&str, &str)> {
        None
    }
}

/// What is never refused has no code.
impl RefusalCode for std::convert::Infallible {
    fn code(&self) -> &str {
        match *self {}
    }
}
