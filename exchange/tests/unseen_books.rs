//! Books of other cities with headings and cells that were in no list before: what a column says goes where it belongs.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::value::TimeLimit;
use exchange::Reading;
use support::{Sheet, book, guide, outcomes, read, rows};

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
