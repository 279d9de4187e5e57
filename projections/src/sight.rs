//! What was decided of an entry that bears on whether channels can show it, read from the journal.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::{
    codec::{RegisterEvent, Registered},
    deadline::sight::{Sight, Story},
    envelope::{Code, EntryName, Metadata},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, LoadError, decode_recorded, load};

/// More revisions than this are worth one reading of the whole log: a register that never had receipts is served for the first time. Fewer are asked
/// for by their streams.
const MANY: usize = 1_000;

/// Streams that are read at once.
const AT_ONCE: usize = 8;

/// Events of the log that are read at a time.
const PAGE: usize = 1_000;

/// A revision of an entry.
pub type OfRevision = (EntryName, u32);

/// When channels could show a revision, by what is recorded by now; `None`: there is no such revision.
pub async fn sight_of(journal: &dyn Journal, entry: &EntryName, revision: u32) -> Result<Option<Sight>, LoadError> {
    let story = match entry.register {
        Register::Agency => story_of::<Agency>(journal, &entry.code).await?,
        Register::Item => story_of::<Item>(journal, &entry.code).await?,
        Register::Guide => story_of::<Guide>(journal, &entry.code).await?,
        Register::Material => story_of::<Material>(journal, &entry.code).await?,
        Register::Openness => story_of::<CatalogueEntry>(journal, &entry.code).await?,
    };
    let item = match story.item_of(revision) {
        Some(item) => Some(story_of::<Item>(journal, item).await?),
        None => None,
    };
    Ok(story.sight(revision, item.as_ref(), DateTime::<Utc>::MAX_UTC))
}

/// The same of several revisions; those that there are not are left out.
pub async fn sights_of(journal: &dyn Journal, revisions: BTreeSet<OfRevision>) -> Result<BTreeMap<OfRevision, Sight>, LoadError> {
    if revisions.len() > MANY {
        return sights_by_log(journal, revisions).await;
    }
    let one = |(entry, revision): OfRevision| async move {
        let sight = sight_of(journal, &entry, revision).await?;
        Ok::<_, LoadError>(sight.map(|sight| ((entry, revision), sight)))
    };
    let found: Vec<_> = stream::iter(revisions).map(one).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// The same by one reading of the log, whatever the number.
pub async fn sights_by_log(journal: &dyn Journal, revisions: BTreeSet<OfRevision>) -> Result<BTreeMap<OfRevision, Sight>, LoadError> {
    let mut stories: HashMap<EntryName, Story> = revisions.iter().map(|(entry, _)| (entry.clone(), Story::default())).collect();
    let mut after = None;
    loop {
        let page = journal.read_all(after, PAGE).await?;
        for recorded in &page.events {
            after = Some(recorded.position);
            // Which items the guides belong to is told by the guides, which may come before or after them.
            let Some(entry) = recorded.stream.entry() else { continue };
            let story = match entry.register {
                Register::Item => Some(stories.entry(entry).or_default()),
                _ => stories.get_mut(&entry),
            };
            let Some(story) = story else { continue };
            let (metadata, event) = decode_recorded(recorded).map_err(|source| LoadError::Codec {
                stream: recorded.stream.clone(),
                version: recorded.version,
                source,
            })?;
            note(story, &metadata, &event);
        }
        if page.end || page.events.is_empty() {
            break;
        }
    }
    let sight = |(entry, revision): OfRevision| {
        let story = stories.get(&entry)?;
        let item = story.item_of(revision).and_then(|item| stories.get(&EntryName::new(Register::Item, item.clone())));
        let sight = story.sight(revision, item, DateTime::<Utc>::MAX_UTC)?;
        Some(((entry, revision), sight))
    };
    Ok(revisions.into_iter().filter_map(sight).collect())
}

fn note(story: &mut Story, metadata: &Metadata, event: &RegisterEvent) {
    match event {
        RegisterEvent::Agency(event) => story.note(metadata, event),
        RegisterEvent::Item(event) => story.note(metadata, event),
        RegisterEvent::Guide(event) => story.note(metadata, event),
        RegisterEvent::Material(event) => story.note(metadata, event),
        RegisterEvent::CatalogueEntry(event) => story.note(metadata, event),
    }
}

async fn story_of<C: Registered>(journal: &dyn Journal, code: &Code) -> Result<Story, LoadError> {
    let mut story = Story::default();
    for past in load::<C>(journal, code).await?.history {
        story.note(&past.metadata, &past.event);
    }
    Ok(story)
}
