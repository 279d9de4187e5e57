//! The registers and the content of their entries. A register differs from another only by its content.

mod agency;
mod beside;
mod catalogue;
mod checks;
mod code_words;
mod content;
mod guide;
mod guide_parts;
mod handover;
mod item;
mod labels;
mod lint;
mod material;
mod published;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use agency::{Agency, AgencyNature};
pub use beside::{Abolition, Beside, Moment, Stands};
pub use catalogue::CatalogueEntry;
pub use checks::openness as openness_findings;
pub use code_words::code_word;
pub use content::{Content, Incomplete, MAX_CONTENT_BYTES, MAX_KEPT_BYTES, MAX_NAME_CHARS};
pub use guide::Guide;
pub use guide_parts::{
    CaseKind, Faq, Fee, HandlingArea, HandlingForm, MaterialForm, MaterialRequirement, MaterialSource, Necessity, OnlineDepth,
    OnlineService, Outcome, OutcomeKind, Place, Situation, Step,
};
pub use handover::{Handover, Reformed};
pub use item::{Accountability, Duty, Item, LevyDetails, PenaltyDetails, PowerSource};
pub use labels::label;
pub use lint::{CONTENT_CHECKS, Check, GUIDE_CHECKS, ITEM_CHECKS, catalogue::CATALOGUE_CHECKS};
pub use material::{Abolished, Material, MaterialKind};
pub use published::{OnChannel, findings_shown, has_field, is_shown, on_channel, on_channels, withheld_of};

/// A register 清单/目录. More follow on the same lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Register {
    /// 机构
    Agency,
    /// 事项
    Item,
    /// 办事指南
    Guide,
    /// 材料目录
    Material,
    /// 政务公开事项目录 (Art. 5(3))
    Openness,
}

impl Register {
    /// All of them, what is referred to before what refers.
    pub const ALL: [Self; 5] = [Self::Agency, Self::Item, Self::Material, Self::Guide, Self::Openness];

    /// The word in stream names, kinds and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Item => "item",
            Self::Guide => "guide",
            Self::Material => "material",
            Self::Openness => "openness",
        }
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Agency => "机构",
            Self::Item => "事项",
            Self::Guide => "办事指南",
            Self::Material => "材料",
            Self::Openness => "政务公开事项",
        }
    }

    /// By its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.word() == word)
    }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
