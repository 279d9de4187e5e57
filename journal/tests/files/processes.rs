//! Several processes on one journal.

use std::{
    io::{BufRead, BufReader},
    time::Duration,
};

use journal::{Journal, SqliteJournal};
use tokio::time::timeout;

use crate::support::{BATCH, Role, add, all, assert_kept, assert_sound, child, lines, runtime};

/// Two processes append, a third one appends too and follows the log: it is woken, finds everything in order, and nothing comes
/// in behind it.
#[test]
fn processes_write_at_once_and_a_reader_finds_nothing_late() {
    processes_write(&[None, None]);
}

/// The same where each of them indexes what the other one wrote, one of them after other numbers of events.
#[test]
fn processes_write_and_index_at_once() {
    processes_write(&[Some("3"), Some("5")]);
}

fn processes_write(batches: &[Option<&str>]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = SqliteJournal::create(&path).unwrap();
    let mut children: Vec<_> =
        batches.iter().map(|batch| child(Role::Append, &path).envs(batch.map(|batch| (BATCH, batch))).spawn().unwrap()).collect();
    let printed: Vec<_> = children
        .iter_mut()
        .map(|child| {
            let output = child.stdout.take().unwrap();
            std::thread::spawn(move || {
                BufReader::new(output).split(b'\n').map_while(Result::ok).flat_map(|line| [line, vec![b'\n']].concat()).collect::<Vec<u8>>()
            })
        })
        .collect();

    let mut seen = Vec::new();
    runtime().block_on(async {
        while seen.len() < 400 {
            let after = seen.last().map(|event: &journal::Recorded| event.position);
            timeout(Duration::from_secs(10), journal.wait(after)).await.unwrap_or_else(|_| panic!("nobody appends")).unwrap();
            seen.extend(journal.read_all(after, 50).await.unwrap().events);
        }
    });
    add(&journal, 0, 10);
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let acknowledged: Vec<_> = printed.into_iter().flat_map(|printed| lines(&printed.join().unwrap())).collect();

    let log = all(&journal);
    assert!(log.is_sorted_by(|a, b| a.position < b.position));
    assert_eq!(log[..seen.len()], seen, "events came in behind the reader");
    let writers: std::collections::HashSet<_> = log.iter().map(|event| event.stream.clone()).collect();
    assert_eq!(writers.len(), 9, "not every writer of every process got its turn");
    drop(journal);
    assert_kept(&path, &acknowledged);
    assert_sound(&path);
}

#[test]
fn whoever_waits_is_told_of_an_append_by_another_opener() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let (one, other) = (SqliteJournal::create(&path).unwrap(), SqliteJournal::open(&path).unwrap());
    runtime().block_on(async {
        let waiting = tokio::spawn(async move { timeout(Duration::from_secs(5), one.wait(None)).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        tokio::task::spawn_blocking(move || add(&other, 0, 1)).await.unwrap();
        waiting.await.unwrap().expect("not told").unwrap();
    });
}
