//! GraphQL: the public contract over the views and the log.

mod batch;
mod cache;
mod calendar;
mod changeset;
mod deadline;
mod described;
mod entry;
mod enums;
mod error;
mod expansion;
mod filters;
pub mod guard;
mod inbox;
mod library;
mod me;
mod model;
mod mutation;
mod order;
mod paging;
mod query;
mod registry;
mod scalars;
mod scope;

use std::sync::Arc;

use async_graphql::{
    EmptySubscription, Request, Response, SDLExportOptions, ValidationMode,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection},
};
use journal::SharedJournal;
use projections::Archive;

use crate::registrar::change::Desk;

pub use error::Failure;
pub use mutation::{CHANGES, Mutation, Written};
pub use query::Query;
pub use scope::RequestView;

/// Deepest selection. Introspection as clients send it needs 15.
pub const MAX_DEPTH: usize = 20;

/// Most points of a query: a field is one, a page multiplies what is asked of its nodes by its size, a text that is looked for
/// weighs a thousand.
pub const MAX_COMPLEXITY: usize = 60_000;

type Root = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The contract over a journal, ready to answer.
#[derive(Clone)]
pub struct Schema {
    /// Holds a request to every rule.
    strict: Root,
    /// For a query that was found valid: only the limits are reckoned again.
    known: Root,
    documents: cache::DocumentCache,
    desk: Arc<Desk>,
}

/// Builds the schema over a journal; the views come with each request (see [`RequestView`]), and so does who asks, as
/// `Arc<auth::Caller>`, where a token was verified.
pub fn schema(journal: SharedJournal) -> Schema {
    schema_of(Desk::new(journal))
}

/// Builds the schema over a desk.
pub fn schema_of(desk: Desk) -> Schema {
    let desk = Arc::new(desk);
    let archive = Archive::new(desk.journal.clone());
    let with = |builder: async_graphql::SchemaBuilder<_, _, _>| {
        builder.data(desk.journal.clone()).data(desk.clone()).data(archive.clone()).data(desk.receipts.clone())
    };
    let strict = with(builder()).finish();
    let known = with(builder()).validation_mode(ValidationMode::Fast).finish();
    Schema { strict, known, documents: cache::DocumentCache::default(), desk }
}

impl Schema {
    /// Where changes are made.
    pub fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// Whether a request asks for changes. One that cannot be read does not.
    pub fn changes(&self, query: &str, operation: Option<&str>) -> bool {
        // Most requests ask only, and are not looked at twice.
        if !query.contains("mutation") {
            return false;
        }
        let Ok(known) = self.documents.document(query) else { return false };
        operations(&known.document, operation).into_iter().any(|operation| operation.ty == OperationType::Mutation)
    }

    /// Whether a request asks for nothing but what the channels show, and says so at first sight: by fields at its root and no fragments. What was
    /// known at another moment is answered from the log, and is none of it.
    pub fn reads_the_register_only(&self, query: &str, operation: Option<&str>) -> bool {
        let Ok(known) = self.documents.document(query) else { return false };
        // What was known at another moment is answered from the log, and nobody notes there until when the answer holds.
        let is_register = |selection: &Selection| match selection {
            Selection::Field(field) => {
                let past = field.node.arguments.iter().any(|(name, _)| name.node == "knownAt");
                CHANNELS.contains(&field.node.name.node.as_str()) && !past
            }
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        };
        operations(&known.document, operation).into_iter().all(|operation| {
            operation.ty == OperationType::Query && operation.selection_set.node.items.iter().all(|item| is_register(&item.node))
        })
    }

    /// Answers a request, which carries its [`RequestView`].
    pub async fn execute(&self, request: impl Into<Request>) -> Response {
        let mut request = request.into();
        let known = match self.documents.document(&request.query) {
            Ok(known) => known,
            Err(error) => {
                let mut answer = Response::from_errors(vec![error]);
                library::tell(&mut answer, None);
                return answer;
            }
        };
        let shape = cache::shape_of(&request);
        request.set_parsed_query(known.document.clone());
        let operation = request.operation_name.clone();
        let is_known = known.is_valid(shape);
        let variables = request.variables.clone();
        let mut answer = if is_known { self.known.execute(request).await } else { self.strict.execute(request).await };
        order::as_asked(&known.document, operation.as_deref(), &mut answer);
        library::tell(&mut answer, Some((&known.document, &variables)));
        if is_known {
            return answer;
        }
        // An answer with errors may be valid too; it is held to every rule again, which costs only time.
        if answer.errors.is_empty() {
            known.found_valid(shape);
        }
        answer
    }
}

/// Fields of the root that are answered from the channels alone.
const CHANNELS: [&str; 2] = ["registry", "__typename"];

/// The operations that a request may ask for.
fn operations<'d>(document: &'d ExecutableDocument, operation: Option<&str>) -> Vec<&'d OperationDefinition> {
    match (&document.operations, operation) {
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|named| &named.node).into_iter().collect(),
        (DocumentOperations::Multiple(all), None) => all.values().map(|named| &named.node).collect(),
        (DocumentOperations::Single(only), _) => vec![&only.node],
    }
}

/// The contract in the schema definition language, as committed in `api/schema.graphql`.
pub fn sdl() -> String {
    let sdl = builder().finish().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_enum_items());
    let trimmed: Vec<_> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", trimmed.join("\n").trim())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    described::pages(async_graphql::Schema::build(Query, Mutation::default(), EmptySubscription))
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_directives(10)
}
