use std::sync::Arc;

use async_graphql::{
    Context, InputObject,
    connection::{Connection, Edge, EmptyFields},
};
use chrono::{DateTime, Utc};
use domain::{
    acting::Scope,
    envelope::{Code, EntryName},
    register::Register,
};
use journal::SharedJournal;
use projections::{About, CasePlace, DeadlineQuery};

use super::{
    super::{
        entry::{Counted, Viewer, load_all},
        enums,
        error::{Failure, code_in, failure, not_found, wrong_input},
        paging::{no_cursor, page_size},
    },
    Deadline, DeadlineStatus,
};
use crate::{
    auth::Caller,
    registrar::{
        change::Desk,
        deadline::{Absent, absent, named, sees},
    },
};

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
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub due_by: Option<DateTime<Utc>>,
    /// All of them as they stood, and as was known, at this moment; now if it is left out, and if it lies ahead: what will be
    /// known is not known, and the clock of whoever asks may be ahead of this one.
    #[graphql(validator(custom = "crate::graphql::scalars::no_leap_second"))]
    pub known_at: Option<DateTime<Utc>>,
}

impl DeadlineFilter {
    /// The question.
    fn query(self) -> async_graphql::Result<DeadlineQuery> {
        let code = |field: &str, text: Option<String>| text.map(|text| code_in(field, &text)).transpose();
        let (rule, agency) = (code("filter.rule", self.rule)?, code("agency", self.agency)?);
        let code = code("filter.code", self.code)?;
        let entry = match (self.register, code) {
            (Some(register), Some(code)) => Some(EntryName::new(register.into(), code)),
            (None, None) => None,
            (register, _) => {
                let missing = if register.is_none() { "filter.register" } else { "filter.code" };
                return Err(wrong_input(missing, "register 与 code 须同时给出 / register and code are given together"));
            }
        };
        let status = self.status.map(domain::deadline::Status::from).into_iter().collect();
        Ok(DeadlineQuery { status, rule, agency, entry, due_by: self.due_by })
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
    let query = filter.query()?;
    let viewer = Viewer::of(context)?;
    let caller = viewer.caller.as_deref();
    let desk = context.data::<Arc<Desk>>()?;
    let asked = desk.deadlines.page(&query, |about| sees(caller, about), (viewer.now, known_at), (after.as_ref(), first));
    let told = asked.await.map_err(|error| unavailable(&error))?;
    if told.total == 0 {
        refuse_what_is_not_there(context, desk, &viewer, &query).await?;
    }
    let mut page = Connection::with_additional_fields(has_previous, told.more, Counted { total_count: told.total });
    page.edges.extend(told.cases.into_iter().map(|case| Edge::new(case.place.to_string(), case.into())));
    Ok(page)
}

/// Refuses a question that found nothing where there is no such rule, agency or entry for whoever asks.
async fn refuse_what_is_not_there(context: &Context<'_>, desk: &Desk, viewer: &Viewer, query: &DeadlineQuery) -> async_graphql::Result<()> {
    let caller = viewer.caller.as_deref();
    let journal = context.data::<SharedJournal>()?;
    let mut known = Vec::new();
    for name in named(query) {
        let own = name.register == Register::Agency && caller.is_some_and(|caller| is_of(caller, &name.code));
        if own || load_all(journal.as_ref(), viewer, name.register, name.code.clone()).await?.is_some() {
            known.push(name);
        }
    }
    let missing = absent(&desk.deadlines, query, (|about: &About<'_>| sees(caller, about), viewer.now), &known).await;
    let Some(missing) = missing.map_err(|error| unavailable(&error))? else { return Ok(()) };
    let field = match missing {
        Absent::Rule(_) => "filter.rule",
        Absent::Agency(_) => "agency",
        Absent::Entry(_) => "filter.code",
    };
    Err(not_found(missing.code(), field, format!("{} / {}", missing.zh(), missing.en())))
}

/// Whether somebody holds an office for an agency: that it is there is nothing new to them, also before any list has it.
fn is_of(caller: &Caller, agency: &Code) -> bool {
    caller.grants().iter().any(|grant| matches!(&grant.scope, Scope::Agency(own) if own == agency))
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
pub(super) fn unavailable(error: &(dyn std::error::Error + 'static)) -> async_graphql::Error {
    tracing::error!(error, "deadlines cannot be read");
    failure(Failure::Unavailable, "时限暂时无法读取，请稍后再试 / deadlines cannot be read at present; try again shortly")
}
