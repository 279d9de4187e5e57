//! Further layouts that a reader with fresh eyes found: each is read by rule, and nothing of it is lost without a word.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{
    register::Register,
    value::{Audience, ItemType, Level},
};
use exchange::{ProposedContent, ReadOptions, Reading, Row, RowOutcome};
use support::{Sheet, book, guide, item, items, outcomes, read, read_with, rows};

fn one(name: &str, rows: &[&[&str]], merges: &[(u32, u16, u32, u16)]) -> Vec<Reading> {
    read(name, &book(&[Sheet { name: "Sheet1", rows, merges }])).unwrap()
}

fn has(row: &Row, code: &str) -> bool {
    row.findings.iter().any(|f| f.code == code)
}

fn list_has(readings: &[Reading], code: &str) -> bool {
    readings.iter().flat_map(|r| &r.findings).any(|f| f.code == code)
}

#[test]
fn the_title_of_a_list_of_permissions_gives_the_type_and_who_acts_comes_before_who_is_in_charge() {
    let readings = one(
        "a.xlsx",
        &[
            &["附件"],
            &["东海市行政许可事项清单（2022年版）"],
            &["序号", "主管部门", "许可事项名称", "实施机关", "设定和实施依据"],
            &["1", "市发展改革委", "节能审查", "市行政审批局", "《节约能源法》第十五条"],
            &["2", "市公安局", "集会许可", "市公安局", "《集会游行示威法》第七条"],
            &["3", "市教育局", "办学许可", "", "《教育法》第十四条"],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(4, "ok"), (5, "ok"), (6, "ok")]);
    let got = items(&readings);
    assert!(got.iter().all(|i| i.item_type == ItemType::Permission));
    assert_eq!(got[0].exercised_by.as_deref(), Some("市行政审批局"));
    assert_eq!(got[0].remark.as_deref(), Some("主管部门：市发展改革委"));
    assert_eq!((got[1].remark.as_deref(), got[2].exercised_by.as_deref()), (None, Some("市教育局")));
    let agencies: Vec<_> = readings[0]
        .along
        .iter()
        .filter_map(|p| match &p.content {
            ProposedContent::Agency(agency) => Some(agency.name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(agencies, ["东海市行政审批局", "东海市公安局", "东海市教育局"]);
    // Without a title the heading says it.
    let bare = one("b.xlsx", &[&["序号", "许可事项名称", "实施机关"], &["1", "甲", "东海市教育局"]], &[]);
    let finding = &rows(&bare)[0].findings.iter().find(|f| f.code == "TYPE_DERIVED").unwrap();
    assert!(finding.en.contains("heading"), "{finding:?}");
}

#[test]
fn subjects_of_services_are_no_types() {
    let readings = one(
        "a.xlsx",
        &[
            &["东海市公共服务事项清单（2022年本）"],
            &["序号", "服务类别", "公共服务事项名称", "责任单位", "服务对象", "是否收费及标准"],
            &["1", "公共教育", "义务教育入学", "东海市教育局", "适龄儿童", "不收费"],
            &["2", "劳动就业", "失业登记", "东海市人力资源和社会保障局", "公民、法人和其他组织", "是，16元/张"],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(3, "ok"), (4, "ok")]);
    assert!(list_has(&readings, "CATEGORY_NO_TYPE"));
    let (first, second) = (guide(rows(&readings)[0]), guide(rows(&readings)[1]));
    assert_eq!(first.topics[0].name, "公共教育");
    assert_eq!(first.conditions.as_deref(), Some("服务对象：适龄儿童"));
    assert!(has(rows(&readings)[0], "AUDIENCE_UNKNOWN") && has(rows(&readings)[0], "TYPE_DERIVED"));
    assert!(first.fees.is_empty());
    assert_eq!(second.fees[0].standard, "16元/张");
    assert!(second.audience.contains(&Audience::NaturalPerson) && second.audience.contains(&Audience::OtherOrganisation));
    assert!(!has(rows(&readings)[1], "AUDIENCE_UNKNOWN"));
    // On a list of items they are a remark; where they are types, they are the type.
    let sections =
        one("b.xlsx", &[&["公共服务"], &["序号", "服务类别", "服务事项名称", "责任单位"], &["1", "公共教育", "甲", "东海市教育局"]], &[]);
    assert_eq!(item(rows(&sections)[0]).remark.as_deref(), Some("服务类别：公共教育"));
    let typed = one("c.xlsx", &[&["序号", "服务类型", "事项名称", "责任单位"], &["1", "行政确认", "甲", "东海市教育局"]], &[]);
    assert_eq!(item(rows(&typed)[0]).item_type, ItemType::Confirmation);
}

#[test]
fn two_tables_side_by_side_are_both_read() {
    let readings = one(
        "a.xlsx",
        &[
            &["东海市司法局权责清单"],
            &["序号", "事项名称", "事项类型", "实施依据", "", "序号", "事项名称", "事项类型", "实施依据"],
            &["1", "公证机构初审", "行政许可", "《公证法》第九条", "", "3", "法律援助审批", "行政给付", "《法律援助法》第四十三条"],
            &["", "", "", "《公证法》第十条", "", "4", "调解表彰", "行政奖励", "《人民调解法》第六条"],
            &["2", "律师执业核准", "行政许可", "《律师法》第六条", "", "5", "", "行政奖励", ""],
            &["合计：5项"],
        ],
        &[(0, 0, 0, 8)],
    );
    assert_eq!(
        outcomes(&readings),
        [(3, "ok"), (3, "ok"), (4, "ok"), (5, "ok"), (5, "NAME_MISSING"), (6, "SUBTOTAL")],
        "each half of a row is accounted for; row 4 goes on with the left half of row 3"
    );
    let names: Vec<_> = items(&readings).iter().map(|i| (i.name.clone(), i.item_type)).collect();
    assert_eq!(names[1], ("法律援助审批".to_owned(), ItemType::Benefit));
    assert_eq!(items(&readings)[0].legal_bases.len(), 2);
    assert!(list_has(&readings, "SIDE_BY_SIDE"));
}

#[test]
fn a_group_that_is_not_merged_over_its_columns_gives_its_word_to_the_row_below() {
    let readings = one(
        "a.xlsx",
        &[
            &["东海市权责清单"],
            &["序号", "权责事项", "", "职权类型", "责任", "", "备注"],
            &["", "名称", "子项", "", "内容", "依据", ""],
            &["一、市发展和改革委员会（2项）"],
            &["1", "节能审查", "", "行政许可", "受理", "《节约能源法》第十五条", "甲"],
            &["2", "价格认定", "1.涉案", "行政确认", "受理", "", ""],
            &["", "", "2.涉税", "", "审查", "", ""],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(4, "SECTION"), (5, "ok"), (6, "ok"), (7, "ok")]);
    let got = items(&readings);
    assert_eq!((got[0].item_type, got[0].remark.as_deref()), (ItemType::Permission, Some("甲")));
    assert_eq!((got[0].duties[0].content.as_str(), got[0].duty_bases.len()), ("受理", 1));
    assert_eq!((got[2].name.as_str(), got[2].item_type), ("涉税", ItemType::Confirmation));
    assert!(readings[0].along.iter().any(|p| matches!(&p.content, ProposedContent::Agency(a) if a.name == "东海市发展和改革委员会")));
}

#[test]
fn a_sheet_named_after_a_body_is_published_by_it() {
    let table: &[&[&str]] = &[&["序号", "事项名称", "事项类型"], &["1", "表彰奖励", "行政奖励"]];
    let sheet = |name| Sheet { name, rows: table, merges: &[] };
    let bytes = book(&[sheet("市教育局"), sheet("民政局"), sheet("盐城市财政局")]);
    let readings = read("盐城市市级部门权责清单（2024年）.xlsx", &bytes).unwrap();
    let publishers: Vec<_> = readings.iter().map(|r| r.info.publisher.as_deref().unwrap()).collect();
    assert_eq!(publishers, ["盐城市教育局", "盐城市民政局", "盐城市财政局"]);
    assert_eq!(outcomes(&readings), [(2, "ok"), (2, "ok"), (2, "ok")], "the same item of three bodies");
    let agencies: std::collections::BTreeSet<_> = items(&readings).iter().map(|i| i.agency.clone()).collect();
    assert_eq!(agencies.len(), 3);
    assert!(readings.iter().all(|r| r.info.key == readings[0].info.key), "one list");
    assert!(!list_has(&readings, "PUBLISHER_WITHOUT_PLACE"));
    // What the caller says counts; an office within the publisher is none.
    let options = ReadOptions { publisher: Some("东海市教育局".into()), ..ReadOptions::default() };
    assert_eq!(read_with("a.xlsx", &bytes, &options).unwrap()[0].info.publisher.as_deref(), Some("东海市教育局"));
    let office = read("东海市教育局2024年权责清单.xlsx", &book(&[sheet("法规处")])).unwrap();
    assert_eq!(office[0].info.publisher.as_deref(), Some("东海市教育局"));
}

#[test]
fn places_that_end_like_words_are_places() {
    for (place, short) in [("盐城市", "市民政局"), ("阿克苏地区", "地区民政局")] {
        let title = format!("{place}民政局权责清单（2024年）");
        let full = format!("{place}民政局");
        let readings = one(
            "a.xlsx",
            &[&[&title], &["序号", "事项名称", "权力类型", "实施主体"], &["1", "甲", "行政许可", short], &["2", "乙", "行政许可", &full]],
            &[],
        );
        assert_eq!(readings[0].along.iter().filter(|p| p.content.register() == Register::Agency).count(), 1, "{place}");
        assert!(!list_has(&readings, "PUBLISHER_WITHOUT_PLACE"), "{place}");
    }
}

#[test]
fn the_basis_of_accountability_is_kept_and_an_office_in_brackets_is_an_office() {
    let readings = one(
        "a.xlsx",
        &[
            &["事项名称", "职权类型", "权力主体", "责任主体（科室）", "追责情形", "追责依据", "监督电话"],
            &["取水许可", "行政许可", "东海市水务局", "水资源科", "1.不受理的", "《公务员法》第五十三条", "12345"],
        ],
        &[],
    );
    let got = item(rows(&readings)[0]);
    let circumstances = got.accountability.as_ref().unwrap().circumstances.as_deref();
    assert_eq!(circumstances, Some("1.不受理的\n追责依据：\n《公务员法》第五十三条"));
    assert_eq!(got.undertaking_office.as_deref(), Some("水资源科"));
    assert_eq!(got.remark.as_deref(), Some("监督投诉方式：12345"));
    assert!(!has(rows(&readings)[0], "VALUE_TWICE"));
}

#[test]
fn several_levels_and_ticks_under_levels_are_kept() {
    let readings = one(
        "a.xlsx",
        &[
            &["序号", "事项名称", "职权类型", "实施主体", "行使层级", ""],
            &["", "", "", "", "市级", "县级"],
            &["1", "甲", "行政许可", "东海市水务局", "√", "√"],
            &["2", "乙", "行政许可", "东海市水务局", "", "√"],
        ],
        &[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 1, 3), (0, 4, 0, 5)],
    );
    let got = items(&readings);
    assert_eq!((got[0].level, got[0].authority.as_deref()), (Some(Level::City), Some("市级、县级")));
    assert_eq!((got[1].level, got[1].authority.as_deref()), (Some(Level::County), None));
    assert!(has(rows(&readings)[0], "LEVEL_SEVERAL") && !has(rows(&readings)[1], "LEVEL_SEVERAL"));
}

#[test]
fn a_second_table_under_its_own_title_has_the_type_that_the_title_gives() {
    let readings = one(
        "a.xlsx",
        &[
            &["东海市财政局权责清单"],
            &["一、行政检查（2项）"],
            &["序号", "事项名称", "实施主体"],
            &["1", "合计算账的检查", "东海市财政局"],
            &["*2", "*会计检查", "东海市财政局"],
            &[],
            &["公共服务事项清单"],
            &["序号", "服务事项名称", "实施主体", "联系电话"],
            &["1", "会计人员继续教育", "东海市财政局", "12345"],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(4, "ok"), (5, "ok"), (7, "SECTION"), (8, "REPEATED_HEADER"), (9, "ok")]);
    let marked = item(rows(&readings)[1]);
    assert_eq!((marked.name.as_str(), marked.sequence.as_deref()), ("会计检查", Some("2")));
    assert_eq!(marked.remark.as_deref(), Some("名称前有标记“*”"));
    let derived = rows(&readings)[0].findings.iter().find(|f| f.code == "TYPE_DERIVED").unwrap();
    assert!(derived.en.contains("section"), "{derived:?}");
    assert_eq!(guide(rows(&readings)[4]).consult[0].value, "12345");
    assert!(!list_has(&readings, "COUNT_DIFFERS"));
}

#[test]
fn types_beyond_the_national_ones_are_mapped_and_told() {
    let header: &[&str] = &["事项名称", "职权类别", "实施机关"];
    let table: &[&[&str]] =
        &[header, &["甲", "行政备案", "东海市水务局"], &["乙", "行政征用", "东海市水务局"], &["丙", "行政许可", "东海市水务局"]];
    let readings = one("a.xlsx", table, &[]);
    let got: Vec<_> = items(&readings).iter().map(|i| (i.item_type, i.type_as_written.clone())).collect();
    assert_eq!(
        got,
        [(ItemType::OtherPower, Some("行政备案".into())), (ItemType::Levy, Some("行政征用".into())), (ItemType::Permission, None)]
    );
    let mapped: Vec<_> = rows(&readings).into_iter().map(|row| has(row, "TYPE_MAPPED")).collect();
    assert_eq!(mapped, [true, true, false]);
}

#[test]
fn materials_come_apart_at_their_numbers() {
    let readings = one(
        "东海市公共服务事项清单.xlsx",
        &[&["服务事项名称", "责任单位", "申请材料", "收费标准"], &["甲", "东海市水务局", "1.身份证；2.申请表；3.其他", "0"]],
        &[],
    );
    let got = guide(rows(&readings)[0]);
    assert_eq!(got.materials.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["身份证", "申请表", "其他"]);
    assert_eq!(readings[0].along.iter().filter(|p| p.content.register() == Register::Material).count(), 3);
    assert!(got.fees.is_empty());
}

#[test]
fn a_code_that_a_spreadsheet_program_has_rounded_is_no_code() {
    let readings = one(
        "a.xlsx",
        &[
            &["事项编码", "职权名称", "职权类别", "实施机关"],
            &["113205000142000111", "甲许可", "行政许可", "东海市水务局"],
            &["113205000142000112", "乙许可", "行政许可", "东海市水务局"],
            &["123456789012345", "丙许可", "行政许可", "东海市水务局"],
        ],
        &[],
    );
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok"), (4, "ok")]);
    assert!(has(rows(&readings)[0], "CODE_ROUNDED") && has(rows(&readings)[1], "CODE_ROUNDED"));
    let codes: Vec<_> = items(&readings).iter().map(|i| i.local_implementation_code.clone()).collect();
    assert_eq!(codes, [None, None, Some("123456789012345".to_owned())]);
    let RowOutcome::Proposed(proposal) = &rows(&readings)[0].outcome else { panic!() };
    assert!(matches!(proposal.code, exchange::ProposedCode::Assigned(_)));
}
