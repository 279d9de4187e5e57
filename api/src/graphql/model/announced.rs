//! Entries that a channel announces and of which it shows nothing.

use std::sync::Arc;

use async_graphql::SimpleObject;
use projections::{Document, EntryView, Viewed};

use super::{
    super::{enums, scope::Scope},
    revision::{Upcoming, upcoming},
};

/// An entry of which nothing is shown and something is published with its day (Art. 10(2)): what it will say and from when. Asked with that day as `validAt`, the
/// register tells it whole.
#[derive(SimpleObject, Debug)]
pub struct Announced {
    /// The register of the entry.
    pub register: enums::Register,
    /// Its code.
    pub code: String,
    /// The name that it will have.
    pub name: String,
    /// Code of the agency that will answer for it.
    pub agency: Option<String>,
    /// What is published of it, in order of time; of the first every field is new.
    pub upcoming: Vec<Upcoming>,
}

impl Announced {
    /// The entry of a document, if it is announced at the moment of the request.
    pub fn of_document(scope: &Arc<Scope>, document: &Document) -> Option<Self> {
        match document {
            Document::Agency(view) => Self::of(scope, view),
            Document::Item(view) => Self::of(scope, view),
            Document::Guide(view) => Self::of(scope, view),
            Document::Material(view) => Self::of(scope, view),
            Document::CatalogueEntry(view) => Self::of(scope, view),
        }
    }

    fn of<C: Viewed>(scope: &Arc<Scope>, view: &EntryView<C>) -> Option<Self> {
        let now = scope.view.now;
        let content = view.announced_at(now).first()?.content.as_ref()?;
        let leave = scope.at_counter(content.agency()).and_then(Result::ok);
        Some(Self {
            register: C::REGISTER.into(),
            code: view.code.to_string(),
            name: content.name().to_owned(),
            agency: content.agency().map(ToString::to_string),
            upcoming: upcoming(view, None, now, leave.as_ref()),
        })
    }
}
