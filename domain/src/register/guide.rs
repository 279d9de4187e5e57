use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Beside, CaseKind, Content, Faq, Fee, HandlingArea, HandlingForm, Handover, Incomplete, MaterialRequirement, Moment, OnlineService,
    Outcome, Place, Register, Situation, Step, checks, content::named, handover::taken_on, lint,
};
use crate::{
    envelope::Code,
    value::{Audience, Contact, Finding, LegalBasis, Openness, Region, TimeLimit, Topic},
};

/// A service guide 办事指南: how one handling item of an item is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guide {
    /// Name.
    pub name: String,
    /// Names that people use for it, for looking it up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Code of the item that is handled.
    pub item: Code,
    /// Code of the agency that handles it.
    pub agency: Code,
    /// Handling-item code, 33 characters, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling_code: Option<String>,
    /// Whom it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Audience>,
    /// Topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
    /// Instant or promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_kind: Option<CaseKind>,
    /// Statutory limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory_limit: Option<TimeLimit>,
    /// What the source says of it 法定办结时限说明; its words where they are no limit that can be reckoned with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory_note: Option<String>,
    /// Promised limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_limit: Option<TimeLimit>,
    /// What the source says of it 承诺办结时限说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_note: Option<String>,
    /// Conditions of acceptance 受理条件.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// Limit on the number of approvals 数量限制.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_limit: Option<String>,
    /// Situations of applicants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub situations: Vec<Situation>,
    /// Materials asked for, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<MaterialRequirement>,
    /// Steps, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Hearings, expert reviews, inspections on the spot 特别程序.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_procedure: Option<String>,
    /// Services by intermediaries that the applicant needs 中介服务.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediary_services: Vec<String>,
    /// Fees, empty if it is free of charge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// What the applicant gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Outcome>,
    /// Where it is handled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// Whether the service hall handles it 是否进驻政务大厅.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_service_hall: Option<bool>,
    /// How it can be handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handling_forms: Vec<HandlingForm>,
    /// Where it can be handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling_area: Option<HandlingArea>,
    /// Division, down to township or village 乡镇街道, 村居社区.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consult: Vec<Contact>,
    /// Where to complain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complain: Vec<Contact>,
    /// The online service, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<OnlineService>,
    /// Visits to the place 到办事现场次数.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<u32>,
    /// Why a visit is needed 必须现场办理原因说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_reason: Option<String>,
    /// Whether papers come and go by courier 是否支持物流快递.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<bool>,
    /// Agencies that take part 联办机构.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint_agencies: Vec<String>,
    /// Questions often asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faqs: Vec<Faq>,
    /// Legal bases 设定依据.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_bases: Vec<LegalBasis>,
    /// Notes for the clerk; only the counter sees them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clerk_notes: Option<String>,
    /// Openness (Art. 8(1)).
    #[serde(default, skip_serializing_if = "Openness::is_plain")]
    pub openness: Openness,
}

impl Guide {
    /// A guide with its must-haves and nothing else.
    pub fn new(name: impl Into<String>, item: Code, agency: Code) -> Self {
        Self {
            name: name.into(),
            other_names: Vec::new(),
            item,
            agency,
            handling_code: None,
            audience: Vec::new(),
            topics: Vec::new(),
            case_kind: None,
            statutory_limit: None,
            statutory_note: None,
            promised_limit: None,
            promised_note: None,
            conditions: None,
            quantity_limit: None,
            situations: Vec::new(),
            materials: Vec::new(),
            steps: Vec::new(),
            special_procedure: None,
            intermediary_services: Vec::new(),
            fees: Vec::new(),
            results: Vec::new(),
            places: Vec::new(),
            in_service_hall: None,
            handling_forms: Vec::new(),
            handling_area: None,
            region: None,
            consult: Vec::new(),
            complain: Vec::new(),
            online: None,
            visits: None,
            visit_reason: None,
            delivery: None,
            joint_agencies: Vec::new(),
            faqs: Vec::new(),
            legal_bases: Vec::new(),
            clerk_notes: None,
            openness: Openness::default(),
        }
    }

    /// Whether it can be handled online.
    pub fn is_online(&self) -> bool {
        self.online.is_some()
    }
}

impl Content for Guide {
    const REGISTER: Register = Register::Guide;

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
        vec![(Register::Item, &self.item), (Register::Agency, &self.agency)]
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
        findings.extend(checks::handling_code(self));
        findings.extend(checks::bases("legalBases", &self.legal_bases));
        findings.extend(checks::addresses(self));
        findings.extend(lint::guide(self));
        findings
    }

    fn checked_beside(&self) -> Vec<(Register, &Code)> {
        let materials = self.materials.iter().filter_map(|requirement| requirement.material.as_ref());
        [(Register::Item, &self.item)].into_iter().chain(materials.map(|code| (Register::Material, code))).collect()
    }

    fn asks_by_name(&self) -> Vec<&str> {
        self.materials.iter().filter(|asked| asked.material.is_none()).map(|asked| asked.name.as_str()).collect()
    }

    fn check_beside(&self, _code: &Code, beside: &Beside, moment: Moment) -> Vec<Finding> {
        lint::guide_beside(self, beside, moment)
    }

    fn has_counter_only(&self) -> bool {
        self.clerk_notes.is_some()
    }

    fn shared(&self) -> Cow<'_, Self> {
        if self.has_counter_only() { Cow::Owned(Self { clerk_notes: None, ..self.clone() }) } else { Cow::Borrowed(self) }
    }
}
