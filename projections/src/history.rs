//! The history of an entry, told from its events: who did what, when, on which basis, and which fields changed.

mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    acting::{PersonId, Role},
    codec::Registered,
    diff::{FieldChange, changes},
    entry::{Corrected, Event, Returned, Source, Withdrawn},
    envelope::{ActorId, Code, Position, StreamVersion},
    register::on_channel,
    value::{Channel, Hash},
};
use journal::Past;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::withheld::Withheld;
use words::{Seen, Words};

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
    /// When it was decided, where that was before: with the change set of which the entry is a member, or with the reform that was cut off before
    /// it reached the entry.
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
    /// The same in English.
    pub summary_en: String,
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
    /// Of what happened to the item of a guide, and to the guide with it: the code of the item, whose event it is. The number is then that of
    /// the event of the guide that it is told after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_item: Option<Code>,
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
        summary_en: String::new(),
        effective_from: None,
        revision: None,
        changes: Vec::new(),
        document: None,
        reason: None,
        source: None,
        replaced_by: None,
        of_item: None,
    };
    if let Some(publication) = event.publication() {
        let after = view.of(publication.content, publication.content_hash, publication.effective_from)?;
        let before = published.before(publication.effective_from);
        told.changes = before.map(|before| changes(before, &after)).unwrap_or_default();
        let seen = Seen { before, after: &after };
        let said = words::published(event, &seen, before.is_some().then_some((publication.revision, told.changes.len())));
        if before.is_some() && matches!(event, Event::Adopted(_)) {
            told.kind = "revised";
        }
        told.effective_from = Some(publication.effective_from);
        told.revision = Some(publication.revision);
        told.document = publication.document.map(str::to_owned);
        told.source = publication.source.map(|source| Source::clone(source));
        // Nobody decided the reform anew: what it makes of the revision before follows from that one.
        let follows = matches!(event, Event::Transferred(_)) && published.decided == Some(metadata.command);
        told.say(if follows { said.follows() } else { said });
        if !matches!(event, Event::Transferred(_)) {
            published.decided = Some(metadata.command);
        }
        published.contents.push((publication.effective_from, after));
    }
    match event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => {
            let after = view.of(&drafted.content, drafted.content_hash, metadata.at)?;
            // A draft is told against what is published, and a draft that was changed against what it said.
            let again = matches!(event, Event::Redrafted(_));
            let before = if again { draft.as_ref() } else { published.last() };
            told.changes = before.map(|before| changes(before, &after)).unwrap_or_default();
            told.say(words::drafted(again, before.is_some().then_some(told.changes.len())));
            *draft = Some(after);
        }
        other => told.note(other),
    }
    Some(told)
}

/// Tells the repeal of an item among the events of a guide that goes with it, where it stands in the log.
pub fn tell_with_item(told: &mut Vec<Told>, item: &Code, repealed: Told) {
    // Of a guide that was published for an item that is gone nothing is told before the guide itself.
    let place = told.partition_point(|own| own.position <= repealed.position).max(1).min(told.len());
    let version = told[..place].last().map_or(StreamVersion::FIRST, |own| own.version);
    let mut told_here = Told { version, of_item: Some(item.clone()), ..repealed };
    told_here.say(words::gone_with(item, told_here.replaced_by.as_ref()));
    told.insert(place, told_here);
}

impl Told {
    fn say(&mut self, Words { zh, en }: Words) {
        (self.summary, self.summary_en) = (zh, en);
    }

    /// Notes what an event says beside contents.
    fn note<C>(&mut self, event: &Event<C>) {
        match event {
            Event::Adopted(_)
            | Event::Approved(_)
            | Event::Drafted(_)
            | Event::Redrafted(_)
            | Event::Transferred(_)
            | Event::Submitted(_) => {}
            Event::Reviewed(reviewed) => self.revision = reviewed.revision,
            Event::Corrected(Corrected { reason, .. })
            | Event::Returned(Returned { reason, .. })
            | Event::Withdrawn(Withdrawn { reason, .. }) => self.reason = Some(reason.clone()),
            Event::Suspended(suspended) => {
                self.effective_from = Some(suspended.effective_from);
                self.reason = Some(suspended.reason.clone());
            }
            Event::Resumed(resumed) => self.effective_from = Some(resumed.effective_from),
            Event::Repealed(repealed) => {
                self.effective_from = Some(repealed.effective_from);
                self.document.clone_from(&repealed.document);
                self.reason = Some(repealed.reason.clone());
                self.replaced_by.clone_from(&repealed.replaced_by);
            }
        }
        if let Some(words) = words::other(event) {
            self.say(words);
        }
    }
}
