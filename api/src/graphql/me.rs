use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use domain::acting::{Role, Scope};

use crate::auth::{Caller, Grant, Office as Held};

/// Whoever asks.
#[derive(Debug)]
pub struct Me(pub Arc<Caller>);

/// Whoever asks, as the register knows them.
#[Object]
impl Me {
    /// The account, as events name who acted: an id in a directory, never a personal name.
    async fn account(&self) -> &str {
        self.0.account().as_str()
    }

    /// The person behind the account. Two accounts of one person have the same.
    async fn person(&self) -> &str {
        self.0.person().as_str()
    }

    /// What they are trusted with.
    async fn grants(&self) -> Vec<Trust> {
        self.0.grants().iter().map(Trust::from).collect()
    }
}

/// An office, and for whom it is held.
#[derive(SimpleObject, Debug)]
#[graphql(name = "Grant")]
pub struct Trust {
    /// The office.
    pub office: Office,
    /// Code of the agency for which it is held; null for the city.
    pub agency: Option<String>,
}

/// What somebody is trusted with.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// 承办: writes what is to be published.
    Drafter,
    /// 审查: of the openness office.
    Reviewer,
    /// 审签: answers for the agency.
    Approver,
    /// 窗口人员: sees what the counter sees.
    Clerk,
    /// 审计、督查: sees everything that ever happened, and changes nothing.
    Auditor,
    /// 管理员: keeps the directory of accounts.
    Administrator,
}

impl From<Role> for Office {
    fn from(role: Role) -> Self {
        match role {
            Role::Drafter => Self::Drafter,
            Role::Reviewer => Self::Reviewer,
            Role::Approver => Self::Approver,
        }
    }
}

impl From<&Grant> for Trust {
    fn from(grant: &Grant) -> Self {
        let office = match grant.office {
            Held::Change(role) => role.into(),
            Held::Clerk => Office::Clerk,
            Held::Auditor => Office::Auditor,
            Held::Administrator => Office::Administrator,
        };
        let agency = match &grant.scope {
            Scope::City => None,
            Scope::Agency(code) => Some(code.to_string()),
        };
        Self { office, agency }
    }
}
