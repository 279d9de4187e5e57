//! The indexes follow behind the end of the log, and nobody can tell: neither who reads or appends across their end, nor who
//! does so while they are brought further, nor who opens a file in which they are behind.

use std::{path::Path, sync::Arc};

use domain::envelope::StreamVersion;
use journal::{AppendError, Expected, Journal, SqliteJournal};
use rusqlite::Connection;
use tokio::task::JoinSet;

use crate::support::{add, assert_sound, assert_streams_are_the_log, event, runtime, stream, with_events};

fn indexed(path: &Path) -> i64 {
    Connection::open(path).unwrap().query_row("SELECT position FROM indexed", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_indexes_follow_when_enough_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 0);
    let mut reached = Vec::new();
    for until in 1..=7 {
        // Closed after each, so that what was indexed after the answer is there to be seen, and the tail is read anew.
        add(&SqliteJournal::open_with_batches_of(&path, 3).unwrap(), until - 1, until);
        reached.push(indexed(&path));
        assert_sound(&path);
    }
    assert_eq!(reached, [0, 0, 3, 3, 3, 6, 6]);
}

#[test]
fn a_file_with_a_long_tail_is_opened_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 50);
    assert_eq!(indexed(&path), 0);
    assert_streams_are_the_log(&SqliteJournal::open_read_only(&path).unwrap());
    add(&SqliteJournal::open_with_batches_of(&path, 10).unwrap(), 50, 52);
    assert_eq!(indexed(&path), 51);
    assert_sound(&path);
}

#[test]
fn conflicts_repeats_and_ids_are_found_on_both_sides_of_the_end_of_the_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 0);
    let journal = SqliteJournal::open_with_batches_of(&path, 4).unwrap();
    add(&journal, 0, 6);
    let (runtime, name, other) = (runtime(), stream("s"), stream("other"));
    let append = |name, expected, events| runtime.block_on(journal.append(name, expected, events));
    let old = |number| event(&name, number, 0, 900);
    let whole = runtime.block_on(journal.read_stream(&name, StreamVersion::FIRST, usize::MAX)).unwrap();
    for (first, count) in [(0, 2), (1, 4), (2, 2), (3, 2), (4, 2)] {
        let expected = Expected::from((first as u64).checked_sub(1).map(StreamVersion));
        let repeated = append(&name, expected, (first..first + count).map(old).collect()).unwrap();
        let last = &whole[first + count - 1];
        assert_eq!((repeated.version, repeated.position), (last.version, Some(last.position)), "{count} events from {first}");
        let longer = append(&name, expected, (first..=6).map(old).collect());
        assert!(matches!(longer, Err(AppendError::Conflict { actual: Some(StreamVersion(5)), .. })), "{longer:?}");
    }
    for number in 0..6 {
        let twice = append(&other, Expected::NoStream, vec![event(&other, number, 0, 1), old(number)]);
        assert!(matches!(twice, Err(AppendError::Invalid(_))), "{twice:?}");
    }
    drop(journal);
    assert_eq!(indexed(&path), 4);
    assert_sound(&path);
}

/// Readers of one stream and a reader of the log, of the same process and of another opener, while the indexes are brought
/// further after every other event. A gap, a duplicate or a step back would be the moment seen from inside.
#[test]
fn readers_do_not_see_the_indexes_move() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    with_events(&path, 0);
    let journal = Arc::new(SqliteJournal::open_with_batches_of(&path, 2).unwrap());
    let other = Arc::new(SqliteJournal::open_read_only(&path).unwrap());
    let name = stream("s");
    runtime().block_on(async {
        let mut readers = JoinSet::new();
        for reader in 0..6 {
            let (journal, name) = (if reader % 2 == 0 { journal.clone() } else { other.clone() }, name.clone());
            readers.spawn(async move {
                let mut length = 0;
                while length < 600 {
                    let head = journal.head().await.unwrap();
                    let events = journal.read_stream(&name, StreamVersion::FIRST, usize::MAX).await.unwrap();
                    assert!(events.iter().zip(0..).all(|(event, version)| event.version.0 == version), "a gap or a duplicate");
                    assert!(events.len() >= length, "a step back");
                    assert!(events.last().map(|event| event.position) >= head, "behind what was seen before");
                    length = events.len();
                }
            });
        }
        for number in 0..600 {
            let expected = Expected::from((number as u64).checked_sub(1).map(StreamVersion));
            journal.append(&name, expected, vec![event(&name, number, 0, 100)]).await.unwrap();
        }
        while let Some(ended) = readers.join_next().await {
            ended.unwrap();
        }
    });
    drop((journal, other));
    assert_eq!(indexed(&path), 600);
    assert_sound(&path);
}
