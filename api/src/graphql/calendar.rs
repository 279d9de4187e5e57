//! The working calendar, for everybody: what notices say of a year, as far as the register knows of them.

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::calendar::{Announcement, CalendarAt, Day, Extent};
use journal::SharedJournal;

use super::{
    error::{Failure, failure},
    scalars::Date,
    scope::RequestView,
};

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::calendar::DayKind")]
pub enum DayKind {
    /// 工作日.
    Working,
    /// 周末: a Saturday or Sunday of which no notice says anything.
    Weekend,
    /// 放假: off because a notice says so.
    Holiday,
    /// 调休上班: a Saturday or Sunday that is worked because a notice says so.
    MakeUp,
    /// No notice of its year is known: the week alone does not tell.
    Unknown,
}

/// A day of the working calendar.
#[derive(SimpleObject, Debug, Clone)]
pub struct CalendarDay {
    /// The date in China.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// The holiday that it belongs to, if a notice names the day.
    pub name: Option<String>,
}

/// A notice of the State Council or its General Office on the holidays of a year.
#[derive(SimpleObject, Debug, Clone)]
pub struct CalendarNotice {
    /// The year that it arranges. It may name days of the December before.
    pub year: i32,
    /// Whether it changes some days only; else it arranges the whole year.
    pub changes_only: bool,
    /// Number of the document; null where it is not known.
    pub document: Option<String>,
    /// Where it was published.
    pub papers: Vec<String>,
    /// The day on which it was published; null where it is not known.
    pub published: Option<Date>,
    /// Since when it is known here: from the first moment of the day of publication if it ships with the program, else from the moment at which the
    /// register recorded it.
    pub known_from: DateTime<Utc>,
    /// Whether the register recorded it; else it ships with the program.
    pub recorded: bool,
}

/// A year of the working calendar.
#[derive(Debug)]
pub struct CalendarYear {
    year: i32,
    known: CalendarAt,
}

/// The year of the working calendar, as it is known at the moment of the request; `None` if nothing at all is known of it.
pub async fn load(context: &Context<'_>, year: i32) -> async_graphql::Result<Option<CalendarYear>> {
    let view = context.data::<RequestView>()?;
    let journal = context.data::<SharedJournal>()?;
    let calendar = projections::calendar_up_to(journal.as_ref(), view.snapshot.position()).await.map_err(|error| {
        tracing::error!(%error, "the working calendar cannot be read");
        failure(
            Failure::Unavailable,
            "工作日历暂时无法读取，请稍后再试 / the working calendar cannot be read at present; try again shortly",
        )
    })?;
    let known = calendar.known_at(view.now);
    Ok(known.says_anything_of(year).then_some(CalendarYear { year, known }))
}

/// A year of the working calendar 工作日历, by the notices of the State Council: those that ship with the program, and those that the register
/// recorded.
#[Object]
impl CalendarYear {
    /// The year.
    async fn year(&self) -> i32 {
        self.year
    }

    /// Whether a notice arranges the year, so that each of its days is known. Of other years only those days are known that the notice of a
    /// neighbour names.
    async fn known(&self) -> bool {
        self.known.knows(self.year)
    }

    /// Every day of the year, in order.
    #[graphql(complexity = "366 * child_complexity")]
    async fn days(&self) -> Vec<CalendarDay> {
        self.known.days(self.year).into_iter().map(CalendarDay::from).collect()
    }

    /// The days that notices name, in order: holidays, make-up working days, and working days that are named as such.
    #[graphql(complexity = "50 * child_complexity")]
    async fn named_days(&self) -> Vec<CalendarDay> {
        self.known.named(self.year).into_iter().map(CalendarDay::from).collect()
    }

    /// The notices of which the year is made, in the order in which they became known: its own, and those of its neighbours that name days of it.
    #[graphql(complexity = "5 * child_complexity")]
    async fn notices(&self) -> Vec<CalendarNotice> {
        self.known.announcements(self.year).map(CalendarNotice::from).collect()
    }

    /// The papers on which the year rests, each once.
    async fn papers(&self) -> Vec<&str> {
        let mut papers: Vec<&str> = Vec::new();
        for paper in self.known.announcements(self.year).flat_map(|announcement| &announcement.notice.papers) {
            if !papers.contains(&paper.as_str()) {
                papers.push(paper);
            }
        }
        papers
    }
}

impl From<Day> for CalendarDay {
    fn from(day: Day) -> Self {
        Self { date: Date(day.date), kind: day.kind.into(), name: day.name.map(|name| name.as_ref().to_owned()) }
    }
}

impl From<&Announcement> for CalendarNotice {
    fn from(announcement: &Announcement) -> Self {
        let Announcement { known_from, recorded, notice } = announcement;
        Self {
            year: notice.year,
            changes_only: notice.extent == Extent::Changes,
            document: notice.document.clone(),
            papers: notice.papers.clone(),
            published: notice.published.map(Date),
            known_from: *known_from,
            recorded: *recorded,
        }
    }
}
