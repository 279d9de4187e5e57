//! An entry as a channel shows it at the moment of the request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{envelope::Code, value::Channel as DomainChannel};
use projections::{Document, EntryView, RevisionView, Viewed};

use super::{
    super::{
        error::{Failure, failure},
        scope::Scope,
    },
    revision::{Revision, Upcoming, upcoming},
};

/// An entry with the revision in force.
pub struct Shown<C> {
    /// Channel and moment.
    pub scope: Arc<Scope>,
    /// The whole view.
    pub view: Arc<EntryView<C>>,
    /// What the revision in force says.
    pub content: Arc<C>,
    place: usize,
    until: Option<DateTime<Utc>>,
}

impl<C: Viewed> Shown<C> {
    /// The entry, if anything of it is shown at the moment of the request.
    pub fn of(scope: &Arc<Scope>, view: &Arc<EntryView<C>>) -> Option<Self> {
        let shown = view.shown_at(scope.view.now)?;
        let place = view.revisions.iter().position(|r| std::ptr::eq(r, shown.revision))?;
        let (content, until) = (shown.content.clone(), shown.effective_until);
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

    /// The entry that another one refers to and cannot be shown without: as it is in force, or as it last was or first will be.
    /// An agency that was abolished is still the one that an item names until the item moves.
    pub async fn load_referred(scope: &Arc<Scope>, code: &str) -> async_graphql::Result<Self> {
        let view = scope.entry::<C>(code).await?;
        let found = view.and_then(|view| Self::of(scope, &view).or_else(|| Self::of_nearest(scope, &view)));
        found.ok_or_else(|| {
            failure(Failure::NotFound, format!("登记册中没有{1} {code} / {0} {code} is not in the register", C::REGISTER, C::REGISTER.zh()))
        })
    }

    fn of_nearest(scope: &Arc<Scope>, view: &Arc<EntryView<C>>) -> Option<Self> {
        let past = view.revisions.iter().rposition(|r| r.effective_from <= scope.view.now && r.content.is_some());
        let place = past.or_else(|| view.revisions.iter().position(|r| r.content.is_some()))?;
        let content = view.revisions[place].content.clone()?;
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

    /// The revision in force.
    pub fn in_force(&self) -> &RevisionView<C> {
        &self.view.revisions[self.place]
    }

    /// The revision in force, as the contract tells it.
    pub fn revision(&self) -> Revision {
        Revision::of(self.in_force(), self.until)
    }

    /// What is published and not yet in force.
    pub fn upcoming(&self) -> Vec<Upcoming> {
        upcoming(&self.view, self.place, self.scope.view.now)
    }
}
