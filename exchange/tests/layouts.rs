//! Layouts that cities use: each is read by rule, none was in the data that the rules were made from.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{
    register::Register,
    value::{ItemList, ItemType, Level, Region},
};
use exchange::{Field, ProposedCode, ProposedContent, ReadOptions, RowOutcome};
use support::{Sheet, book, guide, item, items, outcomes, read, read_with, rows};

const HEADER: &[&str] = &["序号", "职权名称", "职权类别", "实施机关", "法律依据"];

#[test]
fn the_header_may_stand_in_row_seven_with_other_words() {
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            &["附件1"],
            &["东海市统计局权力和责任清单（2023年版）"],
            &[],
            &["填报单位：东海市统计局"],
            &[],
            &[],
            &["职权编码", "职权类别", "职权名称", "实施机关", "法律依据", "问责情形", "分管领导"],
            &["370000-CF-0001", "行政 处罚", "对拒报统计资料的处罚", "市统计局", "【法律】《统计法》第四十一条：甲", "滥用职权", "张三"],
        ],
        merges: &[(1, 0, 1, 6)],
    }]);
    let readings = read("清单.xlsx", &bytes).unwrap();
    let info = &readings[0].info;
    assert_eq!((info.publisher.as_deref(), info.edition.as_deref()), (Some("东海市统计局"), Some("2023")));
    let item = item(rows(&readings)[0]);
    assert_eq!((item.item_type, item.type_as_written.as_deref()), (ItemType::Penalty, None));
    assert_eq!(item.legal_bases[0].title, "统计法");
    assert_eq!(item.exercised_by.as_deref(), Some("市统计局"));
    let RowOutcome::Proposed(proposal) = &rows(&readings)[0].outcome else { panic!() };
    assert_eq!(proposal.code, ProposedCode::Local("370000-CF-0001".parse().unwrap()));
    assert_eq!(proposal.source.row, Some(8));
    let unknown = readings[0].findings.iter().find(|f| f.code == "HEADING_UNKNOWN").unwrap();
    assert_eq!(unknown.path, "分管领导");
    let options = ReadOptions { map: vec![("分管领导".into(), Field::Remark)], ..ReadOptions::default() };
    let mapped = read_with("清单.xlsx", &bytes, &options).unwrap();
    assert_eq!(items(&mapped)[0].remark.as_deref(), Some("张三"));
}

#[test]
fn a_header_of_two_rows_with_groups_and_merged_types() {
    let bytes = book(&[Sheet {
        name: "清单",
        rows: &[
            &["东海市教育局2024年权责清单"],
            &["序号", "职权名称", "", "职权类别", "实施层级及权限", "", "责任事项", ""],
            &["", "主项", "子项", "", "层级", "权限", "内容", "依据"],
            &["1", "民办学校审批", "1.设立", "行政许可", "市级", "本级", "受理", "《民办教育促进法》第十二条"],
            &["", "", "2.变更", "", "县级", "辖区", "审查", ""],
            &["2", "教师资格认定", "", "行政确认", "市级", "高中", "认定", ""],
        ],
        merges: &[
            (0, 0, 0, 7),
            (1, 0, 2, 0),
            (1, 1, 1, 2),
            (1, 3, 2, 3),
            (1, 4, 1, 5),
            (1, 6, 1, 7),
            (3, 0, 4, 0),
            (3, 1, 4, 1),
            (3, 3, 4, 3),
        ],
    }]);
    let readings = read("a.xlsx", &bytes).unwrap();
    let items = items(&readings);
    let got: Vec<_> = items.iter().map(|i| (i.name.as_str(), i.main_name.as_deref(), i.item_type, i.level)).collect();
    assert_eq!(
        got,
        [
            ("设立", Some("民办学校审批"), ItemType::Permission, Some(Level::City)),
            ("变更", Some("民办学校审批"), ItemType::Permission, Some(Level::County)),
            ("教师资格认定", None, ItemType::Confirmation, Some(Level::City)),
        ]
    );
    assert_eq!(items[0].duty_bases[0].title, "民办教育促进法");
    assert_eq!(items[1].duties[0].content, "审查");
}

#[test]
fn a_sub_item_under_an_empty_cell_stands_under_the_item_above() {
    let bytes = book(&[Sheet {
        name: "清单",
        rows: &[
            &["东海市水务局2024年权责清单"],
            &["序号", "主项", "子项", "职权类别", "实施依据", "行使主体"],
            &["1", "取水许可", "新办", "行政许可", "《水法》第四十八条", "市水务局"],
            &["", "", "变更", "", "", ""],
            &["2", "水资源费征收", "", "行政征收", "《水法》第四十八条", "市水务局"],
            &["3", "", "临时取水", "", "", ""],
        ],
        merges: &[(0, 0, 0, 5)],
    }]);
    let readings = read("a.xlsx", &bytes).unwrap();
    let items = items(&readings);
    let got: Vec<_> = items.iter().map(|i| (i.name.as_str(), i.main_name.as_deref(), i.item_type)).collect();
    assert_eq!(
        got,
        [
            ("新办", Some("取水许可"), ItemType::Permission),
            ("变更", Some("取水许可"), ItemType::Permission),
            ("水资源费征收", None, ItemType::Levy),
        ],
        "one with a number of its own is under nothing, and has no type"
    );
}

