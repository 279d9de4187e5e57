//! Change sets, for those who may see the drafts of whoever answers for them. For everybody else there are none.

mod list;
mod member;
mod waiting;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject, connection::Connection};
use chrono::{DateTime, Utc};
use domain::{
    acting::{Role, Scope},
    changeset::{Event, State, Step},
    envelope::Code,
};
use journal::{Journal, PastOf, SharedJournal, transact::ExpectedVersion};

use super::{
    entry::{Actor, Counted, Viewer, slice},
    error::{Failure, failure, no_token},
    scalars::{Hash, Position},
};
use crate::{
    auth::Caller,
    registrar::changeset::{LoadedSet, load_set, sees},
};

pub use list::change_sets;
pub use member::ChangeSetMember;
pub use waiting::ChangeSetWaiting;

/// Where a change set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ChangeSetStep {
    /// With the openness office.
    Proposed,
    /// Sent back to who proposed it.
    Returned,
    /// With the approver.
    Reviewed,
    /// Published.
    Approved,
    /// Given up.
    Withdrawn,
}

/// What a change set does with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::changeset::Kind")]
pub enum ChangeKind {
    /// 新增: a new entry.
    New,
    /// 变更: the next revision of an entry.
    Changed,
    /// 取消: an entry is repealed with the approval.
    Gone,
}

/// One event of a change set.
#[derive(SimpleObject, Debug, Clone)]
pub struct ChangeSetEvent {
    /// Place in the log.
    pub position: Position,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who did it: the account.
    pub actor: Actor,
    /// The person behind the account, by the id in the directory.
    pub person: String,
    /// The verb: proposed, reviewed, approved, returned, withdrawn.
    pub kind: String,
    /// Why it was returned or withdrawn.
    pub reason: Option<String>,
    /// Number of the document by which it was approved.
    pub document: Option<String>,
}

/// A change set 变更集.
#[derive(Debug)]
pub struct ChangeSet {
    pub(super) code: Code,
    pub(super) set: LoadedSet,
    viewer: Viewer,
}

impl ChangeSet {
    /// A set as far as whoever asks may know of it: all of it, or nothing.
    pub fn of(viewer: &Viewer, code: Code, set: LoadedSet) -> Option<Self> {
        let caller = viewer.caller.as_deref()?;
        sees(caller, &set).then(|| Self { code, set, viewer: viewer.clone() })
    }

    /// What happened to it since a version, oldest first.
    pub fn since(&self, expected: ExpectedVersion) -> Vec<ChangeSetEvent> {
        let later = |version| if let ExpectedVersion::Exact(expected) = expected { version > expected } else { true };
        self.set.history.iter().filter(|past| later(past.recorded.version)).map(told).collect()
    }

    fn state(&self) -> &State {
        &self.set.state
    }
}

/// The set under a code, if whoever asks may know of it.
pub async fn load(journal: &dyn Journal, viewer: &Viewer, code: &str) -> async_graphql::Result<Option<ChangeSet>> {
    // For whoever has no token nothing is read: how long an answer takes tells nothing either.
    let (Ok(code), true) = (code.parse::<Code>(), viewer.caller.is_some()) else { return Ok(None) };
    let set = load_set(journal, &code).await.map_err(|error| {
        tracing::error!(%error, %code, "a change set cannot be read");
        failure(Failure::Unavailable, "变更集暂时无法读取，请稍后再试 / the change set cannot be read at present; try again shortly")
    })?;
    Ok(ChangeSet::of(viewer, code, set))
}

/// Whether it is the caller's turn: a set that was returned to its drafters, or one that they may review or approve.
fn waits_for(caller: &Caller, state: &State) -> bool {
    let (agency, person) = (state.agency.as_ref(), caller.person());
    let drafted = person.is_any(&state.drafters);
    match state.step {
        Step::Returned => caller.acting(Role::Drafter, agency).is_some(),
        Step::Proposed => caller.acting(Role::Reviewer, agency).is_some() && !drafted,
        Step::Reviewed => {
            let acting = caller.acting(Role::Approver, agency);
            let answers = acting.is_some_and(|acting| (acting.scope == Scope::City) == agency.is_none());
            answers && !drafted && !person.is_any(&state.reviewer)
        }
        Step::Absent | Step::Approved | Step::Withdrawn => false,
    }
}

fn told(past: &PastOf<Event>) -> ChangeSetEvent {
    let by = past.event.by();
    let (reason, document) = match &past.event {
        Event::Returned(returned) => (Some(returned.reason.clone()), None),
        Event::Withdrawn(withdrawn) => (Some(withdrawn.reason.clone()), None),
        Event::Approved(approved) => (None, Some(approved.document.clone())),
        Event::Proposed(_) | Event::Reviewed(_) => (None, None),
    };
    ChangeSetEvent {
        position: Position(past.recorded.position),
        at: past.metadata.at,
        actor: Actor {
            id: past.metadata.actor.as_str().to_owned(),
            office: Some(by.role.into()),
            person: Some(by.person.as_str().to_owned()),
        },
        person: by.person.as_str().to_owned(),
        kind: past.event.verb().to_owned(),
        reason,
        document,
    }
}

