//! Headings of lists of law enforcement and of services that were not known before.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{register::HandlingForm, value::ItemType};
use exchange::{ProposedContent, Reading};
use support::{Sheet, book, guide, item, outcomes, read, rows};

fn one(name: &str, rows: &[&[&str]], merges: &[(u32, u16, u32, u16)]) -> Vec<Reading> {
    read(name, &book(&[Sheet { name: "Sheet1", rows, merges }])).unwrap()
}

fn unknown(readings: &[Reading]) -> usize {
    readings.iter().flat_map(|r| &r.findings).filter(|f| f.code == "HEADING_UNKNOWN").count()
}

#[test]
fn a_list_of_law_enforcement_names_its_items_and_who_leads_and_who_helps() {
    for (name, leads, helps) in [("执法事项", "牵头单位", "配合单位"), ("执法事项名称", "牵头部门", "配合部门")] {
        let readings = one(
            "东海市跨部门综合执法清单（2024年）.xlsx",
            &[
                &["序号", name, "执法类别", leads, helps, "办理方式"],
                &["1", "对甲的检查", "行政检查", "东海市教育局", "东海市公安局、东海市水务局", "现场"],
            ],
            &[],
        );
        assert_eq!((outcomes(&readings), unknown(&readings)), (vec![(2, "ok")], 0));
        let got = item(rows(&readings)[0]);
        assert_eq!((got.name.as_str(), got.item_type), ("对甲的检查", ItemType::Inspection));
        assert_eq!(got.remark.as_deref(), Some(format!("{helps}：东海市公安局、东海市水务局\n办理形式：现场").as_str()));
        let agencies: Vec<_> = readings[0]
            .along
            .iter()
            .filter_map(|p| if let ProposedContent::Agency(a) = &p.content { Some(a.name.as_str()) } else { None })
            .collect();
        assert_eq!(agencies, ["东海市教育局"], "who helps is no agency of the list");
    }
    // Beside who exercises the power, who leads is kept with its heading.
    let both =
        one("a.xlsx", &[&["执法事项", "执法类别", "实施主体", "牵头单位"], &["甲", "行政检查", "东海市教育局", "东海市公安局"]], &[]);
    assert_eq!(item(rows(&both)[0]).remark.as_deref(), Some("牵头单位：东海市公安局"));
    let agency = both[0].along.iter().find_map(|p| if let ProposedContent::Agency(a) = &p.content { Some(a.name.as_str()) } else { None });
    assert_eq!(agency, Some("东海市教育局"));
}

#[test]
fn ways_contents_and_questions_of_services_go_where_they_belong() {
    let readings = one(
        "东海市公共服务事项清单.xlsx",
        &[
            &["服务事项名称", "责任单位", "服务内容", "服务方式", "配合单位", "常见问题解答"],
            &["甲", "东海市水务局", "供水\n咨询", "窗口办理、网上办理", "东海市财政局", "问：谁可以办？答：本人。"],
            &["乙", "东海市水务局", "", "上门服务", "", "见网站"],
        ],
        &[],
    );
    assert_eq!((outcomes(&readings), unknown(&readings)), (vec![(2, "ok"), (3, "ok")], 0));
    let (first, second) = (guide(rows(&readings)[0]), guide(rows(&readings)[1]));
    assert_eq!(first.handling_forms, [HandlingForm::Window, HandlingForm::Online]);
    assert_eq!((first.faqs[0].question.as_str(), first.faqs[0].answer.as_str()), ("谁可以办？", "本人。"));
    assert_eq!(first.joint_agencies, ["东海市财政局"]);
    let remarks: Vec<_> = readings[0]
        .along
        .iter()
        .filter_map(|p| if let ProposedContent::Item(i) = &p.content { i.remark.as_deref() } else { None })
        .collect();
    assert_eq!(remarks, ["服务内容：供水\n咨询"], "the item has it: a guide has no place for it");
    assert_eq!((second.conditions.as_deref(), second.faqs[0].answer.as_str()), (Some("办理形式：上门服务"), "见网站"));
    let codes: Vec<_> = rows(&readings)[1].findings.iter().map(|f| f.code.as_str()).collect();
    assert!(codes.contains(&"FORM_UNKNOWN") && codes.contains(&"FAQ_UNPARTED"), "{codes:?}");
}

#[test]
fn questions_and_answers_in_a_column_each_are_pairs() {
    let readings = one(
        "东海市公共服务事项清单.xlsx",
        &[&["服务事项名称", "责任单位", "常见问题", ""], &["", "", "问题", "答案"], &["甲", "东海市水务局", "谁可以办", "本人。"]],
        &[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)],
    );
    let faq = &guide(rows(&readings)[0]).faqs[0];
    assert_eq!((faq.question.as_str(), faq.answer.as_str()), ("谁可以办", "本人。"));
}
