//! Taking over lists: what is new, changed, gone, or no entry at all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    begin::contents,
    books::{LINES, Line, power_list},
    process::{Ran, on},
};

const OUTCOMES: [&str; 5] = ["adopted", "revised", "unchanged", "rejected", "ignored"];

/// A folder for a register and a folder for lists.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lists")).unwrap();
        Self { folder }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn list(&self, name: &str, edition: &str, lines: &[Line]) -> PathBuf {
        let path = self.folder.path().join("lists").join(name);
        power_list(&path, edition, lines);
        path
    }

    pub fn import(&self, path: &Path, more: &[&str]) -> Ran {
        on(&self.data(), &[&["import", path.to_str().unwrap(), "--json"], more].concat())
    }
}

/// Asserts the outcomes of an account, and that it closes.
pub fn assert_account(account: &Value, expected: [u64; 5]) {
    let counts = OUTCOMES.map(|outcome| account[outcome].as_u64().unwrap());
    assert_eq!(counts, expected, "{OUTCOMES:?} of {account}");
    assert_eq!(account["read"].as_u64().unwrap(), counts.iter().sum::<u64>(), "every row is accounted for: {account}");
}

#[test]
fn the_same_list_again_changes_nothing() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &LINES);
    let first = desk.import(&list, &[]).ok();
    assert!(first.err.contains("began a new register"), "{first:?}");
    assert_account(&first.json(), [4, 0, 0, 0, 0]);
    assert_eq!(first.json()["entries"]["item"]["adopted"], 4);
    assert_eq!(first.json()["entries"]["agency"]["adopted"], 1);
    let digest = || on(&desk.data(), &["rebuild", "--json"]).ok().json()["digest"].clone();
    let before = digest();
    let again = desk.import(&list, &[]).ok();
    assert_account(&again.json(), [0, 0, 4, 0, 0]);
    assert_eq!(again.json()["repealProposals"], json!([]));
    assert_eq!(digest(), before);
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &LINES);
    let told = |ran: Ran| {
        let mut account = ran.ok().json();
        // What was not written has no place in the log; what was has one.
        assert_eq!(account["position"].is_null(), account["dryRun"] == true, "{account}");
        account.as_object_mut().unwrap().retain(|name, _| !["dryRun", "seconds", "position"].contains(&name.as_str()));
        account
    };
    let dry = told(desk.import(&list, &["--dry-run"]));
    assert!(!desk.data().exists(), "not even the folder");
    assert_eq!(told(desk.import(&list, &[])), dry);
    // The same on a register that has something.
    let mut lines = LINES;
    lines[1][2] = "《东海市河道管理办法》第十条";
    let newer = desk.list("newer.xlsx", "2025", &lines[..3]);
    let before = contents(&desk.data());
    let dry = told(desk.import(&newer, &["--dry-run"]));
    assert_eq!(contents(&desk.data()), before);
    assert_eq!((&dry["revised"], dry["repealProposals"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(told(desk.import(&newer, &[])), dry);
}

#[test]
fn a_changed_row_is_a_revision_and_its_history_tells_the_field() {
    let desk = Desk::new();
    desk.import(&desk.list("2024.xlsx", "2024", &LINES), &[]).ok();
    let mut lines = LINES;
    lines[0][2] = "《东海市取水管理条例》第六条";
    let list = desk.list("2025.xlsx", "2025", &lines);
    let report = desk.folder.path().join("report.csv");
    let account =
        desk.import(&list, &["--report", report.to_str().unwrap(), "--document", "东政办发〔2025〕3号", "--actor", "clerk-7"]).ok();
    assert_account(&account.json(), [0, 1, 3, 0, 0]);
    let rows = fs::read_to_string(report).unwrap();
    let row = rows.lines().find(|row| row.contains(",revised,")).unwrap();
    let code = row.split(',').nth(5).unwrap();
    let history = on(&desk.data(), &["history", "item", code, "--json"]).ok().json();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["adopted", "revised"]);
    let revised = &history[1];
    assert_eq!((&revised["actor"], &revised["document"]), (&json!("clerk-7"), &json!("东政办发〔2025〕3号")));
    assert_eq!(revised["source"]["file"], "2025.xlsx");
    let changes = revised["changes"].as_array().unwrap();
    let change: Vec<_> = changes.iter().map(|change| (&change["path"], &change["before"], &change["after"])).collect();
    assert_eq!(change, [(&json!("legalBases[0].article"), &json!("第五条"), &json!("第六条"))]);
    // Told once more for people.
    let told = on(&desk.data(), &["history", "item", code]).ok().out;
    assert!(told.contains("clerk-7") && told.contains("第五条 → 第六条"), "{told}");
}

#[test]
fn an_entry_that_a_newer_edition_does_not_hold_is_proposed_for_repeal_and_stays() {
    let desk = Desk::new();
    desk.import(&desk.list("2024.xlsx", "2024", &LINES), &[]).ok();
    let account = desk.import(&desk.list("2025.xlsx", "2025", &LINES[..3]), &[]).ok().json();
    assert_account(&account, [0, 0, 3, 0, 0]);
    let proposals = account["repealProposals"].as_array().unwrap();
    assert_eq!(proposals.len(), 1);
    assert_eq!((&proposals[0]["name"], &proposals[0]["edition"]), (&json!("取水检查"), &json!("2024")));
    let code = proposals[0]["code"].as_str().unwrap();
    assert_eq!(on(&desk.data(), &["show", "item", code, "--json"]).ok().json()["content"]["name"], "取水检查");
    // An older edition, or the same in part, proposes nothing.
    let older = desk.import(&desk.list("2023.xlsx", "2023", &LINES[..1]), &["--dry-run"]).ok().json();
    assert_eq!(older["repealProposals"], json!([]));
}

#[test]
fn a_rejected_row_does_not_stop_the_rest() {
    let desk = Desk::new();
    let lines = [LINES[0], ["没有类别的事项", "", "《甲》第一条"], ["类别古怪的事项", "行政奇想", ""], ["", "行政许可", ""], LINES[3]];
    let ran = desk.import(&desk.list("list.xlsx", "2024", &lines), &[]).ok();
    assert_account(&ran.json(), [2, 0, 0, 3, 0]);
    let told = on(&desk.data(), &["import", desk.folder.path().join("lists").to_str().unwrap()]).ok().out;
    for reason in ["TYPE_MISSING", "TYPE_UNKNOWN", "NAME_MISSING", "list.xlsx"] {
        assert!(told.contains(reason), "{reason} in {told}");
    }
}

#[test]
fn a_second_import_at_the_same_time_is_told_to_wait() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &LINES);
    on(&desk.data(), &["init"]).ok();
    let before = contents(&desk.data());
    let first = fs::File::open(desk.data()).unwrap();
    first.lock().unwrap();
    desk.import(&list, &[]).failed(&["another import", desk.data().to_str().unwrap()]);
    assert_eq!(contents(&desk.data()), before);
    // What writes nothing need not wait.
    assert_account(&desk.import(&list, &["--dry-run"]).ok().json(), [4, 0, 0, 0, 0]);
    drop(first);
    assert_account(&desk.import(&list, &[]).ok().json(), [4, 0, 0, 0, 0]);
}

