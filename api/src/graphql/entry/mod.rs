//! An entry with its history, read from the log, as far as whoever asks may know of it.

mod change;
mod draft;
mod findings;
mod load;
mod receipt;
mod repeal;
mod suspension;
mod with_item;

use std::{
    borrow::Cow,
    fmt::{self, Display, Formatter},
    num::ParseIntError,
    str::FromStr,
    sync::Arc,
};

use async_graphql::{
    Context, ID, Object, OutputType,
    connection::{Connection, Edge, EmptyFields},
};
use chrono::{DateTime, Utc};
use domain::{
    entry::{RepealNotice, Stage},
    envelope::{Code, EntryName, StreamVersion},
    register::Register as DomainRegister,
};
use journal::{LoadError, SharedJournal};
use projections::history::{Told, tell_with_item};

use super::{
    deadline::{Deadline, of_entry},
    enums,
    error::{Failure, failure},
    model::Finding,
    paging::{no_cursor, page_size},
};
use crate::registrar::{change::Desk, with_item::GoneWith};

pub use change::{Actor, Change, Counted, RevisionRecord};
pub use draft::{Draft, ReviewOwed};
use findings::Findings;
pub use load::{Viewer, load, load_all, of_loaded};
pub use receipt::Receipt;
pub use repeal::Repeal;
pub use suspension::Suspension;
use with_item::WithItem;

/// One entry with its history.
#[derive(Debug)]
pub struct Entry {
    register: DomainRegister,
    code: Code,
    name: String,
    now: DateTime<Utc>,
    stage: Stage,
    repeal: Option<Box<RepealNotice>>,
    suspension: Option<Box<Suspension>>,
    with_item: Option<Box<WithItem>>,
    version: StreamVersion,
    told: Vec<Told>,
    revisions: Vec<RevisionRecord>,
    findings: Option<Findings>,
    draft: Option<Box<Draft>>,
    reviews_owed: Vec<ReviewOwed>,
}

