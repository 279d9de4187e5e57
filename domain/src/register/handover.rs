use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::envelope::Code;

/// What an institutional reform 机构改革 changes in an entry (Art. 5(1)). Everything else of the content stays as it was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Handover {
    /// What names one agency names another from then on 划转.
    Agency {
        /// Code of the agency that hands it over.
        from: Code,
        /// Code of the agency that takes it on 承接机构.
        to: Code,
    },
    /// An agency bears another name, or the names of those that were merged into it.
    Names {
        /// Its name from then on; absent: the name stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Names that it is found by from then on as its former ones.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        former: Vec<String>,
    },
}

impl Handover {
    /// The same the other way; `None` where there is none.
    pub fn reversed(&self) -> Option<Self> {
        match self {
            Self::Agency { from, to } => Some(Self::Agency { from: to.clone(), to: from.clone() }),
            Self::Names { .. } => None,
        }
    }
}

/// What a reform makes of a content.
#[derive(Debug, Clone, PartialEq)]
pub enum Reformed<C> {
    /// It says this from then on.
    To(C),
    /// It says so already.
    AlreadySo,
    /// It is none of what the reform is about.
    NotConcerned,
}

/// What a reform makes of a content, by what its register says of it.
pub(super) fn reformed<C>(content: &C, handover: &Handover, apply: impl Fn(&C, &Handover) -> Option<C>) -> Reformed<C>
where
    C: PartialEq,
{
    match apply(content, handover) {
        Some(then) if then == *content => Reformed::AlreadySo,
        Some(then) => Reformed::To(then),
        None if handover.reversed().is_some_and(|back| apply(content, &back).is_some()) => Reformed::AlreadySo,
        None => Reformed::NotConcerned,
    }
}

/// The field that names an agency, after a reform; `None` if it does not name the one that hands over.
pub(super) fn taken_on(agency: Option<&Code>, handover: &Handover) -> Option<Code> {
    match handover {
        Handover::Agency { from, to } if agency == Some(from) => Some(to.clone()),
        Handover::Agency { .. } | Handover::Names { .. } => None,
    }
}
