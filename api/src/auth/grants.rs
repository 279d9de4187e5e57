//! Grants as they are written: `drafter@A1`, `reviewer` or `reviewer@*` for the city.

use std::{fmt, str::FromStr};

use domain::{
    acting::{Role, Scope},
    envelope::Code,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::{Grant, Office};

/// Most grants of one caller.
pub const MAX_GRANTS: usize = 64;

/// A text that is no grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "授权应为 岗位 或 岗位@机构编码，最多{MAX_GRANTS}项，岗位为 drafter、reviewer、approver、clerk、auditor、administrator / \
     a grant is OFFICE or OFFICE@AGENCY, {MAX_GRANTS} at most, and an office is drafter, reviewer, approver, clerk, auditor or administrator"
)]
pub struct InvalidGrant;

impl Office {
    const ALL: [(&'static str, Self); 6] = [
        ("drafter", Self::Change(Role::Drafter)),
        ("reviewer", Self::Change(Role::Reviewer)),
        ("approver", Self::Change(Role::Approver)),
        ("clerk", Self::Clerk),
        ("auditor", Self::Auditor),
        ("administrator", Self::Administrator),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, office)| *office == self).map_or("", |(word, _)| word)
    }
}

impl FromStr for Grant {
    type Err = InvalidGrant;

    fn from_str(text: &str) -> Result<Self, InvalidGrant> {
        let (word, agency) = text.split_once('@').unwrap_or((text, "*"));
        let (_, office) = Office::ALL.into_iter().find(|(known, _)| *known == word).ok_or(InvalidGrant)?;
        let scope = match agency {
            "*" => Scope::City,
            code => Scope::Agency(code.parse::<Code>().map_err(|_| InvalidGrant)?),
        };
        Ok(Self { office, scope })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.office.word())?;
        match &self.scope {
            Scope::City => Ok(()),
            Scope::Agency(code) => write!(f, "@{code}"),
        }
    }
}

impl Serialize for Grant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What a claim grants. One word that is not understood makes the whole claim wrong: somebody meant something by it, and it is not
/// for us to guess that it was harmless. No claim grants nothing.
pub(super) fn of_claim(claim: Option<&Value>) -> Result<Vec<Grant>, InvalidGrant> {
    let Some(claim) = claim else { return Ok(Vec::new()) };
    let words = claim.as_array().filter(|words| words.len() <= MAX_GRANTS).ok_or(InvalidGrant)?;
    let grants: Result<Vec<Grant>, _> = words.iter().map(|word| word.as_str().ok_or(InvalidGrant)?.parse()).collect();
    Ok(in_order(grants?))
}

/// Each once, in one order.
pub(super) fn in_order(mut grants: Vec<Grant>) -> Vec<Grant> {
    grants.sort();
    grants.dedup();
    grants
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_grant_is_an_office_for_an_agency_or_for_the_city() {
        for (text, shown) in
            [("drafter@A1", "drafter@A1"), ("reviewer", "reviewer"), ("reviewer@*", "reviewer"), ("administrator", "administrator")]
        {
            assert_eq!(text.parse::<Grant>().unwrap().to_string(), shown);
        }
        for wrong in ["", "drafter@", "@A1", "Drafter@A1", "drafter@A1@B1", "mayor", "drafter@东海", " drafter", "reviewer@**"] {
            assert_eq!(wrong.parse::<Grant>(), Err(InvalidGrant), "{wrong:?}");
        }
    }

    #[test]
    fn a_claim_is_a_list_of_grants_or_wrong_as_a_whole() {
        assert_eq!(of_claim(None), Ok(vec![]));
        let two = of_claim(Some(&json!(["reviewer", "drafter@A1", "drafter@A1"]))).unwrap();
        assert_eq!(two.iter().map(ToString::to_string).collect::<Vec<_>>(), ["drafter@A1", "reviewer"]);
        let many = vec!["reviewer"; MAX_GRANTS + 1];
        for wrong in [json!("reviewer"), json!(["reviewer", "mayor"]), json!([1]), json!({ "reviewer": true }), json!(null), json!(many)] {
            assert_eq!(of_claim(Some(&wrong)), Err(InvalidGrant), "{wrong}");
        }
    }
}