/// One entry of a register with all that was published of it; for those who take part in its changes, and for auditors, with what
/// is drafted too.
#[Object]
impl Entry {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        format!("entry.{}:{}", self.register.word(), self.code).into()
    }

    /// The register.
    async fn register(&self) -> enums::Register {
        self.register.into()
    }

    /// The code.
    async fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The name as it stands: by the revision in force; where none is, by the first to come or the last that was; by its draft, where nothing was published.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands at the moment of the request. A draft is none of it: an entry of which there are only drafts is `ABSENT`. A guide of which the item
    /// was repealed is `REPEALED` with it.
    async fn stage(&self, context: &Context<'_>) -> async_graphql::Result<enums::Stage> {
        let gone = self.gone_with(context).await?;
        Ok(gone.map_or(self.stage, |gone| self.stage.with_item(&gone.notice, self.now)).into())
    }

    /// The repeal that was decided, until its moment and after it; null where none was. Until then the entry is in force, and `stage` says so (Art. 10(2)).
    /// Of a guide that goes with its item it is that of the item, and `item` says so.
    async fn repeal(&self, context: &Context<'_>) -> async_graphql::Result<Option<Repeal>> {
        let gone = self.gone_with(context).await?;
        Ok(gone.map(Repeal::from).or_else(|| self.repeal.as_deref().map(Repeal::from)))
    }

    /// The suspension that holds; null where none does, and once the entry has ceased. `stage` is `SUSPENDED` while it holds.
    async fn suspension(&self, context: &Context<'_>) -> async_graphql::Result<Option<&Suspension>> {
        let ceased = self.gone_with(context).await?.is_some_and(|gone| gone.notice.effective_from <= self.now);
        Ok(self.suspension.as_deref().filter(|_| !ceased))
    }

    /// Number of its last event among those that whoever asks may know of, from 0. For those who may change it this is what a
    /// command has to expect; for all others it counts what was published and does not move with drafts.
    async fn stream_version(&self) -> u64 {
        self.version.0
    }

    /// The draft on its way; null where there is none, and for everybody who may not know of it.
    async fn draft(&self) -> Option<&Draft> {
        self.draft.as_deref()
    }

    /// The urgent corrections of which the review is owed (Art. 7), oldest first; empty for everybody who may not know of drafts.
    async fn reviews_owed(&self) -> &[ReviewOwed] {
        &self.reviews_owed
    }

    /// Its published revisions, oldest first.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn revisions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, RevisionRecord, Counted>> {
        let ends = self.gone_with(context).await?.map(|gone| gone.notice.effective_from);
        let record = |record: &RevisionRecord| {
            let never_holds = record.never_holds || ends.is_some_and(|end| end <= record.effective_from);
            (u64::from(record.number), RevisionRecord { never_holds, ..record.clone() })
        };
        slice(self.revisions.iter().map(record), first, after)
    }

    /// Every event that whoever asks may know of, oldest first; of a guide that goes with its item also the repeal of the item, in its place among them and
    /// with `ofItem`.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, Change, Counted>> {
        let mut told = Cow::Borrowed(self.told.as_slice());
        if let Some(gone) = self.gone_with(context).await? {
            tell_with_item(told.to_mut(), &gone.item, gone.told.clone());
        }
        slice(told.iter().map(|told| (Place(told.version.0, told.of_item.is_some()), Change::from(told))), first, after)
    }

    /// That a channel serves a revision, and since when: once for each published revision and channel, by revision and channel. A revision that no
    /// channel ever showed has none, and one that was published a moment ago may have none yet.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn receipts(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Receipt>> {
        let entry = EntryName::new(self.register, self.code.clone());
        receipt::of(context, &entry, &self.revisions.iter().map(|record| record.number).collect()).await
    }

    /// The deadlines of the rulebook that concern it, as far as whoever asks may know of them: what is due first first, a hundred at most.
    #[graphql(complexity = "10 + 20 * child_complexity")]
    async fn deadlines(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Deadline>> {
        of_entry(context, EntryName::new(self.register, self.code.clone())).await
    }

    /// What the checks find: in its draft, where there is one and whoever asks may know of it, else in its latest revision; also beside
    /// the entries that it refers to, as they stand at the moment of the request; and what an upcoming revision takes back of a correction.
    #[graphql(complexity = "20 + child_complexity")]
    async fn findings(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Finding>> {
        let Some(findings) = &self.findings else { return Ok(Vec::new()) };
        let at = (context.data::<SharedJournal>()?.clone(), context.data::<Arc<Desk>>()?.work.as_ref());
        let all = findings.all(at).await.map_err(|error| unreadable(&error, &self.code))?;
        Ok(all.into_iter().map(Finding::from).collect())
    }
}

impl Entry {
    /// The repeal of its item with which it goes, as far as whoever asks may know of it.
    async fn gone_with(&self, context: &Context<'_>) -> async_graphql::Result<Option<&GoneWith>> {
        let Some(with_item) = &self.with_item else { return Ok(None) };
        with_item.gone(context.data::<SharedJournal>()?).await.map_err(|error| unreadable(&error, &self.code))
    }
}

/// The failure to read what happened to an entry, as it is told outside.
fn unreadable(error: &LoadError, code: &Code) -> async_graphql::Error {
    tracing::error!(%error, %code, "history cannot be read");
    failure(Failure::Unavailable, "历史暂时无法读取，请稍后再试 / the history cannot be read at present; try again shortly")
}

/// Where a thing stands in a list: by its number, or right after the one of that number because it has none of its own. A cursor is `3` or `3+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u64, bool);

impl From<u64> for Place {
    fn from(number: u64) -> Self {
        Self(number, false)
    }
}

impl FromStr for Place {
    type Err = ParseIntError;

    fn from_str(cursor: &str) -> Result<Self, ParseIntError> {
        let number = cursor.strip_suffix('+');
        Ok(Self(number.unwrap_or(cursor).parse()?, number.is_some()))
    }
}

impl Display for Place {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.0, if self.1 { "+" } else { "" })
    }
}

/// A page of things in their places; the cursor is the place.
pub fn slice<P: Into<Place>, T: OutputType>(
    all: impl ExactSizeIterator<Item = (P, T)>,
    first: i32,
    after: Option<String>,
) -> async_graphql::Result<Connection<String, T, Counted, EmptyFields>> {
    let first = page_size(first)?;
    let after = after.map(|cursor| cursor.parse::<Place>()).transpose();
    let after = after.map_err(|_| no_cursor())?;
    let counted = Counted { total_count: all.len() };
    let mut rest = all.map(|(place, node)| (place.into(), node)).filter(|(place, _)| after.is_none_or(|after| *place > after));
    let edges: Vec<_> = rest.by_ref().take(first).map(|(place, node)| Edge::new(place.to_string(), node)).collect();
    let mut page = Connection::with_additional_fields(after.is_some(), rest.next().is_some(), counted);
    page.edges = edges;
    Ok(page)
}
