//! How the register comes to know of notices: given, when, then. And the facts that ship with it, held against the data where they are.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use domain::{
    calendar::{Announce, Announced, Calendar, Event, Extent, NamedDay, Notice, Refusal, WorkingCalendar},
    decider::{Circumstances, Decider},
    envelope::ActorId,
    scenario::{Given, RefusalCode as _, given},
};
use serde::Deserialize;
use uuid::Uuid;

/// What is known of a year from one paper.
fn notice(year: i32, papers: &[&str]) -> Notice {
    let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let eve = NamedDay { date: new_year.pred_opt().unwrap(), name: "元旦".into(), off: false };
    let off = |month, day, name: &str| NamedDay { date: NaiveDate::from_ymd_opt(year, month, day).unwrap(), name: name.into(), off: true };
    let spring = (10..13).map(|day| off(2, day, "春节"));
    let others = [off(1, 1, "元旦"), off(5, 1, "劳动节"), off(10, 1, "国庆节")];
    let mut days: Vec<_> = [eve].into_iter().chain(spring).chain(others).collect();
    days.sort();
    let papers = papers.iter().map(|paper| format!("https://www.gov.cn/{paper}")).collect();
    Notice { year, extent: Extent::Year, document: None, papers, published: None, days }
}

fn announce(notices: impl Into<Vec<Notice>>) -> Announce {
    Announce { notices: notices.into() }
}

fn announced(notice: Notice) -> Event {
    Event::Announced(Announced { notice: Arc::new(notice) })
}

/// What is decided of a notice beside others that were announced.
fn decided(known: &[Notice], notice: Notice) -> Result<Vec<Event>, Refusal> {
    let events: Vec<_> = known.iter().cloned().map(announced).collect();
    let circumstances = Circumstances::of_import("2026-12-01T00:00:00Z".parse().unwrap(), ActorId::new("test"), Uuid::nil());
    WorkingCalendar::decide(&WorkingCalendar::fold(&events), announce([notice]), &circumstances)
}

fn known(notices: impl IntoIterator<Item = Notice>) -> Given<WorkingCalendar> {
    given(notices.into_iter().map(announced))
}

#[test]
fn a_notice_becomes_known() {
    known([]).when(announce([notice(2027, &["a"])])).then([announced(notice(2027, &["a"]))]);
}

#[test]
fn the_same_notice_again_is_already_so() {
    known([notice(2027, &["a"])]).when(announce([notice(2027, &["a"])])).then_nothing();
    known([]).when(announce([notice(2027, &["a"]), notice(2027, &["a"])])).then([announced(notice(2027, &["a"]))]);
}

#[test]
fn it_stays_so_after_a_later_paper_changed_the_year() {
    known([notice(2027, &["a"]), notice(2027, &["a", "b"])])
        .when(announce([notice(2027, &["a", "b"]), notice(2027, &["a"])]))
        .then_nothing();
}

#[test]
fn of_several_the_one_with_fewer_papers_goes_first_whatever_their_order() {
    let both = [notice(2027, &["a", "b"]), notice(2027, &["a"])];
    known([]).when(announce(both)).then([announced(notice(2027, &["a"])), announced(notice(2027, &["a", "b"]))]);
}

#[test]
fn what_was_mistyped_is_mended_by_the_same_papers_and_mended_again() {
    let wrong = Notice { days: notice(2027, &["a"]).days[1..].to_vec(), ..notice(2027, &["a"]) };
    known([wrong.clone()]).when(announce([notice(2027, &["a"])])).then([announced(notice(2027, &["a"]))]);
    known([notice(2027, &["a"]), wrong]).when(announce([notice(2027, &["a"])])).then([announced(notice(2027, &["a"]))]);
}

#[test]
fn what_rests_on_fewer_papers_than_is_known_is_refused() {
    known([notice(2027, &["a", "b"])]).when(announce([notice(2027, &["a"])])).then_refused("NOTICE_OLDER");
    // Also where the register ships with the later paper.
    let first_of_2020 = notice(2020, &["zhengce/zhengceku/2019-11/21/content_5454164.htm"]);
    known([]).when(announce([first_of_2020])).then_refused("NOTICE_OLDER");
    let both_of_2020 =
        notice(2020, &["zhengce/zhengceku/2019-11/21/content_5454164.htm", "zhengce/zhengceku/2020-01/27/content_5472352.htm"]);
    known([]).when(announce([both_of_2020.clone()])).then([announced(both_of_2020)]);
}

#[test]
fn it_is_told_which_papers_it_lacks_and_what_no_longer_holds_does_not_count() {
    let older = decided(&[notice(2027, &["a", "b"])], notice(2027, &["a"])).unwrap_err();
    assert!(
        older.zh.contains("https://www.gov.cn/b") && older.en.contains("https://www.gov.cn/b") && !older.en.contains("later"),
        "{older}"
    );
    // A mistake of other papers was replaced as a whole: nothing of it stands against the next.
    let mended = Notice { days: notice(2027, &["b"]).days[1..].to_vec(), ..notice(2027, &["b"]) };
    assert_eq!(decided(&[notice(2027, &["a"]), notice(2027, &["b"])], mended.clone()), Ok(vec![announced(mended)]));
}

