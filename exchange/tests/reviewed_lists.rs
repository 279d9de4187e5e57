//! Lists as offices keep them by hand: rows that count columns, notes in cells of their own, codes of handling items, units in headings.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{register::Register, value::TimeUnit};
use exchange::{ProposedContent, Reading, RowOutcome};
use support::{Sheet, book, guide, item, items, outcomes, read, rows};

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
    let by_agency =
        |agency: &'static str| sheet(&[TITLE, &["序号", "项目名称", "实施机关"], &["1", "取水许可", agency]])[0].info.publisher.clone();
    assert_eq!(by_agency("本局").as_deref(), Some("东海市水务局"));
    // What a title says holds in each edition, whatever the rows of one name.
    assert_eq!(by_agency("市水务局").as_deref(), Some("东海市水务局"));
    let several =
        sheet(&[&["东海市水利局、东海市林业局行政许可事项清单"], &["序号", "项目名称", "设定依据"], &["1", "取水许可", "《水法》第七条"]]);
    assert_eq!(several[0].info.publisher.as_deref(), Some("东海市水利局"));
    assert!(several[0].findings.iter().any(|finding| finding.code == "PUBLISHER_SEVERAL"), "{:?}", several[0].findings);
}

#[test]
fn what_stands_below_a_note_or_a_mark_of_the_page_is_still_of_the_list() {
    let readings = sheet(&[
        TITLE,
        HEADER,
        &["", "注：以下事项按年调整"],
        &["", "1.取水许可"],
        &["", "2.河道采砂许可"],
        &["", "续表"],
        &["", "（三）水工程许可"],
    ]);
    let told: Vec<&str> = outcomes(&readings).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, ["FOOTNOTE", "ok", "ok", "FOOTNOTE", "ok"]);
    let readings = sheet(&[TITLE, HEADER, LINE, &["备注：甲"], &["", "", "", "2.《防洪法》第二十七条。"]]);
    assert_eq!(outcomes(&readings), [(3, "ok"), (4, "FOOTNOTE")], "a basis goes on with the item above it");
    assert!(items(&readings)[0].legal_bases.iter().any(|basis| basis.title.contains("防洪法")), "{:?}", items(&readings)[0].legal_bases);
}

#[test]
fn numbers_below_the_first_row_number_no_columns() {
    let readings = sheet(&[TITLE, HEADER, LINE, &["2", "", "3", "4", "5"]]);
    assert_ne!(outcomes(&readings)[1].1, "COLUMN_NUMBERS");
}

#[test]
fn codes_of_handling_items_make_guides_and_none_of_them_vanishes() {
    let text = "事项名称,事项类型,实施主体,业务办理项编码,设定依据\n\
                规划许可（首次）,行政许可,东海市自然资源局,11320600014180000X400011500100001,《A法》第一条\n\
                规划许可（变更）,行政许可,东海市自然资源局,11320600014180000X400011500100002,《A法》第一条\n";
    let lines = r#"{"task_name":"规划许可（首次）","task_type":"01","dept_name":"东海市自然资源局","task_code":"11320600014180000X400011500100001"}
{"task_name":"规划许可（变更）","task_type":"01","dept_name":"东海市自然资源局","task_code":"11320600014180000X400011500100002"}"#;
    for (name, text) in [("a.csv", text), ("a.ndjson", lines)] {
        let readings = read(name, text.as_bytes()).unwrap();
        let all = rows(&readings);
        let names: Vec<_> = all.iter().map(|row| (guide(row).name.as_str(), guide(row).handling_code.as_deref())).collect();
        let code = |number: &str| format!("11320600014180000X4000115001000{number}");
        assert_eq!(names, [("规划许可（首次）", Some(code("01").as_str())), ("规划许可（变更）", Some(code("02").as_str()))]);
        assert!(codes(&readings, 0).contains(&"HANDLING_ITEM") && codes(&readings, 1).contains(&"FACTS_DIFFER"));
        let mut brought = readings.iter().flat_map(|reading| &reading.along).filter(|said| said.content.register() == Register::Item);
        assert!(brought.all(|said| said.is_mention), "of an item that there is a handling item says nothing");
        let items = readings[0].along.iter().filter(|proposal| proposal.content.register() == Register::Item).count();
        assert_eq!(items, 1, "both are of one item");
    }
}

