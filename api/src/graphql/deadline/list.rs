use std::sync::Arc;

use async_graphql::{
    Context, InputObject,
    connection::{Connection, Edge, EmptyFields},
};
use chrono::{DateTime, Utc};
use domain::envelope::{Code, EntryName};
use projections::{CasePlace, DeadlineError, DeadlineQuery};

use super::{
    super::{
        entry::{Counted, Viewer},
        enums,
        error::{Failure, failure},
        paging::{no_cursor, page_size},
    },
    Deadline, DeadlineStatus,
};
use crate::registrar::{change::Desk, deadline::sees};

/// Most deadlines that are told of an entry.
const MOST_OF_ENTRY: usize = 100;

/// Which deadlines are asked for.
#[derive(InputObject, Debug, Default)]
pub struct DeadlineFilter {
    /// Those that stand so.
    #[graphql(skip)]
    pub status: Option<DeadlineStatus>,
    /// Those of the rule with this code, e.g. `ART-10-2`.
    pub rule: Option<String>,
    /// Those for which the agency with this code answers.
    #[graphql(skip)]
    pub agency: Option<String>,
    /// Those of entries of this register; it takes `code`.
    pub register: Option<enums::Register>,
    /// Those of the entry with this code; it takes `register`.
    pub code: Option<String>,
    /// Those that are over by this moment, or will be. One of which it is not known is none of them.
    pub due_by: Option<DateTime<Utc>>,
    /// All of them as they stood, and as was known, at this moment; now if it is left out.
    pub known_at: Option<DateTime<Utc>>,
}

impl DeadlineFilter {
    /// The question; `None`: there can be none such.
    fn query(self) -> async_graphql::Result<Option<DeadlineQuery>> {
        let code = |text: Option<String>| text.map(|text| text.parse::<Code>()).transpose();
        let (Ok(rule), Ok(agency), Ok(code)) = (code(self.rule), code(self.agency), code(self.code)) else { return Ok(None) };
        let entry = match (self.register, code) {
            (Some(register), Some(code)) => Some(EntryName::new(register.into(), code)),
            (None, None) => None,
            _ => {
                let words = "register 与 code 须同时给出 / register and code are given together";
                return Err(failure(Failure::BadRequest, words));
            }
        };
        let status = self.status.map(domain::deadline::Status::from).into_iter().collect();
        Ok(Some(DeadlineQuery { status, rule, agency, entry, due_by: self.due_by }))
    }
}

/// A page of the deadlines that the caller may know of, what is due first first. It is answered from the log as it is now.
pub async fn deadlines(
    context: &Context<'_>,
    filter: DeadlineFilter,
    (first, after): (i32, Option<String>),
) -> async_graphql::Result<Connection<String, Deadline, Counted, EmptyFields>> {
    let first = page_size(first)?;
    let has_previous = after.is_some();
    let after = after.map(|cursor| cursor.parse::<CasePlace>()).transpose();
    let after = after.map_err(|_| no_cursor())?;
    let known_at = filter.known_at;
    let Some(query) = filter.query()? else {
        return Ok(Connection::with_additional_fields(has_previous, false, Counted { total_count: 0 }));
    };
    let viewer = Viewer::of(context)?;
    let caller = viewer.caller.as_deref();
    let desk = context.data::<Arc<Desk>>()?;
    let asked = desk.deadlines.page(&query, |about| sees(caller, about), (viewer.now, known_at), (after.as_ref(), first));
    let told = asked.await.map_err(|error| unavailable(&error))?;
    let mut page = Connection::with_additional_fields(has_previous, told.more, Counted { total_count: told.total });
    page.edges.extend(told.cases.into_iter().map(|case| Edge::new(case.place.to_string(), case.into())));
    Ok(page)
}

/// The deadlines of an entry that the caller may know of, what is due first first.
pub async fn of_entry(context: &Context<'_>, entry: EntryName) -> async_graphql::Result<Vec<Deadline>> {
    let viewer = Viewer::of(context)?;
    let caller = viewer.caller.as_deref();
    let query = DeadlineQuery { entry: Some(entry), ..DeadlineQuery::default() };
    let desk = context.data::<Arc<Desk>>()?;
    let asked = desk.deadlines.page(&query, |about| sees(caller, about), (viewer.now, None), (None, MOST_OF_ENTRY));
    Ok(asked.await.map_err(|error| unavailable(&error))?.cases.into_iter().map(Deadline::from).collect())
}

/// How it is told that deadlines cannot be read.
pub(super) fn unavailable(error: &DeadlineError) -> async_graphql::Error {
    tracing::error!(error = error as &dyn std::error::Error, "deadlines cannot be read");
    failure(Failure::Unavailable, "时限暂时无法读取，请稍后再试 / deadlines cannot be read at present; try again shortly")
}
