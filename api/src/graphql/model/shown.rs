//! An entry as a channel shows it at the moment of the request.

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, Position},
    register::{Agency, Content},
    value::{Channel as DomainChannel, Hash},
};
use projections::{Document, EntryView, RevisionView, Viewed};

use super::{
    super::{
        error::{Failure, failure},
        scope::Scope,
    },
    revision::{Revision, Source, Upcoming, upcoming},
};
use crate::auth::AtCounter;

/// An entry with the revision in force.
pub struct Shown<C> {
    /// Channel and moment.
    pub scope: Arc<Scope>,
    /// What the revision in force says on every channel. What only the counter sees is had by [`Shown::at_counter`] alone.
    pub content: Arc<C>,
    view: Arc<EntryView<C>>,
    place: usize,
    until: Option<DateTime<Utc>>,
}

impl<C: Viewed> Shown<C> {
    /// The entry, if anything of it is shown at the moment of the request.
    pub fn of(scope: &Arc<Scope>, view: &Arc<EntryView<C>>) -> Option<Self> {
        let shown = view.shown_at(scope.view.now)?;
        let place = view.revisions.iter().position(|r| std::ptr::eq(r, shown.revision))?;
        let (content, until) = (shared(shown.content), shown.effective_until);
        Some(Self { scope: scope.clone(), view: view.clone(), content, place, until })
    }

    /// The entry of a document.
    pub fn of_document(scope: &Arc<Scope>, document: &Document) -> Option<Self> {
        Self::of(scope, C::view(document)?)
    }

    /// The entry of a code.
    pub async fn load(scope: &Arc<Scope>, code: &str) -> async_graphql::Result<Option<Self>> {
        Ok(scope.entry::<C>(code).await?.and_then(|view| Self::of(scope, &view)))
    }

    /// The entry that another one refers to, as it is in force, or as it last was or first will be. An agency that was abolished is
    /// still the one that an item names until the item moves.
    async fn find_referred(scope: &Arc<Scope>, code: &str) -> async_graphql::Result<Option<Self>> {
        let view = scope.entry::<C>(code).await?;
        Ok(view.and_then(|view| Self::of(scope, &view).or_else(|| Self::of_nearest(scope, &view))))
    }

    /// The entry that another one refers to and cannot be shown without.
    pub async fn load_referred(scope: &Arc<Scope>, code: &str) -> async_graphql::Result<Self> {
        Self::find_referred(scope, code).await?.ok_or_else(|| {
            failure(Failure::NotFound, format!("登记册中没有{1} {code} / {0} {code} is not in the register", C::REGISTER, C::REGISTER.zh()))
        })
    }

    fn of_nearest(scope: &Arc<Scope>, view: &Arc<EntryView<C>>) -> Option<Self> {
        let past = view.revisions.iter().rposition(|r| r.effective_from <= scope.view.now && r.content.is_some());
        let place = past.or_else(|| view.revisions.iter().position(|r| r.content.is_some()))?;
        let content = shared(view.revisions[place].content.as_ref()?);
        let until = view.repeal.as_ref().map(|repeal| repeal.effective_from);
        Some(Self { scope: scope.clone(), view: view.clone(), content, place, until })
    }

    /// Entries by their codes, those that are shown.
    pub async fn load_many(scope: &Arc<Scope>, codes: &[Code]) -> async_graphql::Result<Vec<Self>> {
        Ok(scope.entries::<C>(codes).await?.iter().filter_map(|view| Self::of(scope, view)).collect())
    }

    /// The id of its node: `item:CODE`, of the counter `counter.item:CODE`, because the two show different fields.
    pub fn node_id(&self) -> String {
        match self.scope.channel {
            DomainChannel::Online => format!("{}:{}", C::REGISTER.word(), self.view.code),
            DomainChannel::Counter => format!("counter.{}:{}", C::REGISTER.word(), self.view.code),
        }
    }

    /// The code of the entry.
    pub fn code(&self) -> &Code {
        &self.view.code
    }

    /// Of an item: the codes of its guides.
    pub fn guides(&self) -> &[Code] {
        &self.view.guides
    }

    /// The revision in force.
    fn in_force(&self) -> &RevisionView<C> {
        &self.view.revisions[self.place]
    }

    /// What the revision in force says with what only the counter sees, for whoever may see that; `None` on other channels.
    pub fn at_counter(&self) -> async_graphql::Result<Option<&C>> {
        match self.scope.at_counter(self.content.agency()) {
            None => Ok(None),
            Some(Ok(leave)) => Ok(self.whole(&leave)),
            Some(Err(why)) => Err(self.scope.not_at_counter(why, self.code())),
        }
    }

    fn whole(&self, _leave: &AtCounter) -> Option<&C> {
        self.in_force().content.as_deref()
    }

    /// Where the revision in force was read, if it was adopted.
    pub fn source(&self) -> Option<Source> {
        self.in_force().source.as_deref().map(Source::from)
    }

    /// The revision in force, as the contract tells it.
    pub fn revision(&self) -> Revision {
        Revision::of(self.in_force(), self.until)
    }

    /// What is published and not yet in force. Changes of what only the counter sees are among it for whoever may see that.
    pub fn upcoming(&self) -> Vec<Upcoming> {
        let leave = self.scope.at_counter(self.content.agency()).and_then(Result::ok);
        upcoming(&self.view, Some(self.place), self.scope.view.now, leave.as_ref())
    }
}

/// What every channel shows of a content.
fn shared<C: Content>(content: &Arc<C>) -> Arc<C> {
    match content.shared() {
        Cow::Borrowed(_) => content.clone(),
        Cow::Owned(shared) => Arc::new(shared),
    }
}

impl Shown<Agency> {
    /// The agency that an entry names. One that is not published, or reaches no channel, is told by the code that the entry names, and by
    /// nothing else: one such agency must not take all pages away on which an entry of it stands.
    pub async fn load_agency(scope: &Arc<Scope>, code: &Code) -> async_graphql::Result<Self> {
        Ok(Self::find_referred(scope, code.as_str()).await?.unwrap_or_else(|| Self::by_code(scope, code)))
    }

    fn by_code(scope: &Arc<Scope>, code: &Code) -> Self {
        let content = Arc::new(Agency { name: code.to_string(), ..Agency::default() });
        let never = DateTime::UNIX_EPOCH;
        let revision = RevisionView {
            number: 0,
            content: Some(content.clone()),
            content_hash: Hash::of_bytes(b""),
            effective_from: never,
            approved_at: never,
            document_number: None,
            source: None,
            withheld_since: Vec::new(),
            gate: None,
        };
        let view = EntryView {
            code: code.clone(),
            revisions: vec![revision],
            repeal: None,
            suspension: None,
            guides: Vec::new(),
            recorded_at: never,
            position: Position::single(0),
            words: String::new(),
        };
        Self { scope: scope.clone(), view: Arc::new(view), content, place: 0, until: None }
    }
}
