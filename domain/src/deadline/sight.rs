//! Whether channels can show a revision, and since when: by what was decided of its entry, and of the item that it belongs to.
//!
//! This is the one rule by which the time of Art. 10(2) begins, rests and ends, for deadlines and for receipts. It says what channels can show, not what
//! they did: that is told by receipts.

use chrono::{DateTime, Utc};

use super::Status;
use crate::{
    calendar::{Due, UnknownDue, china},
    entry::{Event, item_of},
    envelope::{Code, Metadata},
    register::{Content, on_channel},
    value::{Channel, OpennessAttribute},
};

/// Why no channel can show a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Hidden {
    /// 暂停: the entry is suspended.
    Suspended,
    /// 事项暂停: the item of the guide is.
    ItemSuspended,
    /// 事项未实施: no revision of its item is in force that channels may show.
    ItemNotInForce,
    /// 取消: the entry is repealed.
    Repealed,
    /// 事项取消: its item is.
    ItemRepealed,
    /// 被取代: a later revision holds in its place.
    Superseded,
}

/// When channels can show a revision: from each moment on they can, or cannot, and why. The first moment is that of its publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight(Vec<(DateTime<Utc>, Option<Hidden>)>);

/// When all was done, by what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// When it was done, or found to be.
    pub at: DateTime<Utc>,
    /// The last moment of it that was seen as it came: only such a one proves that it was late.
    pub seen: Option<DateTime<Utc>>,
    /// Whether no part of it is known by a clock alone that was wrong: what such a clock dates was done, not before that moment, and nobody can say when.
    pub certain: bool,
    /// Whether a part of it is told by such a clock, maybe beside a right one: it may have been done before the moment that is certain.
    pub doubted: bool,
}

/// How it is known when something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It was seen as it came.
    Seen,
    /// It was found to be done; since when is not known.
    Found,
    /// By a clock that was wrong: not before the moment that stands with it.
    Doubted,
}

/// From when on a time runs, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// From when on; `None`: it was never to be shown, as far as is known.
    pub start: Option<DateTime<Utc>>,
    /// When it ends. Without a start, what it would be from the first moment.
    pub due: Result<Due, UnknownDue>,
    /// When it rests or ended because nothing can be shown any more before it ran out.
    pub rests: Option<DateTime<Utc>>,
}

/// What was decided of an entry that bears on whether it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// By the time from which they hold; of two of one moment the later one last.
    revisions: Vec<Published>,
    /// From when on it is repealed, and when that was decided.
    repeal: Option<(DateTime<Utc>, Decided)>,
    suspensions: Vec<Suspension>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Published {
    number: u32,
    effective_from: DateTime<Utc>,
    decided: Decided,
    /// Whether it reaches the channels.
    reaches: bool,
    /// Of a guide: its item.
    item: Option<Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Suspension {
    from: DateTime<Utc>,
    decided: Decided,
    until: Option<DateTime<Utc>>,
    /// From when on it was ended, and when that was decided.
    resumed: Option<(DateTime<Utc>, Decided)>,
}

/// When something was decided, by which the law reckons, and when it was recorded, which says who could know of it. The members of a change set
/// that was cut off are recorded later than they were decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decided {
    at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
}

/// What is known: what was decided by a moment, of what was recorded until another.
#[derive(Debug, Clone, Copy)]
struct KnownBy {
    at: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Hidden {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Suspended, Self::ItemSuspended, Self::ItemNotInForce, Self::Repealed, Self::ItemRepealed, Self::Superseded];

    /// Whether it stays so.
    pub fn is_for_good(self) -> bool {
        matches!(self, Self::Repealed | Self::ItemRepealed | Self::Superseded)
    }

    /// Why, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Suspended => "条目暂停",
            Self::ItemSuspended => "所属事项暂停",
            Self::ItemNotInForce => "所属事项尚未实施",
            Self::Repealed => "条目已取消",
            Self::ItemRepealed => "所属事项已取消",
            Self::Superseded => "已被后一版本取代",
        }
    }

    /// Why, in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Suspended => "the entry is suspended",
            Self::ItemSuspended => "its item is suspended",
            Self::ItemNotInForce => "its item is not in force",
            Self::Repealed => "the entry is repealed",
            Self::ItemRepealed => "its item is repealed",
            Self::Superseded => "a later revision took its place",
        }
    }
}

impl Sight {
    /// What can be shown from a moment on, always.
    pub fn always(from: DateTime<Utc>) -> Self {
        Self(vec![(from, None)])
    }

    /// The same until another begins, and that one from then on.
    #[must_use]
    pub fn then(mut self, later: &Self) -> Self {
        let begins = later.0.first().map_or(DateTime::<Utc>::MAX_UTC, |(at, _)| *at);
        self.0.retain(|(at, _)| *at < begins);
        for (at, hidden) in &later.0 {
            if self.0.last().is_none_or(|(_, before)| before != hidden) {
                self.0.push((*at, *hidden));
            }
        }
        self
    }

    /// From each moment on: why it cannot be shown, or that it can.
    pub fn steps(&self) -> &[(DateTime<Utc>, Option<Hidden>)] {
        &self.0
    }

