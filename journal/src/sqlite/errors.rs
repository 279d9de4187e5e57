//! What SQLite says, in the words of the port.

use std::{
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rusqlite::{Error, ErrorCode, ffi};

use crate::port::StoreError;

/// A failure of SQLite, for whoever runs the store.
pub(super) fn store_error(path: &Path, error: &Error) -> StoreError {
    let shown = || path.display().to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::NotAJournal { path: shown(), reason: error.to_string() },
        Some(ErrorCode::DiskFull) => StoreError::Full(shown()),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly(shown()),
        // SQLite keeps the reason to itself, so the system is asked again.
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => match probe(path) {
            Err(reason) => io_error(path, &reason),
            Ok(()) => StoreError::Other(format!("{}: {error}", shown())),
        },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(shown()),
        _ => StoreError::Other(format!("{}: {error}", shown())),
    }
}

/// A failure of the system, for whoever runs the store.
pub(super) fn io_error(path: &Path, error: &io::Error) -> StoreError {
    let shown = path.display().to_string();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(shown),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => StoreError::Full(shown),
        // `--data` names a file, or something on the way is one.
        io::ErrorKind::NotADirectory => {
            let folder = path.parent().unwrap_or(path).display().to_string();
            StoreError::Folder { path: folder, reason: error.to_string() }
        }
        _ => StoreError::Other(format!("{shown}: {error}")),
    }
}

/// Whether a failed COMMIT leaves it open if the transaction is there.
///
/// In write-ahead mode a commit is a frame that is written, then synced. A frame that could not be written whole is no commit.
/// A frame that was written and could not be synced may be found after a crash, or not: only that is unknown.
pub(super) fn commit_is_unknown(error: &Error) -> bool {
    let Error::SqliteFailure(failure, _) = error else { return true };
    match failure.code {
        ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::DatabaseBusy | ErrorCode::ConstraintViolation => false,
        _ => failure.extended_code != ffi::SQLITE_IOERR_WRITE,
    }
}

/// Tries what SQLite could not do: to write in the folder of the journal, and as far into a file as its log goes.
fn probe(path: &Path) -> io::Result<()> {
    let end = [path.to_owned(), beside(path, "-wal")].iter().filter_map(|file| Some(fs::metadata(file).ok()?.len())).max();
    let probe = beside(path, &format!("-probe-{}", std::process::id()));
    let tried = OpenOptions::new().write(true).create_new(true).open(&probe).and_then(|mut file| {
        file.seek(SeekFrom::Start(end.unwrap_or(0)))?;
        file.write_all(&[0; 8192])?;
        file.sync_all()
    });
    let _ = fs::remove_file(&probe);
    tried
}

/// A file beside the journal.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_commit_that_may_be_on_the_disk_is_unknown() {
        let commit = |code| commit_is_unknown(&Error::SqliteFailure(ffi::Error::new(code), None));
        for not_executed in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_READONLY, ffi::SQLITE_BUSY] {
            assert!(!commit(not_executed), "{not_executed}");
        }
        for unknown in [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC, ffi::SQLITE_IOERR, ffi::SQLITE_NOMEM] {
            assert!(commit(unknown), "{unknown}");
        }
    }
}
