//! What a channel showed otherwise at one moment than at another, field by field, and what happened that made it so.

mod cause;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use cause::Cause;
use cause::causes;
use chrono::{DateTime, Utc};
use domain::{
    calendar::china,
    diff::{FieldChange, changes},
    envelope::{Code, EntryName},
    register::Register,
    value::Channel,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Knowledge, Known, LoadError, SharedJournal};
use projections::{Document, RunnerError, Snapshot, ViewError, Withholding};
use serde::Serialize;

use super::{
    replay::Times,
    stood::{Announced, Stood, ahead, called, stood},
};

/// Entries that are compared at a time.
const PAGE: usize = 500;

/// Streams that are read at once.
const AT_ONCE: usize = 8;

/// Why two moments cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The first is the later one.
    #[error(
        "前一时刻 {from} 晚于后一时刻 {to}（北京时间）；请对调 / the first moment {from} is after the second {to} (China time): swap them",
        from = china::spoken(*.0),
        to = china::spoken(*.1)
    )]
    Backwards(DateTime<Utc>, DateTime<Utc>),
    /// The channel shows no such agency, and nothing of it.
    #[error(
        "{zh}渠道在这两个时刻都没有机构“{0}”；请核对编码 / there is no agency with the code {0} on {1} at either moment: check it",
        zh = .1.zh()
    )]
    NoAgency(Code, Channel),
    /// Not everybody sees the counter.
    #[error(
        "--public 只说线上展示的内容，窗口内容不公开；请去掉 --channel / --public tells what is shown online, the counter is not public: leave --channel out"
    )]
    NotPublic,
    /// The journal cannot be replayed.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// The views cannot be read.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// A history cannot be read.
    #[error(transparent)]
    History(#[from] LoadError),
    /// Something has no JSON form.
    #[error("条目不能写成JSON / an entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// How what is shown of an entry differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// 新增: it was not shown, and is.
    Added,
    /// 变更: another revision is shown.
    Changed,
    /// 不再显示: it was shown, and is not.
    Gone,
    /// 预告: what is shown is the same; what is published for later is not.
    Announced,
    /// 不再预告: what is shown is the same; what had been announced is not any more, and nothing else is.
    NoLongerAnnounced,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Added, Self::Changed, Self::Gone, Self::Announced, Self::NoLongerAnnounced];

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Changed => "变更",
            Self::Gone => "不再显示",
            Self::Announced => "预告",
            Self::NoLongerAnnounced => "不再预告",
        }
    }

    /// The English word.
    pub fn en(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Announced => "announced",
            Self::NoLongerAnnounced => "no longer announced",
        }
    }

    /// The name under which its number stands in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Announced => "announced",
            Self::NoLongerAnnounced => "noLongerAnnounced",
        }
    }

    /// How what made it so is found, in order: what is announced is so by what was recorded; what is not any more may be so by the clock alone.
    fn ways(self) -> &'static [Way] {
        match self {
            Self::Announced => &[Way::Recorded],
            Self::NoLongerAnnounced => &[Way::Recorded, Way::Counting],
            Self::Added | Self::Changed | Self::Gone => &[Way::Counting],
        }
    }

    /// Whether what is shown is the same.
    fn is_of_what_lies_ahead(self) -> bool {
        matches!(self, Self::Announced | Self::NoLongerAnnounced)
    }
}

/// Which events are told as what made it so.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Those that were recorded between the two moments.
    Recorded,
    /// Those that made a difference between them.
    Counting,
}

/// An entry of which something else is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Its register.
    pub register: Register,
    /// Its code.
    pub code: Code,
    /// Its name, at the later moment if it is shown then.
    pub name: String,
    /// The agency that answers for it.
    pub agency: Option<Code>,
    /// The name under which the channel shows that agency.
    pub agency_name: Option<String>,
    /// How it differs.
    pub kind: Kind,
    /// Whether the clock alone made it so: everything that led to it had been recorded by the first moment, and took effect between the two.
    pub taking_effect: bool,
    /// Number of the revision at the first moment.
    pub revision_before: Option<u32>,
    /// Number of the revision at the second.
    pub revision_after: Option<u32>,
    /// Field by field, what is shown otherwise; of what is added or gone, and of what is announced, nothing.
    pub changes: Vec<FieldChange>,
    /// What was published at the second moment and not yet in force, where that was not so at the first.
    pub announced: Vec<Announced>,
    /// What had been announced at the first moment, is not at the second, and is not shown either: it was repealed before it began or overtaken, its entry
    /// was suspended without an end; or it came and went between the two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_longer_announced: Vec<Announced>,
    /// What happened that made it so, in order.
    pub causes: Vec<Cause>,
}

