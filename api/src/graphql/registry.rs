use std::sync::Arc;

use async_graphql::Object;
use chrono::{DateTime, Utc};
use domain::register::{Agency as DomainAgency, Register as DomainRegister};
use projections::{Index, ListQuery, Term};

use super::{
    enums,
    filters::{CatalogueFilter, GuideFilter, ItemFilter, text_cost},
    model::{Agency, CatalogueEntry, Guide, Item, Material, Shown},
    paging::{Page, page},
    scalars::Position,
    scope::Scope,
};

/// How often an agency that ceased is followed to the one that took its place.
const MAX_SUCCESSORS: usize = 16;

/// The register as one channel shows it.
pub struct Registry(pub Arc<Scope>);

/// The register as one channel shows it. All fields answer from one position of the log: no request ever mixes two states.
#[Object]
impl Registry {
    /// The channel.
    async fn channel(&self) -> enums::Channel {
        self.0.channel.into()
    }

    /// The position from which all of this request is answered; null while the register is empty.
    async fn position(&self) -> Option<Position> {
        self.0.view.snapshot.position().map(Position)
    }

    /// The moment at which what is shown is in force: that of the request.
    async fn valid_at(&self) -> DateTime<Utc> {
        self.0.view.now
    }

    /// An agency by its code. The code of one that has ceased leads to the one that took its place (Art. 5(1)): its `code` is another
    /// then, and `formerNames` has the name that was looked for.
    async fn agency(&self, #[graphql(desc = "Code of the agency.")] code: String) -> async_graphql::Result<Option<Agency>> {
        let mut code = code;
        for _ in 0..MAX_SUCCESSORS {
            let Some(view) = self.0.entry::<DomainAgency>(&code).await? else { return Ok(None) };
            if let Some(shown) = Shown::of(&self.0, &view) {
                return Ok(Some(Agency(shown)));
            }
            let ceased = view.repeal.as_ref().filter(|repeal| repeal.effective_from <= self.0.view.now);
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
        let make = |document| Shown::of_document(&self.0, &document).map(Agency);
        page(&self.0, DomainRegister::Agency, ListQuery { terms: Vec::new(), text }, (first, after), make).await
    }

    /// An item by its code.
    async fn item(&self, #[graphql(desc = "Code of the item.")] code: String) -> async_graphql::Result<Option<Item>> {
        Ok(Shown::load(&self.0, &code).await?.map(Item))
    }

    /// Items.
    #[graphql(complexity = "5 + ItemFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn items(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<ItemFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Item>> {
        let make = |document| Shown::of_document(&self.0, &document).map(Item);
        page(&self.0, DomainRegister::Item, filter.unwrap_or_default().into(), (first, after), make).await
    }

    /// A guide by its code.
    async fn guide(&self, #[graphql(desc = "Code of the guide.")] code: String) -> async_graphql::Result<Option<Guide>> {
        Ok(Shown::load(&self.0, &code).await?.map(Guide))
    }

    /// Guides.
    #[graphql(complexity = "5 + GuideFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn guides(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<GuideFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Guide>> {
        let make = |document| Shown::of_document(&self.0, &document).map(Guide);
        page(&self.0, DomainRegister::Guide, filter.unwrap_or_default().into(), (first, after), make).await
    }

    /// A catalogue material by its code.
    async fn material(&self, #[graphql(desc = "Code of the material.")] code: String) -> async_graphql::Result<Option<Material>> {
        Ok(Shown::load(&self.0, &code).await?.map(Material))
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
        let make = |document| Shown::of_document(&self.0, &document).map(Material);
        let terms = if abolished { vec![Term::fixed(Index::Abolished, "true")] } else { Vec::new() };
        let query = ListQuery { terms, text };
        page(&self.0, DomainRegister::Material, query, (first, after), make).await
    }

    /// A line of the openness catalogue by its code.
    async fn catalogue_entry(&self, #[graphql(desc = "Code of the line.")] code: String) -> async_graphql::Result<Option<CatalogueEntry>> {
        Ok(Shown::load(&self.0, &code).await?.map(CatalogueEntry))
    }

    /// The openness catalogue 政务公开事项目录 (Art. 5(3)): by agency, level, topic, by the item or guide that produces the information, and by its attribute.
    #[graphql(complexity = "5 + CatalogueFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn catalogue(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<CatalogueFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<CatalogueEntry>> {
        let make = |document| Shown::of_document(&self.0, &document).map(CatalogueEntry);
        page(&self.0, DomainRegister::Openness, filter.unwrap_or_default().into(), (first, after), make).await
    }
}
