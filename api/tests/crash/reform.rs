//! A reform under `kill -9`: the same command completes it, and a register that was killed equals one that was not.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use api::app::journal_path;

use crate::{
    file::{assert_kept, sound},
    lists::{self, AGENCIES},
    process::{Killed, account, assert_rebuilt_equal, import, tongyuan},
    register::entries,
};

const ROWS: usize = 1_000;
const KILLS: usize = 12;

fn reform(data: &Path, plan: &Path) -> Command {
    let mut command = tongyuan("reform", data);
    command.arg("--plan").arg(plan).args(["--effective", "2099-01-01", "--document", "东海政发〔2098〕1号", "--json", "--quiet"]);
    command
}

#[test]
fn a_reform_that_is_killed_is_completed_by_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), 1, ROWS);
    let (undisturbed, data) = (folder.path().join("undisturbed"), folder.path().join("data"));
    account(&import(&data, &lists).output().unwrap());
    fs::create_dir(&undisturbed).unwrap();
    fs::copy(journal_path(&data), journal_path(&undisturbed)).unwrap();
    let plan = folder.path().join("plan.csv");
    let rows: Vec<_> = (1..AGENCIES).map(|agency| format!("东海市第{agency}局,东海市第0局\n")).collect();
    fs::write(&plan, format!("原机构,承接机构\n{}", rows.concat())).unwrap();

    let begun = Instant::now();
    let whole = account(&reform(&undisturbed, &plan).output().unwrap());
    let span = begun.elapsed();
    let steps = whole["total"]["changed"].as_u64().unwrap();
    // Items and guides of four of five agencies, the names of the fifth, and four ends.
    assert_eq!(steps, (2 * ROWS / AGENCIES * (AGENCIES - 1) + 1 + AGENCIES - 1) as u64, "{}", whole["total"]);

    let mut cut = 0;
    let before = sound(&data).len();
    let mut there = sound(&data);
    for round in 0..KILLS {
        let mut process = Killed::spawn(reform(&data, &plan).stdout(Stdio::null()));
        thread::sleep(span.mul_f64(0.35 + 0.6 * f64::from(u32::try_from(round).unwrap()) / f64::from(u32::try_from(KILLS).unwrap())));
        let ended = process.has_ended();
        drop(process);
        let after = sound(&data);
        assert_kept(&there, &after);
        cut += usize::from(!ended && after.len() > before && after.len() < before + usize::try_from(steps).unwrap());
        there = after;
        thread::sleep(Duration::from_millis(5));
    }
    println!("{KILLS} kills of a reform of {steps} steps, {cut} of them in the middle of it");
    let completed = account(&reform(&data, &plan).output().unwrap());
    let total = &completed["total"];
    assert_eq!(total["changed"].as_u64().unwrap() + total["unchanged"].as_u64().unwrap(), steps, "{total}");
    assert_kept(&there, &sound(&data));
    assert_eq!(entries(&data), entries(&undisturbed));
    let again = account(&reform(&data, &plan).output().unwrap());
    assert_eq!((&again["total"]["changed"], &again["total"]["unchanged"]), (&0.into(), &steps.into()));
    assert_rebuilt_equal(&data);
}
