//! Lists as offices keep them by hand: rows that count columns, notes in cells of their own, bodies of many places.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use exchange::{Reading, RowOutcome};
use support::{Sheet, book, items, outcomes, read, rows};

const TITLE: &[&str] = &["东海市水务局行政许可事项清单（2025年）"];
const HEADER: &[&str] = &["序号", "项目名称", "实施机关", "设定依据", "备注"];
const LINE: &[&str] = &["1", "取水许可", "东海市水务局", "《水法》第七条", ""];

fn sheet(rows: &[&[&str]]) -> Vec<Reading> {
    read("a.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges: &[] }])).unwrap()
}

fn codes(readings: &[Reading], row: usize) -> Vec<&str> {
    rows(readings)[row].findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_row_of_column_numbers_is_no_item() {
    for numbers in [&["1", "2", "3", "4", "5"][..], &["①", "②", "③", "④", "⑤"], &["栏次", "A", "B", "C", "D"], &["A", "B", "C", "D", "E"]]
    {
        let readings = sheet(&[TITLE, HEADER, numbers, LINE]);
        assert_eq!(outcomes(&readings), [(3, "COLUMN_NUMBERS"), (4, "ok")], "{numbers:?}");
        assert_eq!(items(&readings)[0].name, "取水许可");
    }
}

#[test]
fn notes_with_their_label_in_a_cell_of_its_own_are_no_items() {
    let readings = sheet(&[
        TITLE,
        HEADER,
        LINE,
        &["填表说明", "1.以上事项由东海市水务局负责解释"],
        &["", "2.本清单自公布之日起施行"],
        &["备注", "本清单由编办审核"],
        &["一、行政处罚"],
        &["2", "对擅自取水的处罚", "东海市水务局", "《水法》第六十九条"],
        &["", "续表"],
        &["", "以下空白"],
        &["第1页 共1页"],
    ]);
    let told: Vec<&str> = outcomes(&readings).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, ["ok", "FOOTNOTE", "FOOTNOTE", "FOOTNOTE", "SECTION", "ok", "FOOTNOTE", "FOOTNOTE", "FOOTNOTE"]);
}

#[test]
fn the_publisher_stands_before_the_word_for_a_type() {
    let readings = sheet(&[TITLE, &["序号", "项目名称", "设定依据"], &["1", "取水许可", "《水法》第七条"]]);
    assert_eq!(readings[0].info.publisher.as_deref(), Some("东海市水务局"));
    assert_eq!(outcomes(&readings), [(3, "ok")]);
}

#[test]
fn bodies_of_many_places_are_no_agency_and_keep_lines_apart() {
    let readings = sheet(&[
        &["东海市教育局权责清单（2025年）"],
        &["序号", "事项名称", "事项类型", "实施主体"],
        &["1", "办学许可", "行政许可", "东海市教育局"],
        &["2", "办学许可", "行政许可", "县（市、区）教育局"],
        &["3", "办学许可", "行政许可", "街道办事处"],
    ]);
    let all = items(&readings);
    assert!(all.iter().all(|item| item.agency == all[0].agency));
    assert_eq!(all[1].exercised_by.as_deref(), Some("县（市、区）教育局"));
    assert!([1, 2].iter().all(|row| codes(&readings, *row).contains(&"AGENCY_GENERIC")));
    let identities: Vec<_> = rows(&readings)
        .iter()
        .map(|row| match &row.outcome {
            RowOutcome::Proposed(proposal) => proposal.source.identity.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(identities[0] != identities[1] && identities[1] != identities[2]);
}
