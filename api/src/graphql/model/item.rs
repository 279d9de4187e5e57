use async_graphql::{ID, Object};
use domain::register::Register as DomainRegister;
use projections::list;

use super::{
    super::{
        enums,
        filters::{CatalogueFilter, GuideFilter, ItemFilter},
        paging::{Page, page},
        scope::unavailable,
    },
    Accountability, Agency, CatalogueEntry, Duty, Guide, LegalBasis, Region, Revision, Shown, Source, Upcoming,
    basis::bases,
};

/// Most guides that are told with their item.
const MAX_GUIDES: usize = 100;

/// One line of the power-and-responsibility list or of the public-service list.
pub struct Item(pub Shown<domain::register::Item>);

/// One line of the power-and-responsibility list 权责清单 or of the public-service list 公共服务清单.
#[Object]
impl Item {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        self.0.node_id().into()
    }

    /// Code: the implementation code where it is known, else one that the register assigned.
    async fn code(&self) -> &str {
        self.0.code().as_str()
    }

    /// Name; of a sub-item its own.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// Name of the item that a sub-item stands under, where the list gives no entry of its own to it.
    async fn main_name(&self) -> Option<&str> {
        self.0.content.main_name.as_deref()
    }

    /// The list that it stands on.
    async fn list(&self) -> enums::ItemList {
        self.0.content.list().into()
    }

    /// National type.
    #[graphql(name = "type")]
    async fn item_type(&self) -> enums::ItemType {
        self.0.content.item_type.into()
    }

    /// Type as the source wrote or numbered it, where that is not the national form.
    async fn type_as_written(&self) -> Option<&str> {
        self.0.content.type_as_written.as_deref()
    }

    /// Level at which it is exercised.
    async fn level(&self) -> Option<enums::Level> {
        self.0.content.level.map(Into::into)
    }

    /// Division.
    async fn region(&self) -> Option<Region<'_>> {
        self.0.content.region.as_ref().map(Region::from)
    }

    /// The implementing agency.
    async fn agency(&self) -> async_graphql::Result<Agency> {
        Ok(Agency(Shown::load_agency(&self.0.scope, &self.0.content.agency).await?))
    }

    /// The implementing body in the words of the list 行使主体, where they are not the agency's name.
    async fn exercised_by(&self) -> Option<&str> {
        self.0.content.exercised_by.as_deref()
    }

    /// Undertaking office 承办机构.
    async fn undertaking_office(&self) -> Option<&str> {
        self.0.content.undertaking_office.as_deref()
    }

    /// Agency on whose behalf it is exercised 委托部门.
    async fn entrusted_by(&self) -> Option<&str> {
        self.0.content.entrusted_by.as_deref()
    }

    /// Basic code 基本编码, 12 characters.
    async fn basic_code(&self) -> Option<&str> {
        self.0.content.basic_code.as_deref()
    }

    /// Local basic code 地方基本编码.
    async fn local_basic_code(&self) -> Option<&str> {
        self.0.content.local_basic_code.as_deref()
    }

    /// Implementation code 实施编码, 31 characters.
    async fn implementation_code(&self) -> Option<&str> {
        self.0.content.implementation_code.as_deref()
    }

    /// Local implementation code 地方实施编码.
    async fn local_implementation_code(&self) -> Option<&str> {
        self.0.content.local_implementation_code.as_deref()
    }

    /// Number on the list as written 序号.
    async fn sequence(&self) -> Option<&str> {
        self.0.content.sequence.as_deref()
    }

    /// Where the power comes from 权力来源.
    async fn power_source(&self) -> Option<enums::PowerSource> {
        self.0.content.power_source.map(Into::into)
    }

    /// Authority at its level 权限.
    async fn authority(&self) -> Option<&str> {
        self.0.content.authority.as_deref()
    }

    /// Duties of the agency from which the power follows 部门职责.
    async fn agency_duty(&self) -> Option<&str> {
        self.0.content.agency_duty.as_deref()
    }

    /// Legal bases 设定依据.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn legal_bases(&self) -> Vec<LegalBasis<'_>> {
        bases(&self.0.content.legal_bases)
    }

    /// Duties 责任事项.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn duties(&self) -> Vec<Duty<'_>> {
        Duty::of(&self.0.content)
    }

    /// Accountability 追责.
    async fn accountability(&self) -> Option<Accountability<'_>> {
        self.0.content.accountability.as_ref().map(Accountability::from)
    }

    /// Remedies open to the citizen 救济渠道.
    async fn remedies(&self) -> Option<&str> {
        self.0.content.remedies.as_deref()
    }

    /// Of a penalty: what is punished, how, and within which bounds.
    async fn penalty_method(&self) -> Option<&str> {
        self.0.content.penalty.as_ref().map(|penalty| penalty.method.as_str())
    }

    /// Of a levy: its kind 征收种类.
    async fn levy_kind(&self) -> Option<&str> {
        self.0.content.levy.as_ref().and_then(|levy| levy.kind.as_deref())
    }

    /// Of a levy: whether a reduction may be approved.
    async fn levy_reducible(&self) -> Option<bool> {
        self.0.content.levy.as_ref().and_then(|levy| levy.reducible)
    }

    /// Remark 备注.
    async fn remark(&self) -> Option<&str> {
        self.0.content.remark.as_deref()
    }

    /// The item that this is a sub-item of.
    async fn parent(&self) -> async_graphql::Result<Option<Item>> {
        match &self.0.content.parent {
            Some(code) => Ok(Shown::load(&self.0.scope, code.as_str()).await?.map(Item)),
            None => Ok(None),
        }
    }

    /// Its sub-items.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn children(
        &self,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Item>> {
        let scope = &self.0.scope;
        let query = ItemFilter::children_of(self.0.code().as_str());
        page(scope, DomainRegister::Item, query, (first, after), |d| Shown::of_document(scope, &d).map(Item)).await
    }

    /// Its guides, at most 100; `registry.guides(filter: {item})` pages through more.
    #[graphql(complexity = "5 + 10 * child_complexity")]
    async fn guides(&self) -> async_graphql::Result<Vec<Guide>> {
        let scope = &self.0.scope;
        if !scope.view.snapshot.tells_guides() {
            let query = GuideFilter { item: Some(self.0.code().to_string()), ..GuideFilter::default() }.into();
            let place = (scope.channel, DomainRegister::Guide);
            let listed = list(scope.view.snapshot.as_ref(), place, &query, scope.view.now, None, MAX_GUIDES).await;
            let listed = listed.map_err(|error| unavailable(&error))?;
            return Ok(listed.documents.iter().filter_map(|guide| Shown::of_document(scope, guide)).map(Guide).collect());
        }
        let guides = Shown::load_many(scope, self.0.guides()).await?;
        // A guide that moves to another item is listed by both, and shown by the one whose it is.
        let own = guides.into_iter().filter(|guide: &Shown<domain::register::Guide>| guide.content.item == *self.0.code());
        Ok(own.take(MAX_GUIDES).map(Guide).collect())
    }

    /// Lines of the openness catalogue that are attached to it: information that its steps produce (Art. 5(3)).
    #[graphql(complexity = "5 + CatalogueFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn catalogue(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<CatalogueFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<CatalogueEntry>> {
        let filter = CatalogueFilter { item: Some(self.0.code().to_string()), ..filter.unwrap_or_default() };
        let scope = &self.0.scope;
        page(scope, DomainRegister::Openness, filter.into(), (first, after), |d| Shown::of_document(scope, &d).map(CatalogueEntry)).await
    }

    /// Openness (Art. 8(1)).
    async fn openness(&self) -> enums::Openness {
        self.0.content.openness.attribute.into()
    }

    /// The revision in force.
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
