//! The history of an entry, told from its events: who did what, when, on which basis, and which fields changed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    acting::{PersonId, Role},
    calendar::china,
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
use uuid::Uuid;

use crate::withheld::Withheld;

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
    /// When it was decided, where that was before: with the change set of which the entry is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who did it.
    pub actor: ActorId,
    /// In which role; nothing where a list was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The person behind the account: told to the keeper alone, to whom the directory says who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
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
    /// that only the counter sees or that are withheld (Art. 8(1)), be it only by what holds at the moment of the question: see
    /// [`Withheld`]. What is drafted, reviewed or returned is nobody's outside, not even that it happened (Art. 7).
    Public,
    /// Whoever runs the register.
    Keeper,
}

/// Tells the events of one entry, oldest first, to whoever asks at a moment.
pub fn tell<C: Registered>(history: &[Past<C>], audience: Audience, now: DateTime<Utc>) -> Vec<Told> {
    tell_without(history, audience, Withheld::at(history, now))
}

/// The same of a history that went on since: what it has come to withhold is handed in.
pub fn tell_without<C: Registered>(history: &[Past<C>], audience: Audience, withheld: Withheld) -> Vec<Told> {
    let view = View { audience, withheld };
    let mut published = Shown::default();
    let mut draft = None;
    let mut told: Vec<_> = history.iter().filter_map(|past| tell_one(past, &view, &mut published, &mut draft)).collect();
    if audience == Audience::Public {
        for (number, told) in (0..).zip(&mut told) {
            told.version = StreamVersion(number);
        }
    }
    told
}

/// What was published so far as the audience may see it, with the moment from which each holds.
#[derive(Default)]
struct Shown {
    contents: Vec<(DateTime<Utc>, Value)>,
    /// The last command that published something beside reforms.
    decided: Option<Uuid>,
}

impl Shown {
    /// What a content that holds from a moment on follows: a correction of what is in force does not follow what is upcoming.
    fn before(&self, from: DateTime<Utc>) -> Option<&Value> {
        let latest = self.contents.iter().enumerate().filter(|(_, (at, _))| *at <= from).max_by_key(|(place, (at, _))| (*at, *place));
        latest.map(|(_, (_, value))| value)
    }

    /// The content that holds last.
    fn last(&self) -> Option<&Value> {
        self.before(DateTime::<Utc>::MAX_UTC)
    }
}

/// What somebody may see of contents.
struct View {
    audience: Audience,
    withheld: Withheld,
}

impl View {
    /// A content that holds from a moment on as the audience may see it.
    fn of<C: Registered>(&self, content: &Arc<C>, content_hash: Hash, from: DateTime<Utc>) -> Option<Value> {
        let content = match self.audience {
            Audience::Keeper => content.clone(),
            Audience::Public => on_channel(content, content_hash, Channel::Online)?.content,
        };
        let mut value = serde_json::to_value(content.as_ref()).unwrap_or_default();
        if self.audience == Audience::Public {
            self.withheld.take_out(&mut value, from);
        }
        Some(value)
    }
}

/// Tells an event, if it is for the audience.
fn tell_one<C: Registered>(past: &Past<C>, view: &View, published: &mut Shown, draft: &mut Option<Value>) -> Option<Told> {
    let Past { recorded, metadata, event } = past;
    let audience = view.audience;
    if audience == Audience::Public && event.is_internal() {
        return None;
    }
    let mut told = Told {
        position: recorded.position,
        version: recorded.version,
        at: metadata.at,
        decided_at: metadata.decided_at,
        actor: metadata.actor.clone(),
        role: event.by().map(|by| by.role),
        person: event.by().filter(|_| audience == Audience::Keeper).map(|by| by.person.clone()),
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
        let after = view.of(publication.content, publication.content_hash, publication.effective_from)?;
        let before = published.before(publication.effective_from);
        told.changes = before.map(|before| changes(before, &after)).unwrap_or_default();
        let seen = Seen { before, after: &after };
        told.summary = published_words(event, &seen, before.is_some().then_some((publication.revision, told.changes.len())));
        if before.is_some() && matches!(event, Event::Adopted(_)) {
            told.kind = "revised";
        }
        told.effective_from = Some(publication.effective_from);
        told.revision = Some(publication.revision);
        told.document = publication.document.map(str::to_owned);
        told.source = publication.source.map(|source| Source::clone(source));
        if !matches!(event, Event::Transferred(_)) {
            published.decided = Some(metadata.command);
        } else if published.decided == Some(metadata.command) {
            // Nobody decided the reform anew: what it makes of the revision before follows from that one.
            told.summary = format!("随之调整：{}", told.summary);
        }
        published.contents.push((publication.effective_from, after));
    }
    match event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => {
            let after = view.of(&drafted.content, drafted.content_hash, metadata.at)?;
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
                suspended.until.map_or_else(|| "暂停".to_owned(), |until| format!("暂停，至{}", china::spoken(until)))
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

/// A revision and the one that it follows, as the audience may see them.
struct Seen<'s> {
    before: Option<&'s Value>,
    after: &'s Value,
}

impl Seen<'_> {
    /// What a reform did: from which agency to which, as far as the audience may know of either. An agency may withhold the one above it.
    fn handed_over(&self, from: &Code, to: &Code) -> String {
        let names = |content: Option<&Value>, code: &Code| {
            ["agency", "parent"].iter().any(|field| content.is_some_and(|content| content.get(field) == Some(&code.as_str().into())))
        };
        match (names(self.before, from), names(Some(self.after), to)) {
            (true, true) => format!("机构改革，由{from}划转至{to}"),
            (false, true) => format!("机构改革，划转至{to}"),
            (true, false) => format!("机构改革，由{from}划出"),
            (false, false) => "机构改革".to_owned(),
        }
    }
}

/// A publication in one sentence; `revised`: the number of the revision and how much it changed, if it followed another.
fn published_words<C>(event: &Event<C>, seen: &Seen<'_>, revised: Option<(u32, usize)>) -> String {
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
                Handover::Agency { from, to } => seen.handed_over(from, to),
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
