//! What changes entries: one file, one verb. Every one of them takes a token, and is carried out once however often it is sent.

mod approve;
mod changeset;
mod correct;
mod deadline;
mod draft;
mod head;
mod payload;
mod reason;
mod reform;
mod repeal;
mod resume;
mod return_;
mod review;
mod revise;
mod step;
mod submit;
mod suspend;
mod waited;
mod withdraw;
mod written;

use async_graphql::MergedObject;

pub use written::{CHANGES, Written};

/// What changes entries (Art. 7, Art. 8(1)). Every change takes a token and a role for whoever answers for the entry; the changes of one
/// request are made in their order. Not over HTTP GET.
#[derive(MergedObject, Debug, Clone, Copy, Default)]
pub struct Mutation(
    draft::Verb,
    revise::Verb,
    submit::Verb,
    review::Verb,
    approve::Verb,
    return_::Verb,
    withdraw::Verb,
    suspend::Verb,
    resume::Verb,
    repeal::Verb,
    correct::Verb,
    changeset::Verbs,
    reform::Verb,
    deadline::Verbs,
);
