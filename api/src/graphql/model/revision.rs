use std::borrow::Cow;

use async_graphql::{Json, SimpleObject};
use chrono::{DateTime, Utc};
use projections::{EntryView, RevisionView, Upcoming as UpcomingView, Viewed};
use serde_json::{Value, json};

use super::super::scalars::{Date, Hash};
use crate::auth::AtCounter;

/// What is shown: number of the revision, when it came into force, under which document, and its content hash.
#[derive(SimpleObject, Debug, Clone)]
pub struct Revision {
    /// Number of the revision within its entry, from 1.
    pub number: u32,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// Until when it holds, if that is known: the moment itself is excluded.
    pub effective_until: Option<DateTime<Utc>>,
    /// When it was approved, or adopted with a list that was in force.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was approved or issued.
    pub document_number: Option<String>,
    /// Hash of what both channels show of it: equal on both.
    pub content_hash: Hash,
    /// Of a moment that is past: names of the fields that were shown then and are left out because they are withheld since (Art. 8(1)). The hash is
    /// that of what was shown.
    pub withheld_since: Vec<String>,
}

/// Published, not yet in force: the change and the date it takes effect (Art. 10(2)).
#[derive(SimpleObject, Debug)]
pub struct Upcoming {
    /// The revision that will hold; with a repeal, the one that ceases.
    pub revision: Revision,
    /// Field by field, what will change; at the counter its notes as well, for those who may see them.
    pub changes: Vec<FieldChange>,
    /// Whether the entry ceases.
    pub repeal: bool,
    /// Why it ceases.
    pub reason: Option<String>,
    /// When the change takes effect.
    pub effective_from: DateTime<Utc>,
    /// From when on the revision is seen, where that is later: until then the entry is suspended, or the item of a guide is or is not in force.
    pub shown_from: Option<DateTime<Utc>>,
    /// Code of the entry that takes its place.
    pub replaced_by: Option<String>,
}

/// A field that changed.
#[derive(SimpleObject, Debug)]
pub struct FieldChange {
    /// Path in the content, e.g. `materials[2].copies`; places in lists count from 0.
    pub path: String,
    /// The path in Chinese; places in lists count from 1, as people do.
    pub label: String,
    /// What it said; null if the field is new.
    pub before: Option<Json<Value>>,
    /// What it says; null if the field is gone.
    pub after: Option<Json<Value>>,
}

/// Where an adopted entry was read.
#[derive(SimpleObject, Debug)]
pub struct Source {
    /// Title of the list.
    pub list: Option<String>,
    /// Edition of the list.
    pub edition: Option<String>,
    /// Name of the file.
    pub file: String,
    /// Sheet of the workbook.
    pub sheet: Option<String>,
    /// Row or line, from 1.
    pub row: Option<u32>,
    /// Document by which the list was issued.
    pub document: Option<String>,
    /// Date of that document.
    pub date: Option<Date>,
}

impl Revision {
    /// A revision of a view.
    pub fn of<C>(revision: &RevisionView<C>, until: Option<DateTime<Utc>>) -> Self {
        Self {
            number: revision.number,
            effective_from: revision.effective_from,
            effective_until: until,
            approved_at: revision.approved_at,
            document_number: revision.document_number.clone(),
            content_hash: Hash(revision.content_hash),
            withheld_since: revision.withheld_since.clone(),
        }
    }
}

impl From<domain::diff::FieldChange> for FieldChange {
    fn from(change: domain::diff::FieldChange) -> Self {
        Self { path: change.path, label: change.label, before: change.before.map(Json), after: change.after.map(Json) }
    }
}

impl From<&domain::entry::Source> for Source {
    fn from(source: &domain::entry::Source) -> Self {
        Self {
            list: source.list.clone(),
            edition: source.edition.clone(),
            file: source.file.clone(),
            sheet: source.sheet.clone(),
            row: source.row,
            document: source.document.clone(),
            date: source.date.map(Date),
        }
    }
}

/// What is published of a view and will be shown after a moment, in order of time. `place` is the revision in force; without one all that the first
/// says is new. What only the counter sees is told with leave alone.
pub fn upcoming<C: Viewed>(view: &EntryView<C>, place: Option<usize>, now: DateTime<Utc>, leave: Option<&AtCounter>) -> Vec<Upcoming> {
    let value = |revision: &RevisionView<C>| {
        let content = revision.content.as_deref().map(|content| leave.map_or_else(|| content.shared(), |_| Cow::Borrowed(content)));
        serde_json::to_value(content).unwrap_or_default()
    };
    let mut before = place.map(|place| &view.revisions[place]);
    let mut out = Vec::new();
    let all = view.upcoming_at(now);
    let effective: Vec<_> = all
        .iter()
        .map(|next| match next {
            UpcomingView::Revision(revision) => revision.effective_from,
            UpcomingView::Repeal(repeal) => repeal.effective_from,
        })
        .collect();
    for (i, next) in all.into_iter().enumerate() {
        let until = effective.get(i + 1).copied();
        match next {
            UpcomingView::Revision(revision) => {
                let changes = domain::diff::changes(&before.map_or_else(|| json!({}), value), &value(revision));
                out.push(Upcoming {
                    revision: Revision::of(revision, until),
                    changes: changes.into_iter().map(FieldChange::from).collect(),
                    repeal: false,
                    reason: None,
                    effective_from: revision.effective_from,
                    shown_from: view.seen_later(revision),
                    replaced_by: None,
                });
                before = Some(revision);
            }
            UpcomingView::Repeal(repeal) => out.extend(before.map(|before| Upcoming {
                revision: Revision::of(before, Some(repeal.effective_from)),
                changes: Vec::new(),
                repeal: true,
                reason: Some(repeal.reason.clone()),
                effective_from: repeal.effective_from,
                shown_from: None,
                replaced_by: repeal.replaced_by.as_ref().map(ToString::to_string),
            })),
        }
    }
    out
}
