use std::{io::Read, thread, time::Duration};

use journal::SqliteJournal;

use crate::support::{BATCH, Role, assert_kept, assert_sound, child, lines};

const ROUNDS: u64 = 20;

/// Appends that have to be acknowledged before the rounds say anything, and the rounds after which a machine is too slow for it.
const ENOUGH: usize = 100;
const MOST_ROUNDS: u64 = 400;

/// What was acknowledged before a `kill -9` is there after it, whole and in order; and the next process goes on from there.
#[test]
fn what_was_acknowledged_survives_a_kill() {
    survives_kills(None);
}

/// The same where most kills fall near or into the moment in which the indexes follow.
#[test]
fn what_was_acknowledged_survives_a_kill_while_indexing() {
    survives_kills(Some("2"));
}

fn survives_kills(batch: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    drop(SqliteJournal::create(&path).unwrap());
    let mut acknowledged = Vec::new();
    for round in 0..MOST_ROUNDS {
        if round >= ROUNDS && acknowledged.len() > ENOUGH {
            break;
        }
        let mut process = child(Role::Append, &path).envs(batch.map(|batch| (BATCH, batch))).spawn().unwrap();
        let mut output = process.stdout.take().unwrap();
        let printed = thread::spawn(move || {
            let mut printed = Vec::new();
            output.read_to_end(&mut printed).unwrap();
            printed
        });
        // Somewhere between the start of the process and some hundred appends.
        thread::sleep(Duration::from_millis(20 + round * 73 % 180));
        process.kill().unwrap();
        process.wait().unwrap();
        acknowledged.extend(lines(&printed.join().unwrap()));
        assert_kept(&path, &acknowledged);
        assert_sound(&path);
    }
    assert!(acknowledged.len() > ENOUGH, "only {} appends were acknowledged in {MOST_ROUNDS} rounds", acknowledged.len());
}