/// What is asked: two moments, each as it was known at itself, and what of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The second.
    pub to: DateTime<Utc>,
    /// The channel.
    pub channel: Channel,
    /// Only this register.
    pub register: Option<Register>,
    /// Only what this agency answers for at one of the moments.
    pub agency: Option<Code>,
    /// Only what everybody may know, at the moment of the question.
    pub public: Option<DateTime<Utc>>,
}

/// What a channel showed otherwise at the second moment than at the first, by register, agency and code. `progress` hears how many events are read.
pub async fn between(
    journal: SharedJournal,
    between: &Between,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Vec<Difference>, DiffError> {
    let Between { from, to, public, .. } = *between;
    if public.is_some() && between.channel != Channel::Online {
        return Err(DiffError::NotPublic);
    }
    if from > to {
        return Err(DiffError::Backwards(from, to));
    }
    let at = |moment| Times { valid_at: moment, known_at: moment };
    let without = Arc::new(match public {
        Some(now) => Withholding::by_log(journal.as_ref(), now).await?,
        None => Withholding::default(),
    });
    let before = at(from).views(journal.clone(), without.clone(), progress).await?;
    let read = before.events();
    let after = at(to).views(journal.clone(), without.clone(), &move |more| progress(read + more)).await?;
    let mut differences = Vec::new();
    for register in Register::ALL.into_iter().filter(|register| between.register.is_none_or(|only| only == *register)) {
        let mut codes = BTreeSet::new();
        for snapshot in [&before, &after] {
            let keys = snapshot.keys().await?;
            codes.extend(keys.into_iter().filter(|key| key.channel == between.channel && key.register == register).map(|key| key.code));
        }
        let codes: Vec<Code> = codes.into_iter().collect();
        for page in codes.chunks(PAGE) {
            let was = before.get_many(between.channel, register, page).await?;
            let is = after.get_many(between.channel, register, page).await?;
            for ((code, was), is) in page.iter().zip(&was).zip(&is) {
                let (was, is) = (Side::of(was.as_ref(), from)?, Side::of(is.as_ref(), to)?);
                if between.agency.as_ref().is_some_and(|only| !was.is_of(only) && !is.is_of(only)) {
                    continue;
                }
                let items = if register == Register::Guide { items_of(&was, &is) } else { BTreeSet::new() };
                differences.extend(difference(register, code, &was, &is).map(|found| (found, items)));
            }
        }
    }
    if let (Some(agency), true) = (&between.agency, differences.is_empty()) {
        let held = |key: &projections::Key| key.channel == between.channel && key.register == Register::Agency && key.code == *agency;
        if !before.keys().await?.iter().any(held) && !after.keys().await?.iter().any(held) {
            return Err(DiffError::NoAgency(agency.clone(), between.channel));
        }
    }
    let known: SharedJournal = Arc::new(Known::new(journal, Knowledge::Moment(to)));
    let public = public.map(|_| without.as_ref());
    let explained = stream::iter(differences.into_iter().map(|(found, items)| explain(known.clone(), found, items, (from, to), public)));
    let mut differences: Vec<Difference> = explained.buffered(AT_ONCE).try_collect().await?;
    name_agencies(&mut differences, between.channel, [(&before, from), (&after, to)]).await?;
    differences.sort_by(|a, b| (place(a.register), &a.agency, &a.code).cmp(&(place(b.register), &b.agency, &b.code)));
    Ok(differences)
}

fn place(register: Register) -> Option<usize> {
    Register::ALL.iter().position(|other| *other == register)
}

/// What there is of an entry at one of the moments.
struct Side {
    at: DateTime<Utc>,
    shown: Option<Stood>,
    ahead: Vec<Announced>,
    /// How it is called, and who answers for it, whether it is shown or not.
    called: Option<(String, Option<Code>)>,
}

impl Side {
    fn of(document: Option<&Document>, at: DateTime<Utc>) -> Result<Self, DiffError> {
        let Some(document) = document else { return Ok(Self { at, shown: None, ahead: Vec::new(), called: None }) };
        Ok(Self { at, shown: stood(document, at)?, ahead: ahead(document, at)?, called: called(document, at) })
    }

    /// What another side announces, and this one neither announces nor shows. What is shown otherwise is told by that: then it is only what would be
    /// announced still.
    fn lacks_of(&self, before: &Self, kind: Kind) -> Vec<Announced> {
        let is_here = |ahead: &Announced| match ahead {
            Announced::Revision { revision, .. } => {
                let announced = self.ahead.iter().filter_map(Announced::revision).any(|number| number == revision.number);
                announced || self.shown.as_ref().is_some_and(|shown| shown.revision.number == revision.number)
            }
            Announced::Repeal { .. } => self.ahead.iter().any(|other| matches!(other, Announced::Repeal { .. })),
        };
        let counts = |ahead: &Announced| kind.is_of_what_lies_ahead() || ahead.effective_from() > self.at;
        before.ahead.iter().filter(|ahead| counts(ahead) && !is_here(ahead)).cloned().collect()
    }

    /// Whether an agency answers for what is shown or announced.
    fn is_of(&self, agency: &Code) -> bool {
        let announced = self.ahead.iter().any(|ahead| match ahead {
            Announced::Revision { content, .. } => content["agency"] == agency.as_str(),
            Announced::Repeal { .. } => false,
        });
        announced || self.shown.as_ref().is_some_and(|shown| shown.agency.as_ref() == Some(agency))
    }
}

/// The items that a guide belongs to at either moment: it is shown only while its item is.
fn items_of(was: &Side, is: &Side) -> BTreeSet<Code> {
    let shown = [was, is].into_iter().filter_map(|side| side.shown.as_ref()).map(|shown| &shown.content);
    let ahead = [was, is].into_iter().flat_map(|side| &side.ahead).filter_map(Announced::content);
    shown.chain(ahead).filter_map(|content| content["item"].as_str()?.parse().ok()).collect()
}

fn difference(register: Register, code: &Code, was: &Side, is: &Side) -> Option<Difference> {
    let announced: Vec<_> = is.ahead.iter().filter(|ahead| !was.ahead.contains(ahead)).cloned().collect();
    let (kind, fields) = match (&was.shown, &is.shown) {
        (None, Some(_)) => (Kind::Added, Vec::new()),
        (Some(_), None) => (Kind::Gone, Vec::new()),
        (Some(was), Some(is)) if was.content != is.content || was.revision.number != is.revision.number => {
            (Kind::Changed, changes(&was.content, &is.content))
        }
        _ if !announced.is_empty() => (Kind::Announced, Vec::new()),
        _ if was.ahead != is.ahead => (Kind::NoLongerAnnounced, Vec::new()),
        _ => return None,
    };
    let shown = is.shown.as_ref().or(was.shown.as_ref()).map(|shown| (shown.name.clone(), shown.agency.clone()));
    let (name, agency) = shown.or_else(|| is.called.clone().or_else(|| was.called.clone())).unwrap_or_default();
    Some(Difference {
        register,
        code: code.clone(),
        name,
        agency,
        agency_name: None,
        kind,
        taking_effect: false,
        revision_before: was.shown.as_ref().map(|shown| shown.revision.number),
        revision_after: is.shown.as_ref().map(|shown| shown.revision.number),
        changes: fields,
        announced,
        no_longer_announced: is.lacks_of(was, kind),
        causes: Vec::new(),
    })
}

/// Finds what made it so: in the history of the entry, and where there is nothing in that of the item that a guide is shown with.
async fn explain(
    journal: SharedJournal,
    mut found: Difference,
    items: BTreeSet<Code>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    public: Option<&Withholding>,
) -> Result<Difference, DiffError> {
    let public = |entry: &EntryName| public.map(|without| (to, without.of(entry).cloned().unwrap_or_default()));
    let own = EntryName::new(found.register, found.code.clone());
    let of_own = causes(journal.as_ref(), &own, public(&own)).await?;
    let mut of_items: Option<Vec<Cause>> = None;
    let mut told = Vec::new();
    for way in found.kind.ways() {
        let wanted = |cause: &&Cause| match way {
            Way::Recorded => cause.at > from,
            Way::Counting => cause.counts_between(from, to),
        };
        told = of_own.iter().filter(wanted).cloned().collect();
        if told.is_empty() {
            if of_items.is_none() {
                let mut all = Vec::new();
                for item in &items {
                    let item = EntryName::new(Register::Item, item.clone());
                    all.extend(causes(journal.as_ref(), &item, public(&item)).await?);
                }
                of_items = Some(all);
            }
            told = of_items.iter().flatten().filter(wanted).cloned().collect();
        }
        if !told.is_empty() {
            break;
        }
    }
    found.taking_effect = found.kind != Kind::Announced && !told.is_empty() && told.iter().all(|cause| cause.at <= from);
    found.causes = told;
    Ok(found)
}

/// Names the agencies as the channel does.
async fn name_agencies(
    differences: &mut [Difference],
    channel: Channel,
    moments: [(&Arc<dyn Snapshot>, DateTime<Utc>); 2],
) -> Result<(), DiffError> {
    let codes: BTreeSet<_> = differences.iter().filter_map(|found| found.agency.clone()).collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let mut names = BTreeMap::new();
    for (snapshot, at) in moments {
        for page in codes.chunks(PAGE) {
            for document in snapshot.get_many(channel, Register::Agency, page).await?.iter().flatten() {
                names.extend(stood(document, at)?.map(|agency| (agency.code, agency.name)));
            }
        }
    }
    for found in differences {
        found.agency_name = found.agency.as_ref().and_then(|code| names.get(code).cloned());
    }
    Ok(())
}