    /// Why it cannot be shown at a moment; `None`: it can.
    pub fn hidden_at(&self, now: DateTime<Utc>) -> Option<Hidden> {
        let place = self.0.iter().rposition(|(at, _)| *at <= now).unwrap_or(0);
        self.0.get(place).and_then(|(_, hidden)| *hidden)
    }

    /// Whether it ends out of sight for good.
    pub fn is_over(&self) -> bool {
        self.0.last().and_then(|(_, hidden)| *hidden).is_some_and(Hidden::is_for_good)
    }

    /// The first moment at which it can be shown, as far as is known.
    pub fn first(&self) -> Option<DateTime<Utc>> {
        self.0.iter().find(|(_, hidden)| hidden.is_none()).map(|(at, _)| *at)
    }

    /// Why it could not be shown before a moment at which it could.
    pub fn hidden_before(&self, start: DateTime<Utc>) -> Option<Hidden> {
        self.0.iter().rev().find(|(at, _)| *at < start).and_then(|(_, hidden)| *hidden)
    }

    /// The clock of something that has to be done while it can be shown. It runs from the moment from which it can be; where it goes out of sight before the time
    /// is over, the time begins anew when it is in sight again. A time that ran out ran out.
    pub fn clock(&self, done: Option<DateTime<Utc>>, mut due: impl FnMut(DateTime<Utc>) -> Result<Due, UnknownDue>) -> Clock {
        let mut clock = None;
        for (place, (start, hidden)) in self.0.iter().enumerate() {
            if hidden.is_some() || (clock.is_some() && done.is_some_and(|done| done < *start)) {
                continue;
            }
            let (ends, until) = (due(*start), self.0.get(place + 1).map(|(until, _)| *until));
            // What is not known may have run out once its earliest end has passed.
            let earliest = ends.map_or_else(|unknown| china::end_of(unknown.day), |due| due.at);
            let rests = until.filter(|until| *until < earliest);
            clock = Some(Clock { start: Some(*start), due: ends, rests });
            if until.is_some() && rests.is_none() {
                break;
            }
        }
        let first = self.0.first().map_or(DateTime::<Utc>::MIN_UTC, |(at, _)| *at);
        clock.unwrap_or_else(|| Clock { start: None, due: due(first), rests: Some(first) })
    }

    /// Where a clock of it stands at `now`, by what is proven by then.
    pub fn stands(&self, clock: &Clock, proof: Option<Proof>, now: DateTime<Utc>) -> Status {
        let out_of_sight = |hidden: Hidden| if hidden.is_for_good() { Status::Ended } else { Status::Waiting };
        let hidden = self.hidden_at(now).map(out_of_sight);
        let Some(proof) = proof.filter(|proof| proof.at <= now) else {
            return match (hidden, clock.due) {
                (Some(out_of_sight), _) => out_of_sight,
                (None, Ok(due)) if due.is_met_at(now) => Status::Due,
                (None, Ok(_)) => Status::Overdue,
                (None, Err(_)) => Status::Unknown,
            };
        };
        // What took its place may be shown; of this there was nothing to show, or nothing any more while there was time.
        let rested = clock.rests.is_some_and(|rests| rests <= proof.at);
        match (hidden, clock.due) {
            (Some(out_of_sight), _) if (clock.start.is_none() || rested) && !clock.is_met_at(proof.at) => out_of_sight,
            _ if proof.certain && clock.is_met_at(proof.at) => Status::FulfilledInTime,
            _ if proof.doubted => Status::Unknown,
            (_, Ok(due)) if proof.seen.is_some_and(|seen| !due.is_met_at(seen)) => Status::FulfilledLate,
            _ => Status::Unknown,
        }
    }
}

impl Clock {
    /// Whether something done at a moment is in time, whatever a notice will say.
    fn is_met_at(&self, at: DateTime<Utc>) -> bool {
        self.due.map_or_else(|unknown| at < china::end_of(unknown.day), |due| due.is_met_at(at))
    }
}

impl Story {
    /// Notes an event of the entry.
    pub fn note<C: Content>(&mut self, metadata: &Metadata, event: &Event<C>) {
        let decided = Decided { at: metadata.decided(), recorded_at: metadata.at };
        if let Some(publication) = event.publication() {
            let reaches = match publication.content.openness().attribute {
                OpennessAttribute::Active => true,
                OpennessAttribute::OnRequest | OpennessAttribute::NotDisclosed => false,
                OpennessAttribute::Partial => on_channel(publication.content, publication.content_hash, Channel::Online).is_some(),
            };
            let item = item_of(publication.content.as_ref()).cloned();
            let (number, effective_from) = (publication.revision, publication.effective_from);
            let place = self.revisions.partition_point(|other| other.effective_from <= effective_from);
            self.revisions.insert(place, Published { number, effective_from, decided, reaches, item });
        }
        match event {
            Event::Repealed(repealed) => self.repeal = Some((repealed.effective_from, decided)),
            Event::Suspended(suspended) => {
                let (from, until) = (suspended.effective_from, suspended.until);
                self.suspensions.push(Suspension { from, decided, until, resumed: None });
            }
            Event::Resumed(resumed) => {
                if let Some(last) = self.suspensions.last_mut() {
                    last.resumed = Some((resumed.effective_from, decided));
                }
            }
            _ => {}
        }
    }

