//! The history of an entry, told from its events: who did what, when, on which basis, and which fields changed.

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    diff::{FieldChange, changes},
    entry::{Event, Source},
    envelope::{ActorId, Code, Position, StreamVersion},
    register::on_channel,
    value::Channel,
};
use journal::Past;
use serde::Serialize;
use serde_json::Value;

/// One event of an entry, told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Place in the log.
    pub position: Position,
    /// Number within the entry's stream.
    pub version: StreamVersion,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: ActorId,
    /// The verb: `adopted`, `revised`, `repealed`.
    pub kind: &'static str,
    /// In one Chinese sentence.
    pub summary: String,
    /// From when it holds.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the revision that it made.
    pub revision: Option<u32>,
    /// Field by field, what it changed; of the first revision every field is new and none is listed.
    pub changes: Vec<FieldChange>,
    /// Document by which it was issued or decided.
    pub document: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was read.
    pub source: Option<Source>,
    /// Entry that takes its place.
    pub replaced_by: Option<Code>,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: what the website shows and nothing else. Revisions that reach no channel are passed over, and so are fields
    /// that only the counter sees or that are withheld (Art. 8(1)).
    Public,
    /// Whoever runs the register.
    Keeper,
}

/// Tells the events of one entry, oldest first.
pub fn tell<C: Registered>(history: &[Past<C>], audience: Audience) -> Vec<Told> {
    let mut before: Option<Value> = None;
    let mut told = Vec::new();
    for Past { recorded, metadata, event } in history {
        let mut entry = Told {
            position: recorded.position,
            version: recorded.version,
            at: metadata.at,
            actor: metadata.actor.clone(),
            kind: event.verb(),
            summary: String::new(),
            effective_from: None,
            revision: None,
            changes: Vec::new(),
            document: None,
            reason: None,
            source: None,
            replaced_by: None,
        };
        match event {
            Event::Adopted(adopted) => {
                let content = match audience {
                    Audience::Keeper => Some(adopted.content.clone()),
                    Audience::Public => on_channel(&adopted.content, adopted.content_hash, Channel::Online).map(|shown| shown.content),
                };
                let Some(content) = content else { continue };
                let after = serde_json::to_value(content.as_ref()).unwrap_or_default();
                let mut words = "承接既有清单".to_owned();
                if let Some(before) = &before {
                    entry.kind = "revised";
                    entry.changes = changes(before, &after);
                    words = format!("按新版清单修订为第{}版，变更{}处", adopted.revision, entry.changes.len());
                }
                entry.summary = match &adopted.source.list {
                    Some(list) => format!("{words}（{list}）"),
                    None => words,
                };
                before = Some(after);
                entry.effective_from = Some(adopted.effective_from);
                entry.revision = Some(adopted.revision);
                entry.document.clone_from(&adopted.source.document);
                entry.source = Some(Source::clone(&adopted.source));
            }
            Event::Repealed(repealed) => {
                entry.summary = match &repealed.replaced_by {
                    Some(code) => format!("取消，由{code}承接"),
                    None => "取消".to_owned(),
                };
                entry.effective_from = Some(repealed.effective_from);
                entry.document.clone_from(&repealed.document);
                entry.reason = Some(repealed.reason.clone());
                entry.replaced_by.clone_from(&repealed.replaced_by);
            }
        }
        told.push(entry);
    }
    told
}
