//! A register moved from one store to another: every event, in the order of the log, byte for byte.
//!
//! What the target has already is compared first, event by event; it must be the beginning of the source. Then the rest is
//! appended, and read back, and compared. So the same copy given again goes on where an earlier one stopped, whatever stopped
//! it, and a target that is something else is refused before anything is written.

use backon::{ExponentialBuilder, Retryable};
use domain::envelope::{Position, StreamName, StreamVersion};

use crate::{
    port::{self, AppendError, Expected, Journal, MAX_APPEND_BYTES, MAX_APPEND_EVENTS, NewEvent, Page, Recorded, StoreError},
    transact::Budget,
};

/// Events read at a time.
const PAGE: usize = 500;

/// What a copy is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Counting the events of the source.
    Count,
    /// Comparing what the target has already.
    Compare,
    /// Appending the rest.
    Append,
    /// Comparing what was appended.
    Verify,
}

/// Is told what is done: of how many events, how many.
pub type OnProgress<'f> = &'f (dyn Fn(Phase, u64, u64) + Send + Sync);

/// What a copy came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Events that the target had already.
    pub there: u64,
    /// Events that were appended.
    pub appended: u64,
    /// Place of the last event in the source.
    pub from: Option<Position>,
    /// Place of the last event in the target.
    pub to: Option<Position>,
}

/// Why a copy did not come to its end. What was appended until then is whole; the same copy goes on behind it.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The source cannot be read.
    #[error("源日志无法读取 / the source cannot be read")]
    Source(#[source] StoreError),
    /// The target cannot be read.
    #[error("目标日志无法读取 / the target cannot be read")]
    Target(#[source] StoreError),
    /// The target has something else.
    #[error(
        "目标与源在第{number}个事件处不同，未再写入 / the target differs from the source at event {number}, nothing more was written: {what}"
    )]
    Differs {
        /// Number of the event in the log, from 1.
        number: u64,
        /// What is different.
        what: String,
    },
    /// Someone else writes into the target.
    #[error("复制期间另有程序写入目标：{stream} / another program writes into the target meanwhile: {stream}")]
    Overtaken {
        /// Where it was noticed.
        stream: StreamName,
    },
    /// The target did not take an event.
    #[error(
        "第{number}个事件未能写入；排除原因后重新执行同一命令即可续传 / event {number} was not written; remove the cause and give the same command again: it goes on there"
    )]
    Append {
        /// Number of the event in the log, from 1.
        number: u64,
        /// Why.
        #[source]
        source: AppendError,
    },
}

/// Copies a register. The source should be at rest: what is appended to it meanwhile may be copied or not.
pub async fn copy(from: &dyn Journal, to: &dyn Journal, budget: Budget, progress: OnProgress<'_>) -> Result<Copied, CopyError> {
    let mut copying = Copying { from, to, budget, progress, total: 0, at: Place::default() };
    copying.count().await?;
    let there = copying.compare(Phase::Compare, true).await?;
    let begun = copying.at;
    copying.append().await?;
    let appended = copying.at.number - there;
    copying.at = begun;
    copying.compare(Phase::Verify, false).await?;
    Ok(Copied { there, appended, from: copying.at.from, to: copying.at.to })
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Events that are done.
    number: u64,
    from: Option<Position>,
    to: Option<Position>,
}

struct Copying<'j> {
    from: &'j dyn Journal,
    to: &'j dyn Journal,
    budget: Budget,
    progress: OnProgress<'j>,
    total: u64,
    at: Place,
}

