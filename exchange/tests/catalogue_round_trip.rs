//! What goes out in the table form comes in as it was (Art. 5(3)).
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

use std::{fs, path::Path, sync::Arc};

use calamine::{Reader, Xlsx};
use domain::{
    register::{CatalogueEntry, Register},
    value::{Carrier, DisclosureLimit, Level, Manner, OpennessAttribute, Reach, parse_legal_bases, text},
};
use exchange::{
    ProposedContent, ReadOptions, RowOutcome,
    export::{CatalogueLine, write_catalogue},
    read_file,
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

const AGENCY: &str = "1199010040310674X6";

fn line(number: usize, entry: CatalogueEntry) -> CatalogueLine {
    CatalogueLine { code: format!("LLGK-{number:03}").parse().unwrap(), entry: Arc::new(entry), agency: "临澜市民政局".into() }
}

fn entry(name: &str) -> CatalogueEntry {
    CatalogueEntry::new(name, AGENCY.parse().unwrap())
}

/// What a file says: each line by its code.
fn read_back(path: &Path) -> Vec<(String, CatalogueEntry)> {
    let readings = read_file(path, &ReadOptions::default(), &()).unwrap();
    let rows = readings.into_iter().flat_map(|reading| reading.rows).filter_map(|row| match row.outcome {
        RowOutcome::Proposed(proposal) => {
            let code = proposal.code.code(Register::Openness, 0).unwrap().to_string();
            let ProposedContent::CatalogueEntry(entry) = proposal.content else { panic!() };
            Some((code, *entry))
        }
        RowOutcome::Rejected(why) => panic!("{why:?}"),
        RowOutcome::Ignored(_) => None,
    });
    rows.collect()
}

fn assert_comes_back(lines: &[CatalogueLine]) {
    let folder = tempfile::tempdir().unwrap();
    for file in ["目录.xlsx", "教育领域目录.csv"] {
        let path = folder.path().join(file);
        assert_eq!(write_catalogue(&path, "临澜市政务公开事项目录", lines.to_vec()).unwrap(), [], "{file}");
        let mut read = read_back(&path);
        read.sort_by(|a, b| a.0.cmp(&b.0));
        let mut wanted: Vec<_> = lines.iter().map(|line| (line.code.to_string(), line.entry.as_ref().clone())).collect();
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(read, wanted, "{file}");
    }
}

#[test]
fn every_column_comes_back_from_both_forms() {
    let whole = CatalogueEntry {
        first_tier: Some("社会救助".into()),
        elements: Some("1.姓名；\n2.金额".into()),
        legal_bases: parse_legal_bases("【行政法规】《社会救助暂行办法》（国务院令第649号）第十一条：公示。\n《甲》、《乙》", "x").bases,
        time_limit: DisclosureLimit::read("信息形成或者变更之日起20个工作日内"),
        published_by: Some("市民政局、乡镇人民政府".into()),
        carriers: vec![Carrier::Website, Carrier::NoticeBoard, Carrier::Other],
        other_carriers: vec!["宣传册".into(), "村务微信群".into()],
        open_to: vec![Reach::Everyone, Reach::Groups],
        groups: Some("申请人及其监护人".into()),
        manner: vec![Manner::Active, Manner::OnRequest],
        levels: vec![Level::City, Level::Township, Level::Village],
        attribute: Some(OpennessAttribute::Partial),
        restriction_reason: Some("个人隐私".into()),
        restriction_bases: parse_legal_bases("《中华人民共和国政府信息公开条例》第十五条", "x").bases,
        item: Some("X1".parse().unwrap()),
        guide: Some("G1".parse().unwrap()),
        step: Some("公示".into()),
        topic: Some("社会救助".into()),
        remark: Some("每月更新".into()),
        ..entry("低保公示")
    };
    let lines = [
        line(1, whole.clone()),
        line(2, CatalogueEntry { name: "低保名单".into(), attribute: None, ..whole.clone() }),
        line(3, CatalogueEntry { topic: None, groups: None, ..whole }),
        line(4, entry("没有一级事项的一条")),
        line(5, CatalogueEntry { first_tier: Some("养老".into()), ..entry("津贴") }),
    ];
    assert_comes_back(&lines);
}

#[test]
fn cells_that_begin_like_formulas_are_data() {
    let elements = ["=HYPERLINK(\"http://example.invalid\")", "+1", "-1", "@SUM(A1)", "'=1"];
    let lines: Vec<_> = (0..)
        .zip(elements)
        .map(|(i, text)| line(i, CatalogueEntry { elements: Some(text.into()), ..entry(&format!("事项{i}")) }))
        .collect();
    assert_comes_back(&lines);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("目录.csv");
    write_catalogue(&path, "目录", lines.clone()).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    for start in ["=", "+", "-", "@"] {
        assert!(!written.contains(&format!(",{start}")) && !written.contains(&format!(",\"{start}")), "{written}");
    }
    let path = folder.path().join("目录.xlsx");
    write_catalogue(&path, "目录", lines).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let formulas = book.worksheet_formula("政务公开事项目录").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
}

#[test]
fn the_form_is_that_of_published_catalogues() {
    let of = |name: &str, first: Option<&str>| CatalogueEntry { first_tier: first.map(str::to_owned), ..entry(name) };
    let lines = vec![line(1, of("丙", None)), line(2, of("乙", Some("甲"))), line(3, of("甲", Some("甲")))];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("目录.xlsx");
    write_catalogue(&path, "临澜市政务公开事项目录", lines).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let sheet = book.worksheet_range("政务公开事项目录").unwrap();
    let row =
        |row: u32| -> Vec<String> { (0..15).map(|c| sheet.get_value((row, c)).map(ToString::to_string).unwrap_or_default()).collect() };
    let groups = [
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
        "",
    ];
    assert_eq!(row(1), groups);
    assert_eq!(row(2)[8..], ["全社会", "特定群体", "主动", "依申请", "市级", "县级", "乡级"]);
    assert_eq!((&row(3)[1][..], &row(3)[2][..], &row(4)[1][..], &row(4)[2][..]), ("甲", "乙", "", "甲"), "merged over its lines");
    assert!(row(3)[7].starts_with("□政府网站 □政府公报\n"), "{}", row(3)[7]);
    let merged: Vec<_> = book.merge_cells_by_sheet_name("政务公开事项目录").unwrap().iter().map(|area| (area.start, area.end)).collect();
    assert!(merged.contains(&((3, 1), (4, 1))) && merged.contains(&((5, 1), (5, 2))), "{merged:?}");
}

#[test]
fn what_the_form_cannot_say_is_told() {
    let odd = CatalogueEntry { elements: Some("  两端有空格 ".into()), remark: Some("无".into()), ..entry("甲") };
    let folder = tempfile::tempdir().unwrap();
    let told = write_catalogue(&folder.path().join("目录.xlsx"), "目录", vec![line(1, odd), line(2, entry("乙"))]).unwrap();
    assert_eq!(told, [("LLGK-001".parse().unwrap(), vec!["elements".to_owned(), "remark".to_owned()])]);
}

fn words() -> impl Strategy<Value = String> {
    "[甲乙丙丁=+@'（）、；：0-9a-c]{1,8}".prop_map(|words| text::name(&words)).prop_filter("says something", |words| {
        text::something(words).is_some() && !words.starts_with(['(', '（']) && words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    })
}

fn entries() -> impl Strategy<Value = CatalogueEntry> {
    use OpennessAttribute::{Active, NotDisclosed, OnRequest, Partial};
    let levels = subsequence(Level::ALL.to_vec(), 0..=6);
    let carriers = subsequence(Carrier::ALL.to_vec(), 0..=13);
    let manner = subsequence(vec![Manner::Active, Manner::OnRequest], 0..=2);
    let attribute = option::of(prop::sample::select(vec![Active, Partial, OnRequest, NotDisclosed]));
    let limit = option::of(prop::sample::select(vec!["信息形成或者变更之日起20个工作日内", "实时公开", "按规定", "自批准之日起5日内"]));
    let texts = (words(), option::of(words()), option::of(words()), option::of(words()), option::of(words()));
    (texts, levels, carriers, manner, attribute, limit, any::<bool>()).prop_map(
        |((name, first_tier, elements, topic, step), levels, carriers, manner, attribute, limit, everyone)| CatalogueEntry {
            first_tier,
            elements,
            topic,
            step,
            levels,
            carriers,
            manner,
            attribute,
            time_limit: limit.and_then(DisclosureLimit::read),
            open_to: if everyone { vec![Reach::Everyone] } else { vec![] },
            ..entry(&name)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the export does not name as different comes back, from both forms.
    #[test]
    fn what_goes_out_comes_in(all in vec(entries(), 1..6)) {
        let lines: Vec<_> = all.into_iter().enumerate().map(|(number, entry)| line(number, entry)).collect();
        let folder = tempfile::tempdir().unwrap();
        for file in ["a.xlsx", "a.csv"] {
            let path = folder.path().join(file);
            let told = write_catalogue(&path, "政务公开事项目录", lines.clone()).unwrap();
            prop_assert_eq!(&told, &vec![], "{}", file);
            prop_assert_eq!(read_back(&path).len(), lines.len());
        }
    }
}
