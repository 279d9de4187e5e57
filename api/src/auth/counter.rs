use domain::{acting::Scope, envelope::Code};

use super::{Caller, Office};

/// Whom a node shows what only the counter sees (Art. 10(2)): the notes for the clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counter {
    /// Those who hold an office for it.
    #[default]
    Guarded,
    /// Everybody who reaches the node: it stands in the service centre's own network.
    Open,
}

/// Leave to see what only the counter sees of what one agency answers for. Only [`Counter::leave`] gives one, and nothing of it is told
/// without one.
#[derive(Debug)]
pub struct AtCounter(());

/// Why somebody has no such leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAtCounter {
    /// Nobody in particular asks.
    NoToken,
    /// They hold no office there.
    NotHeld,
}

impl Counter {
    /// Leave for somebody, for what an agency answers for; `None`: the city. A clerk has it, whoever takes part in the changes of the
    /// notes, and whoever audits them.
    pub fn leave(self, caller: Option<&Caller>, agency: Option<&Code>) -> Result<AtCounter, NotAtCounter> {
        let caller = match (self, caller) {
            (Self::Open, _) => return Ok(AtCounter(())),
            (Self::Guarded, None) => return Err(NotAtCounter::NoToken),
            (Self::Guarded, Some(caller)) => caller,
        };
        let sees = |office: Office, scope: &Scope| match office {
            Office::Clerk | Office::Change(_) | Office::Auditor => scope.covers(agency),
            Office::Administrator => false,
        };
        let held = caller.grants().iter().any(|grant| sees(grant.office, &grant.scope));
        if held { Ok(AtCounter(())) } else { Err(NotAtCounter::NotHeld) }
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        acting::{PersonId, Role},
        envelope::ActorId,
    };

    use super::{super::Grant, *};

    fn a(code: &str) -> Code {
        code.parse().unwrap()
    }

    #[test]
    fn the_counter_is_for_those_who_hold_an_office_for_it() {
        let offices = Role::ALL.map(Office::Change).into_iter().chain([Office::Clerk, Office::Auditor, Office::Administrator]);
        for office in offices {
            for (scope, own, other) in [(Scope::Agency(a("A1")), true, false), (Scope::City, true, true)] {
                let caller = Caller::new(ActorId::new("account-1"), PersonId::new("p-1"), vec![Grant { office, scope }]);
                let may = |agency: &str| Counter::Guarded.leave(Some(&caller), Some(&a(agency))).is_ok();
                let sees = office != Office::Administrator;
                assert_eq!((may("A1"), may("B1")), (sees && own, sees && other), "{office:?}");
                assert!(Counter::Open.leave(Some(&caller), Some(&a("B1"))).is_ok());
            }
        }
    }

    #[test]
    fn without_a_token_only_an_open_counter_is_seen() {
        assert_eq!(Counter::default().leave(None, Some(&a("A1"))).unwrap_err(), NotAtCounter::NoToken);
        assert!(Counter::Open.leave(None, Some(&a("A1"))).is_ok());
    }
}