impl Copying<'_> {
    fn pauses(&self) -> ExponentialBuilder {
        let Budget { retries, pause, longest, .. } = self.budget;
        let times = usize::try_from(retries).unwrap_or(usize::MAX);
        ExponentialBuilder::new().with_min_delay(pause).with_max_delay(longest).with_max_times(times)
    }

    async fn source(&self, after: Option<Position>) -> Result<Page, CopyError> {
        (|| self.from.read_all(after, PAGE)).retry(self.pauses()).await.map_err(CopyError::Source)
    }

    async fn target(&self, after: Option<Position>) -> Result<Page, CopyError> {
        (|| self.to.read_all(after, PAGE)).retry(self.pauses()).await.map_err(CopyError::Target)
    }

    async fn count(&mut self) -> Result<(), CopyError> {
        let mut after = None;
        loop {
            let page = self.source(after).await?;
            self.total += page.events.len() as u64;
            (self.progress)(Phase::Count, self.total, self.total);
            after = page.events.last().map(|event| event.position).or(after);
            if page.end {
                return Ok(());
            }
        }
    }

    /// Compares both logs from here on, event by event, to the end of the target. The source may go further if `partly`. Says
    /// how many are equal from the beginning.
    async fn compare(&mut self, phase: Phase, partly: bool) -> Result<u64, CopyError> {
        let goal = if partly { u64::MAX } else { self.total };
        loop {
            let theirs = self.target(self.at.to).await?;
            let mut ours = Vec::new();
            let mut after = self.at.from;
            while ours.len() < theirs.events.len() {
                let page = self.source(after).await?;
                after = page.events.last().map(|event| event.position).or(after);
                ours.extend(page.events);
                if page.end {
                    break;
                }
            }
            let mut ours = ours.into_iter();
            for copy in theirs.events {
                let number = self.at.number + 1;
                let differs = |what: String| CopyError::Differs { number, what };
                let Some(original) = ours.next() else {
                    return Err(differs(format!("源日志中没有 {0} 的 {1} / {1} of {0} is not in the source", copy.stream, copy.id)));
                };
                if let Some(what) = difference(&original, &copy) {
                    return Err(differs(what));
                }
                self.at = Place { number, from: Some(original.position), to: Some(copy.position) };
            }
            (self.progress)(phase, self.at.number, self.total);
            if theirs.end {
                break;
            }
        }
        if !partly && self.at.number < goal {
            return Err(CopyError::Differs {
                number: self.at.number + 1, what: "目标缺少此事件 / it is missing in the target".to_owned()
            });
        }
        Ok(self.at.number)
    }

    /// Appends what follows. Neighbours of one stream go together, so that what was appended as one stays so as far as it can
    /// be known.
    async fn append(&mut self) -> Result<(), CopyError> {
        loop {
            let page = self.source(self.at.from).await?;
            let mut events = page.events.into_iter().peekable();
            while let Some(first) = events.next() {
                let (stream, expected, mut last) = (first.stream.clone(), before(first.version), first.position);
                let mut together = vec![new(first)];
                let mut size = together[0].size();
                while let Some(next) = events
                    .next_if(|next| next.stream == stream && together.len() < MAX_APPEND_EVENTS && size + size_of(next) <= MAX_APPEND_BYTES)
                {
                    last = next.position;
                    size += size_of(&next);
                    together.push(new(next));
                }
                self.keep(&stream, expected, &together).await?;
                self.at.number += together.len() as u64;
                self.at.from = Some(last);
                (self.progress)(Phase::Append, self.at.number, self.total.max(self.at.number));
            }
            if page.end {
                self.total = self.total.max(self.at.number);
                return Ok(());
            }
        }
    }

    /// Appends, and again identically after failures.
    async fn keep(&self, stream: &StreamName, expected: Expected, events: &[NewEvent]) -> Result<(), CopyError> {
        let append = || self.to.append(stream, expected, events.to_vec());
        let again = |error: &AppendError| matches!(error, AppendError::NotExecuted(_) | AppendError::Unknown(_));
        match append.retry(self.pauses()).when(again).await {
            Ok(_) => Ok(()),
            Err(AppendError::Conflict { .. }) => Err(CopyError::Overtaken { stream: stream.clone() }),
            Err(source) => Err(CopyError::Append { number: self.at.number + 1, source }),
        }
    }
}

fn before(version: StreamVersion) -> Expected {
    version.0.checked_sub(1).map(StreamVersion).into()
}

fn new(event: Recorded) -> NewEvent {
    let Recorded { id, kind, metadata, payload, .. } = event;
    NewEvent { id, kind, metadata, payload }
}

fn size_of(event: &Recorded) -> usize {
    port::size_of(&event.kind, &event.metadata, &event.payload)
}

/// What is different between an event and its copy, if anything is.
fn difference(original: &Recorded, copy: &Recorded) -> Option<String> {
    let Recorded { position: _, stream, version, id, kind, metadata, payload } = original;
    let places = (stream, version) != (&copy.stream, &copy.version);
    let what = match () {
        () if id != &copy.id => format!("标识 / id: {id} ≠ {}", copy.id),
        () if places => format!("次序 / order: {stream}/{} ≠ {}/{}", version.0, copy.stream, copy.version.0),
        () if kind != &copy.kind => format!("种类 / kind: {kind} ≠ {}", copy.kind),
        () if metadata != &copy.metadata => format!("{id} 的元数据 / metadata of {id}"),
        () if payload != &copy.payload => format!("{id} 的内容 / payload of {id}"),
        () => return None,
    };
    Some(what)
}