#[test]
fn sections_give_the_type_and_notes_sums_and_repeated_headers_are_told_apart() {
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            &["东海市民政局2024年权责清单"],
            &["序号", "职权名称", "实施机关", "法律依据"],
            &["一、行政许可（2项）"],
            &["1", "社会团体登记", "市民政局", "《条例》第一条"],
            &["", "", "", "《条例》第二条"],
            &["2", "公墓审批", "市民政局", ""],
            &["小计", "2"],
            &["序号", "职权名称", "实施机关", "法律依据"],
            &["二、行政给付（1项）"],
            &["3", "临时救助", "市民政局", ""],
            &["4"],
            &["合计：3项"],
            &["备注：数据截至2024年底"],
        ],
        merges: &[(0, 0, 0, 3), (2, 0, 2, 3), (8, 0, 8, 3), (12, 0, 12, 3)],
    }]);
    let readings = read("a.xlsx", &bytes).unwrap();
    assert_eq!(
        outcomes(&readings),
        [
            (3, "SECTION"),
            (4, "ok"),
            (6, "ok"),
            (7, "SUBTOTAL"),
            (8, "REPEATED_HEADER"),
            (9, "SECTION"),
            (10, "ok"),
            (11, "NUMBER_ONLY"),
            (12, "SUBTOTAL"),
            (13, "FOOTNOTE"),
        ]
    );
    let items = items(&readings);
    assert_eq!(items.iter().map(|i| i.item_type).collect::<Vec<_>>(), [ItemType::Permission, ItemType::Permission, ItemType::Benefit]);
    // Row 5 goes on with row 4.
    assert_eq!(items[0].legal_bases.len(), 2);
    assert!(rows(&readings)[1].findings.iter().any(|f| f.code == "CONTINUATION"));
}

#[test]
fn several_sheets_by_type_and_a_sheet_that_announces_more_than_it_holds() {
    let sheet = |name, rows| Sheet { name, rows, merges: &[] };
    let bytes = book(&[
        sheet("封面", &[&["东海市水务局权责清单"], &["2024年"]]),
        sheet("行政许可（2项）", &[&["序号", "事项名称", "权力类型"], &["1", "取水许可", ""], &["2", "河道采砂许可", "行政许可"]]),
        sheet("行政检查（3项）", &[&["序号", "事项名称", "权力类型"], &["1", "取水检查", ""]]),
        sheet("空表", &[]),
    ]);
    let readings = read("东海市水务局2024年权责清单.xlsx", &bytes).unwrap();
    assert_eq!(outcomes(&readings), [(1, "NO_HEADER"), (2, "NO_HEADER"), (2, "ok"), (3, "ok"), (2, "ok")]);
    assert_eq!(items(&readings)[2].item_type, ItemType::Inspection);
    let codes: Vec<Vec<&str>> = readings.iter().map(|r| r.findings.iter().map(|f| f.code.as_str()).collect()).collect();
    assert_eq!(codes, [vec!["NO_HEADER"], vec![], vec!["COUNT_DIFFERS"], vec!["SHEET_EMPTY"]]);
    assert!(readings.iter().all(|r| r.info.key == "power-list:东海市水务局"));
}

