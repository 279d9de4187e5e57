use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use domain::entry::SuspensionNotice;

/// That an entry is out of sight for a time, as its history tells it too. It is decided without a document.
#[derive(SimpleObject, Debug, Clone)]
pub struct Suspension {
    /// From when it is not shown.
    pub effective_from: DateTime<Utc>,
    /// From when it is shown again by itself; null: until somebody resumes it.
    pub until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

impl From<&SuspensionNotice> for Suspension {
    fn from(notice: &SuspensionNotice) -> Self {
        Self { effective_from: notice.effective_from, until: notice.until, reason: notice.reason.clone() }
    }
}
