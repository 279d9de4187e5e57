use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a notice arranges of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Extent {
    /// 部分节假日安排: the whole year. What earlier notices of the year said holds no more.
    Year,
    /// 调整: some days only. What earlier notices of the year said of all others holds on.
    Changes,
}

/// A notice of the State Council, or of its General Office, on the holidays and the make-up working days of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The year that it arranges. Days of the December before and of the January after may be among its days.
    pub year: i32,
    /// The whole year, or changes of it.
    pub extent: Extent,
    /// Number of the document, e.g. `国办发明电〔2024〕12号`; absent: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where it was published: addresses of the papers. Several, where what they say together is written as one.
    pub papers: Vec<String>,
    /// The day on which it was published; absent: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<NaiveDate>,
    /// The days that it names, in order.
    pub days: Vec<NamedDay>,
}

/// A day that a notice names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedDay {
    /// The date in China.
    pub date: NaiveDate,
    /// The holiday that it belongs to, e.g. `国庆节、中秋节`.
    pub name: String,
    /// Whether it is off 放假; else it is worked 上班.
    pub off: bool,
}

impl Notice {
    /// Whether it rests on the same papers as another one of its year.
    pub fn is_of_papers(&self, other: &Self) -> bool {
        self.year == other.year && self.papers.len() == other.papers.len() && self.papers.iter().all(|paper| other.rests_on(paper))
    }

    /// Whether it rests on a paper. `http` and `https` lead to the same.
    pub fn rests_on(&self, paper: &str) -> bool {
        self.papers.iter().any(|own| bare(own) == bare(paper))
    }
}

/// An address without its scheme.
fn bare(paper: &str) -> &str {
    paper.strip_prefix("https://").or_else(|| paper.strip_prefix("http://")).unwrap_or(paper)
}
