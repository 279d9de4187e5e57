use serde::Serialize;

/// What is wrong with a plan. A plan with one defect is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Defect {
    /// Row of the plan, from 1; `None`: the act as a whole.
    pub row: Option<u32>,
    /// Stable code, e.g. `AGENCY_UNKNOWN`, or that of a refusal.
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Defect {
    /// One of a row.
    pub(super) fn of_row(row: u32, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { row: Some(row), code, zh: zh.into(), en: en.into() }
    }

    /// One of the act.
    pub(super) fn of_act(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { row: None, code, zh: zh.into(), en: en.into() }
    }
}
