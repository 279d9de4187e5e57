//! A journal that is none, is newer, or cannot be written: told in one line, and nothing is touched.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use super::{
    begin::contents,
    books::{LINES, power_list},
    process::{command, on, run},
};

/// What opens a journal.
const VERBS: [&[&str]; 6] = [
    &["serve", "--listen", "127.0.0.1:0"],
    &["demo"],
    &["import", "LIST"],
    &["import", "LIST", "--dry-run"],
    &["rebuild", "--check"],
    &["history", "item", "X"],
];

fn assert_refused(data: &Path, words: &[&str]) {
    let list = data.parent().unwrap().join("list.xlsx");
    power_list(&list, "2024", &LINES);
    let before = contents(data);
    for verb in VERBS {
        let verb: Vec<_> = verb.iter().map(|word| if *word == "LIST" { list.to_str().unwrap() } else { word }).collect();
        on(data, &verb).failed(words);
        assert_eq!(contents(data), before, "{verb:?} touched it");
    }
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    for bytes in [&b""[..], b"not a journal", &[0; 8192], b"SQLite format 3\0 and then nothing of it"] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::write(data.join("journal.db"), bytes).unwrap();
        assert_refused(&data, &["journal.db", "not a journal"]);
    }
}

#[test]
fn a_folder_that_is_none_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::write(&data, "x").unwrap();
    for verb in [&["init"][..], &["demo"], &["show", "item", "X"], &["serve", "--listen", "127.0.0.1:0"]] {
        on(&data, verb).failed(&["--data", data.to_str().unwrap()]);
    }
    assert_eq!(fs::read(&data).unwrap(), b"x");
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["init"]).ok();
    let path = data.join("journal.db");
    let mut bytes = fs::read(&path).unwrap();
    // The number of the format stands in the header of the file, at 60.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    assert_refused(&data, &["journal.db", "99", "newer"]);
}

/// Modes do not bind root, so the command is run by nobody where the test runs as root.
#[test]
fn a_journal_that_cannot_be_written_can_be_read_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["demo"]).ok();
    let list = folder.path().join("list.xlsx");
    power_list(&list, "2024", &LINES);
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o755);
    mode(&data.join("journal.db"), 0o444);
    mode(&data, 0o555);
    let as_somebody = |arguments: &[&str]| {
        let own = command();
        let mut command = std::process::Command::new("setpriv");
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        run(command.arg(own.get_program()).arg("--data").arg(&data).args(arguments))
    };
    let read = as_somebody(&["rebuild", "--json"]);
    if read.code != Some(0) && read.err.contains("setpriv") {
        println!("SKIPPED a_journal_that_cannot_be_written: the binary cannot be run by another user here: {}", read.err.trim());
        mode(&data, 0o755);
        return;
    }
    let words = ["journal.db", "cannot be written", "read-only"];
    let written =
        [as_somebody(&["demo"]), as_somebody(&["import", list.to_str().unwrap()]), as_somebody(&["serve", "--listen", "127.0.0.1:0"])];
    let dry = as_somebody(&["import", list.to_str().unwrap(), "--dry-run", "--json"]);
    mode(&data, 0o755);
    assert!(read.ok().json()["documents"].as_u64() > Some(400));
    assert_eq!(dry.ok().json()["adopted"], 4);
    for written in written {
        written.failed(&words);
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    on(&data, &["demo"]).ok();
    for verb in [
        &["deadlines", "--all", "--json"][..],
        &["deadlines", "--all"],
        &["history", "LLCL-003", "--json"],
        &["schema"],
        &["completions", "bash"],
    ] {
        // Nobody reads any more before anything is written.
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ran = command().arg("--data").arg(&data).args(verb).stdout(writer).output().unwrap();
        assert!(ran.status.code() == Some(0) && ran.stderr.is_empty(), "{verb:?}: {ran:?}");
    }
}
