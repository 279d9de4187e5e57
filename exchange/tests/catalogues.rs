//! Openness catalogues in the table form of published ones: headings of two rows, merged tiers, ticks and checkboxes, with the damage
//! that copies of them show (Art. 5(3)).
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{
    register::{CatalogueEntry, Register},
    value::{Carrier, Level, Manner, OpennessAttribute, Pace, Reach, Since, TimeLimit},
};
use exchange::{Field, ProposedCode, ProposedContent, ReadOptions, Reading, Row, RowOutcome};
use support::{Sheet, book, outcomes, read, read_with, rows};

fn entry(row: &Row) -> &CatalogueEntry {
    match &row.outcome {
        RowOutcome::Proposed(proposal) => match &proposal.content {
            ProposedContent::CatalogueEntry(entry) => entry,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn entries(readings: &[Reading]) -> Vec<&CatalogueEntry> {
    rows(readings).into_iter().filter(|row| matches!(row.outcome, RowOutcome::Proposed(_))).map(entry).collect()
}

fn codes(row: &Row) -> Vec<&str> {
    row.findings.iter().map(|finding| finding.code.as_str()).collect()
}

const BOXES: &str = "■政府网站 □政府公报\n□两微一端 □发布会/听证会\n□广播电视 □纸质媒体\n■公开查阅点 □政务服务中心\n□便民服务站 □入户/现场\n\
    ■社区/企事业单位/村公示栏（电子屏）\n□精准推送 □其他";
const LAW: &str = "《中华人民共和国义务教育法》、《中华人民共和国政府信息公开条例》（国务院令第711号）";
const LIMIT: &str = "自信息形成或者变更之日起20个工作日内予以公开";

const TOP: &[&str] = &[
    "序号",
    "公开事项",
    "",
    "公开内容（要素）",
    "公开依据",
    "公开时限",
    "公开主体",
    "公开渠道和载体",
    "公开对象",
    "",
    "公开方式",
    "",
    "公开层级",
    "",
];

const BELOW: &[&str] = &["", "一级\n事项", "二级\n事项", "", "", "", "", "", "全社会", "特定群体", "主动", "依申请", "县级", "乡镇级"];

/// The merges of a header in rows 1 and 2 below a title in row 0.
const HEADER: &[(u32, u16, u32, u16)] = &[
    (0, 0, 0, 13),
    (1, 0, 2, 0),
    (1, 1, 1, 2),
    (1, 3, 2, 3),
    (1, 4, 2, 4),
    (1, 5, 2, 5),
    (1, 6, 2, 6),
    (1, 7, 2, 7),
    (1, 8, 1, 9),
    (1, 10, 1, 11),
    (1, 12, 1, 13),
];

fn merges(more: &[(u32, u16, u32, u16)]) -> Vec<(u32, u16, u32, u16)> {
    [HEADER, more].concat()
}

const TITLE: &[&str] = &["东海县义务教育领域基层政务公开标准目录（2023年版）"];

fn education() -> Vec<Reading> {
    let rows: &[&[&str]] = &[
        TITLE,
        TOP,
        BELOW,
        &["1", "政策文件", "法律法规", "1.有关义务教育的法律\n2.行政法规", LAW, LIMIT, "县教育局", BOXES, "√", "", "√", "", "√", ""],
        &[
            "2",
            "",
            "地方规章",
            "•地方性法规\n•规章",
            "同上",
            "同上",
            "同上",
            &BOXES.replace('■', "t").replace('□', "口"),
            "√",
            "",
            "√",
            "",
            "√",
            "√",
        ],
        &[
            "3",
            "招生管理",
            "入学结果",
            "录取名单",
            "《政府信息公开条例》",
            "及时公开",
            "县教育局、各学校",
            "■政府网站 ■其他_校园公示栏_",
            "",
            "学生家长",
            "",
            "√",
            "",
            "√",
        ],
        &[
            "4",
            "督导评估",
            "",
            "督导报告",
            "",
            "信息形成或變更之日起3個工作日內",
            "教育督导室",
            "政府网站、校讯通",
            "√",
            "√",
            "√",
            "√",
            "√",
            "",
        ],
        &["备注：涉及个人隐私的除外"],
    ];
    let bytes = book(&[Sheet { name: "义务教育", rows, merges: &merges(&[(3, 1, 4, 1), (6, 1, 6, 2)]) }]);
    read("目录.xlsx", &bytes).unwrap()
}

#[test]
fn a_published_catalogue_is_read_row_by_row() {
    let readings = education();
    assert_eq!(outcomes(&readings), [(4, "ok"), (5, "ok"), (6, "ok"), (7, "ok"), (8, "FOOTNOTE")]);
    let info = &readings[0].info;
    assert_eq!(info.key, "openness-list:东海县义务教育领域基层政务公开标准目录");
    assert_eq!((info.edition.as_deref(), info.publisher.as_deref()), (Some("2023"), Some("东海县人民政府")));
    assert!(readings[0].findings.iter().any(|finding| finding.code == "PUBLISHER_ASSUMED"));
    let all = entries(&readings);
    let first = all[0];
    assert_eq!((first.name.as_str(), first.first_tier.as_deref()), ("法律法规", Some("政策文件")));
    assert_eq!(first.elements.as_deref(), Some("1.有关义务教育的法律\n2.行政法规"));
    let titles: Vec<_> = first.legal_bases.iter().map(|basis| basis.title.as_str()).collect();
    assert_eq!(titles, ["中华人民共和国义务教育法", "中华人民共和国政府信息公开条例"]);
    let limit = first.time_limit.as_ref().unwrap();
    assert_eq!((limit.text.as_str(), limit.within, limit.since), (LIMIT, Some(TimeLimit::working_days(20)), Some(Since::FormedOrChanged)));
    assert_eq!(first.carriers, [Carrier::Website, Carrier::ReadingPoint, Carrier::NoticeBoard]);
    assert_eq!(
        (&first.open_to[..], &first.manner[..], &first.levels[..]),
        (&[Reach::Everyone][..], &[Manner::Active][..], &[Level::County][..])
    );
    assert_eq!(first.attribute, Some(OpennessAttribute::Active));
    assert_eq!(first.topic.as_deref(), Some("义务教育"));
    assert_eq!(first.published_by.as_deref(), Some("县教育局"));
    let agency = readings[0].along.iter().find(|p| p.code.code(Register::Agency, 0).as_ref() == Some(&first.agency)).unwrap();
    let ProposedContent::Agency(named) = &agency.content else { panic!() };
    assert_eq!((named.name.as_str(), agency.is_mention), ("东海县教育局", true));
}

#[test]
fn what_is_merged_damaged_or_the_same_as_above_is_read() {
    let readings = education();
    let all = entries(&readings);
    let second = all[1];
    assert_eq!((second.name.as_str(), second.first_tier.as_deref()), ("地方规章", Some("政策文件")));
    assert_eq!((&second.legal_bases, &second.time_limit, &second.agency), (&all[0].legal_bases, &all[0].time_limit, &all[0].agency));
    assert_eq!(second.carriers, all[0].carriers, "t for ■ and 口 for □");
    assert_eq!(second.levels, [Level::County, Level::Township]);
    assert!(codes(rows(&readings)[1]).contains(&"SAME_AS_ABOVE"));
    let third = all[2];
    assert_eq!((&third.open_to[..], third.groups.as_deref()), (&[Reach::Groups][..], Some("学生家长")));
    assert_eq!((third.attribute, third.time_limit.as_ref().unwrap().pace), (Some(OpennessAttribute::OnRequest), Some(Pace::Prompt)));
    assert_eq!((&third.carriers[..], &third.other_carriers[..]), (&[Carrier::Website, Carrier::Other][..], &["校园公示栏".to_owned()][..]));
    let told = codes(rows(&readings)[2]);
    assert!(told.contains(&"CARRIER_UNKNOWN") && told.contains(&"CATALOGUE_NO_RESTRICTION_BASIS"), "{told:?}");
    assert_eq!(third.published_by.as_deref(), Some("县教育局、各学校"));
    let fourth = all[3];
    assert_eq!((fourth.name.as_str(), fourth.first_tier.as_deref()), ("督导评估", None), "one name over both tiers");
    assert_eq!(fourth.time_limit.as_ref().unwrap().within, Some(TimeLimit::working_days(3)));
    assert_eq!(fourth.attribute, Some(OpennessAttribute::Partial), "both manners");
    assert_eq!(fourth.other_carriers, ["校讯通"]);
}

#[test]
fn codes_are_assigned_and_the_same_every_time() {
    let code = |readings: &[Reading]| -> Vec<_> {
        let proposals = rows(readings).into_iter().filter_map(|row| match &row.outcome {
            RowOutcome::Proposed(proposal) => Some(proposal.code.clone()),
            _ => None,
        });
        proposals.collect()
    };
    let (once, again) = (code(&education()), code(&education()));
    assert_eq!(once, again);
    assert!(once.iter().all(|code| matches!(code, ProposedCode::Assigned(_))));
    let texts: Vec<_> = once.iter().map(|code| code.code(Register::Openness, 0).unwrap().to_string()).collect();
    assert!(texts.iter().all(|code| code.starts_with("TYC") && code.len() == 16), "{texts:?}");
}

#[test]
fn a_matter_over_several_rows_goes_on_or_is_several_lines() {
    let top: &[&str] = &["公开事项", "", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开方式"];
    let below: &[&str] = &["一级事项", "二级事项"];
    let bytes = book(&[Sheet {
        name: "Sheet1",
        rows: &[
            &["东海县医疗卫生领域政务公开事项目录"],
            top,
            below,
            &["行政许可", "许可结果", "许可证号", "《行政许可法》第四十条", "20个工作日内", "县卫健委", "政府网站", "主动"],
            &["", "", "有效期"],
            &["", "", "变更记录", "", "实时公开", "", "政府公报", "依申请"],
            &["", "", "", "《政府信息公开条例》第二十条"],
        ],
        merges: &[(1, 0, 1, 1), (3, 0, 6, 0), (3, 1, 6, 1), (3, 3, 5, 3), (3, 5, 6, 5)],
    }]);
    let readings = read("卫健.xlsx", &bytes).unwrap();
    assert_eq!(outcomes(&readings), [(4, "ok"), (6, "ok")]);
    let all = entries(&readings);
    assert_eq!(all[0].elements.as_deref(), Some("许可证号\n有效期"), "a row with more content and nothing else");
    assert!(codes(rows(&readings)[0]).contains(&"CONTINUATION"));
    assert_eq!((all[1].name.as_str(), all[1].first_tier.as_deref()), ("许可结果", Some("行政许可")));
    assert!(codes(rows(&readings)[1]).contains(&"NAME_CARRIED"));
    assert_eq!(all[1].legal_bases.len(), 2, "merged and gone on");
    assert_eq!((all[1].manner.as_slice(), all[1].agency == all[0].agency), (&[Manner::OnRequest][..], true));
}

#[test]
fn a_table_with_delimiters_and_headings_of_one_row_is_read() {
    let text = "公开事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象（全社会/特定群体）,公开方式（主动/依申请）,公开层级,产生环节,关联事项编码\n\
        施工许可结果,许可证,《建筑法》第七条,信息形成或者变更之日起7个工作日内,东海市住房和城乡建设局,政府网站、两微一端,全社会,主动公开,\"市级、县级\",决定,XK-0001\n\
        1,2,3,4,5,6,7,8,9,10,11\n\
        勘验记录,记录,,,同上,□政府网站,特定群体：利害关系人,依申请公开,省、市级,,编码待定\n";
    let readings = read("目录.csv", text.as_bytes()).unwrap();
    assert_eq!(outcomes(&readings), [(2, "ok"), (3, "COLUMN_NUMBERS"), (4, "ok")]);
    let all = entries(&readings);
    assert_eq!((all[0].levels.as_slice(), all[0].step.as_deref()), (&[Level::City, Level::County][..], Some("决定")));
    assert_eq!(all[0].item.as_ref().map(ToString::to_string).as_deref(), Some("XK-0001"));
    assert_eq!(all[1].agency, all[0].agency);
    assert_eq!((all[1].groups.as_deref(), all[1].carriers.len()), (Some("利害关系人"), 0));
    assert_eq!(all[1].levels, [Level::Province, Level::City]);
    assert!(codes(rows(&readings)[2]).contains(&"CODE_UNUSABLE"));
}

#[test]
fn several_sheets_are_several_catalogues_and_sections_and_headers_that_come_again_are_none() {
    let header: &[&str] = &["序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体"];
    let line: &[&str] = &["1", "救助标准", "标准", "《社会救助暂行办法》第三条", "及时", "东海县民政局", "政府网站"];
    let rows: &[&[&str]] = &[
        &["东海县社会救助领域基层政务公开标准目录"],
        header,
        &["一、县级事项"],
        line,
        header,
        &["2", "", "无名", "", "", "", ""],
        line,
        &["3"],
    ];
    let other: &[&[&str]] = &[&["东海县养老服务领域基层政务公开标准目录"], header, line];
    let empty: &[&[&str]] = &[&["填表说明"]];
    let sheets = [
        Sheet { name: "社会救助", rows, merges: &[(2, 0, 2, 6)] },
        Sheet { name: "养老", rows: other, merges: &[] },
        Sheet { name: "说明", rows: empty, merges: &[] },
    ];
    let readings = read("目录.xlsx", &book(&sheets)).unwrap();
    let told = [
        (3, "SECTION"),
        (4, "ok"),
        (5, "REPEATED_HEADER"),
        (6, "NAME_MISSING"),
        (7, "DUPLICATE"),
        (8, "NUMBER_ONLY"),
        (3, "ok"),
        (1, "NO_HEADER"),
    ];
    assert_eq!(outcomes(&readings), told);
    assert_ne!(readings[0].info.key, readings[1].info.key, "one does not propose to repeal the other");
    let all = entries(&readings);
    assert_eq!((all[0].topic.as_deref(), all[1].topic.as_deref()), (Some("社会救助"), Some("养老服务")));
}

#[test]
fn a_body_without_a_name_takes_the_publisher_and_without_any_is_rejected() {
    let rows: &[&[&str]] = &[
        &["公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体"],
        &["甲", "乙", "", "", "教育行政部门", "政府网站"],
    ];
    let bytes = book(&[Sheet { name: "Sheet1", rows, merges: &[] }]);
    assert_eq!(outcomes(&read("目录.xlsx", &bytes).unwrap()), [(2, "AGENCY_MISSING")]);
    let options = ReadOptions { publisher: Some("东海县教育局".into()), ..ReadOptions::default() };
    let readings = read_with("目录.xlsx", &bytes, &options).unwrap();
    assert_eq!(outcomes(&readings), [(2, "ok")]);
    assert_eq!(entries(&readings)[0].published_by.as_deref(), Some("教育行政部门"));
    assert!(codes(support::rows(&readings)[0]).contains(&"AGENCY_GENERIC"));
}

#[test]
fn words_that_are_on_no_list_are_kept_and_the_caller_may_name_a_heading() {
    let rows: &[&[&str]] = &[
        &["公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开方式", "公开层级", "归口"],
        &["甲", "乙", "", "按规定", "东海县教育局", "集中公开", "园区", "办公室"],
    ];
    let bytes = book(&[Sheet { name: "Sheet1", rows, merges: &[] }]);
    let readings = read("目录.xlsx", &bytes).unwrap();
    assert_eq!(entries(&readings)[0].remark.as_deref(), Some("公开方式：集中公开\n公开层级：园区"));
    let unread = codes(support::rows(&readings)[0]);
    assert_eq!(unread.iter().filter(|code| **code == "WORD_UNKNOWN").count(), 2, "{unread:?}");
    assert!(readings[0].findings.iter().any(|f| f.code == "HEADING_UNKNOWN" && f.path == "归口"));
    let options = ReadOptions { map: vec![("归口".into(), Field::OpenStep)], ..ReadOptions::default() };
    assert_eq!(entries(&read_with("目录.xlsx", &bytes, &options).unwrap())[0].step.as_deref(), Some("办公室"));
}
