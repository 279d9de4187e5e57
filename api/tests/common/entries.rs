//! What a register says, entry by entry, without times and positions.

use std::collections::BTreeMap;

use domain::{codec::RegisterEvent, entry::Event, envelope::EntryName, register::Content};
use journal::{Journal, decode_recorded};

/// The events of each entry: of an adoption the revision and the hash of the content, of a repeal the reason, of a transfer also its day.
pub type Entries = BTreeMap<EntryName, Vec<String>>;

/// The entries of a journal that are asked for: what imports and reforms left, and nothing that people drafted.
pub async fn entries_of(journal: &dyn Journal, wanted: impl Fn(&EntryName) -> bool) -> Entries {
    let mut entries = Entries::new();
    for recorded in journal.read_all(None, usize::MAX).await.unwrap().events {
        let Some(entry) = recorded.stream.entry().filter(&wanted) else { continue };
        let (_, event) = decode_recorded(&recorded).unwrap();
        let told = match event {
            RegisterEvent::Agency(event) => told(&event),
            RegisterEvent::Item(event) => told(&event),
            RegisterEvent::Guide(event) => told(&event),
            RegisterEvent::Material(event) => told(&event),
            RegisterEvent::CatalogueEntry(event) => told(&event),
        };
        entries.entry(entry).or_default().push(told);
    }
    entries
}

fn told<C: Content>(event: &Event<C>) -> String {
    match event {
        Event::Adopted(adopted) => format!("{} {} {}", adopted.revision, adopted.content_hash, adopted.content.name()),
        Event::Repealed(repealed) => repealed.reason.clone(),
        Event::Transferred(moved) => format!("{} {} {} {}", moved.revision, moved.content_hash, moved.effective_from, moved.document),
        other => panic!("no import leaves what is {}", other.verb()),
    }
}
