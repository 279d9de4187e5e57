//! Who acts: the account, the person behind it, the role in which they act, and for whom (Art. 7, Art. 8(1)).

use std::str::FromStr;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::envelope::{ActorId, Code, InvalidActor};

/// The person behind an account: an id in a directory that can be erased, never a name. Two accounts of one person have one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PersonId(ActorId);

impl PersonId {
    /// An id of this program's own. What comes from outside is parsed and checked.
    pub fn new(id: &'static str) -> Self {
        Self(ActorId::new(id))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether two ids are of one person. Directories differ in whether they tell `P1` from `p1`; who has both is one person for Art. 8(1),
    /// and no directory means two people by them.
    pub fn is(&self, other: &Self) -> bool {
        self.as_str().eq_ignore_ascii_case(other.as_str())
    }

    /// Whether the person is one of several.
    pub fn is_any<'p>(&self, others: impl IntoIterator<Item = &'p Self>) -> bool {
        others.into_iter().any(|other| self.is(other))
    }
}

impl FromStr for PersonId {
    type Err = InvalidActor;

    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        text.parse().map(Self)
    }
}

/// The part that somebody takes in a change (Art. 8(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// 承办: writes what is to be published.
    Drafter,
    /// 审查: of the openness office 政务公开工作机构.
    Reviewer,
    /// 审签: answers for the agency.
    Approver,
}

impl Role {
    /// All of them, in the order in which a change passes them.
    pub const ALL: [Self; 3] = [Self::Drafter, Self::Reviewer, Self::Approver];

    /// Those who answer for what is public, the one who is asked first in front: the openness office and the approver (Art. 7, Art. 8(3)).
    pub const ANSWERING: [Self; 2] = [Self::Reviewer, Self::Approver];

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Drafter => "承办人",
            Self::Reviewer => "政务公开工作机构审查人",
            Self::Approver => "审签人",
        }
    }

    /// The English word.
    pub fn en(self) -> &'static str {
        match self {
            Self::Drafter => "drafter",
            Self::Reviewer => "reviewer of the openness office",
            Self::Approver => "approver",
        }
    }
}

/// For whom somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// For the city as a whole: entries that no single agency answers for, and the moving of entries between agencies.
    City,
    /// For one agency.
    Agency(Code),
}

impl Scope {
    /// Whether what an agency answers for lies within it; `None`: what the city answers for.
    pub fn covers(&self, agency: Option<&Code>) -> bool {
        match self {
            Self::City => true,
            Self::Agency(own) => agency == Some(own),
        }
    }

    /// Whether it is just what an agency answers for; `None`: what the city answers for.
    pub fn is_of(&self, agency: Option<&Code>) -> bool {
        match self {
            Self::City => agency.is_none(),
            Self::Agency(own) => agency == Some(own),
        }
    }
}

/// A person in a role. It is kept in the events that need it, because decisions are made of events alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acting {
    /// The person behind the account.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// For whom.
    pub scope: Scope,
}

impl Acting {
    /// Whether they answer for what is public of an agency, or of the city (`None`): they find that a report is unfounded (Art. 7), and record a
    /// self-check (Art. 8(3)). The openness office of the city does so everywhere; an approver for that very agency alone, as they approve.
    pub fn answers_for(&self, agency: Option<&Code>) -> bool {
        match self.role {
            Role::Drafter => false,
            Role::Reviewer => self.scope.covers(agency),
            Role::Approver => self.scope.is_of(agency),
        }
    }
}

/// Why somebody does not answer for what is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnswering {
    /// They are in none of the roles [`Role::ANSWERING`].
    Role,
    /// Others do.
    Agency,
}

/// In which capacity a command is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capacity {
    /// By the register's own import of a list that is in force. It adopts and repeals, and does nothing that needs a person.
    Import,
    /// By a person in a role.
    Person(Acting),
    /// By a person in an office that takes no part in changes: at a counter, or who keeps the rules.
    Office(PersonId),
    /// By a person in a role, on a member of a change set.
    OfSet(OfSet),
    /// In the name of whoever began a reform that was cut off, as a part of it.
    OfReform(OfReform),
}

/// Who completes a reform that was begun before, and when it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfReform {
    acting: Option<Acting>,
    begun_at: DateTime<Utc>,
}

impl OfReform {
    /// When the first event of the reform was recorded: by that all of it is decided.
    pub fn begun_at(&self) -> DateTime<Utc> {
        self.begun_at
    }
}

