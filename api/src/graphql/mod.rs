//! GraphQL: the public contract over the views and the log.

mod cache;
mod entry;
mod enums;
mod error;
mod expansion;
mod filters;
pub mod guard;
mod model;
mod paging;
mod query;
mod registry;
mod scalars;
mod scope;

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions};
use journal::SharedJournal;

pub use error::Failure;
pub use query::Query;
pub use scope::RequestView;

/// Deepest selection. Introspection as clients send it needs 15.
pub const MAX_DEPTH: usize = 20;

/// Most points of a query: a field is one, a page multiplies what is asked of its nodes by its size, a text that is looked for
/// weighs a thousand.
pub const MAX_COMPLEXITY: usize = 60_000;

/// The schema.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// Builds the schema over a journal; the views come with each request (see [`RequestView`]).
pub fn schema(journal: SharedJournal) -> Schema {
    builder().data(journal).finish()
}

/// The contract in the schema definition language, as committed in `api/schema.graphql`.
pub fn sdl() -> String {
    let sdl = builder().finish().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_enum_items());
    let trimmed: Vec<_> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", trimmed.join("\n").trim())
}

fn builder() -> async_graphql::SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    async_graphql::Schema::build(Query, EmptyMutation, EmptySubscription)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_directives(10)
        .extension(cache::DocumentCache::default())
}
