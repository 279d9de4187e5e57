//! `同上` says what stands above, and is never itself a name, a basis or a material.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{
    register::Register,
    value::{ItemType, Level},
};
use exchange::{Reading, Row};
use support::{Sheet, book, guide, item, items, outcomes, read, rows};

fn one(rows: &[&[&str]], merges: &[(u32, u16, u32, u16)]) -> Vec<Reading> {
    read("东海市教育局2024年清单.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges }])).unwrap()
}

fn finding<'a>(row: &'a Row, code: &str) -> Option<&'a domain::value::Finding> {
    row.findings.iter().find(|f| f.code == code)
}

#[test]
fn the_cell_above_is_taken_and_told() {
    let readings = one(
        &[
            &["序号", "事项名称", "权力类型", "行使主体", "行使层级", "设定依据"],
            &["1", "甲", "行政许可", "市水务局", "市级", "《水法》第七条"],
            &["2", "乙", "同上", "〃", "\"", "同 上"],
            &["3", "丙", "同前", "同上。", "”", "ditto"],
            &["4", "丁", "行政处罚", "市教育局", "县级", "《教育法》第一条"],
            &["5", "戊", "（同上）", "〃", "—〃—", "同上"],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok"), (4, "ok"), (5, "ok"), (6, "ok")]);
    let told: Vec<_> = items(&readings)
        .into_iter()
        .map(|i| (i.name.as_str(), i.item_type, i.exercised_by.as_deref().unwrap(), i.level, i.legal_bases[0].title.as_str()))
        .collect();
    let above = |name| (name, ItemType::Permission, "市水务局", Some(Level::City), "水法");
    let below = |name| (name, ItemType::Penalty, "市教育局", Some(Level::County), "教育法");
    assert_eq!(told, [above("甲"), above("乙"), above("丙"), below("丁"), below("戊")]);
    let note = finding(rows(&readings)[2], "SAME_AS_ABOVE").unwrap();
    assert!(note.zh.contains("设定依据") && note.zh.contains("第3行") && note.en.contains("row 3"), "{note:?}");
    assert!(finding(rows(&readings)[0], "SAME_AS_ABOVE").is_none());
    let agencies = readings[0].along.iter().filter(|p| p.content.register() == Register::Agency).count();
    assert_eq!(agencies, 2, "the two that are named");
}

#[test]
fn the_name_above_is_that_of_the_item_and_rows_that_go_on_count_with_it() {
    let readings = one(
        &[
            &["序号", "事项名称", "子项", "权力类型", "设定依据"],
            &["1", "取水许可", "新办", "行政许可", "《水法》第七条"],
            &["", "", "", "", "《行政许可法》第二条"],
            &["2", "同上", "变更", "", "同上"],
        ],
        &[],
    );
    let got = item(rows(&readings)[1]);
    assert_eq!((got.name.as_str(), got.main_name.as_deref(), got.item_type), ("变更", Some("取水许可"), ItemType::Permission));
    assert_eq!(got.legal_bases.iter().map(|b| b.title.as_str()).collect::<Vec<_>>(), ["水法", "行政许可法"]);
}

#[test]
fn where_nothing_stands_above_there_is_no_value() {
    let readings = one(
        &[
            &["序号", "事项名称", "权力类型", "设定依据", "承办机构"],
            &["1", "甲", "行政许可", "同上", "〃"],
            &["2", "乙", "行政许可", "", "法规科"],
            &["3", "丙", "行政许可", "同上", "同上"],
            &["4", "同上", "行政许可", "", ""],
            &["5", "", "行政许可", "", "许可科"],
            &["6", "丁", "行政许可", "", "同上"],
            &["二、行政检查"],
            &["7", "戊", "同上", "", ""],
        ],
        &[],
    );
    let told = outcomes(&readings);
    assert_eq!(told, [(2, "ok"), (3, "ok"), (4, "ok"), (5, "ok"), (6, "NAME_MISSING"), (7, "ok"), (8, "SECTION"), (9, "ok")]);
    let got = items(&readings);
    assert!(got.iter().all(|i| i.legal_bases.is_empty()));
    let offices: Vec<_> = got.iter().map(|i| i.undertaking_office.as_deref()).collect();
    assert_eq!(offices, [None, Some("法规科"), Some("法规科"), None, None, None], "row 6 is rejected, and what it says with it");
    assert_eq!((got[3].name.as_str(), got[5].item_type), ("丙", ItemType::Inspection));
    let unknown: Vec<_> = rows(&readings).into_iter().map(|row| finding(row, "ABOVE_UNKNOWN").map(|f| f.path.as_str())).collect();
    assert_eq!(unknown[..3], [Some("设定依据、承办机构"), None, Some("设定依据")]);
    assert_eq!((unknown[5], unknown[7]), (Some("承办机构"), Some("权力类型")));
    // The first name of a table has none above it.
    let first = one(&[&["事项名称", "权力类型"], &["同上", "行政许可"], &["甲", "行政许可"]], &[]);
    assert_eq!(outcomes(&first), [(2, "NAME_MISSING"), (3, "ok")]);
}

#[test]
fn one_of_several_materials_or_bases_that_says_so_is_left_out_and_told() {
    let readings = read(
        "东海市公共服务事项清单.xlsx",
        &book(&[Sheet {
            name: "Sheet1",
            rows: &[
                &["服务事项名称", "责任单位", "申请材料", "设定依据"],
                &["甲", "东海市水务局", "身份证\n申请表", "《水法》第七条"],
                &["乙", "东海市水务局", "同上\n照片", "同上\n《行政许可法》第二条"],
                &["丙", "东海市水务局", "1.同上；2.户口簿", ""],
                &["丁", "东海市水务局", "〃", ""],
            ],
            merges: &[],
        }]),
    )
    .unwrap();
    let materials: Vec<Vec<&str>> =
        rows(&readings).into_iter().map(|row| guide(row).materials.iter().map(|m| m.name.as_str()).collect()).collect();
    assert_eq!(materials, [vec!["身份证", "申请表"], vec!["照片"], vec!["户口簿"], vec!["户口簿"]]);
    let bases: Vec<&str> = guide(rows(&readings)[1]).legal_bases.iter().map(|b| b.title.as_str()).collect();
    assert_eq!(bases, ["行政许可法"]);
    assert!(rows(&readings)[1..].iter().all(|row| finding(row, "SAME_AS_ABOVE").is_some()));
    assert_eq!(readings[0].along.iter().filter(|p| p.content.register() == Register::Material).count(), 4);
}
