use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beside, Content, Handover, Incomplete, Moment, Register, checks, content::named, handover::taken_on, lint};
use crate::{
    envelope::Code,
    value::{Finding, ItemList, ItemType, LegalBasis, Level, Openness, Region},
};

/// Where the power comes from 权力来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PowerSource {
    /// 1 法定本级行使
    Statutory,
    /// 2 上级下放
    DevolvedFromAbove,
    /// 3 上级授权
    AuthorisedFromAbove,
    /// 4 同级授权
    AuthorisedByPeer,
    /// 5 上级委托
    EntrustedFromAbove,
    /// 6 同级委托
    EntrustedByPeer,
}

/// A duty 责任事项: what the agency must do when it exercises the power.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Duty {
    /// Stage or kind: `直接实施责任`, `受理`, `审查` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// What is to be done.
    pub content: String,
    /// Bases of this duty alone; the item's `dutyBases` hold for all of its duties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<LegalBasis>,
}

/// Accountability 追责情形: who answers, and for what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accountability {
    /// Who answers 追责对象范围.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<String>,
    /// In which circumstances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circumstances: Option<String>,
}

/// What only a penalty has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PenaltyDetails {
    /// 处罚的行为、种类、幅度.
    pub method: String,
}

/// What only a levy has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LevyDetails {
    /// 征收种类.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether a reduction may be approved 是否涉及征收费减免的审批.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reducible: Option<bool>,
}

/// One line of the power-and-responsibility list or of the public-service list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Name 事项名称; of a sub-item its own name.
    pub name: String,
    /// Name of the item that a sub-item stands under, where the list gives no entry of its own to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_name: Option<String>,
    /// National type.
    #[serde(rename = "type")]
    pub item_type: ItemType,
    /// Type as the source wrote or numbered it, where that is not the national form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_as_written: Option<String>,
    /// Level at which it is exercised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Division.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Code of the implementing agency.
    pub agency: Code,
    /// The implementing body in the words of the list 行使主体, where they are not the agency's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exercised_by: Option<String>,
    /// Undertaking office 承办机构.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undertaking_office: Option<String>,
    /// Agency on whose behalf it is exercised 委托部门.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted_by: Option<String>,
    /// Basic code, 12 characters, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_code: Option<String>,
    /// Local basic code 地方基本编码.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_basic_code: Option<String>,
    /// Implementation code, 31 characters, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implementation_code: Option<String>,
    /// Local implementation code 地方实施编码.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_implementation_code: Option<String>,
    /// Code of the item that this is a sub-item of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Code>,
    /// Number on the list as written 序号.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// Where the power comes from; a public service has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_source: Option<PowerSource>,
    /// Legal bases 设定依据.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_bases: Vec<LegalBasis>,
    /// Authority at its level 权限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Duties of the agency from which the power follows 部门职责.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_duty: Option<String>,
    /// Duties 责任事项.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Duty>,
    /// Bases of all its duties 责任事项依据.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duty_bases: Vec<LegalBasis>,
    /// Accountability 追责.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accountability: Option<Accountability>,
    /// Remedies open to the citizen 救济渠道.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedies: Option<String>,
    /// What only a penalty has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyDetails>,
    /// What only a levy has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levy: Option<LevyDetails>,
    /// Remark 备注.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Openness (Art. 8(1)).
    #[serde(default, skip_serializing_if = "Openness::is_plain")]
    pub openness: Openness,
}

impl Item {
    /// An item with its must-haves and nothing else.
    pub fn new(name: impl Into<String>, item_type: ItemType, agency: Code) -> Self {
        Self {
            name: name.into(),
            main_name: None,
            item_type,
            type_as_written: None,
            level: None,
            region: None,
            agency,
            exercised_by: None,
            undertaking_office: None,
            entrusted_by: None,
            basic_code: None,
            local_basic_code: None,
            implementation_code: None,
            local_implementation_code: None,
            parent: None,
            sequence: None,
            power_source: None,
            legal_bases: Vec::new(),
            authority: None,
            agency_duty: None,
            duties: Vec::new(),
            duty_bases: Vec::new(),
            accountability: None,
            remedies: None,
            penalty: None,
            levy: None,
            remark: None,
            openness: Openness::default(),
        }
    }

    /// The list it stands on, by its type.
    pub fn list(&self) -> ItemList {
        self.item_type.list()
    }
}

impl Content for Item {
    const REGISTER: Register = Register::Item;

    fn name(&self) -> &str {
        &self.name
    }

    fn openness(&self) -> &Openness {
        &self.openness
    }

    fn agency(&self) -> Option<&Code> {
        Some(&self.agency)
    }

    fn refers_to(&self) -> Vec<(Register, &Code)> {
        let parent = self.parent.iter().map(|parent| (Register::Item, parent));
        std::iter::once((Register::Agency, &self.agency)).chain(parent).collect()
    }

    fn handed_over(&self, handover: &Handover) -> Option<Self> {
        taken_on(Some(&self.agency), handover).map(|agency| Self { agency, ..self.clone() })
    }

    fn complete(&self) -> Result<(), Incomplete> {
        named(&self.name)
    }

    fn check(&self) -> Vec<Finding> {
        let mut findings = checks::openness(self);
        findings.extend(checks::region(self.region.as_ref()));
        findings.extend(checks::item_codes(self));
        findings.extend(checks::bases("legalBases", &self.legal_bases));
        findings.extend(checks::bases("dutyBases", &self.duty_bases));
        if self.legal_bases.is_empty() && self.item_type.list() == ItemList::Power {
            findings.push(Finding::warning(
                "ITEM_NO_BASIS",
                "legalBases",
                "权力事项没有设定依据，请补充（Art. 5(1)）",
                "a power has no legal basis, please add one (Art. 5(1))",
            ));
        }
        findings
    }

    fn checked_beside(&self) -> Vec<(Register, &Code)> {
        vec![(Register::Agency, &self.agency)]
    }

    fn check_beside(&self, _code: &Code, beside: &Beside, moment: Moment) -> Vec<Finding> {
        lint::item_beside(self, beside, moment)
    }
}
