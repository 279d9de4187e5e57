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

/// By one reading of the log, whatever the number.
async fn sights_by_log(journal: &dyn Journal, revisions: BTreeSet<OfRevision>) -> Result<BTreeMap<OfRevision, Sight>, LoadError> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{
        acting::{Acting, Capacity, PersonId, Role, Scope},
        decider::Circumstances,
        entry::{Adopt, Command, Repeal, Resume, Source, Suspend},
        envelope::ActorId,
        register::Item,
        value::ItemType,
    };
    use journal::{Budget, ExpectedVersion, MemoryJournal, Request, SharedJournal, transact};
    use proptest::{
        collection::vec,
        prelude::*,
        test_runner::{Config, TestRunner},
    };
    use uuid::Uuid;

    use super::*;

    fn code(text: &str) -> Code {
        text.parse().unwrap()
    }

    async fn give<C: Registered>(journal: &SharedJournal, number: u128, at: &str, capacity: Capacity, command: Command<C>) {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(i64::try_from(number).unwrap());
        let circumstances = Circumstances { now, actor: ActorId::new("test"), capacity, command: Uuid::from_u128(number + 1) };
        let request = Request { code: code(at), expected: ExpectedVersion::Any, command, circumstances };
        let _ = transact::<C>(journal.as_ref(), request, Budget::default()).await.unwrap();
    }

    /// Items and guides of them to which anything happens; much of it is refused.
    async fn happened(acts: Vec<(u8, u8, u8)>) -> SharedJournal {
        let journal: SharedJournal = Arc::new(MemoryJournal::new());
        let acting = Acting { person: PersonId::new("p-a"), role: Role::Approver, scope: Scope::Agency(code("A1")) };
        for (number, (act, of, more)) in (0_u128..).zip(acts) {
            let source = Source { file: "list".into(), ..Source::default() };
            let (item, guide) = (format!("I{of}"), format!("G{of}"));
            let person = || Capacity::Person(acting.clone());
            let suspend = || Suspend { reason: "检修".into(), until: None };
            let repeal = || Repeal { effective_from: None, reason: "取消".into(), document: None, replaced_by: None, reform: None };
            match act {
                0 => {
                    let content = Item::new(format!("第{number}稿"), ItemType::Permission, code("A1"));
                    give(&journal, number, &item, Capacity::Import, Adopt { content, source, effective_from: None }.into()).await;
                }
                1 => {
                    let content = Guide::new(format!("第{number}稿"), code(&format!("I{more}")), code("A1"));
                    give(&journal, number, &guide, Capacity::Import, Adopt { content, source, effective_from: None }.into()).await;
                }
                2 => give::<Item>(&journal, number, &item, person(), suspend().into()).await,
                3 => give::<Item>(&journal, number, &item, person(), Resume.into()).await,
                4 => give::<Guide>(&journal, number, &guide, person(), suspend().into()).await,
                5 => give::<Guide>(&journal, number, &guide, person(), Resume.into()).await,
                6 => give::<Item>(&journal, number, &item, Capacity::Import, repeal().into()).await,
                _ => give::<Guide>(&journal, number, &guide, Capacity::Import, repeal().into()).await,
            }
        }
        journal
    }

    /// One reading of the log says the same as the streams of each.
    #[test]
    fn what_is_read_from_the_log_is_what_streams_say() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let act = prop_oneof![4 => Just(0_u8), 4 => Just(1), 5 => 2_u8..8];
        let mut runner = TestRunner::new(Config::with_cases(128));
        let ran = runner.run(&vec((act, 0_u8..3, 0_u8..3), 1..40), |acts| {
            runtime.block_on(async {
                let journal = happened(acts).await;
                let entries = |register, word: &'static str| (0..3).map(move |n| EntryName::new(register, code(&format!("{word}{n}"))));
                let entries = entries(Register::Item, "I").chain(entries(Register::Guide, "G"));
                let asked: BTreeSet<OfRevision> = entries.flat_map(|entry| (1..6).map(move |revision| (entry.clone(), revision))).collect();
                let by_log = sights_by_log(journal.as_ref(), asked.clone()).await.unwrap();
                assert_eq!(by_log, sights_of(journal.as_ref(), asked).await.unwrap());
            });
            Ok(())
        });
        ran.unwrap();
    }
}
