use chrono::{DateTime, Utc};
use domain::{
    acting::{Acting, Capacity, Role, Scope},
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

impl Caller {
    /// Leave to answer for what is public of an agency, or of the city (`None`), where the domain says that they do ([`Acting::answers_for`]).
    pub fn leave_to_answer(&self, agency: Option<&Code>) -> Option<Leave> {
        let mut leaves = Role::ANSWERING.into_iter().filter_map(|role| self.leave(role, agency));
        leaves.find(|leave| leave.acting.answers_for(agency))
    }

    /// Leave of those who answer for what is public of whomever. The domain refuses what it does not reach.
    pub fn leave_to_answer_anywhere(&self) -> Option<Leave> {
        Role::ANSWERING.into_iter().find_map(|role| self.leave_anywhere(role))
    }
}

/// Leave to do in an office what is no change of an entry: to report what is not right, to lay down a rule. Only a [`Caller`] gives one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeLeave {
    account: ActorId,
    capacity: Capacity,
}

impl OfficeLeave {
    /// The circumstances of a command that is given with it.
    pub fn circumstances(&self, now: DateTime<Utc>, command: Uuid) -> Circumstances {
        Circumstances { now, actor: self.account.clone(), capacity: self.capacity.clone(), command }
    }
}

impl Caller {
    /// Leave to report that something public is not right: at a counter or a service desk, or by whoever takes a part in changes, wherever they
    /// hold it. What is wrong is seen by those who use it, not by those who answer for it.
    pub fn leave_to_report(&self) -> Option<OfficeLeave> {
        if self.grants().iter().any(|grant| grant.office == super::Office::Clerk) {
            return Some(self.in_office());
        }
        let leave = Role::ALL.into_iter().find_map(|role| self.leave_anywhere(role))?;
        Some(OfficeLeave { account: leave.account, capacity: Capacity::Person(leave.acting) })
    }

    /// Leave to lay down a rule of deadlines: as an administrator, or an approver, for the city.
    pub fn leave_to_lay_down(&self) -> Option<OfficeLeave> {
        let for_city = |office| self.grants().iter().any(|grant| grant.office == office && grant.scope == Scope::City);
        if for_city(super::Office::Administrator) {
            return Some(self.in_office());
        }
        let leave = for_city(super::Office::Change(Role::Approver)).then(|| self.leave(Role::Approver, None)).flatten()?;
        Some(OfficeLeave { account: leave.account, capacity: Capacity::Person(leave.acting) })
    }

    fn in_office(&self) -> OfficeLeave {
        OfficeLeave { account: self.account().clone(), capacity: Capacity::Office(self.person().clone()) }
    }
}