#[test]
fn the_notice_of_a_year_names_the_holidays_that_every_year_has() {
    let without = |day: (u32, u32)| {
        let whole = notice(2027, &["a"]);
        Notice { days: whole.days.iter().filter(|named| (named.date.month(), named.date.day()) != day).cloned().collect(), ..whole }
    };
    for (day, told) in [((1, 1), "1月1日"), ((2, 11), "春节"), ((5, 1), "5月1日"), ((10, 1), "10月1日")] {
        let said = decided(&[], without(day)).unwrap_err();
        assert!(said.code() == "NOTICE_INCOMPLETE" && said.zh.contains(told), "{said}");
    }
    // The first of January may stand in the notice of the year before.
    let new_year = NamedDay { date: NaiveDate::from_ymd_opt(2028, 1, 1).unwrap(), name: "元旦".into(), off: true };
    let mut before = notice(2027, &["a"]);
    before.days.push(new_year.clone());
    let mut after = notice(2028, &["b"]);
    after.days.retain(|day| day.date != new_year.date);
    known([before]).when(announce([after.clone()])).then([announced(after.clone())]);
    known([]).when(announce([after])).then_refused("NOTICE_INCOMPLETE");
    // What changes some days names those only.
    let change = Notice { extent: Extent::Changes, days: notice(2027, &["a"]).days[..1].to_vec(), ..notice(2027, &["b"]) };
    known([notice(2027, &["a"])]).when(announce([change.clone()])).then([announced(change)]);
}

#[test]
fn two_that_say_different_things_of_the_same_paper_are_refused_together() {
    let other = Notice { days: notice(2027, &["a"]).days[1..].to_vec(), ..notice(2027, &["a"]) };
    known([]).when(announce([notice(2028, &["c"]), notice(2027, &["a"]), other])).then_refused("NOTICE_CONTRADICTION");
}

#[test]
fn days_are_kept_in_order() {
    let mut days = notice(2027, &["a"]).days;
    days.reverse();
    known([]).when(announce([Notice { days, ..notice(2027, &["a"]) }])).then([announced(notice(2027, &["a"]))]);
}

#[test]
fn a_notice_says_its_year_its_paper_and_its_days() {
    let whole = notice(2027, &["a"]);
    let long = "长".repeat(301);
    let named = |name: &str| NamedDay { name: name.into(), ..whole.days[0].clone() };
    for (wrong, code) in [
        (Notice { papers: vec![], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { papers: vec![" ".into()], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { papers: vec!["javascript:alert(1)".into()], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { papers: vec!["通知".into()], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { papers: vec!["/zhengce/1.htm".into()], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { papers: vec!["国办发明电〔2026〕9号".into(), "data:text/html,x".into()], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { days: vec![], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { days: vec![named("")], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { days: vec![named("元\u{7}旦")], ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { document: Some(long), ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { year: 20_270, ..whole.clone() }, "NOTICE_INCOMPLETE"),
        (Notice { year: 2029, ..whole.clone() }, "NOTICE_DAY_OUTSIDE"),
        (Notice { days: vec![named("甲"), named("乙")], ..whole.clone() }, "NOTICE_DAY_TWICE"),
        (Notice { days: vec![named("甲"); 101], ..whole.clone() }, "NOTICE_TOO_LARGE"),
        (Notice { papers: vec!["p".into(); 11], ..whole.clone() }, "NOTICE_TOO_LARGE"),
    ] {
        known([]).when(announce([whole.clone(), wrong])).then_refused(code);
    }
    let many: Vec<_> = (2027..2128).map(|year| notice(year, &["a"])).collect();
    known([]).when(announce(many)).then_refused("NOTICE_TOO_LARGE");
}

/// A year as the data have it.
#[derive(Deserialize)]
struct Data {
    year: i32,
    papers: Vec<String>,
    days: Vec<DataDay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataDay {
    name: String,
    date: NaiveDate,
    is_off_day: bool,
}

#[test]
fn the_facts_that_ship_are_those_of_the_data() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/holidays");
    if !folder.is_dir() {
        println!("SKIPPED the facts of the calendar against the data: ../shared/data/holidays is not there");
        return;
    }
    let calendar = Calendar::shipped();
    for year in 2007..=2026 {
        let data: Data = serde_json::from_slice(&fs::read(folder.join(format!("{year}.json"))).unwrap()).unwrap();
        assert_eq!(data.year, year);
        // As the year was known at its end, without what the next notice says of it.
        let known = calendar.known_at(DateTime::UNIX_EPOCH + TimeDelta::days(365 * 200));
        let of_year = || known.announcements(year).filter(|known| known.notice.year == year);
        let papers: Vec<_> = of_year().flat_map(|known| known.notice.papers.clone()).collect();
        assert_eq!(papers, data.papers, "{year}");
        assert!(of_year().all(|known| !known.recorded));
        let mut days: Vec<NamedDay> = Vec::new();
        for day in of_year().flat_map(|known| &known.notice.days) {
            days.retain(|before| before.date != day.date);
            days.push(day.clone());
        }
        days.sort();
        let expected: Vec<_> = data.days.into_iter().map(|day| NamedDay { date: day.date, name: day.name, off: day.is_off_day }).collect();
        assert_eq!(days, expected, "{year}");
    }
}
