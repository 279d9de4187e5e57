use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beside, Content, Handover, Incomplete, Moment, Register, checks, content::named, handover::taken_on, lint};
use crate::{
    envelope::Code,
    value::{Carrier, DisclosureLimit, Finding, LegalBasis, Level, Manner, Openness, OpennessAttribute, Reach},
};

/// A line of the openness catalogue 政务公开事项目录: information that a step of a power or service produces, and whether, how and until
/// when it is published (Art. 5(3)).
///
/// Two attributes are kept apart. [`CatalogueEntry::attribute`] is that of the *information*: case files may be given on request
/// only. [`CatalogueEntry::openness`] is that of *this line* (Art. 8(1)): the line which says so is itself published, so that
/// anybody can know what to ask for. Channels look at the second alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntry {
    /// The matter 公开事项: of the second tier 二级事项 where there are two.
    pub name: String,
    /// The matter of the first tier 一级事项 that it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_tier: Option<String>,
    /// What is published 公开内容（要素）.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elements: Option<String>,
    /// On which law publishing it rests 公开依据.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal_bases: Vec<LegalBasis>,
    /// Until when it is published 公开时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<DisclosureLimit>,
    /// Code of the agency that publishes it 公开主体.
    pub agency: Code,
    /// That agency, or several, in the words of the catalogue, where they are not the agency's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_by: Option<String>,
    /// Where it is published 公开渠道和载体, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<Carrier>,
    /// Channels and carriers that are not on the code list, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_carriers: Vec<String>,
    /// Whom it is meant for 公开对象.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_to: Vec<Reach>,
    /// Which groups, where it is meant for some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<String>,
    /// How it is published 公开方式.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manner: Vec<Manner>,
    /// At which levels 公开层级: those of Art. 5(3) are city, county and township; villages are seen as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// The attribute of the information. `None`: not determined yet, which a catalogue may not leave (Art. 5(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<OpennessAttribute>,
    /// Why the information is not published actively and whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction_reason: Option<String>,
    /// On which law that rests (Art. 5(3)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restriction_bases: Vec<LegalBasis>,
    /// Code of the item, a step of which produces the information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Code>,
    /// Code of the guide, a step of which produces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Code>,
    /// The step 环节: its name, or its number from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The field of work under which people look for it, e.g. `义务教育`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Remark 备注.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Openness of this line (Art. 8(1)), not of the information.
    #[serde(default, skip_serializing_if = "Openness::is_plain")]
    pub openness: Openness,
}

impl CatalogueEntry {
    /// A line with its must-haves and nothing else.
    pub fn new(name: impl Into<String>, agency: Code) -> Self {
        Self {
            name: name.into(),
            first_tier: None,
            elements: None,
            legal_bases: Vec::new(),
            time_limit: None,
            agency,
            published_by: None,
            carriers: Vec::new(),
            other_carriers: Vec::new(),
            open_to: Vec::new(),
            groups: None,
            manner: Vec::new(),
            levels: Vec::new(),
            attribute: None,
            restriction_reason: None,
            restriction_bases: Vec::new(),
            item: None,
            guide: None,
            step: None,
            topic: None,
            remark: None,
            openness: Openness::default(),
        }
    }
}

impl Content for CatalogueEntry {
    const REGISTER: Register = Register::Openness;

    fn name(&self) -> &str {
        &self.name
    }

    fn openness(&self) -> &Openness {
        &self.openness
    }

    fn withholds(&self) -> bool {
        let withheld = |attribute| attribute != OpennessAttribute::Active;
        withheld(self.openness.attribute) || self.attribute.is_some_and(withheld)
    }

    fn agency(&self) -> Option<&Code> {
        Some(&self.agency)
    }

    /// Its agency, without which it cannot be. The item or guide that it is attached to may end, and what it produced is still there.
    fn refers_to(&self) -> Vec<(Register, &Code)> {
        vec![(Register::Agency, &self.agency)]
    }

    fn handed_over(&self, handover: &Handover) -> Option<Self> {
        taken_on(Some(&self.agency), handover).map(|agency| Self { agency, ..self.clone() })
    }

    fn complete(&self) -> Result<(), Incomplete> {
        named(&self.name)
    }

    fn check(&self) -> Vec<Finding> {
        let mut findings = checks::openness(self);
        findings.extend(checks::bases("legalBases", &self.legal_bases));
        findings.extend(checks::bases("restrictionBases", &self.restriction_bases));
        findings.extend(lint::catalogue::entry(self));
        findings
    }

    fn checked_beside(&self) -> Vec<(Register, &Code)> {
        let item = self.item.as_ref().map(|code| (Register::Item, code));
        let guide = self.guide.as_ref().map(|code| (Register::Guide, code));
        item.into_iter().chain(guide).collect()
    }

    fn check_beside(&self, _code: &Code, beside: &Beside, moment: Moment) -> Vec<Finding> {
        lint::catalogue::beside(self, beside, moment)
    }
}
