//! Books of other cities with headings and cells that were in no list before: what a column says goes where it belongs.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::value::TimeLimit;
use exchange::{ProposedCode, ProposedContent, Reading, RowOutcome};
use support::{Sheet, book, guide, item, outcomes, read, rows};

fn one(rows: &[&[&str]], merges: &[(u32, u16, u32, u16)]) -> Vec<Reading> {
    read("东海市教育局2024年清单.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges }])).unwrap()
}

fn codes(readings: &[Reading], row: usize) -> Vec<&str> {
    rows(readings)[row].findings.iter().map(|f| f.code.as_str()).collect()
}

#[test]
fn the_words_under_a_group_of_limits_tell_the_statutory_one_from_the_promised_one() {
    let merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 1, 5)];
    for (group, first, second, cells) in [
        ("办理时限", "法定", "承诺", ["20个工作日", "5个工作日"]),
        ("办结时限", "法定", "承诺", ["20个工作日", "5个工作日"]),
        ("办理时限（工作日）", "法定", "承诺", ["20", "5"]),
        ("办理期限", "法定（工作日）", "承诺（工作日）", ["20", "5"]),
        ("办理时限", "法定时限", "承诺时限", ["20个工作日", "5个工作日"]),
        ("时限", "法定", "承诺", ["20个工作日", "5个工作日"]),
    ] {
        let readings = one(
            &[
                &["序号", "事项名称", "权力类型", group, "", "办理地点"],
                &["", "", "", first, second, ""],
                &["1", "办学许可", "行政许可", cells[0], cells[1], "某路1号"],
            ],
            &merges,
        );
        assert_eq!(outcomes(&readings), [(3, "ok")], "{group}");
        let guide = guide(rows(&readings)[0]);
        assert_eq!(guide.statutory_limit, Some(TimeLimit::working_days(20)), "{group}");
        assert_eq!(guide.promised_limit, Some(TimeLimit::working_days(5)), "{group}");
        assert!(!codes(&readings, 0).contains(&"VALUE_TWICE"), "{group}");
    }
}

#[test]
fn a_handling_item_names_the_guide_and_the_item_keeps_its_own_name() {
    let (item_code, first, second) =
        ("11440000006939756B2440105001000", "11440000006939756B244010500100001", "11440000006939756B244010500100002");
    for (heading, merges) in [("业务办理项名称", vec![]), ("办理项名称", vec![(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2)])] {
        let merged = !merges.is_empty();
        let again = |text: &'static str| if merged { "" } else { text };
        let readings = one(
            &[
                &["事项名称", "实施编码", "权力类型", heading, "业务办理项编码", "受理条件", "申请材料"],
                &["民办学校审批", item_code, "行政许可", "民办学校设立", first, "法人", "申请书"],
                &[again("民办学校审批"), again(item_code), again("行政许可"), "民办学校变更", second, "法人", "章程"],
            ],
            &merges,
        );
        assert_eq!(outcomes(&readings), [(2, "ok"), (3, "ok")], "{heading}");
        let guides: Vec<_> = rows(&readings).into_iter().map(guide).collect();
        assert_eq!(guides.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["民办学校设立", "民办学校变更"]);
        assert_eq!(guides.iter().map(|g| g.handling_code.as_deref()).collect::<Vec<_>>(), [Some(first), Some(second)]);
        assert!(guides.iter().all(|g| g.item.as_str() == item_code));
        let of_items = readings[0].along.iter().filter_map(|p| match &p.content {
            ProposedContent::Item(item) => Some(item.name.as_str()),
            _ => None,
        });
        assert_eq!(of_items.collect::<Vec<_>>(), ["民办学校审批"]);
        assert!(!codes(&readings, 0).contains(&"VALUE_TWICE") && !codes(&readings, 1).contains(&"VALUE_TWICE"), "{heading}");
        // The row's own code, though that of the item is merged over both rows.
        let RowOutcome::Proposed(proposal) = &rows(&readings)[1].outcome else { panic!() };
        assert_eq!(proposal.code, ProposedCode::Published(second.parse().unwrap()));
    }
    // Alone, it is the name of whatever the list is of.
    let alone = one(&[&["办理项名称", "权力类型"], &["民办学校设立", "行政许可"]], &[]);
    assert_eq!(item(rows(&alone)[0]).name, "民办学校设立");
}

