use std::{
    fs,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use api::app::journal_path;

use crate::{
    appender::{self, PREFIX},
    file::{Places, assert_kept, sound},
    lists::{self, AGENCIES, MATERIALS},
    process::{Killed, account, assert_rebuilt_equal, import, number, tongyuan},
    register::entries,
};

const ROUNDS: usize = 100;
/// Rounds that begin the same list again, after kills at other moments.
const ROUNDS_A_LIST: usize = 4;
const ROWS_A_LIST: usize = 120;
const SEED: u64 = 20_260_401;

/// Moments of kills: a fixed sequence, so that a run can be repeated.
pub(crate) struct Moments(pub(crate) u64);

impl Moments {
    pub(crate) fn within(&mut self, span: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX);
        span.mul_f64(share)
    }
}

/// Waits until the process writes, or ends.
fn await_write(data: &Path, process: &mut Killed) {
    let log = journal_path(data).with_extension("db-wal");
    // The time and not the length: the log has room ahead of what is written. One that was only created is empty.
    let written = || fs::metadata(&log).ok().filter(|log| log.len() > 0).and_then(|log| log.modified().ok());
    let before = written();
    while written() == before && !process.has_ended() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// A hundred kills under an import and a hundred under appends by several writers, all on one register.
#[test]
fn a_register_survives_kills_and_the_same_import_completes_it() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), ROUNDS / ROUNDS_A_LIST, ROWS_A_LIST);
    let (undisturbed, data) = (folder.path().join("undisturbed"), folder.path().join("data"));

    let begun = Instant::now();
    let mut process = Killed::spawn(import(&undisturbed, &lists[..1]).stdout(Stdio::null()));
    await_write(&undisturbed, &mut process);
    let writing = Instant::now();
    while !process.has_ended() {
        thread::sleep(Duration::from_millis(1));
    }
    // Every other kill falls anywhere into the time that one list takes, the others between its first write and its end.
    let mut spans = [begun.elapsed(), writing.elapsed()];
    account(&import(&undisturbed, &lists).output().unwrap());
    assert!(tongyuan("init", &data).status().unwrap().success());

    let begun = Instant::now();
    let mut moments = Moments(SEED);
    let (mut there, mut acknowledged) = (Places::new(), Places::new());
    let (mut cut, mut ended) = (0, 0);
    for round in 0..ROUNDS {
        let list = round / ROUNDS_A_LIST;
        let mut process = Killed::spawn(import(&data, &lists[list..=list]).stdout(Stdio::null()));
        if round % 2 == 1 {
            await_write(&data, &mut process);
        }
        thread::sleep(moments.within(spans[round % 2]));
        let by_itself = process.has_ended();
        drop(process);
        let after = sound(&data);
        assert_kept(&there, &after);
        cut += usize::from(!by_itself && after.len() > there.len());
        ended += usize::from(by_itself);
        if by_itself {
            // The machine was busier when the time was taken than it is now: kills come sooner.
            spans[round % 2] = spans[round % 2].mul_f64(0.9);
        }

        let mut process = Killed::spawn(&mut appender::command(&data));
        let printed = process.listen();
        thread::sleep(Duration::from_millis(10) + moments.within(Duration::from_millis(110)));
        drop(process);
        acknowledged.extend(appender::acknowledged(&printed.join().unwrap()));
        there = sound(&data);
        assert_kept(&after, &there);
        assert_kept(&acknowledged, &there);
    }
    let by_appends = there.values().filter(|(_, stream, _)| stream.contains(PREFIX)).count();
    println!(
        "seed {SEED}: {ROUNDS} kills under imports ({cut} between the first and the last event, {ended} after the end) and {ROUNDS} under appends in {:.1?}",
        begun.elapsed()
    );
    println!(
        "{} appends acknowledged, {} found, none lost; {by_appends} of appends and {} of imports are there",
        acknowledged.len(),
        acknowledged.len(),
        there.len() - by_appends
    );
    assert!(cut > ROUNDS / 5, "only {cut} kills fell into an import at work");
    assert!(acknowledged.len() > ROUNDS, "only {} appends were acknowledged", acknowledged.len());

    let completed = account(&import(&data, &lists).output().unwrap());
    let rows = (lists.len() * ROWS_A_LIST) as u64;
    assert_eq!(number(&completed, "read"), rows);
    assert_eq!(number(&completed, "adopted") + number(&completed, "unchanged"), rows, "{completed}");
    assert_kept(&there, &sound(&data));

    let mut now = entries(&data);
    now.retain(|stream, _| !stream.code.as_str().starts_with(PREFIX));
    let expected = entries(&undisturbed);
    assert_eq!(expected.len(), 2 * lists.len() * ROWS_A_LIST + AGENCIES + MATERIALS);
    assert_eq!(now, expected);
    assert_rebuilt_equal(&data);
}
