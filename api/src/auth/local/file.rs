//! A file that only its owner reads, replaced whole or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use super::DirectoryError;

/// Largest file that is read.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Which state of a file it is: one that was replaced has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    file: u64,
    bytes: u64,
    seconds: i64,
    nanoseconds: i64,
}

/// Which state of a file there is; `None` if there is none.
pub(super) fn state(path: &Path) -> Result<Option<State>, DirectoryError> {
    match fs::metadata(path) {
        Ok(of) => Ok(Some(State { file: of.ino(), bytes: of.size(), seconds: of.mtime(), nanoseconds: of.mtime_nsec() })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DirectoryError::file(path, error)),
    }
}

/// Reads a file; `None` if there is none. One that everybody may read or write is no secret any more and is refused.
pub(super) fn read(path: &Path) -> Result<Option<String>, DirectoryError> {
    let failed = |error| DirectoryError::file(path, error);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if file.metadata().map_err(failed)?.mode() & 0o007 != 0 {
        return Err(DirectoryError::Open(path.display().to_string()));
    }
    let mut text = String::new();
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(DirectoryError::damaged(path, "too large"));
    }
    Ok(Some(text))
}

/// Writes a file beside it, down to the disk, and puts it in its place.
pub(super) fn write(path: &Path, text: &str) -> Result<(), DirectoryError> {
    let failed = |error| DirectoryError::file(path, error);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(failed)?;
    // One that was left by a process that was killed may have another mode.
    file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    // That it has the new name is on the disk when its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Waits until no other process changes what a file guards, and keeps others waiting until it is dropped.
pub(super) fn turn(path: &Path) -> Result<File, DirectoryError> {
    let failed = |error| DirectoryError::file(path, error);
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}