    /// The item that a revision belongs to; `None`: it is of no guide.
    pub fn item_of(&self, revision: u32) -> Option<&Code> {
        self.revisions.iter().find(|published| published.number == revision)?.item.as_ref()
    }

    /// When channels can show a revision, by what was recorded until a moment; `None`: there is no such revision. `item`: what was decided of the item that
    /// it belongs to, if there is anything.
    pub fn sight(&self, revision: u32, item: Option<&Self>, until: DateTime<Utc>) -> Option<Sight> {
        let place = self.revisions.iter().position(|published| published.number == revision)?;
        let since = self.revisions[place].decided.at;
        let mut moments: Vec<_> = self.moments().chain(item.into_iter().flat_map(Self::moments)).filter(|at| *at > since).collect();
        moments.push(since);
        moments.sort_unstable();
        moments.dedup();
        let mut steps: Vec<(DateTime<Utc>, Option<Hidden>)> = Vec::new();
        for at in moments {
            let hidden = self.hides(place, item, KnownBy { at, until });
            if steps.last().is_none_or(|(_, before)| *before != hidden) {
                steps.push((at, hidden));
            }
            if hidden.is_some_and(Hidden::is_for_good) {
                break;
            }
        }
        Some(Sight(steps))
    }

    /// Every moment at which something may change.
    fn moments(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let published = self.revisions.iter().flat_map(|published| [published.decided.at, published.effective_from]);
        let repeal = self.repeal.into_iter().flat_map(|(from, decided)| [from, decided.at]);
        let suspended = self.suspensions.iter().flat_map(|suspension| {
            let resumed = suspension.resumed.into_iter().flat_map(|(from, decided)| [from, decided.at]);
            [suspension.from, suspension.decided.at].into_iter().chain(suspension.until).chain(resumed)
        });
        published.chain(repeal).chain(suspended)
    }

    /// Why it cannot be shown at a moment, as far as is decided by then. What begins later is announced with its day where it will be shown; where it
    /// will not, there is nothing to announce until somebody decides otherwise.
    fn hides(&self, place: usize, item: Option<&Self>, known: KnownBy) -> Option<Hidden> {
        let begins = self.revisions[place].effective_from.max(known.at);
        let hidden = self.hides_at(place, item, (begins, known))?;
        let later = || self.moments().chain(item.into_iter().flat_map(Self::moments)).filter(|at| *at > begins);
        let is_ahead = begins > known.at && !hidden.is_for_good();
        let will_be_shown = is_ahead && later().any(|at| self.hides_at(place, item, (at, known)).is_none());
        (!will_be_shown).then_some(hidden)
    }

    /// Why a revision that has begun is not shown at a moment, by what is known at one that is no later.
    fn hides_at(&self, place: usize, item: Option<&Self>, (at, known): (DateTime<Utc>, KnownBy)) -> Option<Hidden> {
        let published = &self.revisions[place];
        if self.ends(known).is_some_and(|end| end <= at) {
            return Some(Hidden::Repealed);
        }
        if self.revisions[place + 1..].iter().any(|later| later.decided.is_known(known) && later.effective_from <= at) {
            return Some(Hidden::Superseded);
        }
        if published.item.is_some() && item.and_then(|item| item.ends(known)).is_some_and(|end| end <= at) {
            return Some(Hidden::ItemRepealed);
        }
        if self.is_suspended((at, known)) {
            return Some(Hidden::Suspended);
        }
        published.item.as_ref()?;
        match item {
            Some(item) if item.is_suspended((at, known)) => Some(Hidden::ItemSuspended),
            Some(item) if item.is_in_force((at, known)) => None,
            _ => Some(Hidden::ItemNotInForce),
        }
    }

    fn ends(&self, known: KnownBy) -> Option<DateTime<Utc>> {
        self.repeal.filter(|(_, decided)| decided.is_known(known)).map(|(from, _)| from)
    }

    fn is_suspended(&self, (at, known): (DateTime<Utc>, KnownBy)) -> bool {
        let last = self.suspensions.iter().rev().find(|suspension| suspension.decided.is_known(known) && suspension.from <= at);
        last.is_some_and(|last| {
            let resumed = last.resumed.is_some_and(|(from, decided)| decided.is_known(known) && from <= at);
            !resumed && last.until.is_none_or(|until| until > at)
        })
    }

    /// Whether a revision is in force that reaches the channels.
    fn is_in_force(&self, (at, known): (DateTime<Utc>, KnownBy)) -> bool {
        let mut decided = self.revisions.iter().rev().filter(|published| published.decided.is_known(known));
        decided.find(|published| published.effective_from <= at).is_some_and(|published| published.reaches)
    }
}

impl Decided {
    fn is_known(self, by: KnownBy) -> bool {
        self.at <= by.at && self.recorded_at <= by.until
    }
}
