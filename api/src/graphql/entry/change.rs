use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use projections::history::Told;

use super::super::{
    me::Office,
    model::{FieldChange, Source},
    scalars::{Hash, Position},
};

/// Who did something: an id in the directory of the register, never a personal name.
#[derive(SimpleObject, Debug, Clone)]
pub struct Actor {
    /// The id of the account; `import` and the like where a list was taken over.
    pub id: String,
    /// As what they acted (Art. 8(1)); null where no person did in a role.
    pub office: Option<Office>,
    /// The id of the person behind the account; null for the public.
    pub person: Option<String>,
}

/// One event of an entry.
#[derive(SimpleObject, Debug)]
pub struct Change {
    /// Place in the log.
    pub position: Position,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it was decided, where that was before: with the change set of which the entry is a member, or with the reform that was cut off before it
    /// reached the entry. Deadlines go by it (Art. 10(2)).
    pub decided_at: Option<DateTime<Utc>>,
    /// Who did it.
    pub actor: Actor,
    /// The verb: adopted, revised, approved, corrected, suspended, resumed, repealed; for those who may see drafts also drafted,
    /// redrafted, submitted, reviewed, returned, withdrawn.
    pub kind: String,
    /// In one Chinese sentence.
    pub summary: String,
    /// The same in English.
    pub summary_en: String,
    /// Field by field, what it changed; of a first revision none is listed, because every field is new.
    pub changes: Vec<FieldChange>,
    /// From when it holds.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the revision that it made.
    pub revision: Option<u32>,
    /// Document by which it was issued or decided.
    pub document: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was read.
    pub source: Option<Source>,
    /// Code of the entry that takes its place.
    pub replaced_by: Option<String>,
    /// Of the repeal of an item that its guide is told of because it goes with it: the code of the item, whose event it is. Null: it is one of the entry.
    pub of_item: Option<String>,
}

/// A revision of an entry, as it was published.
#[derive(SimpleObject, Debug, Clone)]
pub struct RevisionRecord {
    /// Number, from 1.
    pub number: u32,
    /// From when it holds, or would.
    pub effective_from: DateTime<Utc>,
    /// Whether it never does: a later revision of the same moment took its place, or the entry ceases no later than it would begin.
    pub never_holds: bool,
    /// When it was approved or adopted.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was approved or issued.
    pub document_number: Option<String>,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
}

/// How many there are in all.
#[derive(SimpleObject, Debug)]
pub struct Counted {
    /// Number of all, on all pages.
    pub total_count: usize,
}

impl From<&Told> for Change {
    fn from(told: &Told) -> Self {
        Self {
            position: Position(told.position),
            at: told.at,
            decided_at: told.decided_at,
            actor: Actor {
                id: told.actor.as_str().to_owned(),
                office: told.role.map(Office::from),
                person: told.person.as_ref().map(|person| person.as_str().to_owned()),
            },
            kind: told.kind.to_owned(),
            summary: told.summary.clone(),
            summary_en: told.summary_en.clone(),
            changes: told.changes.iter().cloned().map(FieldChange::from).collect(),
            effective_from: told.effective_from,
            revision: told.revision,
            document: told.document.clone(),
            reason: told.reason.clone(),
            source: told.source.as_ref().map(Source::from),
            replaced_by: told.replaced_by.as_ref().map(ToString::to_string),
            of_item: told.of_item.as_ref().map(ToString::to_string),
        }
    }
}