#[test]
fn a_handling_code_over_several_sub_items_is_that_of_none_of_them() {
    let rows_of = |codes: [&'static str; 2], merges: &[(u32, u16, u32, u16)]| {
        let first = ["规划许可", "首次", "行政许可", "东海市自然资源局", codes[0], "东路1号"];
        let second = ["", "变更", "", "东海市自然资源局", codes[1], "东路1号"];
        let header = ["事项名称", "子项", "事项类型", "实施主体", "业务办理项编码", "办理地点"];
        read("a.xlsx", &book(&[Sheet { name: "Sheet1", rows: &[&header, &first, &second], merges }])).unwrap()
    };
    let code = |number: u32| format!("11320600014180000X4000115001000{number:02}").leak() as &'static str;
    let shared = rows_of([code(1), ""], &[(1, 0, 2, 0), (1, 2, 2, 2), (1, 4, 2, 4)]);
    assert_eq!(items(&shared).len(), 2);
    assert!(shared[0].findings.iter().any(|finding| finding.code == "COLUMN_IN_REMARK"));
    let own = rows_of([code(1), code(2)], &[(1, 0, 2, 0), (1, 2, 2, 2)]);
    assert_eq!(rows(&own).iter().map(|row| guide(row).places.len()).collect::<Vec<_>>(), [1, 1]);
    assert!(!own[0].findings.iter().any(|finding| finding.code == "COLUMN_IN_REMARK"));
}

#[test]
fn units_in_headings_hold_for_what_stands_below_them() {
    let header =
        &["序号", "事项名称", "事项类型", "实施主体", "承诺办结时限（工作日）", "法定办结时限（工作日）", "收费标准（元）", "咨询电话"];
    let line = |row: [&'static str; 3]| ["1", "甲服务", "公共服务", "东海市民政局", row[0], row[1], row[2], "12345"];
    let (first, second) = (line(["１０", "20日", "10"]), line(["10个", "20", "0"]));
    let readings = sheet(&[&["东海市民政局公共服务事项清单（2025年）"], header, &first, &second]);
    let of_first = guide(rows(&readings)[0]);
    let limit = of_first.promised_limit.unwrap();
    assert_eq!((limit.amount, limit.unit), (10, TimeUnit::WorkingDay));
    assert_eq!(of_first.statutory_limit.unwrap().unit, TimeUnit::CalendarDay);
    assert_eq!(of_first.fees[0].standard, "10元");
    assert!(codes(&readings, 0).contains(&"UNIT_DIFFERS") && !codes(&readings, 1).contains(&"UNIT_DIFFERS"));
    let of_second = guide(rows(&readings)[1]);
    assert_eq!((of_second.promised_limit, of_second.fees.len()), (Some(limit), 0));
}

#[test]
fn signs_of_full_width_are_read_as_those_of_half_width() {
    let text = "事项名称,事项类型,实施主体,统一社会信用代码,实施编码\n\
                甲,０１,广东省发展和改革委员会,11440000006939756B,11440000006939756B2000101001000\n\
                乙,行政许可,广东省发展和改革委员会,１１４４００００００６９３９７５６Ｂ,１１４４００００００６９３９７５６Ｂ2000101002000\n\
                丙,行政许可,广东省发展和改革委员会,11440000006939756b,11440000006939756b2000101003000\n";
    let readings = read("a.csv", text.as_bytes()).unwrap();
    let all = items(&readings);
    assert!(all.iter().all(|item| item.agency.as_str() == "11440000006939756B"), "one agency");
    assert_eq!(all[0].type_as_written.as_deref(), Some("０１"));
    assert_eq!(all[2].implementation_code.as_deref(), Some("11440000006939756B2000101003000"));
    assert!(!codes(&readings, 0).contains(&"CODE_NORMALISED"));
    assert!([1, 2].iter().all(|row| codes(&readings, *row).contains(&"CODE_NORMALISED")));
}

#[test]
fn credit_codes_that_do_not_fit_their_agencies_are_told() {
    let text = "事项名称,事项类型,实施主体,统一社会信用代码\n\
                甲,行政许可,东海市教育局,11440000006939756B\n\
                乙,行政许可,东海市公安局,11440000006939756B\n\
                丙,行政许可,东海市教育局,1144000000693975\n";
    let readings = read("a.csv", text.as_bytes()).unwrap();
    assert_eq!(items(&readings)[1].exercised_by.as_deref(), Some("东海市公安局"));
    let told = |row: usize, code: &str| rows(&readings)[row].findings.iter().find(|finding| finding.code == code).map(|f| f.zh.clone());
    let shared = told(1, "AGENCY_CODE_SHARED").unwrap();
    assert!(shared.contains("东海市教育局") && shared.contains("东海市公安局"), "{shared}");
    assert!(told(2, "AGENCY_CODES_SEVERAL").is_some() && told(2, "CREDIT_CODE_LENGTH").is_some());
    assert_eq!(codes(&readings, 0).iter().filter(|code| code.starts_with("AGENCY")).count(), 0);
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

#[test]
fn what_a_parent_and_an_agency_are_missing_is_told_with_the_row_that_brings_them() {
    let line = |number: u32| {
        format!(
            r#"{{"task_code":"11440000006939756X344201700100{number}","task_name":"换领{number}","task_type":"20","dept_name":"东海市公安局",
            "dept_code":"11440000006939756X","catalog_code_parent":"44201700100Y","parent_code":"44201700100Y","main_name":"居民身份证",
            "is_fee":"0","transact_addr":"某路1号","link_way":"12345","promise_day":"20工作日"}}"#
        )
        .replace('\n', "")
    };
    let readings = read("a.ndjson", [line(1), line(2)].join("\n").as_bytes()).unwrap();
    let told = |row: usize, path: &str| rows(&readings)[row].findings.iter().any(|finding| finding.path.starts_with(path));
    assert!(told(0, "agency.creditCode") && !told(1, "agency.creditCode"), "{:?}", rows(&readings)[0].findings);
}

