//! How a register begins: `init`, `demo`, and nothing else by accident.

use std::{collections::BTreeMap, fs, path::Path};

use super::{
    books::{LINES, power_list},
    process::{Server, on, until},
};

/// The files of a folder with their bytes.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
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

#[test]
fn what_only_reads_leaves_nothing_beside_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (data, list) = (folder.path().join("data"), folder.path().join("list.xlsx"));
    power_list(&list, "2024", &LINES);
    on(&data, &["demo"]).ok();
    let before = contents(&data);
    assert_eq!(before.keys().collect::<Vec<_>>(), ["journal.db"]);
    let dry = ["import", list.to_str().unwrap(), "--dry-run"];
    let reads = || {
        on(&data, &["show", "agency", "1199010040310236XL"]).ok();
        on(&data, &["history", "agency", "1199010040310236XL"]).ok();
        on(&data, &["rebuild", "--check"]).ok();
        on(&data, &dry).ok();
    };
    reads();
    assert_eq!(contents(&data), before);
    // A server at work keeps its log, and goes on with it.
    let server = Server::of(&data);
    reads();
    assert!(data.join("journal.db-wal").exists() && data.join("journal.db-shm").exists(), "the server's own");
    on(&data, &["import", list.to_str().unwrap()]).ok();
    reads();
    let query = "{ registry { items(first: 1, filter: { text: \"取水检查\" }) { totalCount } } }";
    until("the import is served", || server.ask(query)["registry"]["items"]["totalCount"] == 1);
}
