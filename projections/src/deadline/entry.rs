//! What is kept of an entry, so that its cases are known and told to nobody who may not know of it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    codec::Registered,
    deadline::sight::Story,
    entry::Publication,
    envelope::{Code, EntryName},
    register::on_channel,
    value::{Channel, Hash, OpennessAttribute},
};

use super::occurred::Acted;

/// A published revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) effective_from: DateTime<Utc>,
    pub(super) recorded_at: DateTime<Utc>,
    /// Whether it reaches the channels.
    pub(super) reaches: bool,
    /// Whether anything of it is withheld, or given on request only.
    pub(super) withholds: bool,
    pub(super) agency: Option<Code>,
}

/// That a channel shows a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) revision: u32,
    pub(super) acted: Acted,
}

/// What is drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drafted {
    pub(super) agency: Option<Code>,
    /// Whether it is to reach the channels.
    pub(super) reaches: bool,
    /// Date of the document by which its list was issued, if it comes from one.
    pub(super) date: Option<NaiveDate>,
}

/// From when to when something was withheld, and whose that was.
pub(super) type Withheld = Vec<(Option<Code>, DateTime<Utc>, Option<DateTime<Utc>>)>;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: EntryName,
    /// By the time from which they hold; of two of one moment the later one last.
    pub(super) timeline: Vec<Kept>,
    /// Who answers for the revision that comes into force last, and when it does.
    pub(super) latest: Option<(DateTime<Utc>, Option<Code>)>,
    /// The draft on its way, or the last one that there was.
    pub(super) drafted: Option<Drafted>,
    /// When it ceases, and when that was recorded.
    pub(super) repeal: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// What bears on whether channels can show it.
    pub(super) story: Story,
    /// That channels show it, by receipts.
    pub(super) shown: Vec<Shown>,
    /// The case of its draft: information that is formed or changed.
    pub(super) forming: Option<u32>,
    /// The case of a draft that was approved with a change set which has not reached it.
    pub(super) owed: Option<u32>,
    /// The reports that are neither answered by a revision nor dismissed.
    pub(super) reports: Vec<u32>,
    /// Everything that ever happened to it which begins a deadline.
    pub(super) occurrences: Vec<u32>,
}

impl Row {
    pub(super) fn new(name: EntryName) -> Self {
        Self {
            name,
            timeline: Vec::new(),
            latest: None,
            drafted: None,
            repeal: None,
            story: Story::default(),
            shown: Vec::new(),
            forming: None,
            owed: None,
            reports: Vec::new(),
            occurrences: Vec::new(),
        }
    }

    /// Notes a revision. `adopted`: of what was taken over the last one counts, also before one that is upcoming.
    pub(super) fn publish(&mut self, kept: Kept, adopted: bool) {
        let earlier = self.latest.as_ref().is_some_and(|(latest, _)| *latest > kept.effective_from);
        if adopted || !earlier {
            self.latest = Some((kept.effective_from, kept.agency.clone()));
        }
        let place = self.timeline.partition_point(|other| other.effective_from <= kept.effective_from);
        self.timeline.insert(place, kept);
    }

    /// Who answers for it; the inner `None`: the city. By what comes into force last, or by what is drafted.
    #[expect(clippy::option_option, reason = "nobody yet, the city, an agency")]
    pub(super) fn agency(&self) -> Option<Option<&Code>> {
        let latest = self.latest.as_ref().map(|(_, agency)| agency.as_ref());
        latest.or_else(|| self.drafted.as_ref().map(|drafted| drafted.agency.as_ref()))
    }

    /// Who answers for what is in force: until the day of a reform that is another agency.
    #[expect(clippy::option_option, reason = "nothing in force, the city, an agency")]
    pub(super) fn agency_in_force(&self, now: DateTime<Utc>) -> Option<Option<&Code>> {
        self.timeline[..self.in_force(now)].last().map(|kept| kept.agency.as_ref())
    }

    /// Who answers for what everybody may know of it: the last that is in force or upcoming and reaches the channels. `None`: nobody may know of
    /// it; the inner `None`: the city.
    #[expect(clippy::option_option, reason = "nothing public, the city, an agency")]
    pub(super) fn agency_in_public(&self, now: DateTime<Utc>) -> Option<Option<&Code>> {
        let standing = &self.timeline[self.in_force(now).saturating_sub(1)..];
        standing.iter().rev().find(|kept| kept.reaches).map(|kept| kept.agency.as_ref())
    }

    fn in_force(&self, now: DateTime<Utc>) -> usize {
        self.timeline.partition_point(|kept| kept.effective_from <= now)
    }

    /// From when to when it was known that something of it is withheld, and whose that was.
    pub(super) fn withheld(&self) -> Withheld {
        if !self.timeline.iter().any(|kept| kept.withholds) {
            return Vec::new();
        }
        let since = |(effective_from, recorded_at): (DateTime<Utc>, DateTime<Utc>)| effective_from.max(recorded_at);
        let mut moments: Vec<_> = self.timeline.iter().map(|kept| since((kept.effective_from, kept.recorded_at))).collect();
        moments.extend(self.repeal.map(since));
        moments.sort_unstable();
        moments.dedup();
        let holds = |at: DateTime<Utc>| {
            let gone = self.repeal.is_some_and(|repeal| since(repeal) <= at);
            let kept = self.timeline.iter().rev().find(|kept| kept.effective_from <= at && kept.recorded_at <= at);
            kept.filter(|kept| !gone && kept.withholds).map(|kept| kept.agency.clone())
        };
        let ends = moments.iter().skip(1).copied().map(Some).chain([None]);
        moments.iter().zip(ends).filter_map(|(from, to)| Some((holds(*from)?, *from, to))).collect()
    }
}

/// Whether a content reaches the channels. What is published whole needs no second look.
pub(super) fn reaches<C: Registered>(content: &std::sync::Arc<C>, content_hash: Hash) -> bool {
    match content.openness().attribute {
        OpennessAttribute::Active => true,
        OpennessAttribute::OnRequest | OpennessAttribute::NotDisclosed => false,
        OpennessAttribute::Partial => on_channel(content, content_hash, Channel::Online).is_some(),
    }
}

/// A publication as it is kept.
pub(super) fn kept<C: Registered>(publication: &Publication<'_, C>, recorded_at: DateTime<Utc>) -> Kept {
    Kept {
        effective_from: publication.effective_from,
        recorded_at,
        reaches: reaches(publication.content, publication.content_hash),
        withholds: publication.content.withholds(),
        agency: publication.content.agency().cloned(),
    }
}
