use std::path::Path;

use api::app;
use domain::register::Register;

use crate::entries::{Entries, entries_of};

/// The entries of a register in a folder.
pub(crate) fn entries(data: &Path) -> Entries {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let journal = runtime.block_on(app::open_journal_to_read(&app::Place::Folder(data.to_owned()))).unwrap();
    runtime.block_on(entries_of(journal.as_ref(), |_| true))
}

pub(crate) fn count(entries: &Entries, register: Register) -> usize {
    entries.keys().filter(|stream| stream.register == register).count()
}
