//! Relay connections: `first` is mandatory, 1 to 100, and cursors are opaque.

use std::sync::Arc;

use async_graphql::{
    Object, OutputType,
    connection::{Connection, Edge, EmptyFields},
};
use domain::{envelope::Code, register::Register as DomainRegister};
use projections::{ListQuery, count, count_announced, list, list_announced};

use super::{
    error::wrong_input,
    scope::{Scope, unavailable},
};

/// What our cursors begin with: a code that somebody took for a cursor is told so.
const MARK: &str = "c:";

/// Largest page.
pub const MAX_FIRST: i32 = 100;

/// How many there are in all.
pub struct Total {
    scope: Arc<Scope>,
    register: DomainRegister,
    of: Listing,
}

/// What a page is of.
pub enum Listing {
    /// Entries in force.
    InForce(ListQuery),
    /// Entries that are announced and not shown yet, of an agency or of all.
    Announced(Option<Code>),
}

/// How many there are in all.
#[Object]
impl Total {
    /// Number of all that match, on all pages. Counted only when asked for.
    async fn total_count(&self) -> async_graphql::Result<usize> {
        let view = &self.scope.view;
        let place = (self.scope.channel, self.register);
        let counted = match &self.of {
            Listing::InForce(query) => count(view.snapshot.as_ref(), place, query, view.now).await,
            Listing::Announced(agency) => count_announced(view.snapshot.as_ref(), place, agency.as_ref(), view.now).await,
        };
        counted.map_err(|error| unavailable(&error))
    }
}

/// A page of entries.
pub type Page<T> = Connection<String, T, Total, EmptyFields>;

/// Checks `first`.
pub fn page_size(first: i32) -> async_graphql::Result<usize> {
    usize::try_from(first).ok().filter(|_| (1..=MAX_FIRST).contains(&first)).ok_or_else(|| {
        wrong_input("first", format!("first 应为1至{MAX_FIRST}，不能是{first} / first must be 1 to {MAX_FIRST}, not {first}"))
    })
}

/// What is answered to an `after` that is none of ours.
pub fn no_cursor() -> async_graphql::Error {
    wrong_input("after", "after 不是本登记册给出的游标 / after is not a cursor that this register has given out")
}

/// A page of the entries in force that match. `make` turns a document into a node.
pub async fn page<T: OutputType>(
    scope: &Arc<Scope>,
    register: DomainRegister,
    query: ListQuery,
    (first, after): (i32, Option<String>),
    make: impl Fn(projections::Document) -> Option<T>,
) -> async_graphql::Result<Page<T>> {
    page_of(scope, register, Listing::InForce(query), (first, after), make).await
}

/// A page of a listing. `make` turns a document into a node.
pub async fn page_of<T: OutputType>(
    scope: &Arc<Scope>,
    register: DomainRegister,
    of: Listing,
    (first, after): (i32, Option<String>),
    make: impl Fn(projections::Document) -> Option<T>,
) -> async_graphql::Result<Page<T>> {
    let first = page_size(first)?;
    let has_previous = after.is_some();
    let after = after.map(|cursor| cursor.strip_prefix(MARK).and_then(|code| code.parse::<Code>().ok()).ok_or(())).transpose();
    let after = after.map_err(|()| no_cursor())?;
    let view = &scope.view;
    let place = (scope.channel, register);
    let listed = match &of {
        Listing::InForce(query) => list(view.snapshot.as_ref(), place, query, view.now, after, first).await,
        Listing::Announced(agency) => list_announced(view.snapshot.as_ref(), place, agency.as_ref(), view.now, after, first).await,
    };
    let listed = listed.map_err(|error| unavailable(&error))?;
    let total = Total { scope: scope.clone(), register, of };
    let mut page = Connection::with_additional_fields(has_previous, listed.more, total);
    page.edges.extend(listed.documents.into_iter().filter_map(|document| {
        let cursor = format!("{MARK}{}", document.code());
        make(document).map(|node| Edge::new(cursor, node))
    }));
    Ok(page)
}
