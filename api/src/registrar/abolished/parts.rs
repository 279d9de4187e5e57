use chrono::{DateTime, Utc};
use domain::{
    changeset::Step,
    entry::{Refusal, RefusalKind},
    envelope::{Code, EntryName},
    register::Register,
};
use journal::LoadError;

use super::{
    super::{
        change::Desk,
        changeset::{Change, MemberRefused, open_of},
    },
    Abolished, Asking,
};
use crate::auth::Caller;

/// Guides of an agency whose revisions are one set.
pub(super) struct Part<'a> {
    /// Whether later revisions of them are announced.
    pub(super) is_upcoming: bool,
    pub(super) guides: Vec<&'a Asking>,
}

impl Part<'_> {
    /// The revisions.
    pub(super) fn revisions(&self) -> Vec<Change> {
        self.guides.iter().map(|asking| Change::to(asking.code.clone(), asking.without(), None)).collect()
    }

    /// The first moment for which all of them can be approved; `None`: any.
    pub(super) fn first_moment(&self) -> Option<DateTime<Utc>> {
        self.guides.iter().filter_map(|asking| asking.upcoming).max().filter(|_| self.is_upcoming)
    }

    /// The guides as they are left out of the other part, each with the reason.
    pub(super) fn left_out(&self) -> Vec<MemberRefused> {
        let (zh, en) = if self.is_upcoming {
            (
                "该指南另有已公布、尚未生效的版本，其修订不能早于该版本，另列一个变更集（upcoming: true）",
                "a later revision of the guide is announced and nothing can hold before it: its revision is in a set of its own (upcoming: true)",
            )
        } else {
            (
                "该指南没有待生效的版本，其修订在另一个变更集（upcoming: false）",
                "no later revision of the guide is announced: its revision is in the other set (upcoming: false)",
            )
        };
        let of = |asking: &&Asking| MemberRefused {
            entry: EntryName::new(Register::Guide, asking.code.clone()),
            refused: Refusal::new(RefusalKind::EffectiveTooEarly, Some("upcoming"), zh, en).into(),
            possible_from: asking.upcoming,
        };
        self.guides.iter().map(of).collect()
    }
}

/// The guides of an agency in two parts: those whose revisions can be approved for any day, and those that have an announced later revision. With these a
/// set could be approved for no day before, and they would hold up the others. What is a member of a set on its way stays with it.
pub(super) async fn parts<'a>(desk: &Desk, caller: &Caller, abolished: &'a Abolished, agency: &Code) -> Result<[Part<'a>; 2], LoadError> {
    let from = |upcoming| abolished.occasion(agency, upcoming, None);
    // One that was returned because of them is proposed again without them.
    let plain = open_of(desk, caller, &from(false)).await?.filter(|set| set.step != Step::Returned);
    let upcoming = open_of(desk, caller, &from(true)).await?;
    let is_in = |set: &Option<domain::changeset::State>, asking: &Asking| {
        set.as_ref().is_some_and(|set| set.members.iter().any(|member| member.code == asking.code))
    };
    let is_upcoming = |asking: &&Asking| is_in(&upcoming, asking) || (asking.upcoming.is_some() && !is_in(&plain, asking));
    let own = abolished.guides.iter().filter(|asking| asking.until.is_none() && asking.guide.agency == *agency);
    let (later, now) = own.partition(is_upcoming);
    Ok([Part { is_upcoming: false, guides: now }, Part { is_upcoming: true, guides: later }])
}
