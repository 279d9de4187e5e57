//! The working calendar against another one that others keep: PyPI `chinesecalendar`, every day and due dates drawn at random.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    fs,
    io::Write,
    num::NonZeroU16,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chrono::{Days, NaiveDate};
use domain::calendar::{Calendar, Span, china};
use proptest::{collection::vec, strategy::Strategy, strategy::ValueTree, test_runner::TestRunner};

/// The release that is asked.
const PACKAGE: &str = "chinesecalendar==1.11.0";

/// Due dates that are drawn.
const DRAWN: usize = 5_000;

/// The interpreter of an environment with the package, made once where things are built; or why there is none.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chinesecalendar");
    let python = folder.join("bin/python");
    let quiet = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let installed = folder.join(PACKAGE);
    if installed.exists() && quiet(&python, &["-c", "import chinese_calendar"]) {
        return Ok(python);
    }
    if !quiet(Path::new("python3"), &["-m", "venv", "--clear", folder.to_str().ok_or("the path is no text")?]) {
        return Err("python3 with venv is not there".to_owned());
    }
    if !quiet(&python, &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]) {
        return Err(format!("{PACKAGE} cannot be had by pip"));
    }
    fs::write(installed, "").map_err(|error| error.to_string())?;
    Ok(python)
}

/// By day whether it is worked, as far as the package knows, and when each deadline that was drawn ends.
type Told = (Vec<(NaiveDate, Option<bool>)>, Vec<Option<NaiveDate>>);

/// What the oracle says: of every day whether it is worked, and the due dates.
fn oracle(python: &Path, drawn: &[(NaiveDate, u16)]) -> Told {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar/oracle.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let asked = drawn.iter().map(|(from, number)| format!("{from} {number}\n")).collect::<Vec<_>>().concat();
    let mut input = child.stdin.take().unwrap();
    // Beside the reading: either end may have to wait for the other.
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let (days, due) = text.split_once("--\n").unwrap();
    let day = |line: &str| {
        let (date, worked) = line.split_once(' ').unwrap();
        (date.parse().unwrap(), [("1", true), ("0", false)].into_iter().find(|(word, _)| *word == worked).map(|(_, worked)| worked))
    };
    (days.lines().map(day).collect(), due.lines().map(|line| line.parse().ok()).collect())
}

fn draw() -> Vec<(NaiveDate, u16)> {
    let first = NaiveDate::from_ymd_opt(2007, 1, 1).unwrap();
    let one = (0_u64..7_305, 1_u16..90).prop_map(move |(day, number)| (first + Days::new(day), number));
    vec(one, DRAWN).new_tree(&mut TestRunner::default()).unwrap().current()
}

#[test]
fn every_day_and_due_date_is_that_of_chinesecalendar() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            println!("SKIPPED the calendar against chinesecalendar: {reason}");
            return;
        }
    };
    let drawn = draw();
    let (days, due) = oracle(&python, &drawn);
    let known = Calendar::shipped().known_at(china::first_moment(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()));
    assert_eq!((days.len(), due.len()), (7_305, DRAWN), "the oracle was not heard to its end");
    for (date, worked) in &days {
        assert_eq!(known.kind(*date).is_worked(), *worked, "{date}");
        assert!(worked.is_some(), "{PACKAGE} has not {date}");
    }
    let mut told = 0;
    for ((from, number), due) in drawn.into_iter().zip(due) {
        let ours = known.due(china::first_moment(from), Span::WorkingDays(NonZeroU16::new(number).unwrap()));
        match due {
            Some(due) => {
                assert_eq!(ours.map(|ours| ours.last_day), Ok(due), "{number} working days after {from}");
                told += 1;
            }
            // It ends in a year that nobody knows yet.
            None => assert!(ours.is_err(), "{number} working days after {from}: {ours:?}"),
        }
    }
    println!("{PACKAGE}: {} days and {told} due dates are the same", days.len());
    assert!(told > DRAWN * 9 / 10, "{told} due dates were compared");
}
