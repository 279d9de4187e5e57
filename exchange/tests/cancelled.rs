//! Lines of what is no longer in force are not taken over as if they were.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use exchange::{Reading, RowOutcome};
use support::{Sheet, book, items, outcomes, read, rows};

fn one(rows: &[&[&str]]) -> Vec<Reading> {
    read("东海市教育局2024年权责清单.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges: &[] }])).unwrap()
}

fn hints(readings: &[Reading]) -> Vec<u32> {
    rows(readings).into_iter().filter(|row| row.findings.iter().any(|f| f.code == "MAYBE_CANCELLED")).map(|row| row.place.row).collect()
}

#[test]
fn a_state_a_name_or_a_remark_that_says_so_for_certain_leaves_the_line_out_and_a_hint_is_told() {
    let readings = one(&[
        &["职权名称", "职权类别", "实施机关", "状态", "备注"],
        &["甲许可", "行政许可", "市教育局", "在用", "含两个子项"],
        &["乙许可", "行政许可", "市教育局", "停用", ""],
        &["丙许可", "行政许可", "市教育局", "暂停", ""],
        &["丁许可（取消）", "行政许可", "市教育局", "", ""],
        &["戊许可【已取消】", "行政许可", "市教育局", "", ""],
        &["己许可", "行政许可", "市教育局", "", "已取消。"],
        &["庚许可", "行政许可", "市教育局", "", "国发〔2020〕13号取消"],
        &["辛许可（2024年取消）", "行政许可", "市教育局", "", ""],
        &["取消办学资格（民办）", "行政处罚", "市教育局", "", ""],
        &["壬许可", "行政许可", "市教育局", "拟取消", ""],
    ]);
    let expected = ["ok", "CANCELLED", "CANCELLED", "CANCELLED", "CANCELLED", "CANCELLED", "ok", "ok", "ok", "ok"];
    assert_eq!(outcomes(&readings).into_iter().map(|(_, told)| told).collect::<Vec<_>>(), expected);
    assert_eq!(hints(&readings), [8, 9, 11]);
    let ignored = rows(&readings).into_iter().filter_map(|row| match &row.outcome {
        RowOutcome::Ignored(why) => Some(why),
        _ => None,
    });
    for (why, word) in ignored.zip(["停用", "暂停", "取消", "已取消", "已取消"]) {
        assert!(why.zh.contains(word) && why.en.contains(word), "{why:?}");
    }
}

#[test]
fn a_section_of_what_is_cancelled_ends_the_type_before_it_and_its_rows_are_left_out() {
    let readings = one(&[
        &["序号", "职权名称", "职权类别", "实施机关"],
        &["一、行政许可"],
        &["1", "甲许可", "", "市教育局"],
        &["三、取消的事项（3项）"],
        &["1", "乙许可", "", "市教育局"],
        &["（一）行政处罚"],
        &["2", "丙处罚", "", "市教育局"],
        &["四、行政检查"],
        &["1", "丁检查", "", "市教育局"],
        &["取消的事项"],
        &["1", "戊检查", "行政检查", "市教育局"],
    ]);
    let told: Vec<_> = outcomes(&readings).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, ["SECTION", "ok", "SECTION", "CANCELLED", "SECTION", "CANCELLED", "SECTION", "ok", "SECTION", "CANCELLED"]);
    assert_eq!(items(&readings).iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["甲许可", "丁检查"]);
}
