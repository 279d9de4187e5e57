//! What readers see: the channel views, how they are kept, and how they are asked.

mod ahead;
mod begun;
mod calendar;
pub mod channel;
#[cfg(feature = "contract")]
pub mod contract;
mod deadline;
mod document;
mod happened;
pub mod history;
mod lasting;
mod lead;
mod lookout;
mod moment;
mod past;
mod query;
mod reach;
mod rebuild;
mod receipts;
mod runner;
mod sight;
pub mod store;
pub use store::redis;
mod term;
mod withheld;
mod work;

pub use begun::{Begun, Noted, ServedNow};
pub use calendar::{calendar, calendar_up_to};
pub use deadline::{
    About, Alarm, AlarmKind, CasePlace, DeadlineCase, DeadlineError, DeadlinePage, DeadlineQuery, Deadlines, Knows, ReportTold,
    RuleFigures, Subject, is_of_public,
};
pub use document::{Both, Document, EntryView, Gate, Key, RevisionView, Shown, Upcoming, Viewed};
pub use happened::{Happened, Unreadable};
pub use lasting::Lasting;
pub use lead::{BuiltBy, Leader, NewId, RebuildError};
pub use lookout::{Behind, Counted, LookError, Lookout};
pub use moment::Timeline;
pub use past::{Archive, Moment, views_at};
pub use query::{ListQuery, Listed, count, count_announced, list, list_announced};
pub use reach::Reach;
pub use rebuild::{Difference, RebuildCheck, check_live, check_rebuild, digest, views_of};
pub use receipts::{
    Audit, Differing, Now, Parity, ParityDifference, ReceiptBook, ReceiptError, ReceiptWriter, Round, Witnessing, Written, audit, compare,
};
pub use runner::{Fault, Lag, Runner, RunnerError, Seen};
pub use sight::{sight_of, sights_by_log};
pub use store::{Batch, Change, Entry, MemoryViews, NotingError, SharedViews, Snapshot, ViewError, ViewStore};
pub use term::{Index, Term, Word};
pub use withheld::{Withheld, Withholding};
pub use work::{Open, SetRow, Waiting, Work};
