//! What a register says, entry by entry, without times and positions.

use std::{collections::BTreeMap, path::Path};

use api::app;
use domain::{
    codec::RegisterEvent,
    entry::Event,
    envelope::StreamName,
    register::{Content, Register},
};
use journal::decode_recorded;

/// The events of each entry: of an adoption the revision and the hash of the content, of a repeal the reason.
pub(crate) type Entries = BTreeMap<StreamName, Vec<String>>;

pub(crate) fn entries(data: &Path) -> Entries {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let journal = runtime.block_on(app::open_journal_to_read(&app::Place::Folder(data.to_owned()))).unwrap();
    let page = runtime.block_on(journal.read_all(None, usize::MAX)).unwrap();
    let mut entries = Entries::new();
    for recorded in page.events {
        let (_, event) = decode_recorded(&recorded).unwrap();
        let told = match event {
            RegisterEvent::Agency(event) => told(&event),
            RegisterEvent::Item(event) => told(&event),
            RegisterEvent::Guide(event) => told(&event),
            RegisterEvent::Material(event) => told(&event),
        };
        entries.entry(recorded.stream).or_default().push(told);
    }
    entries
}

fn told<C: Content>(event: &Event<C>) -> String {
    match event {
        Event::Adopted(adopted) => format!("{} {} {}", adopted.revision, adopted.content_hash, adopted.content.name()),
        Event::Repealed(repealed) => repealed.reason.clone(),
        // An import leads to nothing else.
        other => other.verb().to_owned(),
    }
}

pub(crate) fn count(entries: &Entries, register: Register) -> usize {
    entries.keys().filter(|stream| stream.register == register).count()
}
