//! The plan of a reform, as clerks write it.

use std::path::Path;

use exchange::{PlanRow, read_plan_bytes};
use rust_xlsxwriter::{Format, Workbook};

fn read(bytes: &[u8]) -> Result<Vec<PlanRow>, &'static str> {
    read_plan_bytes(Path::new("plan.csv"), bytes).map_err(|error| {
        assert!(!error.zh.is_empty() && !error.en.is_empty());
        error.code
    })
}

#[test]
fn a_plan_is_read_by_the_meaning_of_its_headings_in_any_order() {
    let csv = "关于机构改革的方案\n说明,事项,承接机构,原机构\n理由,甲,市场监管局,工商局\n,,市场监管局,质监局\n";
    let rows = read(csv.as_bytes()).unwrap();
    let row = |row, from: &str, item: Option<&str>| PlanRow {
        row,
        from: from.into(),
        to: Some("市场监管局".into()),
        item: item.map(Into::into),
        ..PlanRow::default()
    };
    assert_eq!(rows, [row(3, "工商局", Some("甲")), row(4, "质监局", None)]);
}

#[test]
fn english_headings_and_a_new_agency_are_read() {
    let rows = read(b"from;to;name;level;region;keeps\nA1;;N;CITY;990100;no\n").unwrap();
    let expected = PlanRow {
        row: 2,
        from: "A1".into(),
        name: Some("N".into()),
        level: Some("CITY".into()),
        region: Some("990100".into()),
        keeps: Some("no".into()),
        ..PlanRow::default()
    };
    assert_eq!(rows, [expected]);
}

#[test]
fn a_workbook_with_merged_cells_says_them_in_every_row() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["原机构", "承接机构", "事项"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), heading).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "工商局", &Format::new()).unwrap();
    for (row, item) in [(1, "甲"), (2, "乙")] {
        sheet.write(row, 1, "市场监管局").unwrap();
        sheet.write(row, 2, item).unwrap();
    }
    let rows = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows.iter().map(|row| (row.row, row.from.as_str())).collect::<Vec<_>>(), [(2, "工商局"), (3, "工商局")]);
}

#[test]
fn what_is_no_plan_is_refused_with_what_to_do() {
    for (bytes, code) in [
        (&b""[..], "FILE_EMPTY"),
        (b"{\"a\":1}", "PLAN_NO_TABLE"),
        ("甲,乙\n丙,丁\n".as_bytes(), "PLAN_NO_HEADER"),
        ("原机构,承接机构\n".as_bytes(), "PLAN_EMPTY"),
        ("原机构,承接机构,去向\nA,B,C\n".as_bytes(), "PLAN_HEADING"),
        ("原机构,承接机构,划入机构\nA,B,C\n".as_bytes(), "PLAN_HEADING"),
        ("原机构,承接机构\nA,B,C\n".as_bytes(), "PLAN_BESIDE"),
        ("原机构,承接机构\nA,\"B\nC,D\n".as_bytes(), "PLAN_DAMAGED"),
    ] {
        assert_eq!(read(bytes), Err(code), "{}", String::from_utf8_lossy(bytes));
    }
    let long = format!("原机构,承接机构\n{}", "A,B\n".repeat(exchange::MAX_PLAN_ROWS + 1));
    assert_eq!(read(long.as_bytes()), Err("PLAN_TOO_LONG"));
}
