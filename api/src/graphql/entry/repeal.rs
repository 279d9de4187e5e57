use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use domain::entry::RepealNotice;

/// That an entry ceased, or will.
#[derive(SimpleObject, Debug, Clone)]
pub struct Repeal {
    /// From when it is no more.
    pub effective_from: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    pub document: Option<String>,
    /// Code of the entry that takes its place.
    pub replaced_by: Option<String>,
}

impl From<&RepealNotice> for Repeal {
    fn from(notice: &RepealNotice) -> Self {
        Self {
            effective_from: notice.effective_from,
            reason: notice.reason.clone(),
            document: notice.document.clone(),
            replaced_by: notice.replaced_by.as_ref().map(ToString::to_string),
        }
    }
}