#[test]
fn a_path_that_cannot_be_read_fails_in_the_end_and_the_rest_is_imported() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &LINES);
    let broken = desk.folder.path().join("broken.xlsx");
    fs::write(&broken, b"PK\x03\x04 and no more").unwrap();
    let missing = desk.folder.path().join("missing.xlsx");
    let paths = [&missing, &list, &broken].map(|path| path.to_str().unwrap());
    let ran = on(&desk.data(), &["import", paths[0], paths[1], paths[2], "--json"]).failed(&["2"]);
    assert_account(&ran.json(), [4, 0, 0, 0, 0]);
    let failed = ran.json()["files"]["failed"].as_array().unwrap().clone();
    let codes: Vec<_> = failed.iter().map(|file| file["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["PATH_NOT_FOUND", "FILE_DAMAGED"]);
    assert!(failed[0]["path"].as_str().unwrap().ends_with("missing.xlsx") && !failed[0]["zh"].as_str().unwrap().is_empty());
}

#[test]
fn what_is_no_list_in_a_folder_is_passed_over_and_told() {
    let desk = Desk::new();
    desk.list("list.xlsx", "2024", &LINES);
    fs::write(desk.folder.path().join("lists/readme.txt"), "这些清单由市水务局提供。\n").unwrap();
    let account = desk.import(&desk.folder.path().join("lists"), &[]).ok().json();
    assert_account(&account, [4, 0, 0, 0, 0]);
    assert_eq!(account["files"]["skipped"].as_array().unwrap().len(), 1);
    assert_eq!(account["files"]["failed"], json!([]));
}

#[test]
fn options_that_cannot_be_understood_stop_before_anything_is_written() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &LINES);
    for (more, word) in [
        (["--map", "职权内容=nothing"], "nothing"),
        (["--map", "职权内容"], "heading=field"),
        (["--region", "65020"], "65020"),
        (["--report", "report.pdf"], "report.pdf"),
        (["--document", "王某13912345678"], "--document"),
    ] {
        desk.import(&list, &more).failed(&[word]);
        assert!(!desk.data().exists(), "{more:?}");
    }
}
