use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Content, Handover, Incomplete, Register, checks, content::named, handover::taken_on};
use crate::{
    envelope::Code,
    value::{Contact, CreditCode, Finding, Level, Openness, Region},
};

/// Nature of an implementing body 实施主体性质.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgencyNature {
    /// 1 法定机关
    StatutoryOrgan,
    /// 2 授权组织
    AuthorisedOrganisation,
    /// 3 受委托组织
    EntrustedOrganisation,
}

/// An implementing body 实施主体.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agency {
    /// Full name.
    pub name: String,
    /// Short names under which people look for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub short_names: Vec<String>,
    /// Unified social credit code, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<CreditCode>,
    /// Statutory, authorised or entrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<AgencyNature>,
    /// Division that it answers for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Code of the agency above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Code>,
    /// Names that it bore before (Art. 5(1): institutional reform).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// Address of its seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How it is reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Openness (Art. 8(1)).
    #[serde(default, skip_serializing_if = "Openness::is_plain")]
    pub openness: Openness,
}

impl Content for Agency {
    const REGISTER: Register = Register::Agency;

    fn name(&self) -> &str {
        &self.name
    }

    fn openness(&self) -> &Openness {
        &self.openness
    }

    /// None: which agencies there are is decided above them.
    fn agency(&self) -> Option<&Code> {
        None
    }

    fn refers_to(&self) -> Vec<(Register, &Code)> {
        self.parent.iter().map(|parent| (Register::Agency, parent)).collect()
    }

    /// An agency hands its place over by the one above it; its names are its own.
    fn handed_over(&self, handover: &Handover) -> Option<Self> {
        match handover {
            Handover::Agency { .. } => taken_on(self.parent.as_ref(), handover).map(|parent| Self { parent: Some(parent), ..self.clone() }),
            Handover::Names { name, former } => {
                let mut then = self.clone();
                if let Some(name) = name.as_ref().filter(|name| **name != self.name) {
                    then.former_names.push(std::mem::replace(&mut then.name, name.clone()));
                }
                for name in former {
                    if *name != then.name && !then.former_names.contains(name) {
                        then.former_names.push(name.clone());
                    }
                }
                then.former_names.retain(|name| *name != then.name);
                Some(then)
            }
        }
    }

    fn complete(&self) -> Result<(), Incomplete> {
        named(&self.name)
    }

    fn check(&self) -> Vec<Finding> {
        let mut findings = checks::openness(self);
        findings.extend(checks::region(self.region.as_ref()));
        findings.extend(checks::contacts("contacts", &self.contacts));
        findings.extend(self.credit_code.as_ref().and_then(|code| code.finding("creditCode")));
        findings
    }
}
