use std::sync::Arc;

use async_graphql::{
    Context, ID, Interface, Json, Object,
    connection::{Connection, EmptyFields},
};
use chrono::{DateTime, Utc};
use domain::{codec::content_schema, register::Register as DomainRegister, value::Channel as DomainChannel};
use journal::SharedJournal;
use projections::Archive;
use serde_json::Value;

use super::{
    calendar::{self, CalendarYear},
    changeset::{self, ChangeSet, change_sets},
    deadline::{Deadline, DeadlineFilter, DeadlineRule, DeadlineStatus, deadlines, rules},
    entry::{self, Counted, Entry, Viewer},
    enums,
    inbox::inbox,
    me::Me,
    model::{Agency, CatalogueEntry, Guide, Item, Material, Shown},
    registry::Registry,
    scope::{RequestView, Scope, as_of},
};
use crate::auth::Caller;

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Id of the node."))]
pub enum Node {
    /// An agency.
    Agency(Agency),
    /// An item.
    Item(Item),
    /// A guide.
    Guide(Guide),
    /// A material.
    Material(Material),
    /// A line of the openness catalogue.
    CatalogueEntry(CatalogueEntry),
    /// An entry with its history.
    Entry(Entry),
    /// A change set.
    ChangeSet(Box<ChangeSet>),
}

/// Points of another moment than the present: what is listed of one may take a replay of the log.
const MOMENT_COST: usize = super::MAX_COMPLEXITY / 12;

/// Points of a registry beside what is asked of it. Deadlines are as dear: their number is counted case by case.
fn moment_cost(of_another_moment: bool) -> usize {
    if of_another_moment { MOMENT_COST } else { 1 }
}

/// What may be asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query;

