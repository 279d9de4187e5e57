//! What an import says beside what it takes over: what is gone and what is not, codes that name something else by now, files of one name.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::import::{Desk, assert_account};

/// A list as a table, by lines of name, type, agency and code.
fn table(desk: &Desk, name: &str, lines: &[[&str; 4]]) -> PathBuf {
    let path = desk.data().with_file_name("lists").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let rows: Vec<String> = lines.iter().map(|line| format!("{},《甲法》第一条", line.join(","))).collect();
    fs::write(&path, format!("事项名称,事项类型,实施主体,事项编码,设定依据\n{}\n", rows.join("\n"))).unwrap();
    path
}

/// An export of a portal without divisions, by lines of name and agency.
fn export(desk: &Desk, name: &str, lines: &[[&str; 2]]) -> PathBuf {
    let path = desk.data().with_file_name("lists").join(name);
    let lines =
        lines.iter().map(|[name, agency]| json!({"task_name": name, "task_type_text": "行政许可", "dept_name": agency}).to_string());
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    path
}

fn proposed(account: &Value) -> Vec<&str> {
    account["repealProposals"].as_array().unwrap().iter().map(|proposal| proposal["name"].as_str().unwrap()).collect()
}

#[test]
fn what_another_list_of_the_same_import_holds_is_not_proposed_for_repeal() {
    const PERMISSION: [&str; 4] = ["办学许可", "行政许可", "东海市教育局", ""];
    const SERVICE: [&str; 4] = ["教师资格证补发", "公共服务", "东海市教育局", ""];
    let desk = Desk::new();
    let both = table(&desk, "东海市教育局2025年权责清单.csv", &[PERMISSION, SERVICE]);
    assert_account(&desk.import(&both, &[]).ok().json(), [2, 0, 0, 0, 0]);
    let powers = table(&desk, "东海市教育局2026年权责清单.csv", &[PERMISSION]);
    let services = table(&desk, "东海市教育局2026年公共服务事项清单.csv", &[SERVICE]);
    // Alone the newer list of powers does leave it out.
    assert_eq!(proposed(&desk.import(&powers, &["--dry-run"]).ok().json()), ["教师资格证补发"]);
    for _ in 0..2 {
        let account = desk.import(&powers, &[services.to_str().unwrap()]).ok().json();
        assert_account(&account, [0, 0, 2, 0, 0]);
        assert_eq!(account["repealProposals"], json!([]), "{account}");
    }
}

#[test]
fn without_an_edition_on_either_side_nothing_is_proposed_for_repeal() {
    let desk = Desk::new();
    let first = table(&desk, "a.csv", &[["甲许可", "行政许可", "东海市教育局", ""]]);
    desk.import(&first, &[]).ok();
    let second = table(&desk, "b.csv", &[["乙许可", "行政许可", "东海市教育局", ""]]);
    let account = desk.import(&second, &["--dry-run"]).ok().json();
    assert_eq!(account["repealProposals"], json!([]), "{account}");
    assert_eq!(account["findings"]["EDITION_UNKNOWN"], 1);
    // An edition is newer than none.
    assert_eq!(proposed(&desk.import(&second, &["--edition", "2026"]).ok().json()), ["甲许可"]);
}

#[test]
fn an_export_without_a_division_speaks_of_the_agencies_that_it_holds() {
    let desk = Desk::new();
    let schools = export(&desk, "a.ndjson", &[["甲许可", "东海市教育局"], ["乙许可", "东海市教育局"]]);
    assert_account(&desk.import(&schools, &["--edition", "2025"]).ok().json(), [2, 0, 0, 0, 0]);
    let police = export(&desk, "b.ndjson", &[["丙许可", "西海市公安局"]]);
    let account = desk.import(&police, &["--edition", "2026"]).ok().json();
    assert_eq!(account["repealProposals"], json!([]), "{account}");
    let fewer = export(&desk, "c.ndjson", &[["甲许可", "东海市教育局"]]);
    assert_eq!(proposed(&desk.import(&fewer, &["--edition", "2026"]).ok().json()), ["乙许可"]);
}

#[test]
fn a_code_that_names_another_thing_by_now_is_told_with_what_it_was() {
    let desk = Desk::new();
    let line = |name: &'static str, of: &'static str, code: &'static str| [name, of, "东海市教育局", code];
    let older =
        [line("办学许可", "行政许可", "DH-JY-0001"), line("旧事项", "行政检查", "DH-JY-0002"), line("办学检查", "行政检查", "DH-JY-0003")];
    desk.import(&table(&desk, "东海市教育局2025年权责清单.csv", &older), &[]).ok();
    let newer = [
        line("民办学校办学许可", "行政许可", "DH-JY-0001"),
        line("新事项", "行政处罚", "DH-JY-0002"),
        line("办学检查", "其他行政权力", "DH-JY-0003"),
    ];
    let report = desk.data().with_file_name("report.csv");
    let newer = table(&desk, "东海市教育局2026年权责清单.csv", &newer);
    let account = desk.import(&newer, &["--report", report.to_str().unwrap()]).ok().json();
    assert_account(&account, [0, 3, 0, 0, 0]);
    assert_eq!(account["findings"]["CODE_REUSED"], 1, "{account}");
    let text = fs::read_to_string(&report).unwrap();
    let told = text.lines().find(|line| line.contains("CODE_REUSED")).unwrap();
    assert!(told.contains("DH-JY-0002") && told.contains("旧事项") && told.contains("行政检查") && told.contains("2025"), "{told}");
    // It is told once, when it happens.
    assert_eq!(desk.import(&newer, &[]).ok().json()["findings"]["CODE_REUSED"], Value::Null);
}

#[test]
fn files_of_one_name_are_told_apart_by_their_folders() {
    let desk = Desk::new();
    table(&desk, "甲/list.csv", &[["甲许可", "行政许可", "东海市教育局", ""]]);
    table(&desk, "乙/list.csv", &[["乙许可", "行政许可", "东海市教育局", ""]]);
    table(&desk, "乙/other.csv", &[["丙许可", "行政许可", "东海市教育局", ""]]);
    let report = desk.data().with_file_name("report.csv");
    desk.import(&desk.data().with_file_name("lists"), &["--report", report.to_str().unwrap()]).ok();
    let rows = csv::Reader::from_path(&report).unwrap().into_records().map(Result::unwrap).collect::<Vec<_>>();
    let mut files: Vec<_> = rows.iter().filter(|row| &row[3] == "adopted").map(|row| (row[0].to_owned(), row[6].to_owned())).collect();
    files.sort();
    let expected = [("other.csv", "丙许可"), ("乙/list.csv", "乙许可"), ("甲/list.csv", "甲许可")];
    assert_eq!(files, expected.map(|(file, name)| (file.to_owned(), name.to_owned())));
}
