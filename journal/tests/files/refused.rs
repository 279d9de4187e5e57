//! What is no journal, or not one for this version: refused with its reason, and left as it is.

use std::{fs, path::Path};

use journal::{SqliteJournal, StoreError};
use rusqlite::Connection;

use crate::support::with_events;

/// Why a file is refused, the same for reading and for writing; it is not changed by that.
fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).ok();
    let error = SqliteJournal::open(path).err().unwrap();
    let reading = SqliteJournal::open_read_only(path).err().unwrap();
    assert_eq!(error.to_string(), reading.to_string());
    assert_eq!(fs::read(path).ok(), before, "the file was touched");
    error
}

#[test]
fn a_missing_journal_is_missing_and_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    assert!(matches!(refused(&path), StoreError::Missing(_)));
    assert!(!path.exists());
}

#[test]
fn a_journal_is_not_created_over_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/journal.db");
    with_events(&path, 1);
    let before = fs::read(&path).unwrap();
    assert!(matches!(SqliteJournal::create(&path), Err(StoreError::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path().join("below")).unwrap().count(), 1, "creating or closing left files behind");
}

#[test]
fn other_files_are_no_journals() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let reason = |path: &Path| match refused(path) {
        StoreError::NotAJournal { reason, .. } => reason,
        other => panic!("{other}"),
    };
    fs::write(&path, "清单,事项\n".repeat(1_000)).unwrap();
    assert_eq!(reason(&path), "file is not a database");
    fs::write(&path, "").unwrap();
    assert_eq!(reason(&path), "是空文件 / it is empty");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    assert_eq!(reason(&path), "是其他程序的数据库 / it is a database of another program");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(reason(&path), "是文件夹 / it is a folder");
}

#[test]
fn a_journal_of_a_newer_version_is_refused_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 1);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
    assert!(matches!(refused(&path), StoreError::Newer { found: 7, known: 1, .. }));
}

#[test]
fn events_cannot_be_changed_or_removed_by_another_program_either() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 2);
    let connection = Connection::open(&path).unwrap();
    assert!(connection.execute("UPDATE events SET payload = x'00'", []).is_err());
    assert!(connection.execute("DELETE FROM events", []).is_err());
}
