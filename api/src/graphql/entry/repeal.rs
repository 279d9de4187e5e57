use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use domain::entry::RepealNotice;

use crate::registrar::with_item::GoneWith;

/// That an entry ceased, or will.
#[derive(SimpleObject, Debug, Clone)]
pub struct Repeal {
    /// From when it is no more.
    pub effective_from: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// Document by which it was decided.
    pub document: Option<String>,
    /// Code of the entry that takes its place; of a guide that goes with its item, of the item that takes the place of that.
    pub replaced_by: Option<String>,
    /// Of a guide that goes with its item: the code of the item, of which this is the repeal. Null: it was decided of the entry itself.
    pub item: Option<String>,
}

impl From<&RepealNotice> for Repeal {
    fn from(notice: &RepealNotice) -> Self {
        Self {
            effective_from: notice.effective_from,
            reason: notice.reason.clone(),
            document: notice.document.clone(),
            replaced_by: notice.replaced_by.as_ref().map(ToString::to_string),
            item: None,
        }
    }
}

impl From<&GoneWith> for Repeal {
    fn from(gone: &GoneWith) -> Self {
        Self { item: Some(gone.item.to_string()), ..Self::from(&gone.notice) }
    }
}
