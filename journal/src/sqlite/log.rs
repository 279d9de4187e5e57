//! The write-ahead log beside the file, made as long as it gets.
//!
//! A sync of a file that has grown also writes what the file system keeps of it; a sync of bytes that were there before writes
//! only these. SQLite overwrites its log from the beginning after each checkpoint, and so only the first round of it is slow.
//! Zeros spare that round: SQLite takes no frame whose salt is not that of the log.

use std::{
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use rusqlite::{Connection, TransactionBehavior};

use super::{
    errors::{beside, io_error, store_error},
    open::CHECKPOINT_PAGES,
};
use crate::port::StoreError;

/// Bytes of the header of the log, and of that of a frame (SQLite file format, 4.1 and 4.2).
const HEADER: (u64, u64) = (32, 24);

/// Makes the log as long as it is when it is brought into the file. Under the write lock, so that nobody else adds to it.
pub(super) fn prepare(path: &Path, connection: &mut Connection) -> Result<(), StoreError> {
    let failed = |error| store_error(path, &error);
    let lock = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let page: u32 = lock.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(failed)?;
    let whole = HEADER.0 + CHECKPOINT_PAGES * (HEADER.1 + u64::from(page));
    lengthen(&beside(path, "-wal"), whole).map_err(|error| io_error(path, &error))
}

/// Adds zeros to a file until it has a length; leaves it as it was if there is no room for them.
fn lengthen(file: &Path, whole: u64) -> io::Result<()> {
    let length = fs::metadata(file)?.len();
    if length >= whole {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).open(file)?;
    let zeros = vec![0; 64 * 1024];
    let mut add = || {
        let mut at = file.seek(SeekFrom::Start(length))?;
        while at < whole {
            let count = usize::try_from(whole - at).unwrap_or(usize::MAX).min(zeros.len());
            file.write_all(&zeros[..count])?;
            at += count as u64;
        }
        file.sync_all()
    };
    let added = add();
    if added.is_err() {
        file.set_len(length)?;
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_in_the_file_stays_and_zeros_follow() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, b"frames").unwrap();
        for whole in [200_000, 100] {
            lengthen(&path, whole).unwrap();
            let bytes = fs::read(&path).unwrap();
            assert!(bytes.len() == 200_000 && bytes.starts_with(b"frames") && bytes[6..].iter().all(|byte| *byte == 0));
        }
    }
}