#[test]
fn other_bodies_are_agencies_of_their_own_and_the_place_completes_names() {
    let bytes = book(&[Sheet {
        name: "行政征收",
        rows: &[
            &["序号", "事项名称", "权力类型", "行使主体"],
            &["1", "渔业资源费征收", "行政征收", "省农业农村厅"],
            &["", "", "", "县市区农业农村局"],
            &["2", "渔业资源费征收", "行政征收", "地州市农业农村局"],
            &["3", "其他征收", "行政征收", "市人民政府"],
        ],
        merges: &[(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2)],
    }]);
    let options = ReadOptions { region: Region::new("379900", Some("山海省东海市")), ..ReadOptions::default() };
    let readings = read_with("2024年市农业农村局权责清单.xls", &bytes, &options).unwrap();
    let agencies: Vec<_> = readings[0]
        .along
        .iter()
        .map(|p| match &p.content {
            ProposedContent::Agency(agency) => (agency.name.as_str(), agency.region.is_some()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(agencies, [("省农业农村厅", false), ("东海市农业农村局", true), ("东海市人民政府", true)]);
    let codes: std::collections::BTreeSet<_> = rows(&readings).iter().map(|row| item(row).agency.clone()).collect();
    assert_eq!(codes.len(), 3);
    let identities: std::collections::BTreeSet<_> = rows(&readings)
        .iter()
        .map(|row| match &row.outcome {
            RowOutcome::Proposed(p) => p.code.code(Register::Item, 0).unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(identities.len(), 4);
}

#[test]
fn a_table_in_gb18030_and_a_service_list() {
    let text = "东海市残联公共服务事项清单（2024年）,,,\n序号,服务事项名称,服务对象,咨询电话\n1,残疾人证办理,残疾人,12345\n2,\"辅具,适配\",残疾人,12385\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let options = ReadOptions { publisher: Some("东海市残疾人联合会".into()), ..ReadOptions::default() };
    let readings = read_with("list.csv", &bytes, &options).unwrap();
    assert_eq!(outcomes(&readings), [(3, "ok"), (4, "ok")]);
    // Two columns that only guides have: services are published by how they are had, so each row is a guide with its item.
    let second = guide(rows(&readings)[1]);
    assert_eq!((second.name.as_str(), second.consult[0].value.as_str()), ("辅具,适配", "12385"));
    assert_eq!(second.conditions.as_deref(), Some("服务对象：残疾人"));
    assert!(rows(&readings)[1].findings.iter().any(|f| f.code == "AUDIENCE_UNKNOWN"));
    let services = readings[0].along.iter().filter(|p| matches!(&p.content, ProposedContent::Item(i) if i.list() == ItemList::Service));
    assert_eq!(services.count(), 2);
    assert_eq!(readings[0].info.key, "service-list:东海市残疾人联合会");
}

#[test]
fn a_list_with_the_columns_of_guides_is_a_list_of_guides() {
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            &["东海市公安局公共服务事项清单"],
            &["序号", "事项名称", "实施编码", "受理条件", "申请材料", "承诺办结时限（工作日）", "是否收费", "收费标准", "办理地点"],
            &["1", "居民身份证换领", "11440000006939756B3442017001000", "本人", "身份证\n户口簿", "20", "是", "20元/证", "政务大厅3号窗口"],
        ],
        merges: &[],
    }]);
    let readings = read("a.xlsx", &bytes).unwrap();
    let guide = guide(rows(&readings)[0]);
    assert_eq!(guide.materials.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["身份证", "户口簿"]);
    assert_eq!(guide.promised_limit.unwrap().amount, 20);
    assert_eq!(guide.fees[0].amount.as_ref().unwrap().fen, 2_000);
    assert_eq!(guide.item.as_str(), "11440000006939756B3442017001000");
    let registers: Vec<_> = readings[0].along.iter().map(|p| p.content.register()).collect();
    assert_eq!(registers, [Register::Agency, Register::Item, Register::Material, Register::Material]);
}

#[test]
fn a_line_said_twice_counts_once_and_lines_of_the_same_name_are_left_to_the_register() {
    let rows: &[&[&str]] = &[
        HEADER,
        &["1", "对甲的处罚", "行政处罚", "东海市统计局", "《统计法》第一条"],
        &["2", "对甲的处罚", "行政处罚", "东海市统计局", "《统计法》第一条"],
        &["3", "对甲的处罚", "行政处罚", "东海市统计局", "《统计法》第二条"],
    ];
    let bytes = book(&[Sheet { name: "Sheet1", rows, merges: &[] }]);
    let readings = read("东海市统计局2024年权责清单.xlsx", &bytes).unwrap();
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "DUPLICATE"), (4, "ok")]);
    let identity = |i: usize| match &readings[0].rows[i].outcome {
        RowOutcome::Proposed(p) => p.source.identity.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(identity(0), ["东海市统计局", "", "02", "对甲的处罚", ""]);
    assert_eq!(identity(2), identity(0), "the register tells them apart");
    // The book once more, under the name of a copy: the same codes and contents.
    let again = read("东海市统计局2024年权责清单 (1).xlsx", &bytes).unwrap();
    assert_eq!(items(&again), items(&readings));
    assert_eq!(again[0].info.key, readings[0].info.key);
}

#[test]
fn a_code_over_several_sub_items_is_that_of_none_of_them() {
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            &["职权编码", "事项名称", "子项名称", "权力类型", "行使主体"],
            &["XK-2024-000001", "办学审批", "设立", "行政许可", "东海市教育局"],
            &["", "", "变更", "", "东海市教育局"],
            &["XK-2024-000002", "甲", "", "行政许可", "东海市教育局"],
            &["XK-2024-000002", "乙", "", "行政许可", "东海市教育局"],
        ],
        merges: &[(1, 0, 2, 0), (1, 1, 2, 1), (1, 3, 2, 3)],
    }]);
    let readings = read("东海市教育局2024年权责清单.xlsx", &bytes).unwrap();
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok"), (4, "ok"), (5, "DUPLICATE_CODE")]);
    let RowOutcome::Rejected(why) = &rows(&readings)[3].outcome else { panic!() };
    assert!(why.zh.contains("第4行") && why.en.contains("row 4"), "{why:?}");
}
