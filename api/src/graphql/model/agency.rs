use async_graphql::{ID, Object};
use domain::{register::Register as DomainRegister, value::ItemType as DomainItemType};
use futures::future::try_join_all;
use projections::{Index, ListQuery, Term, count};

use super::{
    super::{
        enums,
        filters::{CatalogueFilter, GuideFilter, ItemFilter},
        paging::{Page, page},
        scope::unavailable,
    },
    CatalogueEntry, Contact, Guide, Item, Region, Revision, Shown, Source, TypeCount, Upcoming,
};

/// An implementing body 实施主体.
pub struct Agency(pub Shown<domain::register::Agency>);

/// An implementing body 实施主体.
#[Object]
impl Agency {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        self.0.node_id().into()
    }

    /// Code: the unified social credit code where it is known, else one that the register assigned.
    async fn code(&self) -> &str {
        self.0.code().as_str()
    }

    /// Full name; of an agency that is named by an entry and is itself not published, its code.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// Short names under which people look for it.
    async fn short_names(&self) -> &[String] {
        &self.0.content.short_names
    }

    /// Names that it bore before (Art. 5(1)).
    async fn former_names(&self) -> &[String] {
        &self.0.content.former_names
    }

    /// Unified social credit code, as published.
    async fn credit_code(&self) -> Option<&str> {
        self.0.content.credit_code.as_ref().map(domain::value::CreditCode::as_str)
    }

    /// Statutory, authorised or entrusted.
    async fn nature(&self) -> Option<enums::AgencyNature> {
        self.0.content.nature.map(Into::into)
    }

    /// Its level.
    async fn level(&self) -> Option<enums::Level> {
        self.0.content.level.map(Into::into)
    }

    /// Code of the division that it answers for.
    async fn region(&self) -> Option<&str> {
        self.0.content.region.as_ref().map(|region| region.code.as_str())
    }

    /// The division that it answers for.
    async fn division(&self) -> Option<Region<'_>> {
        self.0.content.region.as_ref().map(Region::from)
    }

    /// The agency above it.
    async fn parent(&self) -> async_graphql::Result<Option<Agency>> {
        match &self.0.content.parent {
            Some(code) => Ok(Shown::load(&self.0.scope, code.as_str()).await?.map(Agency)),
            None => Ok(None),
        }
    }

    /// Address of its seat.
    async fn address(&self) -> Option<&str> {
        self.0.content.address.as_deref()
    }

    /// How it is reached.
    async fn contacts(&self) -> Vec<Contact<'_>> {
        self.0.content.contacts.iter().map(Contact::from).collect()
    }

    /// Its items.
    #[graphql(complexity = "5 + ItemFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn items(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<ItemFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Item>> {
        let filter = ItemFilter { agency: Some(self.0.code().to_string()), ..filter.unwrap_or_default() };
        let scope = &self.0.scope;
        page(scope, DomainRegister::Item, filter.into(), (first, after), |d| Shown::of_document(scope, &d).map(Item)).await
    }

    /// Its guides.
    #[graphql(complexity = "5 + GuideFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn guides(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<GuideFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Guide>> {
        let filter = GuideFilter { agency: Some(self.0.code().to_string()), ..filter.unwrap_or_default() };
        let scope = &self.0.scope;
        page(scope, DomainRegister::Guide, filter.into(), (first, after), |d| Shown::of_document(scope, &d).map(Guide)).await
    }

    /// How many items it has of each type; types without items are left out.
    #[graphql(complexity = "11 + child_complexity * 11")]
    async fn counts(&self) -> async_graphql::Result<Vec<TypeCount>> {
        let scope = &self.0.scope;
        // All at once: a store on another machine answers them in one wave.
        let counts = DomainItemType::ALL.map(|item_type| async move {
            let terms = vec![Term::of_code(Index::Agency, self.0.code()), Term::fixed(Index::Type, item_type.code())];
            let query = ListQuery { terms, text: None };
            let place = (scope.channel, DomainRegister::Item);
            let count = count(scope.view.snapshot.as_ref(), place, &query, scope.view.now).await?;
            Ok(TypeCount { item_type: item_type.into(), count })
        });
        let counts = try_join_all(counts).await.map_err(|error| unavailable(&error))?;
        Ok(counts.into_iter().filter(|of_type| of_type.count > 0).collect())
    }

    /// Lines of the openness catalogue that it publishes (Art. 5(3)).
    #[graphql(complexity = "5 + CatalogueFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn catalogue(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<CatalogueFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<CatalogueEntry>> {
        let filter = CatalogueFilter { agency: Some(self.0.code().to_string()), ..filter.unwrap_or_default() };
        let scope = &self.0.scope;
        page(scope, DomainRegister::Openness, filter.into(), (first, after), |d| Shown::of_document(scope, &d).map(CatalogueEntry)).await
    }

    /// Openness (Art. 8(1)).
    async fn openness(&self) -> enums::Openness {
        self.0.content.openness.attribute.into()
    }

    /// The revision in force; number 0 if the agency is not published.
    async fn revision(&self) -> Revision {
        self.0.revision()
    }

    /// What is published and not yet in force (Art. 10(2)).
    #[graphql(complexity = "2 + 3 * child_complexity")]
    async fn upcoming(&self) -> Vec<Upcoming> {
        self.0.upcoming()
    }

    /// Where the revision in force was read, if it was adopted.
    async fn source(&self) -> Option<Source> {
        self.0.source()
    }
}
