//! What proves what became of an entry: its events as they are kept, what channels were given to show, receipts, and the calendar as it was known.

mod calendar;
mod receipts;
mod revision;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    acting::Role,
    codec::Registered,
    entry::Event,
    envelope::{Code, EntryName, StreamName, StreamVersion},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register, on_channel},
    value::Channel,
};
use exchange::evidence::{Evidence, Kept, Step};
use journal::{Journal, Knowledge, Known, LoadError, Loaded, Recorded, SharedJournal, StoreError, load};
use projections::{
    DeadlineError, Withheld,
    history::{Audience, Told, tell},
};

use super::sight;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The register, if it is named.
    pub register: Option<Register>,
    /// The code of the entry.
    pub code: Code,
    /// Everything that had been recorded by then.
    pub known_at: DateTime<Utc>,
    /// Only what everybody may know, at this moment: what is withheld by now is not told of the past either.
    pub public: Option<DateTime<Utc>>,
}

/// Why there is no evidence.
#[derive(Debug, thiserror::Error)]
pub enum NoEvidence {
    /// There is no such entry.
    #[error(
        "没有编码为“{0}”的条目{zh}；请核对编码、--register 与 --known-at / there is no entry with the code {0}{en}: check it, --register and --known-at",
        zh = if *.1 { "可以公开" } else { "" },
        en = if *.1 { " of which anything is public" } else { "" },
    )]
    Nothing(Code, bool),
    /// Several registers have one.
    #[error("{0} 在多个登记册中：{1}；请用 --register 指明 / {0} is in several registers, {1}: name one with --register")]
    Several(Code, String),
    /// The journal cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event cannot be read.
    #[error(transparent)]
    History(#[from] LoadError),
    /// Deadlines cannot be told.
    #[error(transparent)]
    Deadlines(#[from] DeadlineError),
    /// An event is no text.
    #[error("{0} 的第{1}号事件不是文本，日志可能已损坏 / event {1} of {0} is no text, the journal may be damaged: restore a backup")]
    NoText(StreamName, u64),
    /// Something has no JSON form.
    #[error("条目不能写成JSON / the entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Collects it.
pub async fn collect(journal: SharedJournal, asked: &Asked) -> Result<Evidence, NoEvidence> {
    let known: SharedJournal = Arc::new(Known::new(journal.clone(), Knowledge::Moment(asked.known_at)));
    let entry = EntryName::new(find(known.as_ref(), asked).await?, asked.code.clone());
    let journals = (journal, known);
    match entry.register {
        Register::Agency => of::<Agency>(journals, &entry, asked).await,
        Register::Item => of::<Item>(journals, &entry, asked).await,
        Register::Guide => of::<Guide>(journals, &entry, asked).await,
        Register::Material => of::<Material>(journals, &entry, asked).await,
        Register::Openness => of::<CatalogueEntry>(journals, &entry, asked).await,
    }
}

/// The register that the code is of.
async fn find(journal: &dyn Journal, asked: &Asked) -> Result<Register, NoEvidence> {
    let mut found = Vec::new();
    for register in Register::ALL.into_iter().filter(|register| asked.register.is_none_or(|only| only == *register)) {
        let stream = StreamName::new(register, asked.code.clone());
        if !journal.read_stream(&stream, StreamVersion::FIRST, 1).await?.is_empty() {
            found.push(register);
        }
    }
    match found[..] {
        [] => Err(NoEvidence::Nothing(asked.code.clone(), asked.public.is_some())),
        [only] => Ok(only),
        _ => {
            let words: Vec<_> = found.iter().map(|register| register.word()).collect();
            Err(NoEvidence::Several(asked.code.clone(), words.join(", ")))
        }
    }
}

/// Out of a journal as it is, and as it was known.
async fn of<C: Registered>(
    (now, journal): (SharedJournal, SharedJournal),
    entry: &EntryName,
    asked: &Asked,
) -> Result<Evidence, NoEvidence> {
    let loaded = load::<C>(journal.as_ref(), &entry.code).await?;
    let withheld = match asked.public {
        Some(at) => Some(withheld_now::<C>(now.as_ref(), asked, at).await?),
        None => None,
    };
    let told = match &withheld {
        Some(withheld) => {
            let told = sight::told_then(&loaded, asked.known_at, withheld.clone());
            told.ok_or(NoEvidence::Nothing(asked.code.clone(), true))?
        }
        None => tell(&loaded.history, Audience::Keeper, asked.known_at),
    };
    let mut revisions = Vec::new();
    for past in &loaded.history {
        revisions.extend(revision::of(past, withheld.as_ref())?);
    }
    let public = withheld.is_some();
    let (receipts, receipts_since) = receipts::of(journal.as_ref(), entry, &revisions, public).await?;
    let of = calendar::Of { entry, revisions: &revisions, receipts_since, known_at: asked.known_at };
    let calendar = calendar::of(journal, of).await?;
    let kept = if public { Vec::new() } else { loaded.history.iter().map(|past| kept(&past.recorded)).collect::<Result<_, _>>()? };
    Ok(Evidence {
        register: entry.register,
        code: entry.code.clone(),
        name: name(&loaded, withheld.as_ref()),
        known_at: asked.known_at,
        public,
        events: kept,
        steps: told.into_iter().map(step).collect(),
        revisions,
        receipts,
        calendar,
    })
}

/// What is withheld of an entry at the moment of the question. Of one of which nothing is public any more there is nothing to hand on.
async fn withheld_now<C: Registered>(journal: &dyn Journal, asked: &Asked, at: DateTime<Utc>) -> Result<Withheld, NoEvidence> {
    let now = load::<C>(journal, &asked.code).await?;
    if !sight::is_public(&now.state, at) {
        return Err(NoEvidence::Nothing(asked.code.clone(), true));
    }
    Ok(Withheld::at(&now.history, at))
}

/// How the entry was called last, as far as that may be told.
fn name<C: Registered>(loaded: &Loaded<C>, withheld: Option<&Withheld>) -> String {
    let names = loaded.history.iter().rev().filter_map(|past| {
        if let Some(published) = past.event.publication() {
            let shown =
                || on_channel(published.content, published.content_hash, Channel::Online).map(|shown| shown.content.name().to_owned());
            return match withheld {
                Some(withheld) => shown().filter(|_| !withheld.hides(published.effective_from)),
                None => Some(published.content.name().to_owned()),
            };
        }
        match &past.event {
            Event::Drafted(drafted) | Event::Redrafted(drafted) if withheld.is_none() => Some(drafted.content.name().to_owned()),
            _ => None,
        }
    });
    names.into_iter().next().unwrap_or_default()
}

fn kept(recorded: &Recorded) -> Result<Kept, NoEvidence> {
    let text =
        |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| NoEvidence::NoText(recorded.stream.clone(), recorded.version.0));
    Ok(Kept {
        stream: recorded.stream.to_string(),
        version: recorded.version.0,
        id: recorded.id.to_string(),
        kind: recorded.kind.clone(),
        metadata: text(&recorded.metadata)?,
        payload: text(&recorded.payload)?,
    })
}

/// No place in the log is told: another store has others.
fn step(told: Told) -> Step {
    Step {
        version: told.version.0,
        at: told.at,
        decided_at: told.decided_at,
        actor: told.actor.as_str().to_owned(),
        role: told.role.map(Role::zh),
        kind: told.kind,
        summary: told.summary,
        summary_en: told.summary_en,
        effective_from: told.effective_from,
        revision: told.revision,
        document: told.document,
        reason: told.reason,
        changes: told.changes,
    }
}
