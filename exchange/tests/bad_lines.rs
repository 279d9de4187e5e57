//! Tables with bytes that are no text: they cost their own rows, and no other row is moved or changed by them.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::value::ItemType;
use encoding_rs::GB18030;
use exchange::{Reading, Row, RowOutcome};
use support::{items, outcomes, read, rows};

const TABLE: &str = "东海市民政局权责清单（2024年）,,,\n\
序号,事项名称,子项,权力类型,备注\n\
1,社会团体登记,设立,行政许可,甲\n\
2,公墓审批,,行政许可,乙\n\
3,临时救助,,行政给付,丙\n";

/// The table with some bytes put before a text in it, or in place of it.
fn broken(table: &[u8], before: &[u8], noise: &[u8], instead: bool) -> Vec<u8> {
    let at = table.windows(before.len()).position(|w| w == before).unwrap();
    let rest = if instead { at + before.len() } else { at };
    [&table[..at], noise, &table[rest..]].concat()
}

fn names(readings: &[Reading]) -> Vec<&str> {
    items(readings).into_iter().map(|item| item.name.as_str()).collect()
}

fn rejected(row: &Row) -> (&str, &str) {
    let RowOutcome::Rejected(why) = &row.outcome else { panic!("{row:?}") };
    (&why.zh, &why.en)
}

#[test]
fn a_bad_byte_or_a_nul_costs_its_own_row() {
    let gb = |text: &str| GB18030.encode(text).0.into_owned();
    for noise in [&b"\xFF"[..], b"\0", b"\xFF\0\xFF"] {
        let utf8 = broken(TABLE.as_bytes(), "公墓".as_bytes(), noise, false);
        let marked = [&b"\xEF\xBB\xBF"[..], &utf8].concat();
        let national = broken(&gb(TABLE), &gb("公墓"), noise, false);
        for bytes in [utf8, marked, national] {
            let readings = read("a.csv", &bytes).unwrap();
            assert_eq!(outcomes(&readings), [(3, "ok"), (4, "LINE_UNREADABLE"), (5, "ok")], "{noise:?}");
            assert_eq!(names(&readings), ["设立", "临时救助"]);
            assert_eq!(readings[0].info.publisher.as_deref(), Some("东海市民政局"));
            let (zh, en) = rejected(rows(&readings)[1]);
            assert!(zh.contains("无法识别的字节") && en.contains("bytes that are no text"));
        }
    }
    // Half a sign, at the end of its cell.
    for (table, sign, half) in [(TABLE.as_bytes().to_vec(), "批,".as_bytes().to_vec(), 2), (gb(TABLE), gb("批,"), 1)] {
        let cut = [&sign[..half], b","].concat();
        let readings = read("a.csv", &broken(&table, &sign, &cut, true)).unwrap();
        assert_eq!(outcomes(&readings), [(3, "ok"), (4, "LINE_UNREADABLE"), (5, "ok")]);
    }
}

#[test]
fn a_bad_byte_at_a_quotation_mark_or_within_several_lines_moves_no_other_row() {
    let table = TABLE.replace("公墓审批", "\"公墓\n审批,行政许可\"");
    for (before, noise, instead) in [
        ("\"公墓", &b"\xFF"[..], false),
        ("公墓", b"\0", false),
        ("审批,", b"\xFF", false),
        ("\",,行政许可,乙", b"\0", false),
        (",,行政许可,乙", b"\xFF", false),
    ] {
        let readings = read("a.csv", &broken(table.as_bytes(), before.as_bytes(), noise, instead)).unwrap();
        assert_eq!(outcomes(&readings), [(3, "ok"), (4, "LINE_UNREADABLE"), (6, "ok")], "{before}");
        assert_eq!(names(&readings), ["设立", "临时救助"]);
    }
    // In place of the mark that closes a cell: the next mark must not close it.
    let table = TABLE.replace("公墓审批", "\"公墓审批\"").replace("临时救助", "\"临时救助\"");
    let readings = read("a.csv", &broken(table.as_bytes(), "\",,行政许可,乙".as_bytes(), b"\xFF,,", true)).unwrap();
    assert_eq!(outcomes(&readings), [(3, "ok"), (4, "LINE_UNREADABLE"), (5, "ok")]);
}

