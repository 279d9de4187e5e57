//! A year as its notices arrange it, and what the notice of a whole year has to name.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Datelike, NaiveDate};

use super::{Extent, NamedDay, Notice};

/// Fewest days off at the Spring Festival: the law knows three since 1949.
const SPRING_FESTIVAL: usize = 3;

/// The notices by which a year is arranged now: the last one of the whole year, and what changed it since.
pub(super) fn arranged<'n>(known: impl Iterator<Item = &'n Arc<Notice>>, year: i32) -> Vec<&'n Arc<Notice>> {
    let of_year: Vec<_> = known.filter(|notice| notice.year == year).collect();
    let from = of_year.iter().rposition(|notice| notice.extent == Extent::Year).unwrap_or(0);
    of_year[from..].to_vec()
}

/// What notices say of days, each by the last that names it.
fn said<'n>(notices: &[&'n Arc<Notice>]) -> BTreeMap<NaiveDate, &'n NamedDay> {
    notices.iter().flat_map(|notice| &notice.days).map(|day| (day.date, day)).collect()
}

/// Whether the notice of a year says nothing that its arrangement does not: of the same papers the same days.
pub(super) fn says_the_same(notice: &Notice, arranged: &[&Arc<Notice>]) -> bool {
    let known: BTreeMap<_, _> = said(arranged);
    let own: BTreeMap<_, _> = notice.days.iter().map(|day| (day.date, day)).collect();
    notice.extent == Extent::Year
        && !arranged.is_empty()
        && lacks(notice, arranged).is_empty()
        && rests_on_all(notice, arranged)
        && known == own
}

/// Whether an arrangement rests on all papers of a notice.
pub(super) fn rests_on_all(notice: &Notice, arranged: &[&Arc<Notice>]) -> bool {
    notice.papers.iter().all(|paper| arranged.iter().any(|other| other.rests_on(paper)))
}

/// The papers of an arrangement that a notice does not rest on.
pub(super) fn lacks<'n>(notice: &Notice, arranged: &[&'n Arc<Notice>]) -> Vec<&'n str> {
    let papers = arranged.iter().flat_map(|other| &other.papers).filter(|paper| !notice.rests_on(paper));
    papers.map(String::as_str).collect()
}

/// What the notice of a whole year does not name as days off, though every year has it, in both languages. `before`: the arrangement of the year before,
/// which may name the first of January.
pub(super) fn missing(notice: &Notice, before: &[&Arc<Notice>]) -> Vec<(&'static str, &'static str)> {
    let off = |date: &NaiveDate| notice.days.iter().any(|day| day.off && day.date == *date);
    let day = |month, day| NaiveDate::from_ymd_opt(notice.year, month, day);
    let named = |month, of| day(month, of).is_some_and(|date| off(&date));
    let new_year = day(1, 1).is_some_and(|date| off(&date) || said(before).get(&date).is_some_and(|day| day.off));
    let in_spring = |date: NaiveDate| date.year() == notice.year && ((1, 20)..=(2, 25)).contains(&(date.month(), date.day()));
    let spring = notice.days.iter().filter(|day| day.off && in_spring(day.date)).count();
    [
        (new_year, ("元旦（1月1日）", "New Year (1 January)")),
        (
            spring >= SPRING_FESTIVAL,
            ("春节（1月20日至2月25日间至少3天）", "the Spring Festival (three days at least from 20 January to 25 February)"),
        ),
        (named(5, 1), ("劳动节（5月1日）", "Labour Day (1 May)")),
        (named(10, 1), ("国庆节（10月1日）", "National Day (1 October)")),
    ]
    .into_iter()
    .filter_map(|(is_named, words)| (!is_named).then_some(words))
    .collect()
}
