//! Which store keeps what: the only place that names one.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use journal::{EventStoreJournal, MemoryJournal, ReadOnly, SharedJournal, SqliteJournal, StoreError};
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
    create_folder(place)?;
    SqliteJournal::create(&path)?;
    Ok(path.display().to_string())
}

/// Creates the folder that a register lies in, if it lies in one and if need be.
pub fn create_folder(place: &Place) -> Result<(), StoreError> {
    let (Some(path), Some(folder)) = (place.file(), place.folder()) else { return Ok(()) };
    fs::create_dir_all(&folder).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path.display().to_string()),
        io::ErrorKind::StorageFull => StoreError::Full(path.display().to_string()),
        _ => StoreError::Folder { path: folder.display().to_string(), reason: error.to_string() },
    })
}

/// Opens a journal; one that is missing is an error.
pub async fn open_journal(place: &Place) -> Result<SharedJournal, StoreError> {
    Ok(match place {
        Place::Folder(folder) => Arc::new(SqliteJournal::open(&journal_path(folder))?),
        Place::File(file) => Arc::new(SqliteJournal::open(file)?),
        Place::Store(url) => Arc::new(EventStoreJournal::open(url).await?),
    })
}

/// Opens a journal without the right to append. A file is opened so that not even an error of ours could write into it.
pub async fn open_journal_to_read(place: &Place) -> Result<SharedJournal, StoreError> {
    Ok(match place.file() {
        Some(file) => Arc::new(SqliteJournal::open_read_only(&file)?),
        None => Arc::new(ReadOnly(open_journal(place).await?)),
    })
}

/// Opens a journal without the right to append, or one in memory without events where there is none.
pub async fn open_journal_or_nothing(place: &Place) -> Result<SharedJournal, StoreError> {
    match open_journal_to_read(place).await {
        Err(StoreError::Missing(_)) => Ok(Arc::new(MemoryJournal::new())),
        opened => opened,
    }
}

/// The right of one process to import into a folder. Given back when it is dropped, also by a process that is killed.
#[derive(Debug)]
pub struct ImportTurn(#[expect(dead_code, reason = "closing the file gives the lock back")] Option<File>);

/// Another process imports into the folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "另一个导入正在写入 {0}；请等它结束后再次导入，本次未作改动 / \
     another import into {0} is under way: wait for its end and import again, nothing was changed"
)]
pub struct ImportUnderWay(String);

/// Takes the right to import into the folder of a register, once it is there. The folder itself is locked, so nothing is left in
/// it. Where a file system has no locks, where the folder cannot be opened, and in a store of several machines nobody is kept out:
/// the journal stays right, only the summaries of two imports at once may both claim a row.
pub fn take_turn(place: &Place) -> Result<ImportTurn, ImportUnderWay> {
    let Some(Ok(folder)) = place.folder().map(File::open) else { return Ok(ImportTurn(None)) };
    match folder.try_lock() {
        Ok(()) => Ok(ImportTurn(Some(folder))),
        Err(TryLockError::WouldBlock) => Err(ImportUnderWay(place.to_string())),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "the folder of the register cannot be locked; do not import twice at once");
            Ok(ImportTurn(None))
        }
    }
}

/// Views before the first event.
pub fn empty_views() -> SharedViews {
    Arc::new(MemoryViews::default())
}

/// The same, of a journal that lies in a file: what they begin to show is noted beside it until a receipt says so, and outlives the process. Where that
/// cannot be, nothing is noted, and the log says why.
pub async fn empty_views_beside(place: &Place, journal: &SharedJournal) -> SharedViews {
    let Some(mut file) = place.file().map(PathBuf::into_os_string) else { return empty_views() };
    file.push("-served");
    let noting = MemoryViews::noting(Path::new(&file), journal.as_ref()).await;
    noting.map_or_else(
        |error| {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            let words = "what is shown is not noted beside the journal: if the process is killed, receipts that were not written yet say when it was found";
            tracing::warn!(file = %file.display(), %error, why, "{words}");
            empty_views()
        },
        |views| Arc::new(views) as SharedViews,
    )
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
