use std::sync::Arc;

use async_graphql::Object;
use chrono::{DateTime, Utc};
use domain::register::{Agency as DomainAgency, Register as DomainRegister};
use projections::{Index, ListQuery, Term};

use super::{
    enums,
    error::code_in,
    filters::{CatalogueFilter, GuideFilter, ItemFilter, text_cost},
    model::{Agency, Announced, CatalogueEntry, Guide, Item, Material, Shown},
    paging::{Listing, Page, page, page_of},
    scalars::Position,
    scope::Scope,
};

/// How often an agency that ceased is followed to the one that took its place.
const MAX_SUCCESSORS: usize = 16;

/// The register as one channel shows it.
pub struct Registry {
    /// The channel and the moment.
    pub scope: Arc<Scope>,
    /// What had been recorded by then; `None`: all that is known.
    pub known_at: Option<DateTime<Utc>>,
}

/// The register as one channel shows it. All fields answer from one position of the log: no request ever mixes two states.
#[Object]
impl Registry {
    /// The channel.
    async fn channel(&self) -> enums::Channel {
        self.scope.channel.into()
    }

    /// The position from which all of this request is answered; null while the register is empty, and where `knownAt` is a moment of the
    /// past: what was known then is not told by one position, because clocks go back.
    async fn position(&self) -> Option<Position> {
        self.scope.view.snapshot.position().map(Position)
    }

    /// The moment at which what is shown is in force: that of the request, unless another was asked for.
    async fn valid_at(&self) -> DateTime<Utc> {
        self.scope.view.now
    }

    /// The moment by which all that is shown had been recorded; null: all that is known.
    async fn known_at(&self) -> Option<DateTime<Utc>> {
        self.known_at
    }

    /// An agency by its code. The code of one that has ceased leads to the one that took its place (Art. 5(1)): its `code` is another
    /// then, and `formerNames` has the name that was looked for.
    async fn agency(&self, #[graphql(desc = "Code of the agency.")] code: String) -> async_graphql::Result<Option<Agency>> {
        let mut code = code;
        for _ in 0..MAX_SUCCESSORS {
            let Some(view) = self.scope.entry::<DomainAgency>(&code).await? else { return Ok(None) };
            if let Some(shown) = Shown::of(&self.scope, &view) {
                return Ok(Some(Agency(shown)));
            }
            let ceased = view.repeal.as_ref().filter(|repeal| repeal.effective_from <= self.scope.view.now);
            let Some(successor) = ceased.and_then(|repeal| repeal.replaced_by.as_ref()) else { return Ok(None) };
            code = successor.to_string();
        }
        Ok(None)
    }

    /// Agencies, all or those with a text in a name, a short or former name, or the code.
    #[graphql(complexity = "5 + text_cost(text.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn agencies(
        &self,
        #[graphql(desc = "Text in a name, a former one too, or the code, whatever its width, case and spaces.")] text: Option<String>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Agency>> {
        let make = |document| Shown::of_document(&self.scope, &document).map(Agency);
        page(&self.scope, DomainRegister::Agency, ListQuery { terms: Vec::new(), text }, (first, after), make).await
    }

    /// An item by its code.
    async fn item(&self, #[graphql(desc = "Code of the item.")] code: String) -> async_graphql::Result<Option<Item>> {
        Ok(Shown::load(&self.scope, &code).await?.map(Item))
    }

    /// Items.
    #[graphql(complexity = "5 + ItemFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn items(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<ItemFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Item>> {
        let make = |document| Shown::of_document(&self.scope, &document).map(Item);
        page(&self.scope, DomainRegister::Item, filter.unwrap_or_default().into(), (first, after), make).await
    }

    /// A guide by its code.
    async fn guide(&self, #[graphql(desc = "Code of the guide.")] code: String) -> async_graphql::Result<Option<Guide>> {
        Ok(Shown::load(&self.scope, &code).await?.map(Guide))
    }

    /// Guides.
    #[graphql(complexity = "5 + GuideFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn guides(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<GuideFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Guide>> {
        let make = |document| Shown::of_document(&self.scope, &document).map(Guide);
        page(&self.scope, DomainRegister::Guide, filter.unwrap_or_default().into(), (first, after), make).await
    }

    /// A catalogue material by its code.
    async fn material(&self, #[graphql(desc = "Code of the material.")] code: String) -> async_graphql::Result<Option<Material>> {
        Ok(Shown::load(&self.scope, &code).await?.map(Material))
    }

    /// Catalogue materials, all or those that nobody has to bring any more (Art. 5(2)).
    #[graphql(complexity = "5 + text_cost(text.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn materials(
        &self,
        #[graphql(desc = "Text in a name or code, whatever its width, case and spaces.")] text: Option<String>,
        #[graphql(default, desc = "Only those that were abolished.")] abolished: bool,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Material>> {
        let make = |document| Shown::of_document(&self.scope, &document).map(Material);
        let terms = if abolished { vec![Term::fixed(Index::Abolished, "true")] } else { Vec::new() };
        let query = ListQuery { terms, text };
        page(&self.scope, DomainRegister::Material, query, (first, after), make).await
    }

    /// A line of the openness catalogue by its code.
    async fn catalogue_entry(&self, #[graphql(desc = "Code of the line.")] code: String) -> async_graphql::Result<Option<CatalogueEntry>> {
        Ok(Shown::load(&self.scope, &code).await?.map(CatalogueEntry))
    }

    /// The openness catalogue 政务公开事项目录 (Art. 5(3)): by agency, level, topic, by the item or guide that produces the information, and by its attribute.
    #[graphql(complexity = "5 + CatalogueFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn catalogue(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<CatalogueFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<CatalogueEntry>> {
        let make = |document| Shown::of_document(&self.scope, &document).map(CatalogueEntry);
        page(&self.scope, DomainRegister::Openness, filter.unwrap_or_default().into(), (first, after), make).await
    }

    /// Entries of which nothing is shown now and something is published with its day, each with what it will say and from when (Art. 10(2)): new ones
    /// most often. What will change of an entry that is shown is told by its own `upcoming`.
    #[graphql(complexity = "20 + first.clamp(1, 100) as usize * child_complexity")]
    async fn announced(
        &self,
        #[graphql(desc = "The register.")] register: enums::Register,
        #[graphql(desc = "Code of the agency that will answer for them.")] agency: Option<String>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Announced>> {
        let agency = agency.map(|code| code_in("agency", &code)).transpose()?;
        let make = |document| Announced::of_document(&self.scope, &document);
        page_of(&self.scope, register.into(), Listing::Announced(agency), (first, after), make).await
    }
}
