//! Which store keeps what: the only place that names one.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use journal::{MemoryJournal, SharedJournal, SqliteJournal, StoreError};
use projections::{MemoryViews, SharedViews};

/// The file of the embedded journal within a data folder.
pub fn journal_path(data: &Path) -> PathBuf {
    data.join("journal.db")
}

/// Creates an empty journal in a folder, and the folder if need be. An existing journal is an error.
pub fn create_journal(data: &Path) -> Result<PathBuf, StoreError> {
    let path = journal_path(data);
    create_folder(data)?;
    SqliteJournal::create(&path)?;
    Ok(path)
}

/// Creates the folder of a register if need be.
pub fn create_folder(data: &Path) -> Result<(), StoreError> {
    let path = journal_path(data);
    fs::create_dir_all(data).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path.display().to_string()),
        io::ErrorKind::StorageFull => StoreError::Full(path.display().to_string()),
        _ => StoreError::Folder { path: data.display().to_string(), reason: error.to_string() },
    })
}

/// Opens the journal of a folder; one that is missing is an error.
pub fn open_journal(data: &Path) -> Result<SharedJournal, StoreError> {
    Ok(Arc::new(SqliteJournal::open(&journal_path(data))?))
}

/// Opens the journal of a folder without the right to append.
pub fn open_journal_to_read(data: &Path) -> Result<SharedJournal, StoreError> {
    Ok(Arc::new(SqliteJournal::open_read_only(&journal_path(data))?))
}

/// Opens the journal of a folder without the right to append, or one in memory without events where there is none.
pub fn open_journal_or_nothing(data: &Path) -> Result<SharedJournal, StoreError> {
    match open_journal_to_read(data) {
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

/// Takes the right to import into a folder, which is there. The folder itself is locked, so nothing is left in it. Where a file
/// system has no locks, or the folder cannot be opened, nobody is kept out: the journal stays right, only the summaries of two
/// imports at once may both claim a row.
pub fn take_turn(data: &Path) -> Result<ImportTurn, ImportUnderWay> {
    let Ok(folder) = File::open(data) else { return Ok(ImportTurn(None)) };
    match folder.try_lock() {
        Ok(()) => Ok(ImportTurn(Some(folder))),
        Err(TryLockError::WouldBlock) => Err(ImportUnderWay(data.display().to_string())),
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

/// Whether a register may be begun in a folder: it is missing, or empty. One that holds other things was probably mistyped.
pub fn may_begin(data: &Path) -> bool {
    match fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Opens the journal of a folder, after creating an empty one if one may be begun there
/// (see [`may_begin`]). Says whether a journal was created.
pub fn open_or_begin(data: &Path) -> Result<(SharedJournal, bool), StoreError> {
    let empty = may_begin(data);
    if empty {
        create_journal(data)?;
    }
    Ok((open_journal(data)?, empty))
}
