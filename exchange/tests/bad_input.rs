//! Files and rows that are not what they say: no panic, no partial state, and words that help.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use std::io::{Cursor, Write};

use exchange::{ReadOptions, RowOutcome, limits, read_paths};
use proptest::prelude::*;
use support::{Sheet, book, outcomes, read, rows};
use zip::write::SimpleFileOptions;

const HEADER: &[&str] = &["序号", "事项名称", "权力类型", "行使主体", "备注"];

fn sound() -> Vec<u8> {
    book(&[Sheet { name: "Sheet1", rows: &[HEADER, &["1", "甲", "行政许可", "东海市教育局", "乙"]], merges: &[(1, 4, 2, 4)] }])
}

fn code(name: &str, bytes: &[u8]) -> &'static str {
    let error = read(name, bytes).unwrap_err();
    assert!(!error.zh.is_empty() && !error.en.is_empty());
    error.code
}

#[test]
fn a_web_page_a_picture_and_a_cut_off_file_are_told_by_what_they_are() {
    assert_eq!(code("清单.xls", b"<html><body><table><tr><td>x</td></tr></table>"), "HTML_NOT_WORKBOOK");
    assert_eq!(code("清单.xlsx", b"\x89PNG\r\n\x1a\n"), "NOT_A_LIST");
    assert_eq!(code("清单.xlsx", b""), "FILE_EMPTY");
    let whole = sound();
    assert_eq!(code("清单.xlsx", &whole[..whole.len() / 2]), "FILE_DAMAGED");
    assert_eq!(code("清单.csv", "姓名,电话\n甲,1\n".as_bytes()), "NO_HEADER");
    // The content decides: a workbook under the name of a text is read.
    assert!(read("清单.txt", &whole).is_ok());
}

#[test]
fn an_encrypted_workbook_asks_for_one_without_a_password() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(b"secret").unwrap();
    file.create_stream("/EncryptionInfo").unwrap().write_all(b"info").unwrap();
    file.flush().unwrap();
    assert_eq!(code("清单.xlsx", &file.into_inner().into_inner()), "FILE_ENCRYPTED");
    // FilePass in an old workbook: BOF, then the record.
    let stream = [&[0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0][..], &[0; 8192]].concat();
    assert_eq!(code("清单.xls", &old_workbook(&stream)), "FILE_ENCRYPTED");
}

fn old_workbook(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn zip_bombs_are_not_unpacked() {
    let zeros = vec![b' '; 64 << 20];
    let bomb = package(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"), ("xl/sharedStrings.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code("清单.xlsx", &bomb), "UNPACKS_TOO_LARGE");
    // The directory lies: it declares a small part.
    let mut lying = bomb.clone();
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = lying.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(i, _)| i).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(code("清单.xlsx", &lying), "UNPACKS_TOO_LARGE" | "FILE_DAMAGED"));
}

