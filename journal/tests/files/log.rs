//! The write-ahead log: room is made for a writer that stays, and the log does not grow without end.

use std::{fs, path::Path};

use journal::SqliteJournal;

use crate::support::{add, all, assert_sound};

/// Bytes of a frame: a page with its header.
const FRAME: u64 = 4_096 + 24;

fn length(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

#[test]
fn room_is_made_ahead_for_a_writer_that_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (path, log) = (folder.path().join("journal.db"), folder.path().join("journal.db-wal"));
    let journal = SqliteJournal::create(&path).unwrap();
    add(&journal, 0, 7);
    assert!(length(&log) < 20 * FRAME, "whoever appends a few has no use for room");
    // The ninth finds something left undone and waits for it.
    add(&journal, 7, 9);
    assert!(length(&log) > 120 * FRAME);
}

#[test]
fn a_log_is_brought_into_the_file_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (path, log) = (folder.path().join("journal.db"), folder.path().join("journal.db-wal"));
    let journal = SqliteJournal::create(&path).unwrap();
    add(&journal, 0, 200);
    let before = length(&path);
    add(&journal, 200, 3_000);
    assert!(length(&path) > before, "nothing reached the file");
    assert!(length(&log) <= 1_100 * FRAME, "the log has {} bytes", length(&log));
    assert_eq!(all(&journal).len(), 3_000);
    drop(journal);
    assert_sound(&path);
}
