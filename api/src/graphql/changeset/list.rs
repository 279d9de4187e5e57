use std::sync::Arc;

use async_graphql::{
    Context,
    connection::{Connection, Edge, EmptyFields},
};
use domain::envelope::Position;

use super::{
    super::{
        entry::{Counted, Viewer},
        error::{Failure, failure},
        paging::{no_cursor, page_size},
    },
    ChangeSet, caller_of, waits_for,
};
use crate::registrar::{change::Desk, changeset::load_set};

/// A page of the sets that the caller may know of, the newest first. It is answered from the log as it is now.
pub async fn change_sets(
    context: &Context<'_>,
    (first, after): (i32, Option<String>),
    waiting: bool,
) -> async_graphql::Result<Connection<String, ChangeSet, Counted, EmptyFields>> {
    let viewer = Viewer::of(context)?;
    let caller = caller_of(&viewer, "changeSets", None)?;
    let first = page_size(first)?;
    let has_previous = after.is_some();
    let after = after.map(|cursor| cursor.parse::<Position>()).transpose();
    let after = after.map_err(|_| no_cursor())?;
    let unavailable = |error: journal::LoadError| {
        tracing::error!(%error, "change sets cannot be read");
        failure(Failure::Unavailable, "变更集暂时无法读取，请稍后再试 / change sets cannot be read at present; try again shortly")
    };
    let desk = context.data::<Arc<Desk>>()?;
    let fits = |row: &projections::SetRow| caller.sees_drafts_of(row.state.agency.as_ref()) && (!waiting || waits_for(&caller, &row.state));
    let (rows, more, total_count) = desk.work.sets(fits, after, first).await.map_err(unavailable)?;
    let mut page = Connection::with_additional_fields(has_previous, more, Counted { total_count });
    for row in rows {
        let set = load_set(desk.journal.as_ref(), &row.code).await.map_err(unavailable)?;
        if let Some(set) = ChangeSet::of(&viewer, row.code.clone(), set) {
            page.edges.push(Edge::new(row.begun.to_string(), set));
        }
    }
    Ok(page)
}