#[test]
fn announced_numbers_reserve_no_memory() {
    let strings = b"<sst uniqueCount=\"999999999999999\"><si><t>x</t></si></sst>";
    let bytes = package(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", strings)]);
    assert_eq!(code("清单.xlsx", &bytes), "FILE_DAMAGED");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("清单.csv");
    std::fs::File::create(&path).unwrap().set_len(limits::MAX_FILE_BYTES + 1).unwrap();
    let answers = read_paths(&[path], &ReadOptions::default(), &());
    assert_eq!(answers[0].as_ref().unwrap_err().code, "FILE_TOO_LARGE");
}

#[test]
fn tables_of_too_many_cells_or_sheets_are_refused_before_they_fill_the_memory() {
    // Columns are counted as far as they are looked at.
    let row = ",".repeat(limits::MAX_COLUMNS - 1) + "\n";
    let lines = limits::MAX_CELLS / limits::MAX_COLUMNS + 1;
    let header = "序号,事项名称,权力类型,行使主体\n";
    assert_eq!(code("清单.csv", (header.to_owned() + &row.repeat(lines)).as_bytes()), "TOO_MANY_CELLS");
    assert!(read("清单.csv", (header.to_owned() + "1,甲,行政许可,东海市教育局\n" + &row.repeat(9)).as_bytes()).is_ok());

    let names: Vec<_> = (0..=limits::MAX_SHEETS).map(|number| format!("表{number}")).collect();
    let sheets: Vec<_> =
        names.iter().map(|name| Sheet { name, rows: &[HEADER, &["1", "甲", "行政许可", "东海市教育局"]], merges: &[] }).collect();
    assert_eq!(code("清单.xlsx", &book(&sheets)), "TOO_MANY_CELLS");
    assert!(read("清单.xlsx", &book(&sheets[..2])).is_ok());
}

/// A record of an old workbook.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

/// The stream of an old workbook of so many sheets, each with a number in its first cell and one in another.
fn sheets_with_a_far_cell(sheets: usize, row: u16, column: u16) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let cell = |row: u16, column: u16| {
        let number = [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &1_f64.to_le_bytes()].concat();
        record(0x0203, &number)
    };
    let bound = |at: usize| record(0x0085, &[&u32::try_from(at).unwrap().to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat());
    let globals = begin(5).len() + sheets * bound(0).len() + record(0x000A, &[]).len();
    let sheet = [begin(0x10), cell(0, 0), cell(row, column), record(0x000A, &[])].concat();
    let bounds: Vec<u8> = (0..sheets).flat_map(|number| bound(globals + number * sheet.len())).collect();
    let mut stream = [begin(5), bounds, record(0x000A, &[]), sheet.repeat(sheets)].concat();
    // Shorter streams are kept in another way.
    stream.resize(stream.len().max(4_200), 0);
    stream
}

#[test]
fn an_old_workbook_with_a_cell_far_away_reserves_no_rectangle_up_to_there() {
    let code =
        |sheets, row, column| read("清单.xls", &old_workbook(&sheets_with_a_far_cell(sheets, row, column))).err().map(|error| error.code);
    // One sheet as wide as none is, several that are too large together, more sheets than are read.
    assert_eq!(code(1, u16::MAX, 400), Some("TOO_MANY_CELLS"));
    assert_eq!(code(1, u16::MAX, u16::MAX), Some("TOO_MANY_CELLS"));
    assert_eq!(code(3, u16::MAX, 120), Some("TOO_MANY_CELLS"));
    assert_eq!(code(limits::MAX_SHEETS + 1, 1, 1), Some("TOO_MANY_CELLS"));
    assert_eq!(code(3, 2_000, 20), Some("NO_HEADER"), "it is read, and is no list");
}

#[test]
fn a_folder_of_too_many_files_or_levels_is_read_as_far_as_it_goes_and_what_is_left_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("0.xlsx"), sound()).unwrap();
    for number in 0..10_000 {
        std::fs::write(at(&format!("{number:05}.txt")), b"").unwrap();
    }
    let answers = read_paths(&[folder.path().to_owned()], &ReadOptions::default(), &());
    assert_eq!(answers.len(), 10_001);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "the list before them is read");
    let left_out: Vec<_> = answers.iter().filter_map(|a| a.as_ref().err()).filter(|error| error.code == "TOO_MANY_FILES").collect();
    assert!(left_out.len() == 1 && left_out[0].to_string().contains("09999.txt"), "{left_out:?}");

    let deep = tempfile::tempdir().unwrap();
    let levels = |count: usize| (0..count).fold(deep.path().to_owned(), |path, level| path.join(level.to_string()));
    std::fs::create_dir_all(levels(20)).unwrap();
    for count in [16, 17] {
        std::fs::write(levels(count).join("清单.xlsx"), sound()).unwrap();
    }
    let answers = read_paths(&[deep.path().to_owned()], &ReadOptions::default(), &());
    let codes: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(|error| (error.code, error.skipped))).collect();
    assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1, "that of the sixteenth level is read: {codes:?}");
    assert_eq!(codes.iter().flatten().collect::<Vec<_>>(), [&("TOO_MANY_FILES", false)]);
}

#[test]
fn one_bad_file_stops_no_other_and_folders_pass_over_what_is_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, bytes) in [
        ("b2024年.xlsx", sound()),
        ("a2025年.xlsx", sound()),
        ("~$a.xlsx", b"lock".to_vec()),
        (".hidden", sound()),
        ("LICENSE", b"MIT".to_vec()),
    ] {
        std::fs::write(at(name), bytes).unwrap();
    }
    std::fs::write(at("c.xlsx"), &sound()[..700]).unwrap();
    let paths = [folder.path().to_owned(), at("LICENSE"), at("none")];
    let answers = read_paths(&paths, &ReadOptions::default(), &());
    let errors: Vec<_> = answers.iter().filter_map(|a| a.as_ref().err()).map(|e| (e.code, e.skipped)).collect();
    assert_eq!(errors, [("PATH_NOT_FOUND", false), ("NOT_A_LIST", true), ("FILE_DAMAGED", false), ("NOT_A_LIST", false)]);
    let editions: Vec<_> = answers.iter().flatten().map(|r| r[0].info.edition.as_deref().unwrap()).collect();
    assert_eq!(editions, ["2024", "2025"]);
}

