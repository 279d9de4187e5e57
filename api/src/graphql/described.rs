//! Descriptions of types that the library makes: pages of lists.

use async_graphql::{
    EmptySubscription, ObjectType, OutputType, SchemaBuilder,
    connection::{Connection, EmptyFields},
};

use super::{
    changeset::{ChangeSet, ChangeSetEvent, ChangeSetMember},
    deadline::Deadline,
    entry::{Change, Counted, Entry, RevisionRecord},
    model::{Agency, Announced, CatalogueEntry, Guide, Item, Material},
    mutation::Mutation,
    paging::Total,
    query::Query,
};

type Builder = SchemaBuilder<Query, Mutation, EmptySubscription>;

/// The same with a description of every page.
pub(super) fn pages(builder: Builder) -> Builder {
    let builder = page::<Agency, Total>(builder, "A page of agencies.");
    let builder = page::<Item, Total>(builder, "A page of items.");
    let builder = page::<Guide, Total>(builder, "A page of guides.");
    let builder = page::<Material, Total>(builder, "A page of materials of the catalogue.");
    let builder = page::<CatalogueEntry, Total>(builder, "A page of lines of the openness catalogue.");
    let builder = page::<Announced, Total>(builder, "A page of what is published and not in force yet.");
    let builder = page::<Entry, Counted>(builder, "A page of entries of any register.");
    let builder = page::<RevisionRecord, Counted>(builder, "A page of the revisions of an entry.");
    let builder = page::<Change, Counted>(builder, "A page of what happened to an entry.");
    let builder = page::<ChangeSet, Counted>(builder, "A page of change sets.");
    let builder = page::<ChangeSetMember, Counted>(builder, "A page of the members of a change set.");
    let builder = page::<ChangeSetEvent, Counted>(builder, "A page of what happened to a change set.");
    page::<Deadline, Counted>(builder, "A page of deadlines.")
}

fn page<T: OutputType + ObjectType, F: ObjectType>(builder: Builder, description: &'static str) -> Builder {
    builder.override_output_type_description::<Connection<String, T, F, EmptyFields>>(description)
}
