use chrono::{DateTime, Utc};
use domain::{
    acting::{Role, Scope},
    codec::Registered,
    entry::Event,
    envelope::{ActorId, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, LoadError, Past, load};
use projections::Withheld;
use serde::Serialize;
use uuid::Uuid;

use crate::registrar::sight;

/// Something that happened to an entry and made what is shown another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Id of the event; left out where only what everybody may know is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Uuid>,
    /// Its stream: of the entry, or of the item that a guide is shown with.
    pub stream: String,
    /// The verb, as in the stored kind.
    pub verb: &'static str,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When it was decided, where that was before: with the change set of which the entry is a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// From when it holds.
    pub effective_from: Option<DateTime<Utc>>,
    /// Of a suspension: until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Who did it: an id, never a name.
    pub actor: ActorId,
    /// In which role; nothing where a list was imported or the register itself acted.
    pub role: Option<Role>,
    /// For whom: an agency, or the city; left out where only what everybody may know is told.
    pub acts_for: Option<Scope>,
    /// Number of the revision that it made.
    pub revision: Option<u32>,
    /// Document by which it was decided.
    pub document: Option<String>,
    /// Why, where a reason was given.
    pub reason: Option<String>,
}

impl Cause {
    /// Whether it made a difference between two moments: it was recorded between them and holds by the second, or it took effect between them.
    pub(super) fn counts_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        let effects = || [self.effective_from, self.until].into_iter().flatten();
        let recorded = self.at > from && self.at <= to && self.effective_from.is_none_or(|effective| effective <= to);
        recorded || effects().any(|effect| effect > from && effect <= to)
    }
}

/// For everybody: the moment by which all was known, and what is withheld of the entry by now.
pub(super) type Public = (DateTime<Utc>, Withheld);

/// All that happened to an entry and is no work on a draft, oldest first. For everybody: of that, what the public history tells.
pub(super) async fn causes(journal: &dyn Journal, entry: &EntryName, public: Option<Public>) -> Result<Vec<Cause>, LoadError> {
    match entry.register {
        Register::Agency => of::<Agency>(journal, entry, public).await,
        Register::Item => of::<Item>(journal, entry, public).await,
        Register::Guide => of::<Guide>(journal, entry, public).await,
        Register::Material => of::<Material>(journal, entry, public).await,
        Register::Openness => of::<CatalogueEntry>(journal, entry, public).await,
    }
}

async fn of<C: Registered>(journal: &dyn Journal, entry: &EntryName, public: Option<Public>) -> Result<Vec<Cause>, LoadError> {
    let loaded = load::<C>(journal, &entry.code).await?;
    let Some((at, withheld)) = public else {
        return Ok(loaded.history.iter().filter(|past| !past.event.is_internal()).map(cause).collect());
    };
    // By their places, because the public history has numbers of its own.
    let told = sight::told_then(&loaded, at, withheld).unwrap_or_default();
    let told = told.iter().filter_map(|told| loaded.history.iter().find(|past| past.recorded.position == told.position));
    Ok(told.map(|past| Cause { event: None, acts_for: None, ..cause(past) }).collect())
}

fn cause<C: Registered>(past: &Past<C>) -> Cause {
    let Past::<C> { recorded, metadata, event } = past;
    let publication = event.publication();
    let mut cause = Cause {
        event: Some(recorded.id),
        stream: recorded.stream.to_string(),
        verb: event.verb(),
        at: metadata.at,
        decided_at: metadata.decided_at,
        effective_from: publication.as_ref().map(|publication| publication.effective_from),
        until: None,
        actor: metadata.actor.clone(),
        role: event.by().map(|by| by.role),
        acts_for: event.by().map(|by| by.scope.clone()),
        revision: publication.as_ref().map(|publication| publication.revision),
        document: publication.and_then(|publication| publication.document.map(str::to_owned)),
        reason: None,
    };
    match event {
        Event::Suspended(suspended) => {
            cause.effective_from = Some(suspended.effective_from);
            cause.until = suspended.until;
            cause.reason = Some(suspended.reason.clone());
        }
        Event::Resumed(resumed) => cause.effective_from = Some(resumed.effective_from),
        Event::Repealed(repealed) => {
            cause.effective_from = Some(repealed.effective_from);
            cause.document.clone_from(&repealed.document);
            cause.reason = Some(repealed.reason.clone());
        }
        Event::Corrected(corrected) => cause.reason = Some(corrected.reason.clone()),
        _ => {}
    }
    cause
}