#[test]
fn a_form_with_labels_beside_values_is_no_table() {
    let cards: [&[&[&str]]; 4] = [
        &[
            &["权力事项登记表"],
            &["事项名称", "对拒报统计资料的处罚", "权力类型", "行政处罚"],
            &["行使主体", "东海市统计局", "承办机构", "法规科"],
            &["实施依据", "《统计法》第四十一条"],
            &["责任事项", "立案、调查、决定"],
            &["办理流程", "立案—调查—决定"],
            &["备注", "无"],
        ],
        &[
            &["事项编码", "CF-2024-0001", "事项名称", "对甲的处罚"],
            &["权力类型", "行政处罚", "行使层级", "市级"],
            &["实施依据", "《统计法》第四十一条", "", ""],
            &["责任事项", "立案责任", "发现违法行为的，予以审查。", ""],
            &["", "调查责任", "两人以上。", ""],
            &["办理流程", "见附件", "", ""],
        ],
        &[&["事项名称", "节能审查", "权力类型", "行政许可", "行使层级", "市级"], &["申请材料", "申请书"]],
        &[
            &["序号", "1", "事项名称", "甲"],
            &["权力类型", "行政许可", "实施主体", "东海市教育局"],
            &["序号", "2", "事项名称", "乙"],
            &["权力类型", "行政许可", "实施主体", "东海市教育局"],
        ],
    ];
    for rows in cards {
        let error = read("登记表.xlsx", &book(&[Sheet { name: "Sheet1", rows, merges: &[] }])).unwrap_err();
        assert_eq!(error.code, "NO_HEADER", "{rows:?}");
    }
    // In a book with a table, the form is told and the table is read.
    let table: &[&[&str]] = &[&["序号", "事项名称", "权力类型", "行使主体"], &["1", "甲", "行政许可", "东海市教育局"]];
    let bytes = book(&[Sheet { name: "目录", rows: table, merges: &[] }, Sheet { name: "登记表", rows: cards[0], merges: &[] }]);
    let readings = read("清单.xlsx", &bytes).unwrap();
    assert_eq!(outcomes(&readings)[0], (2, "ok"));
    assert!(outcomes(&readings)[1..].iter().all(|(_, code)| *code == "NO_HEADER"));
}

fn agencies(readings: &[Reading]) -> Vec<&str> {
    readings.iter().flat_map(|r| &r.along).filter_map(|p| agency(&p.content)).collect()
}

fn agency(content: &ProposedContent) -> Option<&str> {
    if let ProposedContent::Agency(agency) = content { Some(agency.name.as_str()) } else { None }
}

#[test]
fn words_that_name_no_body_make_no_agency() {
    let row = |written: &'static str| -> Vec<&'static str> { vec!["对甲的检查", "行政检查", written] };
    for (written, generic) in [
        ("省级、设区的市级、县级教育部门", true),
        ("各县（市、区）教育局", true),
        ("农业行政部门", true),
        ("发展和改革部门", true),
        ("省级和市级教育局", true),
        ("县级以上人民政府有关部门", true),
        ("教育行政部门", true),
        ("本局", false),
        ("本单位", false),
        ("市教育局", false),
    ] {
        let rows_of = [vec!["事项名称", "权力类型", "行使主体"], row(written)];
        let rows_of: Vec<&[&str]> = rows_of.iter().map(Vec::as_slice).collect();
        let readings = one(&rows_of, &[]);
        assert_eq!(agencies(&readings), ["东海市教育局"], "{written}");
        assert_eq!(item(rows(&readings)[0]).exercised_by.as_deref(), Some(written));
        assert_eq!(codes(&readings, 0).contains(&"AGENCY_GENERIC"), generic, "{written}");
    }
    // Nobody publishes it, so nobody is meant.
    let bytes = book(&[Sheet {
        name: "Sheet1", rows: &[&["事项名称", "权力类型", "行使主体"], &["甲", "行政检查", "本局"]], merges: &[]
    }]);
    assert_eq!(outcomes(&read("a.xlsx", &bytes).unwrap()), [(2, "AGENCY_MISSING")]);
}

#[test]
fn bodies_one_after_the_other_stay_apart() {
    let readings =
        one(&[&["事项名称", "权力类型", "行使主体"], &["甲", "行政检查", "市教育局\n市公安局"], &["乙", "行政检查", "市教\n育局"]], &[]);
    let exercised: Vec<_> = rows(&readings).into_iter().map(|row| item(row).exercised_by.as_deref()).collect();
    assert_eq!(exercised, [Some("市教育局、市公安局"), Some("市教育局")]);
    for title in ["云梧市丙局 云梧市戊局2024年权责清单", "云梧市丙局、云梧市戊局权责清单", "云梧市丙局 云梧市戊局 权责清单"]
    {
        let bytes =
            book(&[Sheet { name: "Sheet1", rows: &[&[title], &["事项名称", "权力类型"], &["甲", "行政检查"]], merges: &[] }]);
        let readings = read("a.xlsx", &bytes).unwrap();
        assert_eq!(agencies(&readings), ["云梧市丙局"], "{title}");
        assert!(readings[0].findings.iter().any(|f| f.code == "PUBLISHER_SEVERAL"), "{title}");
    }
}