/// Many changes that go through review and approval as one (Art. 5(1), Art. 7). Nothing of it is public before the approval, and after
/// it only what its members then say.
#[Object]
impl ChangeSet {
    /// Id of the set.
    pub async fn id(&self) -> ID {
        format!("changeset:{}", self.code).into()
    }

    /// Its code.
    async fn code(&self) -> &str {
        self.code.as_str()
    }

    /// What it is called, e.g. the title of the list.
    async fn title(&self) -> &str {
        &self.state().origin.title
    }

    /// The list of which it is a newer edition; null if it comes from none.
    async fn list_key(&self) -> Option<&str> {
        self.state().origin.list_key.as_deref()
    }

    /// The edition of that list.
    async fn edition(&self) -> Option<&str> {
        self.state().origin.edition.as_deref()
    }

    /// Names of the files that it was read from.
    async fn files(&self) -> &[String] {
        &self.state().origin.files
    }

    /// Code of the agency that answers for all of it; null: the city, because it is of several agencies or of what none answers for.
    async fn agency(&self) -> Option<&str> {
        self.state().agency.as_ref().map(Code::as_str)
    }

    /// Where it stands.
    async fn step(&self) -> ChangeSetStep {
        match self.state().step {
            Step::Proposed | Step::Absent => ChangeSetStep::Proposed,
            Step::Returned => ChangeSetStep::Returned,
            Step::Reviewed => ChangeSetStep::Reviewed,
            Step::Approved => ChangeSetStep::Approved,
            Step::Withdrawn => ChangeSetStep::Withdrawn,
        }
    }

    /// Whether it waits for the caller.
    async fn waits_for_me(&self) -> bool {
        self.viewer.caller.as_deref().is_some_and(|caller| waits_for(caller, self.state()))
    }

    /// Why it waits for the caller, or why it does not. It reads the members, to say whether all of them stand.
    #[graphql(complexity = 500)]
    async fn waiting(&self, context: &Context<'_>) -> async_graphql::Result<ChangeSetWaiting> {
        let journal = context.data::<SharedJournal>()?.clone();
        waiting::of(journal.as_ref(), &self.viewer, &self.set).await
    }

    /// Hash of the set: what `reviewChangeSet` and `approveChangeSet` name. It binds every content.
    async fn hash(&self) -> Option<Hash> {
        self.state().hash.map(Hash)
    }

    /// Number of its last event: what a command has to expect.
    async fn stream_version(&self) -> u64 {
        self.set.version.map_or(0, |version| version.0)
    }

    /// How many entries are new.
    async fn new_count(&self) -> usize {
        self.state().counts.new
    }

    /// How many entries are changed.
    async fn changed_count(&self) -> usize {
        self.state().counts.changed
    }

    /// How many entries are repealed.
    async fn gone_count(&self) -> usize {
        self.state().counts.gone
    }

    /// The persons who proposed it, by their ids in the directory. None of them reviews or approves it.
    async fn drafters(&self) -> Vec<&str> {
        self.state().drafters.iter().map(domain::acting::PersonId::as_str).collect()
    }

    /// The person who reviewed it.
    async fn reviewer(&self) -> Option<&str> {
        self.state().reviewer.as_ref().map(domain::acting::PersonId::as_str)
    }

    /// What is to be changed, if it was returned last.
    async fn returned(&self) -> Option<&str> {
        let returned = self.state().returned.as_ref().filter(|_| self.state().step == Step::Returned);
        returned.map(|said| said.reason.as_str())
    }

    /// Number of the document by which it was approved.
    async fn document_number(&self) -> Option<&str> {
        self.state().approval.as_ref().map(|approval| approval.document.as_str())
    }

    /// When all of it comes into force, once it is approved.
    async fn effective_from(&self) -> Option<DateTime<Utc>> {
        self.state().approval.as_ref().map(|approval| approval.effective_from)
    }

    /// Its members, in order of register and code.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * (10 + child_complexity)")]
    async fn members(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "Only those of this kind.")] kind: Option<ChangeKind>,
    ) -> async_graphql::Result<Connection<String, ChangeSetMember, Counted>> {
        let journal = context.data::<SharedJournal>()?.clone();
        member::page(&journal, &self.viewer, &self.set, (first, after, kind)).await
    }

    /// Every event of the set, oldest first.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn history(
        &self,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, ChangeSetEvent, Counted>> {
        slice(self.set.history.iter().map(|past| (past.recorded.version.0, told(past))), first, after)
    }
}

/// Who asks, or why they cannot. `asked` is the verb or the field, and `code` that of the set that is meant.
pub(super) fn caller_of(viewer: &Viewer, asked: &str, code: Option<&Code>) -> async_graphql::Result<Arc<Caller>> {
    viewer.caller.clone().ok_or_else(|| no_token(asked, None, code))
}
