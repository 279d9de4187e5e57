//! GraphQL: the public contract over the views and the log.

mod batch;
mod cache;
mod entry;
mod enums;
mod error;
mod expansion;
mod filters;
pub mod guard;
mod me;
mod model;
mod order;
mod paging;
mod query;
mod registry;
mod scalars;
mod scope;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, SDLExportOptions, ValidationMode};
use journal::SharedJournal;

pub use error::Failure;
pub use query::Query;
pub use scope::RequestView;

/// Deepest selection. Introspection as clients send it needs 15.
pub const MAX_DEPTH: usize = 20;

/// Most points of a query: a field is one, a page multiplies what is asked of its nodes by its size, a text that is looked for
/// weighs a thousand.
pub const MAX_COMPLEXITY: usize = 60_000;

type Root = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The contract over a journal, ready to answer.
#[derive(Clone)]
pub struct Schema {
    /// Holds a request to every rule.
    strict: Root,
    /// For a query that was found valid: only the limits are reckoned again.
    known: Root,
    documents: cache::DocumentCache,
}

/// Builds the schema over a journal; the views come with each request (see [`RequestView`]).
pub fn schema(journal: SharedJournal) -> Schema {
    let strict = builder().data(journal.clone()).finish();
    let known = builder().data(journal).validation_mode(ValidationMode::Fast).finish();
    Schema { strict, known, documents: cache::DocumentCache::default() }
}

impl Schema {
    /// Answers a request, which carries its [`RequestView`].
    pub async fn execute(&self, request: impl Into<Request>) -> Response {
        let mut request = request.into();
        let known = match self.documents.document(&request.query) {
            Ok(known) => known,
            Err(error) => return Response::from_errors(vec![error]),
        };
        let shape = cache::shape_of(&request);
        request.set_parsed_query(known.document.clone());
        let operation = request.operation_name.clone();
        if known.is_valid(shape) {
            let mut answer = self.known.execute(request).await;
            order::as_asked(&known.document, operation.as_deref(), &mut answer);
            return answer;
        }
        let mut answer = self.strict.execute(request).await;
        order::as_asked(&known.document, operation.as_deref(), &mut answer);
        // An answer with errors may be valid too; it is held to every rule again, which costs only time.
        if answer.errors.is_empty() {
            known.found_valid(shape);
        }
        answer
    }
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
}
