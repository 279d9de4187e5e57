use std::{collections::BTreeSet, sync::Arc};

use chrono::{Datelike, NaiveDate};

use super::{
    Announce, Announced, Event, Extent, Notice, Refusal, RefusalKind, State, facts,
    year::{arranged, lacks, missing, rests_on_all, says_the_same},
};
use crate::value::is_web_address;

/// Most notices of one command, so that their events fit into one append.
const MAX_NOTICES: usize = 100;

/// Most days that a notice names.
const MAX_DAYS: usize = 100;

/// Most papers that a notice rests on.
const MAX_PAPERS: usize = 10;

/// Longest name of a holiday, number of a document or address of a paper, in characters.
const MAX_CHARS: usize = 300;

/// Years that a notice may be of: those of the People's Republic that anybody may need here.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2200;

/// Notices that are known already, as they are, lead to nothing. What is taken is taken whole.
pub(super) fn announce(state: &State, command: Announce) -> Result<Vec<Event>, Refusal> {
    if command.notices.len() > MAX_NOTICES {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            None,
            format!("一次最多{MAX_NOTICES}份通知，这里有{}份；请分次导入", command.notices.len()),
            format!("{MAX_NOTICES} notices at once at most, and there are {}: import them in parts", command.notices.len()),
        ));
    }
    let mut notices: Vec<_> = command.notices.into_iter().enumerate().collect();
    for (place, notice) in &mut notices {
        notice.days.sort();
        whole(*place, notice)?;
    }
    // What rests on fewer papers is older, however the files are called.
    notices.sort_by_key(|(_, notice)| (notice.year, notice.papers.len()));
    for (at, (place, notice)) in notices.iter().enumerate() {
        if notices[..at].iter().any(|(_, other)| other.is_of_papers(notice) && other != notice) {
            return Err(contradiction(*place, notice.year));
        }
    }
    let mut known = state.notices.clone();
    let mut events = Vec::new();
    for (place, notice) in notices {
        let last_of_papers = known.iter().rev().find(|other| other.is_of_papers(&notice));
        if last_of_papers.is_some_and(|other| **other == notice) {
            continue;
        }
        if notice.extent == Extent::Year {
            let shipped: Vec<_> = facts::shipped().map(|(_, notice)| notice).collect();
            let of = |year| arranged(shipped.iter().chain(&known), year);
            if says_the_same(&notice, &of(notice.year)) {
                continue;
            }
            is_whole(place, &notice, &of(notice.year - 1))?;
            not_older(place, &notice, &of(notice.year))?;
        }
        let notice = Arc::new(notice);
        known.push(notice.clone());
        events.push(Event::Announced(Announced { notice }));
    }
    Ok(events)
}

/// The notice of a whole year takes the place of what is known of it: one that names a day or two would make a working day of every holiday.
fn is_whole(place: usize, notice: &Notice, before: &[&Arc<Notice>]) -> Result<(), Refusal> {
    let missing = missing(notice, before);
    if missing.is_empty() {
        return Ok(());
    }
    let year = notice.year;
    let (zh, en): (Vec<_>, Vec<_>) = missing.into_iter().unzip();
    Err(Refusal::new(
        RefusalKind::Incomplete,
        Some(place),
        format!("{year}年全年的安排没有写明这些放假日：{}；请核对文件是否完整", zh.join("、")),
        format!("the notice of the whole year {year} does not name these as days off: {}; check whether the file is whole", en.join("; ")),
    ))
}

/// What is known of the year does not rest on all papers of the notice, and on further ones.
fn not_older(place: usize, notice: &Notice, known: &[&Arc<Notice>]) -> Result<(), Refusal> {
    let lacks = lacks(notice, known);
    if lacks.is_empty() || !rests_on_all(notice, known) {
        return Ok(());
    }
    let (year, papers) = (notice.year, lacks.join(" "));
    Err(Refusal::new(
        RefusalKind::Older,
        Some(place),
        format!("已知的{year}年安排除这一份的文件外，还依据：{papers}；请用包含全部文件的数据"),
        format!(
            "what is known of {year} rests on the papers of this one and on further ones: {papers}; take data that rest on all of them"
        ),
    ))
}

fn whole(place: usize, notice: &Notice) -> Result<(), Refusal> {
    let Notice { year, document, papers, days, .. } = notice;
    let incomplete = |zh: &str, en: &str| {
        let (zh, en) = (format!("{year}年的通知{zh}"), format!("the notice of {year} {en}"));
        Err(Refusal::new(RefusalKind::Incomplete, Some(place), zh, en))
    };
    if !YEARS.contains(year) {
        return incomplete("年份不对；请核对", "is of no such year: check it");
    }
    if papers.is_empty() {
        return incomplete("没有写明公布的文件；请补上文件的网址或文号", "names no paper: say where it was published, or its number");
    }
    if days.is_empty() {
        return incomplete("没有任何一天的安排；请核对", "arranges no day: check it");
    }
    if days.len() > MAX_DAYS || papers.len() > MAX_PAPERS {
        let (zh, en) = (
            format!("{year}年的通知有{}天、{}份文件，最多{MAX_DAYS}天、{MAX_PAPERS}份；请核对", days.len(), papers.len()),
            format!(
                "the notice of {year} has {} days and {} papers, {MAX_DAYS} and {MAX_PAPERS} at most: check it",
                days.len(),
                papers.len()
            ),
        );
        return Err(Refusal::new(RefusalKind::TooLarge, Some(place), zh, en));
    }
    let is_word = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control);
    let mut words = papers.iter().chain(document).chain(days.iter().map(|day| &day.name));
    if !words.all(|text| is_word(text)) {
        return incomplete(
            "有空白、过长或含控制字符的名称、文号或网址；请核对",
            "has a name, a number or an address that is empty, too long or has control characters: check it",
        );
    }
    if !papers.iter().all(|paper| is_web_address(paper) || is_number_of_document(paper)) {
        return incomplete(
            "的文件应为http://或https://开头的网址，或文号；请核对",
            "has a paper that is neither an address that begins with http:// or https:// nor the number of a document: check it",
        );
    }
    let mut seen = BTreeSet::new();
    for day in days {
        if !is_near(day.date, *year) {
            return Err(Refusal::new(
                RefusalKind::DayOutside,
                Some(place),
                format!("{year}年的通知写有{}，不在该年及前后一个月内；请核对", day.date),
                format!("the notice of {year} names {}, which is neither in the year nor in the month before or after: check it", day.date),
            ));
        }
        if !seen.insert(day.date) {
            return Err(Refusal::new(
                RefusalKind::DayTwice,
                Some(place),
                format!("{year}年的通知两次写有{}；请核对", day.date),
                format!("the notice of {year} names {} twice: check it", day.date),
            ));
        }
    }
    Ok(())
}

/// In the year, in the December before it, or in the January after it.
fn is_near(date: NaiveDate, year: i32) -> bool {
    (date.year() == year) || (date.year() == year - 1 && date.month() == 12) || (date.year() == year + 1 && date.month() == 1)
}

fn contradiction(place: usize, year: i32) -> Refusal {
    Refusal::new(
        RefusalKind::Contradiction,
        Some(place),
        format!("{year}年的两份数据依据同样的文件，内容却不同；请只留下正确的一份"),
        format!("two files rest on the same papers of {year} and say different things: leave the right one only"),
    )
}

/// Whether a text is written as documents are numbered, e.g. 国办发明电〔2025〕7号.
fn is_number_of_document(text: &str) -> bool {
    text.ends_with('号') && text.chars().any(|sign| sign.is_ascii_digit())
}
