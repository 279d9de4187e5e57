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
