//! The history of an entry, told from its events: who did what, when, on which basis, and which fields changed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    diff::{FieldChange, changes},
    entry::{Event, Source},
    envelope::{ActorId, Code, Position, StreamVersion},
    register::{Handover, on_channel},
    value::{Channel, Hash},
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
    /// Number among the events that the audience is told of, from 0: for the keeper that within the entry's stream. A number that
    /// counted drafts would tell everybody that there are some (Art. 7).
    pub version: StreamVersion,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: ActorId,
    /// The verb of the event, as in its stored kind; `revised` for a further adoption.
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
    /// that only the counter sees or that are withheld (Art. 8(1)). What is drafted, reviewed or returned is nobody's outside,
    /// not even that it happened (Art. 7).
    Public,
    /// Whoever runs the register.
    Keeper,
}

/// Tells the events of one entry, oldest first.
pub fn tell<C: Registered>(history: &[Past<C>], audience: Audience) -> Vec<Told> {
    let mut published = Shown::default();
    let mut draft = None;
    let mut told: Vec<_> = history.iter().filter_map(|past| tell_one(past, audience, &mut published, &mut draft)).collect();
    if audience == Audience::Public {
        for (number, told) in (0..).zip(&mut told) {
            told.version = StreamVersion(number);
        }
    }
    told
}

/// What was published so far as the audience may see it, with the moment from which each holds.
#[derive(Default)]
struct Shown(Vec<(DateTime<Utc>, Value)>);

impl Shown {
    /// What a content that holds from a moment on follows: a correction of what is in force does not follow what is upcoming.
    fn before(&self, from: DateTime<Utc>) -> Option<&Value> {
        let latest = self.0.iter().enumerate().filter(|(_, (at, _))| *at <= from).max_by_key(|(place, (at, _))| (*at, *place));
        latest.map(|(_, (_, value))| value)
    }

    /// The content that holds last.
    fn last(&self) -> Option<&Value> {
        self.before(DateTime::<Utc>::MAX_UTC)
    }
}

/// A content as the audience may see it.
fn seen<C: Registered>(content: &Arc<C>, content_hash: Hash, audience: Audience) -> Option<Value> {
    let content = match audience {
        Audience::Keeper => Some(content.clone()),
        Audience::Public => on_channel(content, content_hash, Channel::Online).map(|shown| shown.content),
    };
    content.map(|content| serde_json::to_value(content.as_ref()).unwrap_or_default())
}

/// Tells an event, if it is for the audience.
fn tell_one<C: Registered>(past: &Past<C>, audience: Audience, published: &mut Shown, draft: &mut Option<Value>) -> Option<Told> {
    let Past { recorded, metadata, event } = past;
    if audience == Audience::Public && event.is_internal() {
        return None;
    }
    let mut told = Told {
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
    if let Some(publication) = event.publication() {
        let after = seen(publication.content, publication.content_hash, audience)?;
        let before = published.before(publication.effective_from);
        told.changes = before.map(|before| changes(before, &after)).unwrap_or_default();
        told.summary = published_words(event, before.is_some().then_some((publication.revision, told.changes.len())));
        if before.is_some() && matches!(event, Event::Adopted(_)) {
            told.kind = "revised";
        }
        told.effective_from = Some(publication.effective_from);
        told.revision = Some(publication.revision);
        told.document = publication.document.map(str::to_owned);
        told.source = publication.source.map(|source| Source::clone(source));
        published.0.push((publication.effective_from, after));
    }
    match event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => {
            let after = seen(&drafted.content, drafted.content_hash, audience)?;
            // A draft is told against what is published, and a draft that was changed against what it said.
            let (verb, before) = match event {
                Event::Redrafted(_) => ("修改草稿", draft.as_ref()),
                _ => ("起草", published.last()),
            };
            told.changes = before.map(|before| changes(before, &after)).unwrap_or_default();
            told.summary = if before.is_some() { format!("{verb}，变更{}处", told.changes.len()) } else { verb.to_owned() };
            *draft = Some(after);
        }
        other => told.note(other),
    }
    Some(told)
}

impl Told {
    /// Notes what an event says beside contents.
    fn note<C>(&mut self, event: &Event<C>) {
        let words = match event {
            // Told with their contents.
            Event::Adopted(_) | Event::Approved(_) | Event::Drafted(_) | Event::Redrafted(_) | Event::Transferred(_) => return,
            Event::Corrected(corrected) => {
                self.reason = Some(corrected.reason.clone());
                return;
            }
            Event::Submitted(_) => "送政务公开工作机构审查".to_owned(),
            Event::Reviewed(reviewed) => {
                self.revision = reviewed.revision;
                reviewed.revision.map_or_else(|| "审查通过".to_owned(), |number| format!("补审第{number}版的更正"))
            }
            Event::Returned(returned) => {
                self.reason = Some(returned.reason.clone());
                "退回".to_owned()
            }
            Event::Withdrawn(withdrawn) => {
                self.reason = Some(withdrawn.reason.clone());
                "撤回草稿".to_owned()
            }
            Event::Suspended(suspended) => {
                self.effective_from = Some(suspended.effective_from);
                self.reason = Some(suspended.reason.clone());
                suspended.until.map_or_else(|| "暂停".to_owned(), |until| format!("暂停，至{until}"))
            }
            Event::Resumed(resumed) => {
                self.effective_from = Some(resumed.effective_from);
                "恢复".to_owned()
            }
            Event::Repealed(repealed) => {
                self.effective_from = Some(repealed.effective_from);
                self.document.clone_from(&repealed.document);
                self.reason = Some(repealed.reason.clone());
                self.replaced_by.clone_from(&repealed.replaced_by);
                repealed.replaced_by.as_ref().map_or_else(|| "取消".to_owned(), |code| format!("取消，由{code}承接"))
            }
        };
        self.summary = words;
    }
}

/// A publication in one sentence; `revised`: the number of the revision and how much it changed, if it followed another.
fn published_words<C>(event: &Event<C>, revised: Option<(u32, usize)>) -> String {
    match (event, revised) {
        (Event::Adopted(adopted), revised) => {
            let words = match revised {
                Some((number, count)) => format!("按新版清单修订为第{number}版，变更{count}处"),
                None => "承接既有清单".to_owned(),
            };
            match &adopted.source.list {
                Some(list) => format!("{words}（{list}）"),
                None => words,
            }
        }
        (Event::Transferred(transferred), revised) => {
            let words = match &transferred.handover {
                Handover::Agency { from, to } => format!("机构改革，由{from}划转至{to}"),
                Handover::Names { name: Some(name), .. } => format!("机构改革，更名为{name}"),
                Handover::Names { name: None, .. } => "机构改革，承接并入机构的名称".to_owned(),
            };
            revised.map_or_else(|| words.clone(), |(number, count)| format!("{words}，为第{number}版，变更{count}处"))
        }
        (Event::Corrected(_), Some((number, count))) => format!("更正为第{number}版，变更{count}处"),
        (Event::Corrected(_), None) => "更正发布".to_owned(),
        (_, Some((number, count))) => format!("审签发布第{number}版，变更{count}处"),
        (_, None) => "审签发布".to_owned(),
    }
}
