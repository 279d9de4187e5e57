use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    calendar::{CalendarAt, china},
    deadline::sight::Sight,
    deadline::{DeadlineRules, Event, Judgement, Rule, Rules, Status},
    envelope::{Code, EntryName},
    receipt::RULE,
};
use exchange::evidence::{CalendarFacts, DeadlineOf, Revision};
use journal::{Journal, SharedJournal, load_of};
use projections::{DeadlineCase, DeadlineQuery, Deadlines, sight_of};

use super::NoEvidence;

/// Most days that are told one by one.
const MOST_DAYS: usize = 400;

/// What is asked of an entry.
pub(super) struct Of<'e> {
    /// Its name.
    pub(super) entry: &'e EntryName,
    /// Its revisions that are told of.
    pub(super) revisions: &'e [Revision],
    /// Since when the register has receipts.
    pub(super) receipts_since: Option<DateTime<Utc>>,
    /// What was known then.
    pub(super) known_at: DateTime<Utc>,
}

/// What the deadlines of revisions depend on, as it was known at a moment, by a journal as it was known then. Where they stand and why is what
/// `tongyuan deadlines` says.
pub(super) async fn of(journal: SharedJournal, of: Of<'_>) -> Result<CalendarFacts, NoEvidence> {
    let calendar = projections::calendar(journal.as_ref()).await?.known_at(of.known_at);
    let rules = rules(journal.as_ref()).await?;
    let query = DeadlineQuery { rule: RULE.parse().ok(), entry: Some(of.entry.clone()), ..DeadlineQuery::default() };
    let page = Deadlines::new(journal.clone()).page(&query, |_| true, (of.known_at, None), (None, usize::MAX)).await?;
    let mut cases: BTreeMap<u32, DeadlineCase> = page.cases.into_iter().filter_map(|case| Some((case.revision?, case))).collect();
    let mut deadlines = Vec::new();
    // What reaches no channel has nothing to be shown in time.
    for revision in of.revisions.iter().filter(|revision| revision.content_hash.is_some()) {
        let Some(sight) = sight_of(journal.as_ref(), of.entry, revision.number).await? else { continue };
        let (rule, judgement, words) = match cases.remove(&revision.number) {
            Some(case) => (case.rule.as_ref().clone(), case.judgement, None),
            None => match before_receipts(revision, &sight, of.receipts_since, &rules, &calendar) {
                Some(unknown) => unknown,
                None => continue,
            },
        };
        deadlines.push(deadline(revision, (rule, judgement, words), &sight, &calendar));
    }
    let years = deadlines.iter().map(years).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let notices = years.map(|(first, last)| calendar.announcements_of(first..=last).cloned().collect()).unwrap_or_default();
    Ok(CalendarFacts { receipts_since: of.receipts_since, notices, deadlines })
}

async fn rules(journal: &dyn Journal) -> Result<Rules, NoEvidence> {
    let laid_down = load_of::<DeadlineRules>(journal, &Code::of_country()).await?.history.into_iter().map(|past| {
        let Event::Ruled(ruled) = past.event;
        (past.metadata.at, ruled)
    });
    Ok(Rules::new(laid_down))
}

/// Words of a reason, in Chinese and English.
type Reason = (String, String);

/// Of what had to be shown before the register had receipts and is not proven there is no case: it is not known (see `docs/deadlines.md`).
fn before_receipts(
    revision: &Revision,
    sight: &Sight,
    since: Option<DateTime<Utc>>,
    rules: &Rules,
    calendar: &CalendarAt,
) -> Option<(Rule, Judgement, Option<Reason>)> {
    let rule = rules.all_in_force(revision.approved_at).into_iter().find(|rule| rule.code.as_str() == RULE)?;
    let mut judgement = rule.judge_in_sight(sight, &[], calendar, calendar.at());
    judgement.status = Status::Unknown;
    let words = since.map_or_else(
        || {
            (
                "本登记册尚无回执，是否按时展示无从证明".to_owned(),
                "the register has no receipts yet: whether it was shown in time cannot be proven".to_owned(),
            )
        },
        |since| {
            let since = china::spoken(since);
            let zh = format!("本登记册自{since}起才有回执，此前是否按时展示无从证明");
            (zh, format!("the register has receipts only since {since} China time: whether it was shown in time cannot be proven"))
        },
    );
    Some((rule.clone(), judgement, Some(words)))
}

fn deadline(
    revision: &Revision,
    (rule, judgement, words): (Rule, Judgement, Option<Reason>),
    sight: &Sight,
    calendar: &CalendarAt,
) -> DeadlineOf {
    let from = judgement.start.unwrap_or(revision.approved_at);
    let last = judgement.due.map_or_else(|unknown| unknown.day, |due| due.last_day);
    let days = china::date_of(from).iter_days().skip(1).take_while(|day| *day <= last).take(MOST_DAYS);
    let (zh, en) = words.unwrap_or_else(|| (judgement.zh(), judgement.en()));
    DeadlineOf {
        revision: revision.number,
        trigger: revision.approved_at,
        sight: sight.steps().to_vec(),
        start: judgement.start,
        rule,
        due: judgement.ends().map(|due| (due.last_day, due.at)),
        unknown: judgement.start.and(judgement.due.err()),
        days: days.map(|day| calendar.day(day)).collect(),
        status: judgement.status,
        zh,
        en,
    }
}

/// The years of which the notices count: from the trigger to the end, and the next one where that lies in its last days.
fn years(deadline: &DeadlineOf) -> (i32, i32) {
    let first = china::date_of(deadline.trigger);
    let last: NaiveDate = deadline.days.last().map_or(first, |day| day.date);
    let next = last.month() == 12 && last.day() > 15;
    (first.year(), last.year() + i32::from(next))
}