#[test]
fn what_hangs_on_a_bad_row_is_rejected_and_goes_to_no_other_row() {
    let table = "东海市民政局权责清单（2024年）\n\
        序号,事项名称,子项,权力类型,备注\n\
        1,社会团体登记,设立,行政许可,甲\n\
        2,公墓审批,新建,行政许可,乙\n\
        ,,,,接着说\n\
        ,,扩建,,\n\
        3,临时救助,,行政给付,丙\n\
        ,,,,还有\n";
    let readings = read("a.csv", &broken(table.as_bytes(), "公墓".as_bytes(), b"\xFF", false)).unwrap();
    let told = [(3, "ok"), (4, "LINE_UNREADABLE"), (5, "LINE_UNREADABLE"), (6, "LINE_UNREADABLE"), (7, "ok")];
    assert_eq!(outcomes(&readings), told);
    let (zh, en) = rejected(rows(&readings)[2]);
    assert!(zh.contains("第4行") && en.contains("row 4"), "{zh} {en}");
    let remarks: Vec<_> = items(&readings).into_iter().map(|item| item.remark.as_deref()).collect();
    assert_eq!(remarks, [Some("甲"), Some("丙\n还有")]);
}

#[test]
fn a_section_that_cannot_be_read_ends_the_one_before_and_a_header_that_cannot_is_told() {
    let table = "东海市民政局权责清单（2024年）\n序号,事项名称,备注\n一、行政许可,,\n1,公墓审批,\n2,社会团体登记,\n二、行政给付,,\n3,临时救助,\n三、行政检查,,\n4,公墓检查,\n";
    let readings = read("a.csv", &broken(table.as_bytes(), "给付".as_bytes(), b"\xFF", false)).unwrap();
    let told = outcomes(&readings);
    assert_eq!(told[3..], [(6, "LINE_UNREADABLE"), (7, "TYPE_MISSING"), (8, "SECTION"), (9, "ok")]);
    let types: Vec<_> = items(&readings).into_iter().map(|item| item.item_type).collect();
    assert_eq!(types, [ItemType::Permission, ItemType::Permission, ItemType::Inspection]);
    let error = read("a.csv", &broken(table.as_bytes(), "事项名称".as_bytes(), b"\xFF", false)).unwrap_err();
    assert!(error.code == "NO_HEADER" && error.zh.contains("第2行") && error.en.contains("row 2"), "{error:?}");
    // A title that cannot be read is told, and the table below it is read.
    let readings = read("东海市民政局2024年权责清单.csv", &broken(TABLE.as_bytes(), "民政局".as_bytes(), b"\0", false)).unwrap();
    assert_eq!(outcomes(&readings), [(1, "LINE_UNREADABLE"), (3, "ok"), (4, "ok"), (5, "ok")]);
}

#[test]
fn two_byte_unicode_is_still_told_from_texts_with_a_nul_and_exports_keep_their_lines() {
    let two = |big: bool| -> Vec<u8> { TABLE.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect() };
    for (mark, big) in [(&b""[..], false), (b"", true), (b"\xFF\xFE", false), (b"\xFE\xFF", true)] {
        let readings = read("a.csv", &[mark, &two(big)].concat()).unwrap();
        assert_eq!(names(&readings), ["设立", "公墓审批", "临时救助"], "{mark:?} {big}");
    }
    let line = |name: &str| format!("{{\"task_name\":\"{name}\",\"task_type\":\"01\",\"dept_name\":\"东海市民政局\"}}\n");
    let export = [line("甲"), line("乙"), line("丙")].concat();
    for noise in [&b"\xFF"[..], b"\0"] {
        let readings = read("a.json", &broken(export.as_bytes(), "乙".as_bytes(), noise, false)).unwrap();
        assert_eq!(outcomes(&readings), [(1, "ok"), (2, "LINE_UNREADABLE"), (3, "ok")]);
    }
    let array = format!("[{}]", export.trim_end().replace('\n', ","));
    assert_eq!(read("a.json", &broken(array.as_bytes(), "乙".as_bytes(), b"\xFF", false)).unwrap_err().code, "ENCODING_UNKNOWN");
}
