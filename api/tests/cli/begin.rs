//! How a register begins: `init`, `demo`, and nothing else by accident.

use std::{collections::BTreeMap, fs, path::Path};

use super::{
    books::{LINES, power_list},
    process::on,
};

/// The files of a folder with their bytes. A reader of a journal leaves an empty log and its index beside it, which say nothing:
/// those are left out.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut files: BTreeMap<_, _> =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect();
    if files.get("journal.db-wal").is_some_and(Vec::is_empty) {
        files.retain(|name, _| !matches!(name.as_str(), "journal.db-wal" | "journal.db-shm"));
    }
    files
}

#[test]
fn what_only_reads_or_serves_says_how_to_begin_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for verb in [&["serve", "--listen", "127.0.0.1:0"][..], &["show", "item", "X"], &["history", "item", "X"], &["rebuild"]] {
        on(&data, verb).failed(&["tongyuan init", "tongyuan demo", data.to_str().unwrap()]);
        assert!(!data.exists(), "{verb:?}");
    }
    assert!(contents(folder.path()).is_empty());
}

#[test]
fn init_creates_an_empty_register_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("a/b");
    assert!(on(&data, &["init"]).ok().out.contains("tongyuan import"), "it says what comes next");
    let before = contents(&data);
    on(&data, &["init"]).failed(&["already", "journal.db"]);
    assert_eq!(contents(&data), before);
    assert_eq!(on(&data, &["rebuild", "--json"]).ok().json()["documents"], 0);
}

#[test]
fn the_sample_is_made_once_and_completed_by_a_second_run() {
    let folder = tempfile::tempdir().unwrap();
    let first = on(folder.path(), &["demo", "--json"]).ok().json();
    assert!(first["acts"].as_u64() > Some(250) && first["acts"] == first["done"], "{first}");
    let digest = || on(folder.path(), &["rebuild", "--json"]).ok().json()["digest"].clone();
    let before = digest();
    let second = on(folder.path(), &["demo", "--json"]).ok().json();
    assert_eq!((&second["acts"], &second["done"]), (&first["acts"], &serde_json::json!(0)));
    assert_eq!(digest(), before);
}

#[test]
fn the_sample_is_never_mixed_with_another_register() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("list.xlsx"));
    power_list(&list, "2024", &LINES);
    on(&data, &["import", list.to_str().unwrap()]).ok();
    let digest = || on(&data, &["rebuild", "--json"]).ok().json()["digest"].clone();
    let before = digest();
    on(&data, &["demo"]).failed(&["not the sample"]);
    assert_eq!(digest(), before);
}

#[test]
fn a_folder_that_holds_other_things_is_not_taken_for_a_register() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letter.txt"), "x").unwrap();
    let list = folder.path().join("list.xlsx");
    power_list(&list, "2024", &LINES);
    on(folder.path(), &["import", list.to_str().unwrap()]).failed(&["no journal", "tongyuan init"]);
    on(folder.path(), &["demo"]).failed(&["no journal"]);
    let names: Vec<_> = contents(folder.path()).into_keys().collect();
    assert_eq!(names, ["letter.txt", "list.xlsx"]);
    on(folder.path(), &["init"]).ok();
}
