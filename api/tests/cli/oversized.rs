//! Rows that are larger than a content may be, and signs that are not shown as what they are: whatever the form of the list.

use std::{fs, path::Path};

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use super::{
    import::{Desk, assert_account},
    process::on,
};

/// More text than a content has room for: 192 KiB of JSON.
fn too_long() -> String {
    "水".repeat(70_000)
}

/// The names of the three rows of each list; the second one is too large.
const NAMES: [&str; 3] = ["取水许可", "河道采砂许可", "取水检查"];

fn workbook(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("清单").unwrap();
    let headings = ["职权名称", "职权类别", "实施机关", "责任事项", "追责情形", "备注"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string(0, column, heading).unwrap();
    }
    for (row, name) in (1..).zip(NAMES) {
        // No cell of a workbook has room for all of it.
        let long = if row == 2 { "水".repeat(30_000) } else { "依法".to_owned() };
        for (column, text) in (0..).zip([name, "行政许可", "市水务局", &long, &long, &long]) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    book.save(path).unwrap();
}

fn csv(path: &Path) {
    let line = |(row, name): (u32, &str)| {
        let remark = if row == 2 { too_long() } else { "依法".to_owned() };
        format!("{name},行政许可,市水务局,{remark}\n")
    };
    let text: String = std::iter::once("职权名称,职权类别,实施机关,备注\n".to_owned()).chain((1..).zip(NAMES).map(line)).collect();
    fs::write(path, text).unwrap();
}

fn lines(path: &Path) {
    let line = |(row, name): (u32, &str)| {
        let conditions = if row == 2 { too_long() } else { "依法".to_owned() };
        let code = format!("11440000006939756B34420170010{row:02}");
        let line = json!({
            "task_code": code, "task_name": name, "task_type": "01", "dept_name": "东海市水务局", "accept_condition": conditions,
            "link_way": "12345", "supervise_way": "12389", "transact_addr": "某路1号",
        });
        line.to_string()
    };
    fs::write(path, (1..).zip(NAMES).map(line).collect::<Vec<_>>().join("\n")).unwrap();
}

/// The rows of a report.
fn report(path: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(path).unwrap().records().map(Result::unwrap).collect()
}

/// A form of a list, as it writes the three rows: name of the file, number of the row that is too large, register of the rows.
type Form = (&'static str, fn(&Path), &'static str, &'static str);

const FORMS: [Form; 3] = [("list.xlsx", workbook, "3", "item"), ("list.csv", csv, "3", "item"), ("list.ndjson", lines, "2", "guide")];

#[test]
fn a_row_that_is_too_large_is_told_with_its_place_and_the_others_go_in() {
    for (name, write, row, register) in FORMS {
        let desk = Desk::new();
        let list = desk.data().with_file_name("lists").join(name);
        write(&list);
        let rows = desk.data().with_file_name("report.csv");
        let import = || desk.import(&list, &["--publisher", "东海市水务局", "--report", rows.to_str().unwrap()]);
        assert_account(&import().ok().json(), [2, 0, 0, 1, 0]);
        let told = report(&rows);
        let of = |outcome: &str| told.iter().filter(|record| &record[3] == outcome).collect::<Vec<_>>();
        let rejected = of("rejected");
        assert_eq!(rejected.len(), 1, "{name}");
        let record = rejected[0];
        let sheet = if name == "list.xlsx" { "清单" } else { "" };
        assert_eq!((&record[0], &record[1], &record[2]), (name, sheet, row));
        assert_eq!((&record[4], &record[6], &record[7]), (register, NAMES[1], "CONTENT_TOO_LARGE"));
        assert!(record[8].contains("196608") && record[9].contains("196608 at most"), "{name}: {record:?}");
        // Nothing of it is kept, under its code or as a draft; the others are whole.
        on(&desk.data(), &["show", register, &record[5], "--json"]).failed(&[]);
        on(&desk.data(), &["history", register, &record[5], "--json"]).failed(&[]);
        for record in of("adopted") {
            let shown = on(&desk.data(), &["show", register, &record[5], "--json"]).ok().json();
            assert_eq!(shown["content"]["name"], record[6], "{name}");
        }
        // The same again tells the same and changes nothing.
        assert_account(&import().ok().json(), [0, 0, 2, 1, 0]);
    }
}

#[test]
fn what_goes_in_has_at_most_the_size_that_anybody_may_give() {
    let desk = Desk::new();
    let list = desk.data().with_file_name("lists").join("list.csv");
    let text = |remark: usize| format!("职权名称,职权类别,实施机关,备注\n取水许可,行政许可,市水务局,{}\n", "x".repeat(remark));
    let size = |account: &Value| (account["adopted"].as_u64().unwrap(), account["rejected"].as_u64().unwrap());
    // What stands around the remark is some hundred bytes.
    fs::write(&list, text(192 * 1024)).unwrap();
    assert_eq!(size(&desk.import(&list, &["--publisher", "东海市水务局", "--dry-run"]).ok().json()), (0, 1));
    fs::write(&list, text(191 * 1024)).unwrap();
    assert_eq!(size(&desk.import(&list, &["--publisher", "东海市水务局"]).ok().json()), (1, 0));
}

/// Signs that turn the direction of text.
const TURNS: [char; 4] = ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'];

/// Control characters. A file with more than a few of them is no text.
const CONTROLS: [char; 4] = ['\u{1}', '\u{7}', '\u{7f}', '\u{85}'];

/// A text with some signs behind its first one.
fn strewn(text: &str, signs: &[char]) -> String {
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    format!("{first}{}{rest}", signs.iter().collect::<String>())
}

#[test]
fn signs_that_are_not_shown_as_what_they_are_stay_outside() {
    let all = [TURNS, CONTROLS].concat();
    let csv = format!(
        "职权名称,职权类别,实施机关,法律依据,备注\n{},行政许可,市水务局,{},{}\n",
        strewn("取水许可", &all),
        strewn("《东海市取水管理条例》第五条", &TURNS),
        strewn("依法", &all)
    );
    let line = json!({
        "task_code": "11440000006939756B3442017001001", "task_name": strewn("取水许可", &all), "task_type": "01",
        "dept_name": strewn("东海市水务局", &TURNS), "accept_condition": strewn("依法", &all), "link_way": strewn("12345", &TURNS),
        "material_list": [{ "material_name": strewn("户口簿", &TURNS) }],
    });
    for (name, text, register) in [("list.csv", csv, "item"), ("list.ndjson", line.to_string(), "guide")] {
        let desk = Desk::new();
        let list = desk.data().with_file_name("lists").join(name);
        fs::write(&list, text).unwrap();
        let rows = desk.data().with_file_name("report.csv");
        let account = desk.import(&list, &["--publisher", "东海市水务局", "--report", rows.to_str().unwrap()]).ok().json();
        assert_account(&account, [1, 0, 0, 0, 0]);
        let told = report(&rows);
        let adopted = told.iter().find(|record| &record[3] == "adopted").unwrap();
        assert_eq!(&adopted[6], "取水许可");
        let shown = on(&desk.data(), &["show", register, &adopted[5], "--json"]).ok().out;
        // As the words are, and no sign of them, escaped or not.
        assert!(shown.contains("依法"), "{shown}");
        for sign in &all {
            let escaped = format!("\\u{:04x}", u32::from(*sign));
            assert!(!shown.contains(*sign) && !shown.contains(&escaped), "{escaped} in {shown}");
        }
        let whole = fs::read_to_string(&rows).unwrap();
        assert!(!whole.contains(&all[..]), "{whole}");
    }
}