/// What may be asked of the register.
#[Object]
impl Query {
    /// The register as one channel shows it: now, or at another moment. With both times it is answered as it was answered then, but for what is
    /// withheld by now (Art. 8(1)): that is told of no moment, and found by nothing, but to who sees the drafts of the whole city, as an auditor does.
    #[graphql(complexity = "moment_cost(valid_at.is_some() || known_at.is_some()) + child_complexity")]
    async fn registry(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "enums::Channel::Online", desc = "The channel.")] channel: enums::Channel,
        #[graphql(
            desc = "What was or will be in force at this moment; the moment of the request if it is left out.",
            validator(custom = "crate::graphql::scalars::no_leap_second")
        )]
        valid_at: Option<DateTime<Utc>>,
        #[graphql(
            validator(custom = "crate::graphql::scalars::no_leap_second"),
            desc = "As it had been recorded by this moment; all that is known if it is left out or lies ahead, and then `knownAt` is null."
        )]
        known_at: Option<DateTime<Utc>>,
    ) -> async_graphql::Result<Registry> {
        let view = context.data::<RequestView>()?.clone();
        let caller = context.data_opt::<Arc<Caller>>().map(AsRef::as_ref);
        let (view, known_at) = as_of((context.data::<Arc<Archive>>()?, caller), view, valid_at, known_at);
        Ok(Registry { scope: Scope::from(context, channel.into(), view), known_at })
    }

    /// One entry with all that was published of it and every event. Who takes part in its changes, or audits them, sees its drafts
    /// too; for everybody else an entry of which there are only drafts is not there.
    #[graphql(complexity = "10 + child_complexity")]
    async fn entry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The register.")] register: enums::Register,
        #[graphql(desc = "Code of the entry.")] code: String,
    ) -> async_graphql::Result<Option<Entry>> {
        let at = context.data::<RequestView>()?.snapshot.position();
        entry::load(context.data::<SharedJournal>()?.as_ref(), &Viewer::of(context)?, at, register.into(), &code).await
    }

    /// Work that waits for the caller, what has waited longest first: drafts to go on with, to review and to approve, and reviews that
    /// urgent corrections owe. It takes a token.
    #[graphql(complexity = "10 + first.clamp(1, 100) as usize * child_complexity")]
    async fn inbox(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, Entry, Counted, EmptyFields>> {
        inbox(context, first, after).await
    }

    /// The change sets that the caller may know of, the newest first: sets of many changes that go through review and approval as one. It
    /// takes a token; for those who may not see drafts there are none.
    #[graphql(complexity = "10 + first.clamp(1, 100) as usize * (10 + child_complexity)")]
    async fn change_sets(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
        #[graphql(default = false, desc = "Only those that wait for the caller.")] waiting: bool,
    ) -> async_graphql::Result<Connection<String, ChangeSet, Counted, EmptyFields>> {
        change_sets(context, (first, after), waiting).await
    }

    /// A change set by its code; null for everybody who may not know of it.
    #[graphql(complexity = "20 + child_complexity")]
    async fn change_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Code of the set.")] code: String,
    ) -> async_graphql::Result<Option<ChangeSet>> {
        changeset::load(context.data::<SharedJournal>()?.as_ref(), &Viewer::of(context)?, &code).await
    }

    /// A year of the working calendar 工作日历; null if nothing at all is known of it. By it deadlines in working days are reckoned.
    #[graphql(complexity = "20 + child_complexity")]
    async fn calendar(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The year.")] year: i32,
    ) -> async_graphql::Result<Option<CalendarYear>> {
        calendar::load(context, year).await
    }

    /// The deadlines 时限 of the rulebook that the caller may know of, what is due first first: for everybody whether changes of public entries were shown on
    /// both channels in time (Art. 10(2)), for those who take part in changes and for auditors all others too. With `filter.knownAt` as they stood at that
    /// moment, by what was known then.
    #[graphql(complexity = "moment_cost(true) + 10 + first.clamp(1, 100) as usize * child_complexity")]
    async fn deadlines(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] status: Option<DeadlineStatus>,
        #[graphql(desc = "Only those for which the agency with this code answers.")] agency: Option<String>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "Further bounds.")] filter: Option<DeadlineFilter>,
    ) -> async_graphql::Result<Connection<String, Deadline, Counted, EmptyFields>> {
        let filter = DeadlineFilter { status, agency, ..filter.unwrap_or_default() };
        deadlines(context, filter, (first, after)).await
    }

    /// The rules of deadlines that hold now, in order of their codes.
    #[graphql(complexity = "20 + 20 * child_complexity")]
    async fn deadline_rules(&self, context: &Context<'_>) -> async_graphql::Result<Vec<DeadlineRule>> {
        rules(context).await
    }

    /// The form of the contents of a register, as `draft`, `revise` and `correct` take them: a JSON Schema (2020-12). Beyond it no
    /// field is taken.
    #[graphql(complexity = "100")]
    async fn content_schema(&self, #[graphql(desc = "The register.")] register: enums::Register) -> Json<Value> {
        Json(content_schema(register.into()).to_value())
    }

    /// Who asks, by the token of the request; null for whoever has none.
    async fn me(&self, context: &Context<'_>) -> Option<Me> {
        context.data_opt::<Arc<Caller>>().cloned().map(Me)
    }

    /// Anything by its id.
    #[graphql(complexity = "10 + child_complexity")]
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> async_graphql::Result<Option<Node>> {
        let Some((prefix, code)) = id.split_once(':') else { return Ok(None) };
        if prefix == "changeset" {
            let set = changeset::load(context.data::<SharedJournal>()?.as_ref(), &Viewer::of(context)?, code).await?;
            return Ok(set.map(|set| Node::ChangeSet(Box::new(set))));
        }
        let (channel, word) = match prefix.split_once('.') {
            Some(("entry", word)) => {
                let Some(register) = DomainRegister::from_word(word) else { return Ok(None) };
                let journal = context.data::<SharedJournal>()?;
                let at = context.data::<RequestView>()?.snapshot.position();
                return Ok(entry::load(journal.as_ref(), &Viewer::of(context)?, at, register, code).await?.map(Node::from));
            }
            Some(("counter", word)) => (DomainChannel::Counter, word),
            Some(_) => return Ok(None),
            None => (DomainChannel::Online, prefix),
        };
        let scope = Scope::of(context, channel)?;
        Ok(match DomainRegister::from_word(word) {
            Some(DomainRegister::Agency) => Shown::load(&scope, code).await?.map(|shown| Agency(shown).into()),
            Some(DomainRegister::Item) => Shown::load(&scope, code).await?.map(|shown| Item(shown).into()),
            Some(DomainRegister::Guide) => Shown::load(&scope, code).await?.map(|shown| Guide(shown).into()),
            Some(DomainRegister::Material) => Shown::load(&scope, code).await?.map(|shown| Material(shown).into()),
            Some(DomainRegister::Openness) => Shown::load(&scope, code).await?.map(|shown| CatalogueEntry(shown).into()),
            None => None,
        })
    }
}
