use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Act, Rule,
    sight::{Hidden, Known, Proof, Sight},
};
use crate::calendar::{CalendarAt, Due, UnknownDue, china};

/// What somebody did, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Done {
    /// The act.
    pub act: Act,
    /// Its moment.
    pub at: DateTime<Utc>,
}

/// Where a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// 未到期: not everything is done, and there is time.
    Due,
    /// 按时完成.
    FulfilledInTime,
    /// 逾期完成.
    FulfilledLate,
    /// 逾期: not everything is done, and the time is over.
    Overdue,
    /// 未知: it touches a year of which no notice is known, and it depends on it; or nothing proves whether it was done in time.
    Unknown,
    /// 中止: the time does not run, because what is to be shown cannot be shown now.
    Waiting,
    /// 终止: not everything was done, and there is nothing left to show.
    Ended,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Due, Self::FulfilledInTime, Self::FulfilledLate, Self::Overdue, Self::Unknown, Self::Waiting, Self::Ended];

    /// Whether nothing that will be done changes it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::FulfilledInTime | Self::FulfilledLate | Self::Ended)
    }

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Due => "未到期",
            Self::FulfilledInTime => "按时完成",
            Self::FulfilledLate => "逾期完成",
            Self::Overdue => "逾期",
            Self::Unknown => "未知",
            Self::Waiting => "中止",
            Self::Ended => "终止",
        }
    }
}

/// What a rule says of a case at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Where the deadline stands.
    pub status: Status,
    /// From when on the time runs: the trigger, or the moment from which what is to be shown can be shown. `None`: it does not run, and nobody knows when it will.
    pub start: Option<DateTime<Utc>>,
    /// When it ends that began then, or why that is not known; without a start, what would be due by the trigger (see [`Judgement::ends`]).
    pub due: Result<Due, UnknownDue>,
    /// When the time ends that is to be striven for, if there is one and it is known.
    pub aim: Option<Due>,
    /// When all was done; `None`: it is not.
    pub fulfilled_at: Option<DateTime<Utc>>,
    /// What is not done yet.
    pub missing: Vec<Act>,
    /// Why it cannot be shown: at present, or before the time began to run.
    pub hidden: Option<Hidden>,
    /// Whether the time was over before it went out of sight.
    pub ran_out: bool,
    /// Whether all is done and it is not known whether in time, because a clock was wrong.
    pub doubted: bool,
}

impl Rule {
    /// Judges a case: triggered at a moment, with what was done of it, by a calendar as it is known, at `now`.
    ///
    /// What lies after `now` has not happened. Of an act that was done twice the first counts. An act from before the trigger counts as well: it is
    /// done, whichever of two clocks was ahead.
    pub fn judge(&self, trigger: DateTime<Utc>, done: &[Done], calendar: &CalendarAt, now: DateTime<Utc>) -> Judgement {
        let seen: Vec<_> = done.iter().map(|done| (*done, Known::Seen)).collect();
        self.judge_in_sight(&Sight::always(trigger), &seen, calendar, now)
    }

    /// The same of what has to be done while something can be shown. Of each act: how it is known when it was done.
    pub fn judge_in_sight(&self, sight: &Sight, done: &[(Done, Known)], calendar: &CalendarAt, now: DateTime<Utc>) -> Judgement {
        let proof = self.proof(done);
        let clock = sight.clock(proof.map(|proof| proof.at), |from| self.limit.due(from, calendar));
        let status = sight.stands(&clock, proof, now);
        let is_done = |act: &Act| done.iter().any(|(done, _)| done.act == *act && done.at <= now);
        let missing = self.acts.iter().copied().filter(|act| !is_done(act)).collect();
        let fulfilled_at = proof.filter(|proof| proof.certain).map(|proof| proof.at).filter(|at| *at <= now);
        let doubted = status == Status::Unknown && proof.is_some_and(|proof| proof.doubted && proof.at <= now);
        let rests = clock.rests.is_some_and(|rests| rests <= now);
        let start = clock.start.filter(|_| status != Status::Waiting || !rests);
        let out_of_sight = sight.hidden_at(now).filter(|_| matches!(status, Status::Waiting | Status::Ended));
        let hidden = out_of_sight.or_else(|| start.and_then(|start| sight.hidden_before(start)));
        let ran_out = out_of_sight.is_some() && start.is_some_and(|start| start <= now) && clock.rests.is_none();
        let aim = start.and_then(|start| self.aim.and_then(|aim| calendar.due(start, aim).ok()));
        Judgement { status, start, due: clock.due, aim, fulfilled_at, missing, hidden, ran_out, doubted }
    }

    /// When all acts were done, as far as it is known; of one that was done twice the first counts, and a right clock before a wrong one.
    pub fn proof(&self, done: &[(Done, Known)]) -> Option<Proof> {
        let of = |act: Act| done.iter().copied().filter(move |(done, _)| done.act == act);
        let first = |act: &Act| of(*act).min_by_key(|(done, known)| (*known == Known::Doubted, done.at, *known));
        let all: Vec<_> = self.acts.iter().map(first).collect::<Option<_>>()?;
        let at = all.iter().map(|(done, _)| done.at).max()?;
        let seen = all.iter().filter(|(_, known)| *known == Known::Seen).map(|(done, _)| done.at).max();
        let certain = all.iter().all(|(_, known)| *known != Known::Doubted);
        let doubted = self.acts.iter().flat_map(|act| of(*act)).any(|(_, known)| known == Known::Doubted);
        Some(Proof { at, seen, certain, doubted })
    }
}

