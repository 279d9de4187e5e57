//! The write-ahead log beside the file: how far it is written, how long it is, when it is brought into the file.
//!
//! A sync of a file that has grown also writes what the file system keeps of it; a sync of bytes that were there before writes
//! only these, and takes half as long. SQLite overwrites its log from the beginning after each checkpoint, and so only the first
//! round of it is slow. Zeros written ahead of it, many pages at a time, spare that round: SQLite takes no frame whose salt is
//! not that of the log.

use std::{
    cell::Cell,
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use rusqlite::{Connection, TransactionBehavior};

use super::errors::{beside, io_error, store_error};
use crate::port::StoreError;

/// Pages in the log after which they are brought into the file. Enough to make that rare, few enough to keep the log small and
/// soon overwritten.
const CHECKPOINT_PAGES: u64 = 1_000;

/// Fewest pages by which the log is lengthened at a time, later half of what it has: the sync costs as much as some ten of those
/// that it makes faster.
const STEP_PAGES: u64 = 128;

/// Commits of a connection before its log is lengthened at all. Whoever writes less is gone before that pays.
const FIRST: u32 = 8;

/// Bytes of the header of the log, and of that of a frame (SQLite file format, 4.1 and 4.2).
const HEADER: (u64, u64) = (32, 24);

thread_local! {
    /// Pages in the log after the commit that this thread has just made, if it wrote anything.
    static WRITTEN: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Has SQLite tell how far the log is after each commit of the connection, in place of its own checkpoint within the commit.
pub(super) fn watch(connection: &Connection) {
    connection.wal_hook(Some(|_, pages| {
        WRITTEN.set(u64::try_from(pages).ok());
        Ok(())
    }));
}

/// What is known of the log.
#[derive(Debug, Default)]
pub(super) struct Log {
    commits: u32,
    /// Pages written since the last checkpoint that went to the end.
    written: u64,
    /// Pages that the file has room for without growing, as far as this connection saw to it.
    room: u64,
}

impl Log {
    /// To be called on the thread of a commit, right after it.
    pub(super) fn committed(&mut self) {
        // Whoever was only refused has written nothing. Taken, so that no other journal on this thread takes it for its own.
        if let Some(pages) = WRITTEN.take() {
            self.commits = self.commits.saturating_add(1);
            self.written = pages;
        }
    }

    fn is_long(&self) -> bool {
        self.written >= CHECKPOINT_PAGES
    }

    fn is_short(&self) -> bool {
        self.commits >= FIRST && self.written >= self.room && self.room < CHECKPOINT_PAGES
    }

    /// Whether [`Log::tidy`] has something to do.
    pub(super) fn is_untidy(&self) -> bool {
        self.is_long() || self.is_short()
    }

    /// Lengthens the log, or brings it into the file. Neither has to succeed: the log then grows as it would without.
    pub(super) fn tidy(&mut self, path: &Path, connection: &mut Connection) {
        if self.is_long() {
            self.written = 0;
            // Readers of old pages keep some of it where it is, until the next time.
            let brought = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            if let Err(error) = brought {
                tracing::debug!(%error, "the log is left where it is");
            }
        } else if self.is_short() {
            self.room = (self.written + STEP_PAGES.max(self.written / 2)).min(CHECKPOINT_PAGES);
            if let Err(error) = make_room(path, connection, self.room) {
                tracing::debug!(%error, "the log is left to grow");
            }
        }
    }
}

/// Makes room in the log for so many pages. Under the write lock, so that nobody else adds to it.
fn make_room(path: &Path, connection: &mut Connection, pages: u64) -> Result<(), StoreError> {
    let failed = |error| store_error(path, &error);
    let lock = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let page: u32 = lock.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(failed)?;
    let whole = HEADER.0 + pages * (HEADER.1 + u64::from(page));
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
