use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, Role},
    decider::Circumstances,
    envelope::{ActorId, Code},
};
use uuid::Uuid;

use super::Caller;

/// Leave to act in a role. Only a [`Caller`] gives one, and only for what they hold; nothing is changed in the name of a person
/// without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    account: ActorId,
    acting: Acting,
}

impl Leave {
    /// In which role, and for whom.
    pub fn acting(&self) -> &Acting {
        &self.acting
    }

    /// The circumstances of a command that is given with it.
    pub fn circumstances(&self, now: DateTime<Utc>, command: Uuid) -> Circumstances {
        Circumstances { now, actor: self.account.clone(), capacity: Capacity::Person(self.acting.clone()), command }
    }
}

impl Caller {
    /// Leave to act in a role where an agency answers, or the city (`None`); `None` if they do not hold it there.
    pub fn leave(&self, role: Role, agency: Option<&Code>) -> Option<Leave> {
        Some(Leave { account: self.account().clone(), acting: self.acting(role, agency)? })
    }

    /// Leave to act in a role for whomever they hold it. It does not reach what others answer for: the domain refuses that, in the
    /// same words whatever is drafted there.
    pub fn leave_anywhere(&self, role: Role) -> Option<Leave> {
        let held = self.grants().iter().find(|grant| grant.office == super::Office::Change(role))?;
        let acting = Acting { person: self.person().clone(), role, scope: held.scope.clone() };
        Some(Leave { account: self.account().clone(), acting })
    }
}
