//! The file of a journal, looked at without the journal.

use std::{collections::HashMap, path::Path};

use api::app::journal_path;
use rusqlite::{Connection, OpenFlags};

/// Where each event is, by id: position, stream and version.
pub(crate) type Places = HashMap<Vec<u8>, (i64, String, i64)>;

/// What is in the file. Fails if SQLite finds it damaged, an id twice, or a stream that does not count from 0.
pub(crate) fn sound(data: &Path) -> Places {
    let connection = Connection::open_with_flags(journal_path(data), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let mut statement = connection.prepare("SELECT position, stream, version, id FROM events ORDER BY stream, version").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(3)?, (row.get(0)?, row.get(1)?, row.get(2)?)))).unwrap();
    let mut places = Places::new();
    let mut next: (String, i64) = (String::new(), 0);
    for row in rows {
        let (id, place): (Vec<u8>, (i64, String, i64)) = row.unwrap();
        if place.1 != next.0 {
            next = (place.1.clone(), 0);
        }
        assert_eq!(place.2, next.1, "{} does not count from 0", place.1);
        next.1 += 1;
        assert!(places.insert(id, place).is_none(), "an event is there twice");
    }
    places
}

/// Everything that was there before is there still, in its place.
pub(crate) fn assert_kept(before: &Places, after: &Places) {
    for (id, place) in before {
        assert_eq!(after.get(id), Some(place), "an event was lost or moved");
    }
}
