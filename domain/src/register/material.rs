use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beside, Content, Handover, Incomplete, Moment, Register, checks, content::named, lint, published::is_shown};
use crate::{
    envelope::Code,
    value::{Finding, LegalBasis, Openness, text},
};

/// Kind of a material 材料类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MaterialKind {
    /// 证照
    Certificate,
    /// 证明
    Proof,
    /// 申请表格、文书
    Form,
    /// 其他
    Other,
}

/// A proof that nobody has to bring any more (Art. 5(2): proofs are cleaned up and published).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Abolished {
    /// Why, and what takes its place: data exchange, a written promise, an internal check.
    pub reason: String,
    /// Document by which it was abolished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A certificate or proof that guides ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Material {
    /// Name.
    pub name: String,
    /// Other names under which guides ask for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Certificate, proof, form or other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MaterialKind>,
    /// Who issues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Whether authorities fetch it from each other by data exchange, so that nobody needs to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_by_exchange: Option<bool>,
    /// On which law asking for it rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_bases: Vec<LegalBasis>,
    /// Set if it may not be asked for any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abolished: Option<Abolished>,
    /// Openness (Art. 8(1)).
    #[serde(default, skip_serializing_if = "Openness::is_plain")]
    pub openness: Openness,
}

impl Material {
    /// A material with its name and nothing else.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            other_names: Vec::new(),
            kind: None,
            issuer: None,
            shared_by_exchange: None,
            legal_bases: Vec::new(),
            abolished: None,
            openness: Openness::default(),
        }
    }

    /// What the names of materials are compared by wherever one is looked for in the catalogue: in lists, whose codes follow from it, and in guides.
    pub fn key(name: &str) -> String {
        text::fold(name)
    }

    /// The keys of all of its names.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        std::iter::once(&self.name).chain(&self.other_names).map(|name| Self::key(name))
    }
}

impl Content for Material {
    const REGISTER: Register = Register::Material;

    fn name(&self) -> &str {
        &self.name
    }

    fn openness(&self) -> &Openness {
        &self.openness
    }

    /// None: the catalogue of materials is one for all agencies.
    fn agency(&self) -> Option<&Code> {
        None
    }

    fn refers_to(&self) -> Vec<(Register, &Code)> {
        Vec::new()
    }

    /// None: who issues a material is said in words, which stay.
    fn handed_over(&self, _: &Handover) -> Option<Self> {
        None
    }

    /// Proofs that are abolished are published (Art. 5(2)): without it the catalogue would say that one is still asked for.
    /// And all names of what is abolished: a guide that asks for it by one of them would not be found.
    fn always_told(&self) -> &'static [&'static str] {
        if self.abolished.is_some() { &["abolished", "otherNames"] } else { &["abolished"] }
    }

    fn stays_public(&self) -> bool {
        self.abolished.is_some()
    }

    /// That it is abolished, or a name of it: by its name it is told on the list, and found where a guide asks for it.
    fn taken_back(&self, after: &Self) -> Option<&'static str> {
        self.abolished.as_ref()?;
        if after.abolished.is_none() {
            return Some("abolished");
        }
        let kept: BTreeSet<_> = after.keys().collect();
        self.keys().any(|key| !kept.contains(&key)).then_some("otherNames")
    }

    fn rests_on_law(&self) -> bool {
        self.legal_bases.iter().any(LegalBasis::says_something)
    }

    /// Its own names: what else the catalogue has under one of them it is laid beside.
    fn asks_by_name(&self) -> Vec<&str> {
        std::iter::once(&self.name).chain(&self.other_names).map(String::as_str).collect()
    }

    fn check_beside(&self, code: &Code, beside: &Beside, moment: Moment) -> Vec<Finding> {
        lint::material_beside(self, code, beside, moment)
    }

    fn complete(&self) -> Result<(), Incomplete> {
        named(&self.name)
    }

    fn check(&self) -> Vec<Finding> {
        let mut findings = checks::openness(self);
        findings.extend(checks::bases("legalBases", &self.legal_bases));
        if self.abolished.as_ref().is_some_and(|a| a.reason.trim().is_empty()) {
            findings.push(Finding::error(
                "MATERIAL_ABOLISHED_REASON",
                "abolished.reason",
                "取消的证明材料须说明理由及替代方式（Art. 5(2)）",
                "an abolished proof says why and what takes its place (Art. 5(2))",
            ));
        }
        if self.abolished.is_some() && !is_shown(self) {
            findings.push(Finding::error(
                "MATERIAL_ABOLISHED_HIDDEN",
                "openness.attribute",
                "取消的证明材料须向社会公开，公开属性应为主动公开（Art. 5(2)）",
                "an abolished proof is published, so that its attribute is active (Art. 5(2))",
            ));
        }
        findings
    }
}
