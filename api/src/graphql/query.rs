use std::sync::Arc;

use async_graphql::{
    Context, ID, Interface, Json, Object,
    connection::{Connection, EmptyFields},
};
use domain::{codec::content_schema, register::Register as DomainRegister, value::Channel as DomainChannel};
use journal::SharedJournal;
use serde_json::Value;

use super::{
    changeset::{self, ChangeSet, change_sets},
    entry::{self, Counted, Entry, Viewer},
    enums,
    inbox::inbox,
    me::Me,
    model::{Agency, CatalogueEntry, Guide, Item, Material, Shown},
    registry::Registry,
    scope::{RequestView, Scope},
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

/// What may be asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query;

/// What may be asked of the register.
#[Object]
impl Query {
    /// The register as one channel shows it now.
    async fn registry(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "enums::Channel::Online", desc = "The channel.")] channel: enums::Channel,
    ) -> async_graphql::Result<Registry> {
        let view = context.data::<RequestView>()?.clone();
        Ok(Registry(Scope::new(view, channel.into())))
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
        let scope = Scope::new(context.data::<RequestView>()?.clone(), channel);
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