impl Judgement {
    /// When it ends, as far as that is known.
    pub fn ends(&self) -> Option<Due> {
        self.start.and(self.due.ok())
    }

    /// Whether the time that was to be striven for is missed, by what was done or by `now`.
    pub fn misses_aim(&self, now: DateTime<Utc>) -> bool {
        !self.doubted && self.aim.is_some_and(|aim| !aim.is_met_at(self.fulfilled_at.unwrap_or(now)))
    }

    /// Why it stands where it stands, in Chinese.
    pub fn zh(&self) -> String {
        if self.doubted {
            let due = self.due.as_ref().map_or_else(UnknownDue::zh, |due| format!("应于北京时间{due}前完成"));
            return format!("{due}；已完成，但登记时的时钟有误，自何时起、是否按时均不得而知");
        }
        let missing = || self.missing.iter().map(|act| act.zh()).collect::<Vec<_>>().join("、");
        let fulfilled = self.fulfilled_at.map(|at| format!("北京时间{}", china::spoken(at))).unwrap_or_default();
        let hidden = self.hidden.map(Hidden::zh);
        let ran_out =
            || self.due.ok().filter(|_| self.ran_out).map(|due| format!("；此前应于北京时间{due}前完成，已逾期")).unwrap_or_default();
        let start = self.start.map(|at| format!("北京时间{}", china::spoken(at)));
        let said = match (&self.due, self.status) {
            (_, Status::Ended) => return format!("{}，无可展示，时限终止{}", hidden.unwrap_or_default(), ran_out()),
            (_, Status::Waiting) => {
                let begins = start.filter(|_| !self.ran_out).map(|start| format!("自{start}起算"));
                let begins = begins.unwrap_or_else(|| if self.ran_out { "中止".into() } else { "自可以展示时起算".into() });
                return format!("{}，暂不能展示，时限{begins}{}", hidden.unwrap_or_default(), ran_out());
            }
            (Ok(due), Status::Due) => format!("应于北京时间{due}前完成，尚未{}", missing()),
            (Ok(due), Status::Overdue) => format!("应于北京时间{due}前完成，已逾期，仍未{}", missing()),
            (Ok(due), Status::FulfilledLate) => format!("应于北京时间{due}前完成，{fulfilled}才完成"),
            (Ok(due), Status::Unknown) => format!("应于北京时间{due}前完成，{fulfilled}查见已完成，何时完成无从证明"),
            (Ok(due), _) => format!("应于北京时间{due}前完成，{fulfilled}已完成"),
            (Err(unknown), Status::FulfilledInTime) => format!("{fulfilled}已完成，无论如何都在时限之内；{}", unknown.zh()),
            (Err(unknown), _) if self.fulfilled_at.is_some() => format!("{fulfilled}已完成，是否按时不得而知；{}", unknown.zh()),
            (Err(unknown), _) => format!("尚未{}，时限不得而知；{}", missing(), unknown.zh()),
        };
        match (hidden, start) {
            (Some(hidden), Some(start)) => format!("此前{hidden}，{start}起才可展示，时限由此起算；{said}"),
            _ => said,
        }
    }

    /// Why it stands where it stands, in English.
    pub fn en(&self) -> String {
        if self.doubted {
            let due = self.due.as_ref().map_or_else(UnknownDue::en, |due| format!("due before {due} China time"));
            return format!("{due}; done, but by a clock that was wrong, so since when and whether in time is not known");
        }
        let missing = || self.missing.iter().map(|act| act.en()).collect::<Vec<_>>().join(", ");
        let fulfilled = self.fulfilled_at.map(|at| format!("{} China time", china::spoken(at))).unwrap_or_default();
        let hidden = self.hidden.map(Hidden::en);
        let was_due = || self.due.ok().filter(|_| self.ran_out);
        let ran_out = || was_due().map(|due| format!("; before that it was due before {due} China time and overdue")).unwrap_or_default();
        let start = self.start.map(china::spoken);
        let said = match (&self.due, self.status) {
            (_, Status::Ended) => {
                return format!("ended: {}, and there is nothing left to show{}", hidden.unwrap_or_default(), ran_out());
            }
            (_, Status::Waiting) => {
                let begins = start.filter(|_| !self.ran_out).map(|start| format!("begins at {start} China time"));
                let begins = begins.unwrap_or_else(|| if self.ran_out { "rests".into() } else { "begins when it can be shown".to_owned() });
                return format!("it cannot be shown, because {}: the time {begins}{}", hidden.unwrap_or_default(), ran_out());
            }
            (Ok(due), Status::Due) => format!("due before {due} China time, not yet done: {}", missing()),
            (Ok(due), Status::Overdue) => format!("was due before {due} China time, still not done: {}", missing()),
            (Ok(due), Status::FulfilledLate) => format!("was due before {due} China time, done only at {fulfilled}"),
            (Ok(due), Status::Unknown) => {
                format!("was due before {due} China time, found done at {fulfilled}, and since when cannot be proven")
            }
            (Ok(due), _) => format!("due before {due} China time, done at {fulfilled}"),
            (Err(unknown), Status::FulfilledInTime) => format!("done at {fulfilled}, in time in any case; {}", unknown.en()),
            (Err(unknown), _) if self.fulfilled_at.is_some() => {
                format!("done at {fulfilled}, whether in time is not known; {}", unknown.en())
            }
            (Err(unknown), _) => format!("not yet done: {}, until when is not known; {}", missing(), unknown.en()),
        };
        match (hidden, start) {
            (Some(hidden), Some(start)) => format!("the time began at {start} China time, because before that {hidden}; {said}"),
            _ => said,
        }
    }
}
