//! Work that waits for the caller, from the index of what is on its way.

use std::sync::Arc;

use async_graphql::{
    Context,
    connection::{Connection, Edge, EmptyFields},
};
use domain::{
    acting::{Role, Scope},
    entry::Step,
    envelope::Position,
};
use projections::Open;

use super::{
    entry::{Counted, Entry, Viewer, load_all},
    error::{Failure, failure, no_token},
    paging::{no_cursor, page_size},
};
use crate::{auth::Caller, registrar::change::Desk};

/// A page of the work that waits for the caller, what has waited longest first. It is answered from the log as it is now.
pub async fn inbox(
    context: &Context<'_>,
    first: i32,
    after: Option<String>,
) -> async_graphql::Result<Connection<String, Entry, Counted, EmptyFields>> {
    let viewer = Viewer::of(context)?;
    let Some(caller) = viewer.caller.clone() else {
        return Err(no_token("inbox", None, None));
    };
    let first = page_size(first)?;
    let has_previous = after.is_some();
    let after = after.map(|cursor| cursor.parse::<Position>()).transpose();
    let after = after.map_err(|_| no_cursor())?;
    let desk = context.data::<Arc<Desk>>()?;
    let waiting = desk.work.waiting(|open| waits_for(&caller, open), after, first).await.map_err(|error| {
        tracing::error!(%error, "what is on its way cannot be read");
        failure(Failure::Unavailable, "待办暂时无法读取，请稍后再试 / work cannot be read at present; try again shortly")
    })?;
    let mut page = Connection::with_additional_fields(has_previous, waiting.more, Counted { total_count: waiting.total });
    for (place, name) in waiting.entries {
        // What somebody finished meanwhile is left out.
        if let Some(entry) = load_all(desk.journal.as_ref(), &viewer, name.register, name.code).await? {
            page.edges.push(Edge::new(place.to_string(), entry));
        }
    }
    Ok(page)
}

/// Whether it is the caller's turn: a draft that they may go on with, one that they may review or approve, a review that is owed.
fn waits_for(caller: &Caller, open: &Open) -> bool {
    let agency = open.agency.as_ref();
    let (may, person) = (|role| caller.acting(role, agency).is_some(), caller.person());
    let drafted = person.is_any(&open.drafters);
    let draft = match open.step {
        None => false,
        Some(Step::Draft | Step::Returned) => may(Role::Drafter),
        Some(Step::Submitted) => may(Role::Reviewer) && !drafted,
        Some(Step::Reviewed) => {
            // The approver is of the very agency; where none answers alone, they act for the city.
            let agency = agency.filter(|_| !open.moves);
            let acting = caller.acting(Role::Approver, agency);
            let answers = acting.is_some_and(|acting| (acting.scope == Scope::City) == agency.is_none());
            answers && !drafted && !person.is_any(&open.reviewer)
        }
    };
    draft || (may(Role::Reviewer) && open.corrected_by.iter().any(|corrector| !corrector.is(person)))
}
