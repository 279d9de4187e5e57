//! Files that are partly wrong, and what the caller says of them.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use exchange::{Field, ReadOptions, read_paths};
use support::{guide, outcomes, read, read_with, rows};

fn line(name: &str, more: &str) -> String {
    format!(r#"{{"task_name":"{name}","task_type":"20","dept_name":"东海市教育局","visit_number":"1","onlinecheck":"0"{more}}}"#)
}

#[test]
fn a_bad_byte_costs_its_own_line() {
    let mut bytes = line("甲", "").into_bytes();
    bytes.extend(b"\n{\"task_name\":\"\xFF\"}\n");
    bytes.extend(line("乙", "").into_bytes());
    let readings = read("e.ndjson", &bytes).unwrap();
    assert_eq!(outcomes(&readings), [(1, "ok"), (2, "LINE_UNREADABLE"), (3, "ok")]);
    // As many bad lines as good ones, and no encoding that fits both.
    bytes.extend(b"\n{\"\xFF\xFF\"}\n\xFF");
    assert_eq!(outcomes(&read("e.ndjson", &bytes).unwrap()).len(), 5);
}

#[test]
fn an_unclosed_quotation_mark_does_not_swallow_the_rest() {
    let text = "事项名称,权力类型,行使主体\n甲,行政许可,东海市教育局\n\"乙,行政许可,东海市教育局\n\"丙\n丁\",行政许可,东海市教育局\n戊,行政许可,东海市教育局\n";
    let readings = read("a.csv", text.as_bytes()).unwrap();
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "QUOTE_UNCLOSED"), (4, "ok"), (6, "ok")]);
}

#[test]
fn a_mapping_that_fits_nowhere_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (name, heading) in [("a.csv", "甲列"), ("b.csv", "备注")] {
        std::fs::write(folder.path().join(name), format!("事项名称,权力类型,行使主体,{heading}\n甲,行政许可,东海市教育局,乙\n")).unwrap();
    }
    let map = vec![("甲列".to_owned(), Field::Remark), ("丙列".to_owned(), Field::Remark)];
    let options = ReadOptions { map, ..ReadOptions::default() };
    let answers = read_paths(&[folder.path().to_owned()], &options, &());
    let findings = |i: usize| answers[i].as_ref().unwrap()[0].findings.iter().filter(|f| f.code == "MAP_UNUSED").map(|f| f.path.clone());
    assert_eq!(findings(0).chain(findings(1)).collect::<Vec<_>>(), ["丙列", "丙列"]);
    let readings = read_with("e.ndjson", line("甲", "").as_bytes(), &options).unwrap();
    assert_eq!(readings[0].findings.iter().filter(|f| f.code == "MAP_UNUSED").count(), 2);
}

#[test]
fn damaged_json_is_not_to_be_opened_in_a_spreadsheet_program() {
    for bytes in ["[{\"task_name\":", "{\"task_name\":"] {
        let error = read("a.json", bytes.as_bytes()).unwrap_err();
        assert_eq!(error.code, "FILE_DAMAGED");
        assert!(!error.zh.contains("表格") && !error.en.contains("spreadsheet"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    // A socket is refused by the same question as a pipe, and needs no program to make.
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let answers = read_paths(&[path], &ReadOptions::default(), &());
    assert_eq!(answers[0].as_ref().unwrap_err().code, "NOT_A_FILE");
}

#[test]
fn what_an_export_says_of_booking_and_old_codes_is_kept() {
    let more = r#","bear_platform":"统一申办平台","online_book_addr":"https://example.org/b","matter_code":"MC-1","handle_location":"某路1号大厅（A栋405室）""#;
    let readings = read("e.ndjson", line("甲", more).as_bytes()).unwrap();
    let guide = guide(rows(&readings)[0]);
    assert!(!guide.is_online());
    let contacts: Vec<_> = guide.consult.iter().map(|c| (c.value.as_str(), c.note.as_deref().unwrap())).collect();
    assert_eq!(contacts, [("统一申办平台", "网办平台"), ("https://example.org/b", "预约地址")]);
    assert_eq!(guide.other_names, ["MC-1"]);
    assert_eq!((guide.places[0].address.as_str(), guide.places[0].window.as_deref()), ("某路1号大厅（A栋405室）", None));
}
