//! The report of an import: every row of every list, as a table that others can open.

use std::{fs, path::Path};

use calamine::{Reader, Xlsx};
use serde_json::Value;

use super::{
    books::{LINES, power_list},
    process::on,
};

/// Rows of the report: file, outcome and name.
type Rows = Vec<(String, String, String)>;

/// Imports two editions with a report; returns the folder and the account of the second.
fn import(ending: &str) -> (tempfile::TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    power_list(Path::new(&at("2024.xlsx")), "2024", &LINES);
    let mut lines = LINES[..3].to_vec();
    lines[0][2] = "《东海市取水管理条例》第六条";
    lines.extend([["=HYPERLINK(\"x\")", "", ""], ["水土保持方案审批", "行政许可", ""]]);
    power_list(Path::new(&at("2025.xlsx")), "2025", &lines);
    let data = folder.path().join("data");
    on(&data, &["import", &at("2024.xlsx")]).ok();
    let report = at(&format!("report.{ending}"));
    let ran = on(&data, &["import", &at("2025.xlsx"), &at("missing.xlsx"), "--report", &report, "--json"]);
    assert_eq!(ran.code, Some(1), "a file is missing");
    (folder, ran.json())
}

fn assert_complete(mut rows: Rows, account: &Value) {
    for outcome in ["adopted", "revised", "unchanged", "rejected", "ignored"] {
        let number = rows.iter().filter(|(_, o, _)| o == outcome).count();
        assert_eq!(account[outcome].as_u64().unwrap(), number as u64, "{outcome}");
    }
    rows.retain(|(_, outcome, _)| outcome != "unchanged");
    let name = |text: &str| text.to_owned();
    let row = |file: &str, outcome: &str, entry: &str| (name(file), name(outcome), name(entry));
    for row in rows.iter_mut().filter(|(_, outcome, _)| outcome == "file-failed") {
        row.0 = name(row.0.rsplit('/').next().unwrap());
    }
    rows.sort();
    let expected = [
        row("", "repeal-proposed", "取水检查"),
        row("2025.xlsx", "adopted", "水土保持方案审批"),
        row("2025.xlsx", "rejected", ""),
        row("2025.xlsx", "revised", "取水许可"),
        row("missing.xlsx", "file-failed", ""),
    ];
    assert_eq!(rows.len(), expected.len(), "{rows:?}");
    assert_eq!(rows, expected);
}

#[test]
fn as_csv_it_accounts_for_every_row() {
    let (folder, account) = import("csv");
    let text = fs::read_to_string(folder.path().join("report.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Rows =
        reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[3].to_owned(), row[6].to_owned())).collect();
    assert_complete(rows, &account);
}

#[test]
fn as_a_workbook_it_accounts_for_every_row() {
    let (folder, account) = import("xlsx");
    let mut book: Xlsx<_> = calamine::open_workbook(folder.path().join("report.xlsx")).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 2, "rows and lists: {names:?}");
    let rows: Rows = {
        let range = book.worksheet_range(&names[0]).unwrap();
        range.rows().skip(1).map(|row| (row[0].to_string(), row[3].to_string(), row[6].to_string())).collect()
    };
    assert_complete(rows, &account);
    let lists = book.worksheet_range(&names[1]).unwrap();
    let list: Vec<_> = lists.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(list[..5], ["2025.xlsx", "清单", "东海市水务局2025年权责清单", "2025", "东海市水务局"]);
}
