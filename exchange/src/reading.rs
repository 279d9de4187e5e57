//! What reading a file gives.

use domain::{
    entry::Source,
    envelope::Code,
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
    value::{AssignedCode, Finding},
};

/// What was read from one list: a sheet of a workbook, or an export.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What the list says of itself.
    pub info: ListInfo,
    /// Entries that its rows refer to and that come in with it: agencies and materials, and the items of a list of guides.
    /// Each is there once, before what refers to it.
    pub along: Vec<Proposal>,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// What was noticed about the list as a whole: an unknown heading, a sheet that announces 11 items and holds 10.
    pub findings: Vec<Finding>,
}

/// What a list says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListInfo {
    /// Name of the file, without its folders unless another file of the same import has the same name.
    pub file: String,
    /// Sheet, if the file has sheets.
    pub sheet: Option<String>,
    /// Title above the header, or what stands for one.
    pub title: Option<String>,
    /// Year of the edition.
    pub edition: Option<String>,
    /// Agency that publishes it.
    pub publisher: Option<String>,
    /// Identifies the list across editions: an entry of the register that came from a list with this key and is not in a newer
    /// edition is proposed for repeal. The same for every edition and every sheet of one list.
    pub key: String,
}

/// A row of a list. Blank rows are no rows.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// What became of it.
    pub outcome: RowOutcome,
    /// What the checks of its cells found.
    pub findings: Vec<Finding>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, as in [`ListInfo::file`].
    pub file: String,
    /// Sheet.
    pub sheet: Option<String>,
    /// Row or line, from 1.
    pub row: u32,
}

/// What became of a row.
#[derive(Debug, Clone)]
pub enum RowOutcome {
    /// It proposes an entry.
    Proposed(Box<Proposal>),
    /// It should have been an entry and cannot be.
    Rejected(Why),
    /// It is no entry: a footnote, a subtotal, the continuation of the row above.
    Ignored(Why),
}

/// A reason: a stable code, and words in both languages that say what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// E.g. `NAME_MISSING`, `TYPE_MISSING`, `FOOTNOTE`, `CONTINUATION`.
    pub code: &'static str,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// An entry that a list proposes.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its code, or what the register assigns one from.
    pub code: ProposedCode,
    /// What it says. References to entries without a published code carry the code of turn 0.
    pub content: ProposedContent,
    /// Where it was read.
    pub source: Source,
    /// It is only mentioned by what it comes along with: it is begun if it is not there, and else stays as it is.
    pub is_mention: bool,
}

/// The code of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposedCode {
    /// The list gives one of the national catalogue, which names the same entry on every list.
    Published(Code),
    /// The list gives one of its publisher's own; another list may mean something else by it.
    Local(Code),
    /// The register assigns one from these parts (see [`AssignedCode`]); the next turn where the code of this one is taken.
    Assigned(Vec<String>),
}

impl ProposedCode {
    /// The code of a turn; a code that the list gives has no turns.
    pub fn code(&self, register: Register, turn: u32) -> Option<Code> {
        match self {
            Self::Published(code) | Self::Local(code) => Some(code.clone()),
            Self::Assigned(identity) => {
                let parts: Vec<_> = identity.iter().map(String::as_str).collect();
                AssignedCode::new(register, &parts, turn).as_str().parse().ok()
            }
        }
    }
}

/// A content of any register.
#[derive(Debug, Clone, PartialEq)]
pub enum ProposedContent {
    /// An agency.
    Agency(Agency),
    /// An item.
    Item(Item),
    /// A guide.
    Guide(Guide),
    /// A material.
    Material(Material),
    /// A line of the openness catalogue.
    CatalogueEntry(Box<CatalogueEntry>),
}

impl ProposedContent {
    /// Its register.
    pub fn register(&self) -> Register {
        match self {
            Self::Agency(_) => Register::Agency,
            Self::Item(_) => Register::Item,
            Self::Guide(_) => Register::Guide,
            Self::Material(_) => Register::Material,
            Self::CatalogueEntry(_) => Register::Openness,
        }
    }
}
