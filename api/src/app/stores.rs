//! Which store keeps what: the only place that names one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use journal::{EventStoreJournal, MemoryJournal, SharedJournal, SqliteJournal, StoreError};
use projections::{MemoryViews, SharedViews};

use super::place::Place;

/// The file of the embedded journal within a data folder.
pub fn journal_path(data: &Path) -> PathBuf {
    data.join("journal.db")
}

/// Creates an empty journal, and the folder that it lies in if need be. Says where it is. An existing journal is an error.
pub async fn create_journal(place: &Place) -> Result<String, StoreError> {
    let Some(path) = place.file() else {
        if let Place::Store(url) = place {
            EventStoreJournal::create(url).await?;
        }
        return Ok(place.to_string());
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path.display().to_string()),
        io::ErrorKind::StorageFull => StoreError::Full(path.display().to_string()),
        _ => StoreError::Other(format!("folder {} cannot be created: {error}", folder.display())),
    })?;
    SqliteJournal::create(&path)?;
    Ok(path.display().to_string())
}

/// Opens a journal; one that is missing is an error.
pub async fn open_journal(place: &Place) -> Result<SharedJournal, StoreError> {
    Ok(match place {
        Place::Folder(folder) => Arc::new(SqliteJournal::open(&journal_path(folder))?),
        Place::File(file) => Arc::new(SqliteJournal::open(file)?),
        Place::Store(url) => Arc::new(EventStoreJournal::open(url).await?),
    })
}

/// Opens a journal without the right to append, where the store can tell.
pub async fn open_journal_to_read(place: &Place) -> Result<SharedJournal, StoreError> {
    match place.file() {
        Some(file) => Ok(Arc::new(SqliteJournal::open_read_only(&file)?)),
        None => open_journal(place).await,
    }
}

/// Opens a journal without the right to append, or one in memory without events where there is none.
pub async fn open_journal_or_nothing(place: &Place) -> Result<SharedJournal, StoreError> {
    match open_journal_to_read(place).await {
        Err(StoreError::Missing(_)) => Ok(Arc::new(MemoryJournal::new())),
        opened => opened,
    }
}

/// Views before the first event.
pub fn empty_views() -> SharedViews {
    Arc::new(MemoryViews::default())
}

/// Whether a register may be begun at a place that has none: in a folder that is missing or empty, under a name that is free,
/// in a store. A folder that holds other things was probably mistyped; of a store the founding itself looks what it holds.
pub fn may_begin(place: &Place) -> bool {
    match place {
        Place::Folder(folder) => match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        },
        Place::File(file) => !file.exists(),
        Place::Store(_) => true,
    }
}

/// Opens a journal, after creating an empty one where there is none and one may be begun (see [`may_begin`]). Says whether a
/// journal was created.
pub async fn open_or_begin(place: &Place) -> Result<(SharedJournal, bool), StoreError> {
    match open_journal(place).await {
        Err(StoreError::Missing(_)) if may_begin(place) => {}
        opened => return Ok((opened?, false)),
    }
    create_journal(place).await?;
    Ok((open_journal(place).await?, true))
}
