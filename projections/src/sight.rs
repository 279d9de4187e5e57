//! What was decided of an entry that bears on whether channels can show it, read from the journal.

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    deadline::sight::{Sight, Story},
    envelope::{Code, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, LoadError, load};

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

async fn story_of<C: Registered>(journal: &dyn Journal, code: &Code) -> Result<Story, LoadError> {
    let mut story = Story::default();
    for past in load::<C>(journal, code).await?.history {
        story.note(&past.metadata, &past.event);
    }
    Ok(story)
}
