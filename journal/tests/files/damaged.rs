//! Damage: a log that ends in the middle is a crash and costs nothing that was acknowledged later than it; a file that ends in
//! the middle is refused.

use std::{fs, path::Path};

use journal::{SqliteJournal, StoreError};

use crate::support::{add, all, assert_sound, stream, with_events};

/// A copy of the files of an open journal, as a crash would leave them.
fn crash(from: &Path, folder: &Path) -> std::path::PathBuf {
    let path = folder.join("journal.db");
    for suffix in ["", "-wal"] {
        let name = format!("{}{suffix}", from.display());
        fs::copy(name, format!("{}{suffix}", path.display())).unwrap();
    }
    path
}

#[test]
fn a_torn_end_of_the_log_costs_only_what_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("original.db");
    with_events(&original, 2);
    let journal = SqliteJournal::open(&original).unwrap();
    add(&journal, 2, 20);
    let whole = fs::metadata(folder.path().join("original.db-wal")).unwrap().len();
    let mut found_before = 20;
    for cut in (0..whole).step_by(3_001) {
        let after = tempfile::tempdir().unwrap();
        let path = crash(&original, after.path());
        let log = fs::OpenOptions::new().write(true).open(after.path().join("journal.db-wal")).unwrap();
        log.set_len(whole - cut).unwrap();
        drop(log);
        let journal = SqliteJournal::open(&path).unwrap();
        let found = all(&journal);
        // What is there is a beginning of what was, never more after a longer cut, and the journal goes on behind it.
        assert!(found.len() >= 2 && found.len() <= found_before);
        assert!(found.iter().enumerate().all(|(index, event)| event.version.0 == index as u64 && event.stream == stream("s")));
        found_before = found.len();
        add(&journal, found.len(), found.len() + 1);
        drop(journal);
        assert_sound(&path);
    }
    assert_eq!(found_before, 2, "the whole log was cut at the end");
}

#[test]
fn garbage_at_the_end_of_the_log_is_no_event() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("original.db");
    let journal = SqliteJournal::create(&original).unwrap();
    add(&journal, 0, 10);
    let after = tempfile::tempdir().unwrap();
    let path = crash(&original, after.path());
    let log = after.path().join("journal.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    // Behind what was written there may be zeros, which the log was lengthened with.
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    bytes.truncate(end);
    bytes[end - 1_000..].fill(0xa5);
    bytes.extend([0x5a; 9_000]);
    fs::write(&log, bytes).unwrap();
    let journal = SqliteJournal::open(&path).unwrap();
    assert_eq!(all(&journal).len(), 9);
    drop(journal);
    assert_sound(&path);
}

#[test]
fn a_file_that_ends_too_early_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 50);
    let whole = fs::read(&path).unwrap();
    for left in [whole.len() / 2, 5_000, 4_096, 700, 50] {
        fs::write(&path, &whole[..left]).unwrap();
        let error = SqliteJournal::open(&path).err();
        assert!(matches!(error, Some(StoreError::NotAJournal { .. })), "{left} bytes: {error:?}");
        assert_eq!(fs::metadata(&path).unwrap().len(), left as u64, "the file was touched");
    }
}
