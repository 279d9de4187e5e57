//! Lines without codes keep theirs: whatever the order of rows, sheets and files, and whatever an older edition says.

use serde_json::Value;

use super::{
    books::Line,
    import::{Desk, assert_account},
    process::on,
};

/// Two powers of the same name and type, told apart by their basis.
const A: Line = ["对违法取水的处罚", "行政处罚", "《东海市取水管理条例》第三十条"];
const B: Line = ["对违法取水的处罚", "行政处罚", "《东海市水资源办法》第八条"];
const B_CHANGED: Line = ["对违法取水的处罚", "行政处罚", "《东海市水资源办法》第八条：处五千元罚款"];
const C: Line = ["取水许可", "行政许可", "《东海市许可规定》第五条"];

/// Code of the item whose first basis has a title, by the report of an import.
fn code_of(desk: &Desk, title: &str) -> String {
    let report = desk.data().with_file_name("report.csv");
    let all = desk.data().with_file_name("lists");
    desk.import(&all, &["--dry-run", "--report", report.to_str().unwrap()]).ok();
    let mut found = Vec::new();
    for record in csv::Reader::from_path(&report).unwrap().records() {
        let record = record.unwrap();
        if &record[4] == "item" && !record[5].is_empty() {
            let shown = on(&desk.data(), &["show", "item", &record[5], "--json"]).ok().json();
            if shown["content"]["legalBases"][0]["title"] == title {
                found.push(record[5].to_owned());
            }
        }
    }
    found.dedup();
    assert_eq!(found.len(), 1, "{title}: {found:?}");
    found.remove(0)
}

#[test]
fn lines_of_one_name_in_two_files_are_two_entries_and_stay_so() {
    let desk = Desk::new();
    desk.list("a.xlsx", "2024", &[A]);
    desk.list("b.xlsx", "2024", &[B]);
    let lists = desk.data().with_file_name("lists");
    assert_account(&desk.import(&lists, &[]).ok().json(), [2, 0, 0, 0, 0]);
    for _ in 0..2 {
        assert_account(&desk.import(&lists, &[]).ok().json(), [0, 0, 2, 0, 0]);
    }
}

#[test]
fn rows_that_are_swapped_keep_their_codes() {
    let desk = Desk::new();
    let list = desk.list("list.xlsx", "2024", &[A, B, C]);
    desk.import(&list, &[]).ok();
    let before = [code_of(&desk, "东海市取水管理条例"), code_of(&desk, "东海市水资源办法")];
    let list = desk.list("list.xlsx", "2024", &[C, B, A]);
    // The numbers on the list moved; that is no change.
    assert_account(&desk.import(&list, &[]).ok().json(), [0, 0, 3, 0, 0]);
    assert_eq!(before, [code_of(&desk, "东海市取水管理条例"), code_of(&desk, "东海市水资源办法")]);
}

#[test]
fn a_line_that_is_dropped_takes_its_own_code_with_it() {
    let desk = Desk::new();
    desk.import(&desk.list("list.xlsx", "2024", &[A, B]), &[]).ok();
    let code_of_b = code_of(&desk, "东海市水资源办法");
    let account = desk.import(&desk.list("list.xlsx", "2025", &[B]), &[]).ok().json();
    assert_account(&account, [0, 0, 1, 0, 0]);
    let proposals = account["repealProposals"].as_array().unwrap();
    assert_eq!(proposals.len(), 1, "{account}");
    assert_ne!(proposals[0]["code"], Value::from(code_of_b), "the one that is gone is proposed, not the one that stays");
}

#[test]
fn a_changed_line_goes_to_the_entry_that_it_is_most_like() {
    let desk = Desk::new();
    desk.import(&desk.list("list.xlsx", "2024", &[A, B]), &[]).ok();
    let code_of_b = code_of(&desk, "东海市水资源办法");
    let account = desk.import(&desk.list("list.xlsx", "2025", &[B_CHANGED, A]), &[]).ok().json();
    assert_account(&account, [0, 1, 1, 0, 0]);
    let history = on(&desk.data(), &["history", "item", &code_of_b, "--json"]).ok().json();
    assert_eq!(history[1]["kind"], "revised", "{history}");
}

#[test]
fn an_older_edition_brings_nothing_back() {
    let desk = Desk::new();
    desk.import(&desk.list("new.xlsx", "2025", &[A]), &[]).ok();
    let account = desk.import(&desk.list("old.xlsx", "2024", &[A, C]), &[]).ok().json();
    assert_account(&account, [0, 0, 1, 0, 1]);
    assert_eq!(account["repealProposals"].as_array().unwrap().len(), 0, "{account}");
    // Both at once, and again: the older edition comes first, and the newer one stays.
    let fresh = Desk::new();
    fresh.list("new.xlsx", "2025", &[A]);
    fresh.list("old.xlsx", "2024", &[A, C]);
    let lists = fresh.data().with_file_name("lists");
    assert_account(&fresh.import(&lists, &[]).ok().json(), [2, 0, 1, 0, 0]);
    assert_account(&fresh.import(&lists, &[]).ok().json(), [0, 0, 3, 0, 0]);
}