#[test]
fn a_number_column_that_holds_codes_is_one_of_codes() {
    let rows_of = |first: &'static str, second: &'static str| {
        sheet(&[
            &["东海市交通局权责清单（2025年）"],
            &["编号", "事项名称", "事项类型", "实施主体"],
            &[first, "甲许可", "行政许可", "东海市交通局"],
            &[second, "乙许可", "行政许可", "东海市交通局"],
        ])
    };
    let coded = rows_of("JT-00000001", "JT-00000002");
    assert_eq!((items(&coded)[1].local_implementation_code.as_deref(), &items(&coded)[1].sequence), (Some("JT-00000002"), &None));
    assert_eq!(items(&rows_of("1", "2"))[1].sequence.as_deref(), Some("2"));
}

#[test]
fn an_export_within_the_answer_of_a_service_is_read() {
    let line = r#"{"task_name":"甲许可","task_type":"01","dept_name":"东海市教育局","material_list":[{"material_name":"申请表"}],"link_way":"1","transact_addr":"某路1号"}"#;
    for text in [format!(r#"{{"code":200,"msg":"ok","data":{{"total":1,"rows":[{line}]}}}}"#), format!("{{\n\"rows\": [{line}]\n}}")] {
        let readings = read("a.json", text.as_bytes()).unwrap();
        assert_eq!(outcomes(&readings), [(1, "ok")]);
    }
    // A single entry is one, whatever arrays it holds.
    assert_eq!(guide(rows(&read("a.json", line.as_bytes()).unwrap())[0]).materials.len(), 1);
    let two = format!(r#"{{"a":[{line}],"b":[{line}]}}"#);
    let error = read("a.json", two.as_bytes()).unwrap_err();
    assert_eq!(error.code, "NO_HEADER");
    assert!(error.zh.contains("其中“a”、“b”各是一组对象") && error.en.contains("a file of its own"), "{error:?}");
}

#[test]
fn the_year_of_a_catalogue_is_that_of_its_title() {
    let catalogue: &[&[&str]] = &[
        &["东海市社会救助领域政务公开标准目录（2024年版）"],
        &["序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体"],
        &["1", "甲事项", "甲", "《政府信息公开条例》", "20个工作日", "东海市民政局", "政府网站"],
    ];
    let readings = read("a.xlsx", &book(&[Sheet { name: "Sheet1", rows: catalogue, merges: &[] }])).unwrap();
    assert_eq!(readings[0].info.edition.as_deref(), Some("2024"));
    assert!(!readings[0].findings.iter().any(|finding| finding.code == "EDITION_UNKNOWN"));
    let undated = sheet(&[&["东海市水务局行政许可事项清单"], HEADER, LINE]);
    assert!(undated[0].findings.iter().any(|finding| finding.code == "EDITION_UNKNOWN"));
    assert_eq!(item(rows(&undated)[0]).name, "取水许可");
}

#[test]
fn materials_that_ask_for_copies_say_how_many() {
    let readings = sheet(&[
        &["东海市民政局公共服务事项清单（2025年）"],
        &["序号", "事项名称", "实施主体", "申请材料", "咨询电话"],
        &["1", "甲服务", "东海市民政局", "1.申请表（原件2份）\n2.身份证", "12345"],
    ]);
    let copies: Vec<_> = guide(rows(&readings)[0]).materials.iter().map(|material| material.copies).collect();
    assert_eq!(copies, [Some(2), None]);
    assert!(readings[0].along.iter().any(|p| matches!(&p.content, ProposedContent::Material(m) if m.name.starts_with("申请表"))));
}
