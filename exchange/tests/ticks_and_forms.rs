//! Ticks under the names of levels and types, and forms below a table.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::value::{ItemType, Level};
use exchange::{Reading, RowOutcome};
use support::{Sheet, book, items, outcomes, read, rows};

fn one(rows: &[&[&str]]) -> Vec<Reading> {
    read("东海市水务局2024年权责清单.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges: &[] }])).unwrap()
}

fn unknown(readings: &[Reading]) -> Vec<&str> {
    readings.iter().flat_map(|r| &r.findings).filter(|f| f.code == "HEADING_UNKNOWN").map(|f| f.path.as_str()).collect()
}

#[test]
fn ticks_under_bare_levels_name_them() {
    let readings = one(&[
        &["序号", "事项名称", "权力类型", "省级", "市级", "县级", "乡级"],
        &["1", "甲", "行政许可", "", "√", "√", ""],
        &["2", "乙", "行政许可", "", "", "√", "×"],
        &["序号", "事项名称", "权力类型", "省级", "市级", "县级", "乡级"],
        &["3", "丙", "行政许可", "√", "", "", "/"],
    ]);
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok"), (4, "REPEATED_HEADER"), (5, "ok")]);
    let got: Vec<_> = items(&readings).into_iter().map(|i| (i.level, i.authority.as_deref())).collect();
    assert_eq!(got, [(Some(Level::City), Some("市级、县级")), (Some(Level::County), None), (Some(Level::Province), None)]);
    assert!(rows(&readings)[0].findings.iter().any(|f| f.code == "LEVEL_SEVERAL"));
    // Other texts say something of their own: what it is, is not known.
    let texts = one(&[&["序号", "事项名称", "权力类型", "市级", "县级"], &["1", "甲", "行政许可", "负责审批", "√"]]);
    assert_eq!((unknown(&texts), items(&texts)[0].level), (vec!["市级"], Some(Level::County)));
}

#[test]
fn ticks_under_types_give_the_type_and_several_are_several_types() {
    let header: &[&str] = &["序号", "事项名称", "行政许可", "行政处罚", "行政强制", "行政检查", "其他行政权力", "行使主体"];
    let readings = one(&[
        header,
        &["1", "甲", "√", "", "", "", "", "市水务局"],
        &["2", "乙", "", "", "", "√", "", "市水务局"],
        &["3", "丙", "", "√", "√", "", "", "市水务局"],
        &["4", "丁", "", "", "", "", "", "市水务局"],
        &["5", "戊", "", "", "", "", "√", "市水务局"],
    ]);
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok"), (4, "TYPE_UNKNOWN"), (5, "TYPE_MISSING"), (6, "ok")]);
    let types: Vec<_> = items(&readings).into_iter().map(|i| i.item_type).collect();
    assert_eq!(types, [ItemType::Permission, ItemType::Inspection, ItemType::OtherPower]);
    let RowOutcome::Rejected(why) = &rows(&readings)[2].outcome else { panic!() };
    assert!(why.zh.contains("行政处罚、行政强制") && why.en.contains("2 types"), "{why:?}");
    // A column that nothing is ticked under is known by those beside it; alone, it is not.
    assert_eq!(unknown(&readings), [""; 0]);
    let rest = one(&[&["序号", "事项名称", "行政许可", "行政处罚", "市级"], &["1", "甲", "√", "", ""]]);
    assert_eq!((unknown(&rest), items(&rest)[0].item_type), (vec!["市级"], ItemType::Permission));
}

#[test]
fn a_form_below_a_table_ends_it() {
    let header: &[&str] = &["序号", "事项名称", "权力类型", "行使主体", "备注"];
    let form: &[&[&str]] = &[
        &["事项名称", "对拒报统计资料的处罚", "权力类型", "行政处罚"],
        &["行使主体", "东海市统计局", "承办机构", "法规科"],
        &["实施依据", "《统计法》第四十一条"],
        &["1", "附注", "", "甲", "乙"],
    ];
    let table: &[&[&str]] = &[header, &["1", "甲", "行政许可", "市水务局", ""], &["2", "乙", "行政许可", "市水务局", ""], &[]];
    let told = |parts: &[&[&[&str]]]| {
        let readings = one(&parts.concat());
        outcomes(&readings).into_iter().map(|(row, code)| (row, code.to_owned())).collect::<Vec<_>>()
    };
    let expect = |all: &[(u32, &str)]| all.iter().map(|(row, code)| (*row, (*code).to_owned())).collect::<Vec<_>>();
    let rows_of = expect(&[(2, "ok"), (3, "ok")]);
    let got = told(&[table, form]);
    assert_eq!(got, [rows_of.clone(), expect(&[(5, "FORM"), (6, "FORM"), (7, "FORM"), (8, "FORM")])].concat());
    // Under a title of its own, and without the name in its first row.
    let titled = told(&[table, &[&["权力事项登记表"]], &form[1..3]]);
    assert_eq!(titled, [rows_of.clone(), expect(&[(5, "SECTION"), (6, "FORM"), (7, "FORM")])].concat());
    // Another table below it is read.
    let again = told(&[table, form, &[&[], header, &["3", "丙", "行政许可", "市水务局", ""]]]);
    assert_eq!(again[6..], expect(&[(10, "REPEATED_HEADER"), (11, "ok")]));
    // Rows after a blank one go on with the table.
    let on = told(&[table, &[&["3", "丙", "行政许可", "市水务局", ""]]]);
    assert_eq!(on[2], (5, "ok".to_owned()));
}
