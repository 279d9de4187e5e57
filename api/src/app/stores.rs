use std::path::{Path, PathBuf};

/// The file of the embedded journal within a data folder.
pub fn journal_path(data: &Path) -> PathBuf {
    data.join("journal.db")
}

/// Placeholder until the embedded store lands in the next lines.
#[derive(Debug)]
pub struct Stores;