#[test]
fn rows_without_name_or_type_are_rejected_and_the_others_are_read() {
    let long = "长".repeat(1_001);
    let full = "满".repeat(limits::CELL_CHARS);
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            HEADER,
            &["1", "", "行政许可", "东海市教育局"],
            &["2", "甲", "", "东海市教育局"],
            &["3", "乙", "行政决定", "东海市教育局"],
            &["4", &long, "行政许可", "东海市教育局"],
            &["5", "丙\u{1}\u{b}丁", "行政\u{7}许可", "东海市教育局", "一\u{0}二"],
            &["6", "戊", "行政许可", "东海市教育局", &full],
        ],
        merges: &[],
    }]);
    let readings = read("东海市教育局2024年权责清单.xlsx", &bytes).unwrap();
    assert_eq!(
        outcomes(&readings),
        [(2, "NAME_MISSING"), (3, "TYPE_MISSING"), (4, "TYPE_UNKNOWN"), (5, "CONTENT_INCOMPLETE"), (6, "ok"), (7, "ok")]
    );
    assert_eq!(support::item(rows(&readings)[4]).name, "丙丁");
    assert!(rows(&readings)[5].findings.iter().any(|f| f.code == "CELL_TRUNCATED"));
    for row in rows(&readings) {
        if let RowOutcome::Rejected(why) = &row.outcome {
            assert!(!why.zh.is_empty() && !why.en.is_empty());
        }
    }
}

#[test]
fn malformed_json_lines_are_rejected_each_for_itself() {
    let good = |code: &str| {
        format!(
            r#"{{"TASK_CODE":"{code}","TASK_NAME":"甲","TASK_TYPE":"21","DEPT_NAME":"东海市教育局","handle_location":"某路1号","visit_number":"1","ONLINECHECK":"1"}}"#
        )
    };
    let (one, two) = ("11440000006939756B2442101007000", "11440000006939756B244210100700101");
    let other = good(one).replace('甲', "乙");
    let lines =
        [good(one), good(two)[..60].to_owned(), String::new(), good(two), good(one), other, "[1]".into(), r#"{"TASK_CODE":"x"}"#.into()];
    let readings = read("export.ndjson", lines.join("\n").as_bytes()).unwrap();
    assert_eq!(
        outcomes(&readings),
        [(1, "ok"), (2, "JSON_MALFORMED"), (4, "ok"), (5, "DUPLICATE"), (6, "DUPLICATE_CODE"), (7, "JSON_MALFORMED"), (8, "NAME_MISSING"),]
    );
    assert_eq!(code("a.json", b"{\"a\": [[[["), "FILE_DAMAGED");
    assert_eq!(code("a.json", "[{\"姓\":1}]".as_bytes()), "NO_HEADER");
    let deep = format!("{{\"task_name\":{}1", "[".repeat(100_000));
    assert_eq!(code("a.ndjson", deep.as_bytes()), "FILE_DAMAGED");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read("x", &bytes);
        for magic in [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], b"PK\x03\x04", b"{", b"[", "序号,事项名称\n".as_bytes()] {
            let _ = read("x", &[magic, &bytes].concat());
        }
    }

    #[test]
    fn any_table_is_read_or_refused(text in "([序号事项名称权力类型备注一、行政许可 ,\"\n0-9]{0,12}[,\n]){0,40}") {
        let _ = read("x.csv", format!("序号,事项名称,权力类型,行使主体\n{text}").as_bytes());
    }

    #[test]
    fn a_changed_byte_or_a_cut_makes_no_panic(at in 0_usize..20_000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = sound();
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        let _ = read("x.xlsx", &bytes);
    }

    #[test]
    fn any_records_of_an_old_workbook_are_read_or_refused(records in proptest::collection::vec((any::<u16>(), proptest::collection::vec(any::<u8>(), 0..40), 0_usize..16), 0..60)) {
        // Records that matter, among others.
        let kinds = [0x0809_u16, 0x000A, 0x0085, 0x00FC, 0x003C, 0x0200, 0x00FD, 0x00BD, 0x0203, 0x0204, 0x0006, 0x0207, 0x00E5, 0x00E0, 0x041E, 0x027E];
        let mut stream = vec![0x09, 0x08, 4, 0, 0, 6, 5, 0];
        for (other, data, which) in records {
            let kind = if which == 15 { other } else { kinds[which] };
            stream.extend(kind.to_le_bytes());
            stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
            stream.extend(data);
        }
        stream.resize(stream.len().max(4_200), 0);
        let _ = read("x.xls", &old_workbook(&stream));
    }
}
