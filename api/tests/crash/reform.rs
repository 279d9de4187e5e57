//! A reform under `kill -9`: the same command completes it, and a register that was killed equals one that was not.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use api::app::journal_path;

use crate::{
    file::{Places, assert_kept, sound},
    lists::{self, AGENCIES},
    process::{Killed, account, assert_rebuilt_equal, import, tongyuan},
    register::entries,
};

const ROWS: usize = 1_000;
const KILLS: u32 = 20;

/// So many kills fall into the writing, however long it takes until they do.
const WANTED: usize = 3;

fn reform(data: &Path, plan: &Path) -> Command {
    let mut command = tongyuan("reform", data);
    command.arg("--plan").arg(plan).args(["--effective", "2035-01-01", "--document", "东海政发〔2098〕1号", "--json", "--quiet"]);
    command
}

/// Puts a register back to what it was.
fn anew(before: &Path, data: &Path) -> Places {
    fs::remove_dir_all(data).unwrap();
    fs::create_dir(data).unwrap();
    fs::copy(journal_path(before), journal_path(data)).unwrap();
    sound(data)
}

#[test]
fn a_reform_that_is_killed_is_completed_by_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), 1, ROWS);
    let (undisturbed, data) = (folder.path().join("undisturbed"), folder.path().join("data"));
    account(&import(&data, &lists).output().unwrap());
    let before = folder.path().join("before");
    for copy in [&undisturbed, &before] {
        fs::create_dir(copy).unwrap();
        fs::copy(journal_path(&data), journal_path(copy)).unwrap();
    }
    let plan = folder.path().join("plan.csv");
    let rows: Vec<_> = (1..AGENCIES).map(|agency| format!("东海市第{agency}局,东海市第0局\n")).collect();
    fs::write(&plan, format!("原机构,承接机构\n{}", rows.concat())).unwrap();

    let begun = Instant::now();
    let whole = account(&reform(&undisturbed, &plan).output().unwrap());
    let span = begun.elapsed();
    let steps = whole["total"]["changed"].as_u64().unwrap();
    // Items and guides of four of five agencies, the names of the fifth, and four ends.
    assert_eq!(steps, (2 * ROWS / AGENCIES * (AGENCIES - 1) + 1 + AGENCIES - 1) as u64, "{}", whole["total"]);

    let (mut cut, mut span) = (0, span);
    let done = sound(&data).len() + usize::try_from(steps).unwrap();
    let mut there = sound(&data);
    let mut round = 0;
    while round < KILLS || cut < WANTED {
        assert!(round < 10 * KILLS, "only {cut} kills fell into a reform at work");
        let share = 0.35 + 0.6 * f64::from(round % KILLS) / f64::from(KILLS);
        round += 1;
        let mut process = Killed::spawn(reform(&data, &plan).stdout(Stdio::null()));
        thread::sleep(span.mul_f64(share));
        let ended = process.has_ended();
        drop(process);
        let after = sound(&data);
        assert_kept(&there, &after);
        cut += usize::from(!ended && after.len() > there.len() && after.len() < done);
        there = after;
        if ended {
            // The machine was busier when the time was taken.
            span = span.mul_f64(0.8);
        }
        if there.len() == done {
            // It is done: from the beginning again.
            there = anew(&before, &data);
        }
    }
    println!("{round} kills of a reform of {steps} steps, {cut} of them in the middle of it");
    let completed = account(&reform(&data, &plan).output().unwrap());
    let total = &completed["total"];
    assert_eq!(total["changed"].as_u64().unwrap() + total["unchanged"].as_u64().unwrap(), steps, "{total}");
    assert_kept(&there, &sound(&data));
    assert_eq!(entries(&data), entries(&undisturbed));
    let again = account(&reform(&data, &plan).output().unwrap());
    assert_eq!((&again["total"]["changed"], &again["total"]["unchanged"]), (&0.into(), &steps.into()));
    assert_rebuilt_equal(&data);
}