/// What somebody asks of a member of a change set, or what was decided of the set and is carried to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfSet {
    acting: Acting,
    of_city: bool,
    decided_at: Option<DateTime<Utc>>,
}

impl OfSet {
    /// What is asked while nothing is decided yet: whether it could be. `of_city`: the city answers for the set, because it is of several
    /// agencies and one document is issued for all of them; else the agency of its members does.
    pub fn asked(acting: Acting, of_city: bool) -> Self {
        Self { acting, of_city, decided_at: None }
    }

    /// What was decided of the set at a moment. It takes an event of the set: see [`crate::changeset::Event::carried`].
    pub(crate) fn decided(acting: Acting, of_city: bool, at: DateTime<Utc>) -> Self {
        Self { acting, of_city, decided_at: Some(at) }
    }

    /// The person in their role.
    pub fn acting(&self) -> &Acting {
        &self.acting
    }

    /// Whether the city answers for the set.
    pub fn is_of_city(&self) -> bool {
        self.of_city
    }

    /// When it was decided, if it was.
    pub fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.decided_at
    }
}

impl Capacity {
    /// The person in a role who acts, if one does.
    pub fn acting(&self) -> Option<&Acting> {
        match self {
            Self::Person(acting) | Self::OfSet(OfSet { acting, .. }) => Some(acting),
            Self::OfReform(OfReform { acting, .. }) => acting.as_ref(),
            Self::Office(_) | Self::Import => None,
        }
    }

    /// Whether the register itself takes something over that was decided elsewhere, by a list or by the document of a reform.
    pub fn takes_over(&self) -> bool {
        matches!(self, Self::Import | Self::OfReform(OfReform { acting: None, .. }))
    }

    /// The same in the completion of a reform that was begun at a moment. It is decided once, and not anew with each entry that it had not reached
    /// (Art. 10(2)).
    #[must_use]
    pub fn completing(self, begun_at: DateTime<Utc>) -> Self {
        match self {
            Self::Import => Self::OfReform(OfReform { acting: None, begun_at }),
            Self::Person(acting) => Self::OfReform(OfReform { acting: Some(acting), begun_at }),
            Self::Office(_) | Self::OfSet(_) | Self::OfReform(_) => self,
        }
    }

    /// Who answers for what is public of an agency, or of the city (`None`); see [`Acting::answers_for`].
    pub(crate) fn answering(&self, agency: Option<&Code>) -> Result<&Acting, NotAnswering> {
        match self {
            Self::Person(acting) if acting.answers_for(agency) => Ok(acting),
            Self::Person(acting) if Role::ANSWERING.contains(&acting.role) => Err(NotAnswering::Agency),
            Self::Person(_) | Self::Office(_) | Self::OfSet(_) | Self::OfReform(_) | Self::Import => Err(NotAnswering::Role),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_openness_office_of_the_city_answers_everywhere_and_an_approver_where_they_approve() {
        let (a, b): (Code, Code) = ("A1".parse().unwrap(), "A2".parse().unwrap());
        let answers = |role, scope| {
            let acting = Acting { person: PersonId::new("p-1"), role, scope };
            [Some(&a), Some(&b), None].map(|agency| acting.answers_for(agency))
        };
        let of_a = || Scope::Agency(a.clone());
        assert_eq!(answers(Role::Reviewer, of_a()), [true, false, false]);
        assert_eq!(answers(Role::Reviewer, Scope::City), [true, true, true]);
        assert_eq!(answers(Role::Approver, of_a()), [true, false, false]);
        assert_eq!(answers(Role::Approver, Scope::City), [false, false, true]);
        for scope in [of_a(), Scope::City] {
            assert_eq!(answers(Role::Drafter, scope), [false; 3]);
        }
    }

    #[test]
    fn the_city_covers_all_and_an_agency_only_its_own() {
        let (a, b): (Code, Code) = ("A1".parse().unwrap(), "A2".parse().unwrap());
        for agency in [Some(&a), Some(&b), None] {
            assert!(Scope::City.covers(agency));
            assert_eq!(Scope::Agency(a.clone()).covers(agency), agency == Some(&a));
        }
    }

    #[test]
    fn a_person_is_an_id_and_no_name() {
        assert_eq!("p-1".parse::<PersonId>().unwrap(), PersonId::new("p-1"));
        assert!("张三".parse::<PersonId>().is_err());
    }
}
