//! The openness catalogue goes out and comes in as files (Art. 5(3)).

use std::{collections::BTreeMap, fs, path::Path};

use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

use super::{
    import::{Desk, assert_account},
    process::on,
};

/// A catalogue as a county publishes it, with the first tier merged over two rows.
fn published(path: &Path, limit: &str) {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let plain = Format::new();
    let top =
        ["序号", "公开事项", "", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开方式", "", "公开层级", ""];
    let below = ["", "一级事项", "二级事项", "", "", "", "", "", "主动", "依申请", "县级", "乡级"];
    page.merge_range(0, 0, 0, 11, "东海县社会救助领域基层政务公开标准目录（2024年版）", &plain).unwrap();
    for (column, text) in (0_u16..).zip(top) {
        page.write_string(1, column, text).unwrap();
    }
    for (column, text) in (0_u16..).zip(below) {
        page.write_string(2, column, text).unwrap();
    }
    page.merge_range(1, 1, 1, 2, "公开事项", &plain).unwrap();
    page.merge_range(3, 1, 4, 1, "最低生活保障", &plain).unwrap();
    let boxes = "■政府网站 □政府公报 □两微一端\n■社区/企事业单位/村公示栏（电子屏）\n□其他";
    let law = "《社会救助暂行办法》（国务院令第649号）第十一条";
    let rows = [
        ["1", "", "审核信息", "名单、金额", law, limit, "县民政局", boxes, "√", "", "√", "√"],
        ["2", "", "审批信息", "名单、金额", "同上", "同上", "同上", "t政府网站 口政府公报", "√", "", "√", ""],
        ["3", "核对报告", "", "家庭财产", "", "", "县民政局", "", "", "√", "√", ""],
        ["备注：涉及个人隐私的除外", "", "", "", "", "", "", "", "", "", "", ""],
    ];
    for (row, cells) in (3_u32..).zip(rows) {
        let is_merged = |column: u16| row < 5 && column == 1;
        for (column, text) in (0_u16..).zip(cells).filter(|(column, text)| !text.is_empty() && !is_merged(*column)) {
            page.write_string(row, column, text).unwrap();
        }
    }
    book.save(path).unwrap();
}

/// The contents of the catalogue by code, read from the journal of a folder as `history` tells it.
fn shown(data: &Path, codes: &[String]) -> BTreeMap<String, Value> {
    let one = |code: &String| {
        let said = on(data, &["show", "openness", code, "--json"]).ok().json();
        (code.clone(), said["content"].clone())
    };
    codes.iter().map(one).collect()
}

fn codes(report: &Path) -> Vec<String> {
    let text = fs::read_to_string(report).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let place = lines.next().unwrap().split(',').position(|heading| heading.contains("code") || heading.contains("编码")).unwrap();
    lines
        .filter_map(|line| line.split(',').nth(place))
        .filter(|code| code.starts_with("TYC") || code.starts_with("LLGK"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_published_catalogue_is_taken_over_once_and_revised_by_the_next() {
    let desk = Desk::new();
    let list = desk.data().with_file_name("目录.xlsx");
    published(&list, "信息形成或者变更之日起20个工作日内");
    let first = desk.import(&list, &[]).ok();
    assert_account(&first.json(), [3, 0, 0, 0, 1]);
    assert_eq!(first.json()["entries"]["openness"]["adopted"], 3);
    assert_account(&desk.import(&list, &[]).ok().json(), [0, 0, 3, 0, 1]);
    published(&list, "信息形成或者变更之日起7个工作日内");
    assert_account(&desk.import(&list, &["--edition", "2025"]).ok().json(), [0, 2, 1, 0, 1]);
}

#[test]
fn what_goes_out_of_the_sample_comes_into_an_empty_register_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    on(&demo, &["demo"]).ok();
    for form in ["xlsx", "csv"] {
        let out = folder.path().join(format!("目录.{form}"));
        let told = on(&demo, &["export", "catalogue", "--out", out.to_str().unwrap(), "--json"]).ok().json();
        assert_eq!((&told["written"], &told["differences"]), (&14.into(), &Value::Array(vec![])), "{told}");
        let (fresh, report) = (folder.path().join(form), folder.path().join(format!("{form}.report.csv")));
        let import = ["import", out.to_str().unwrap(), "--json", "--report", report.to_str().unwrap()];
        let account = on(&fresh, &import).ok().json();
        assert_account(&account, [14, 0, 0, 0, 0]);
        // What its lines are attached to is not there: the account says so, and so does the row.
        assert!(account["findings"]["CATALOGUE_ITEM_NOT_IN_FORCE"].as_u64().is_some_and(|found| found > 0), "{account}");
        assert!(fs::read_to_string(&report).unwrap().contains("CATALOGUE_ITEM_NOT_IN_FORCE [item]"));
        assert_account(&on(&fresh, &import).ok().json(), [0, 0, 14, 0, 0]);
        let codes = codes(&report);
        assert_eq!(codes.len(), 14);
        assert_eq!(shown(&fresh, &codes), shown(&demo, &codes), "{form}");
        // Into the register that it came from nothing changes: not an agency of which it says less, nor a line of which more is announced.
        let back = on(&demo, &["import", out.to_str().unwrap(), "--json"]).ok().json();
        assert_account(&back, [0, 0, 14, 0, 0]);
        assert_eq!(back["entries"].get("agency"), None, "{back}");
        assert_eq!(back["findings"].get("CATALOGUE_ITEM_NOT_IN_FORCE"), None, "there it is: {back}");
    }
}

#[test]
fn what_was_in_force_at_a_moment_goes_out_as_it_was_known_then() {
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    on(&demo, &["demo"]).ok();
    let lines = |at: &str| {
        let out = folder.path().join("目录.csv");
        on(&demo, &["export", "catalogue", "--out", out.to_str().unwrap(), "--at", at]).ok();
        fs::read_to_string(&out).unwrap()
    };
    let day = |days: i64| (api::app::system_clock()() + chrono::TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    assert!(!lines(&day(-200)).contains("LLGK-"), "before there was any");
    assert!(lines(&day(-100)).contains("信息形成或者变更之日起7个工作日内"));
    let (now, later) = (lines(&day(0)), lines(&day(40)));
    assert!(now.contains("长期公开") && !later.contains("长期公开"), "an announced revision comes into force");
}

#[test]
fn an_ending_that_is_none_and_a_folder_that_is_not_there_are_told() {
    let folder = tempfile::tempdir().unwrap();
    on(folder.path(), &["export", "catalogue", "--out", "目录.pdf"]).failed(&["目录.pdf"]);
    let out = folder.path().join("目录.xlsx");
    on(&folder.path().join("nothing"), &["export", "catalogue", "--out", out.to_str().unwrap()]).failed(&["tongyuan init"]);
    assert!(!out.exists());
    // An agency that there is not was mistyped; one that has no line yet is told as such.
    let demo = folder.path().join("demo");
    on(&demo, &["demo"]).ok();
    let of = |agency: &str| on(&demo, &["export", "catalogue", "--out", out.to_str().unwrap(), "--agency", agency]);
    of("NOSUCHAGENCY").failed(&["NOSUCHAGENCY", "check the code"]);
    assert!(!out.exists());
    of("1199010040310236XL").ok();
}
