use domain::{
    acting::{Acting, PersonId, Role, Scope},
    envelope::{ActorId, Code},
};

/// What somebody is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Office {
    /// A part in changes: drafter, reviewer, approver (Art. 8(1)).
    Change(Role),
    /// 窗口人员: sees what the counter sees.
    Clerk,
    /// 审计、督查: sees everything that ever happened, drafts as well, and changes nothing.
    Auditor,
    /// 管理员: keeps the directory of accounts; takes no part in changes by that alone.
    Administrator,
}

/// An office, and for whom it is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The office.
    pub office: Office,
    /// For one agency, or for the city.
    pub scope: Scope,
}

/// Somebody whose token was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    account: ActorId,
    person: PersonId,
    grants: Vec<Grant>,
}

impl Caller {
    /// Who a verified token names.
    pub(super) fn new(account: ActorId, person: PersonId, grants: Vec<Grant>) -> Self {
        Self { account, person, grants }
    }

    /// The account, as events name who acted.
    pub fn account(&self) -> &ActorId {
        &self.account
    }

    /// The person behind the account.
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// What they are trusted with.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The caller in a role, for whom they hold it where that covers the agency; `None` if they hold it for nobody that does.
    /// `agency` is who answers for the entry; `None`: the city. The narrowest grant is used, so that somebody who holds a role
    /// both for the agency and for the city acts for the agency.
    pub fn acting(&self, role: Role, agency: Option<&Code>) -> Option<Acting> {
        let of_role = self.grants.iter().filter(|grant| grant.office == Office::Change(role) && grant.scope.covers(agency));
        let narrowest = of_role.max_by_key(|grant| matches!(grant.scope, Scope::Agency(_)))?;
        Some(Acting { person: self.person.clone(), role, scope: narrowest.scope.clone() })
    }

    /// Whether they may see what is drafted for an agency, by any part they take in its changes or as an auditor.
    pub fn sees_drafts_of(&self, agency: Option<&Code>) -> bool {
        let sees = |grant: &&Grant| matches!(grant.office, Office::Change(_) | Office::Auditor) && grant.scope.covers(agency);
        self.grants.iter().any(|grant| sees(&grant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(grants: &[(Office, Scope)]) -> Caller {
        let grants = grants.iter().cloned().map(|(office, scope)| Grant { office, scope }).collect();
        Caller::new(ActorId::new("account-1"), PersonId::new("person-1"), grants)
    }

    #[test]
    fn a_role_is_held_for_whom_it_was_given() {
        let (a, b): (Code, Code) = ("A1".parse().unwrap(), "B1".parse().unwrap());
        let caller = caller(&[(Office::Change(Role::Drafter), Scope::Agency(a.clone())), (Office::Change(Role::Reviewer), Scope::City)]);
        assert_eq!(caller.acting(Role::Drafter, Some(&a)).unwrap().scope, Scope::Agency(a.clone()));
        assert!(caller.acting(Role::Drafter, Some(&b)).is_none());
        assert!(caller.acting(Role::Drafter, None).is_none());
        assert_eq!(caller.acting(Role::Reviewer, Some(&b)).unwrap().scope, Scope::City);
        assert!(caller.acting(Role::Approver, Some(&a)).is_none());
    }

    #[test]
    fn an_administrator_and_a_clerk_see_no_drafts() {
        let a: Code = "A1".parse().unwrap();
        for (office, sees) in [
            (Office::Administrator, false),
            (Office::Clerk, false),
            (Office::Auditor, true),
            (Office::Change(Role::Drafter), true),
            (Office::Change(Role::Approver), true),
        ] {
            assert_eq!(caller(&[(office, Scope::City)]).sees_drafts_of(Some(&a)), sees, "{office:?}");
        }
    }

    #[test]
    fn the_narrowest_grant_is_used() {
        let a: Code = "A1".parse().unwrap();
        let both = caller(&[(Office::Change(Role::Approver), Scope::City), (Office::Change(Role::Approver), Scope::Agency(a.clone()))]);
        assert_eq!(both.acting(Role::Approver, Some(&a)).unwrap().scope, Scope::Agency(a));
        assert_eq!(both.acting(Role::Approver, None).unwrap().scope, Scope::City);
    }
}
