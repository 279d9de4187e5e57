//! Codes that lists give: a national one names the same entry everywhere, any other one is local to who publishes it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    import::{Desk, assert_account},
    process::on,
};

/// Writes a list of an agency: code, name, basis.
fn list(desk: &Desk, agency: &str, lines: &[[&str; 3]]) -> PathBuf {
    let path = desk.data().with_file_name("lists").join(format!("{agency}2024年权责清单.csv"));
    let mut text = vec!["职权编码,职权名称,职权类别,实施机关,法律依据".to_owned()];
    text.extend(lines.iter().map(|[code, name, basis]| format!("{code},{name},行政许可,{agency},{basis}")));
    fs::write(&path, text.join("\n")).unwrap();
    path
}

fn all(desk: &Desk) -> PathBuf {
    desk.data().with_file_name("lists")
}

fn name_of(desk: &Desk, code: &str) -> Value {
    on(&desk.data(), &["show", "item", code, "--json"]).ok().json()["content"]["name"].clone()
}

/// The rows of a report: outcome, code, findings.
fn report(desk: &Desk, path: &Path) -> Vec<[String; 3]> {
    let report = desk.data().with_file_name("report.csv");
    desk.import(path, &["--report", report.to_str().unwrap()]).ok();
    let rows = csv::Reader::from_path(&report).unwrap().into_records().map(Result::unwrap).collect::<Vec<_>>();
    rows.iter().filter(|row| !row[2].is_empty()).map(|row| [row[3].to_owned(), row[5].to_owned(), row[10].to_owned()]).collect()
}

const WATER: [[&str; 3]; 2] = [["XK-2024-001", "取水许可", "《甲》第五条"], ["XK-2024-002", "采砂许可", "《甲》第六条"]];
const SCHOOLS: [[&str; 3]; 2] = [["XK-2024-001", "办学许可", "《乙》第五条"], ["XK-2024-003", "校车许可", "《乙》第六条"]];

#[test]
fn a_local_code_of_two_agencies_names_an_entry_of_each_and_the_same_again_changes_nothing() {
    let desk = Desk::new();
    list(&desk, "东海市水务局", &WATER);
    list(&desk, "东海市教育局", &SCHOOLS);
    let first = desk.import(&all(&desk), &[]).ok().json();
    assert_account(&first, [4, 0, 0, 0, 0]);
    assert_eq!(first["findings"]["CODE_TAKEN"], 1, "{first}");
    for _ in 0..2 {
        let again = desk.import(&all(&desk), &[]).ok().json();
        assert_account(&again, [0, 0, 4, 0, 0]);
        assert_eq!((&again["repealProposals"], &again["findings"]["CODE_TAKEN"]), (&json!([]), &json!(1)));
    }
    // By name of the file 教 comes before 水.
    assert_eq!(name_of(&desk, "XK-2024-001"), "办学许可");
    let rows = report(&desk, &all(&desk));
    let taken = rows.iter().find(|row| row[2].contains("CODE_TAKEN") || row[2].contains("XK-2024-001")).unwrap();
    assert!(taken[1].starts_with("TYX"), "{taken:?}");
    assert!(taken[2].contains("东海市教育局2024年权责清单.csv") && taken[2].contains("row 2"), "{taken:?}");
    let content = on(&desk.data(), &["show", "item", &taken[1], "--json"]).ok().json()["content"].clone();
    assert_eq!((&content["name"], &content["localImplementationCode"]), (&json!("取水许可"), &json!("XK-2024-001")));
}

#[test]
fn a_local_code_stays_with_the_agency_that_had_it_first_whatever_comes_later() {
    let desk = Desk::new();
    let water = list(&desk, "东海市水务局", &WATER);
    let schools = list(&desk, "东海市教育局", &SCHOOLS);
    assert_account(&desk.import(&water, &[]).ok().json(), [2, 0, 0, 0, 0]);
    assert_account(&desk.import(&schools, &[]).ok().json(), [2, 0, 0, 0, 0]);
    assert_eq!(name_of(&desk, "XK-2024-001"), "取水许可");
    // Together and in the other order: each finds its own.
    assert_account(&desk.import(&all(&desk), &[]).ok().json(), [0, 0, 4, 0, 0]);
    // A renamed item is still the one of its list and code.
    let renamed = list(&desk, "东海市教育局", &[["XK-2024-001", "民办学校设立许可", "《乙》第五条"], SCHOOLS[1]]);
    let account = desk.import(&renamed, &[]).ok().json();
    assert_account(&account, [0, 1, 1, 0, 0]);
    assert_eq!(account["repealProposals"], json!([]));
    assert_eq!(name_of(&desk, "XK-2024-001"), "取水许可");
}

#[test]
fn a_national_code_that_two_lists_of_one_import_describe_otherwise_is_rejected_once_and_settles() {
    const CODE: &str = "11440000006939756B2440101007000";
    let desk = Desk::new();
    list(&desk, "东海市水务局", &[[CODE, "取水许可", "《甲》第五条"]]);
    list(&desk, "东海市教育局", &[[CODE, "办学许可", "《乙》第五条"]]);
    let told = desk.import(&all(&desk), &[]).ok();
    assert_account(&told.json(), [1, 0, 0, 1, 0]);
    assert_account(&desk.import(&all(&desk), &[]).ok().json(), [0, 0, 1, 1, 0]);
}

#[test]
fn agencies_of_one_export_have_local_codes_of_their_own() {
    let desk = Desk::new();
    let path = desk.data().with_file_name("lists").join("export.ndjson");
    let line = |agency: &str, name: &str| json!({ "task_code": "FW-2024-0001", "task_name": name, "task_type_text": "行政许可", "dept_name": agency, "area_code": "370900" });
    fs::write(&path, format!("{}\n{}\n", line("东海市水务局", "取水许可"), line("东海市教育局", "办学许可"))).unwrap();
    assert_account(&desk.import(&path, &[]).ok().json(), [2, 0, 0, 0, 0]);
    assert_account(&desk.import(&path, &[]).ok().json(), [0, 0, 2, 0, 0]);
    // One after the other as well.
    for (agency, name) in [("东海市教育局", "办学许可"), ("东海市水务局", "取水许可")] {
        fs::write(&path, format!("{}\n", line(agency, name))).unwrap();
        assert_account(&desk.import(&path, &[]).ok().json(), [0, 0, 1, 0, 0]);
    }
}
