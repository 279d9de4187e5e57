use std::collections::BTreeSet;

use async_graphql::{ID, Object};
use domain::register::Register as DomainRegister;

use super::{
    super::{
        enums,
        filters::CatalogueFilter,
        paging::{Page, page},
    },
    Agency, CatalogueEntry, Contact, Faq, Fee, Item, LegalBasis, MaterialRequirement, OnlineService, Outcome, Place, Region, Revision,
    Shown, Situation, Source, Step, TimeLimit, Topic, Upcoming,
    basis::bases,
};

/// A service guide 办事指南.
pub struct Guide(pub Shown<domain::register::Guide>);

/// A service guide 办事指南: how one handling item of an item is done. Shown only while its item is in force.
#[Object]
impl Guide {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        self.0.node_id().into()
    }

    /// Code: the handling-item code where it is known.
    async fn code(&self) -> &str {
        self.0.code().as_str()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// Names that people use for it.
    async fn other_names(&self) -> &[String] {
        &self.0.content.other_names
    }

    /// The item that is handled.
    async fn item(&self) -> async_graphql::Result<Item> {
        Ok(Item(Shown::load_referred(&self.0.scope, self.0.content.item.as_str()).await?))
    }

    /// The agency that handles it.
    async fn agency(&self) -> async_graphql::Result<Agency> {
        Ok(Agency(Shown::load_agency(&self.0.scope, &self.0.content.agency).await?))
    }

    /// Handling-item code 业务办理项编码, 33 characters.
    async fn handling_code(&self) -> Option<&str> {
        self.0.content.handling_code.as_deref()
    }

    /// Whom it serves.
    async fn audience(&self) -> Vec<enums::Audience> {
        self.0.content.audience.iter().map(|a| (*a).into()).collect()
    }

    /// Names of its topics.
    async fn topics(&self) -> Vec<&str> {
        self.0.content.topics.iter().map(|topic| topic.name.as_str()).collect()
    }

    /// Its topics with the list that they stand on.
    async fn topic_details(&self) -> Vec<Topic<'_>> {
        self.0.content.topics.iter().map(Topic::from).collect()
    }

    /// Instant or promised 办件类型.
    async fn case_kind(&self) -> Option<enums::CaseKind> {
        self.0.content.case_kind.map(Into::into)
    }

    /// Statutory limit 法定办结时限.
    async fn statutory_limit(&self) -> Option<TimeLimit<'_>> {
        let guide = &self.0.content;
        guide.statutory_limit.map(|limit| TimeLimit::new(limit, guide.statutory_note.as_deref()))
    }

    /// What the source says of the statutory limit; its words where they are no limit that can be reckoned with.
    async fn statutory_note(&self) -> Option<&str> {
        self.0.content.statutory_note.as_deref()
    }

    /// Promised limit 承诺办结时限.
    async fn promised_limit(&self) -> Option<TimeLimit<'_>> {
        let guide = &self.0.content;
        guide.promised_limit.map(|limit| TimeLimit::new(limit, guide.promised_note.as_deref()))
    }

    /// What the source says of the promised limit.
    async fn promised_note(&self) -> Option<&str> {
        self.0.content.promised_note.as_deref()
    }

    /// Conditions of acceptance 受理条件.
    async fn conditions(&self) -> Option<&str> {
        self.0.content.conditions.as_deref()
    }

    /// Limit on the number of approvals 数量限制.
    async fn quantity_limit(&self) -> Option<&str> {
        self.0.content.quantity_limit.as_deref()
    }

    /// Situations 情形 of applicants.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn situations(&self) -> Vec<Situation<'_>> {
        self.0.content.situations.iter().map(Situation::from).collect()
    }

    /// Materials 申请材料: all, or those asked for in the given situations.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn materials(
        &self,
        #[graphql(desc = "Codes of situations: materials of these and those asked for in all.")] situations: Option<Vec<String>>,
    ) -> Vec<MaterialRequirement<'_>> {
        let wanted: Option<BTreeSet<_>> = situations.map(|codes| codes.into_iter().collect());
        let asked = |material: &&domain::register::MaterialRequirement| {
            let some = |wanted: &BTreeSet<String>| material.situations.iter().any(|code| wanted.contains(code));
            material.situations.is_empty() || wanted.as_ref().is_none_or(some)
        };
        let materials = self.0.content.materials.iter().filter(asked);
        materials.map(|material| MaterialRequirement::new(&self.0.scope, material)).collect()
    }

    /// Steps 办理流程, in order.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn steps(&self) -> Vec<Step<'_>> {
        self.0.content.steps.iter().map(Step::from).collect()
    }

    /// Hearings, expert reviews, inspections on the spot 特别程序.
    async fn special_procedure(&self) -> Option<&str> {
        self.0.content.special_procedure.as_deref()
    }

    /// Services by intermediaries that the applicant needs 中介服务.
    async fn intermediary_services(&self) -> &[String] {
        &self.0.content.intermediary_services
    }

    /// Fees; empty if it is free of charge.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn fees(&self) -> Vec<Fee<'_>> {
        self.0.content.fees.iter().map(Fee::from).collect()
    }

    /// What the applicant gets 审批结果.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn results(&self) -> Vec<Outcome<'_>> {
        self.0.content.results.iter().map(Outcome::from).collect()
    }

    /// Where it is handled 办理地点.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn places(&self) -> Vec<Place<'_>> {
        self.0.content.places.iter().map(Place::from).collect()
    }

    /// Whether the service hall handles it 是否进驻政务大厅.
    async fn in_service_hall(&self) -> Option<bool> {
        self.0.content.in_service_hall
    }

    /// How it can be handed in 办理形式.
    async fn handling_forms(&self) -> Vec<enums::HandlingForm> {
        self.0.content.handling_forms.iter().map(|form| (*form).into()).collect()
    }

    /// Where it can be handed in 通办范围.
    async fn handling_area(&self) -> Option<enums::HandlingArea> {
        self.0.content.handling_area.map(Into::into)
    }

    /// Division, down to township or village.
    async fn region(&self) -> Option<Region<'_>> {
        self.0.content.region.as_ref().map(Region::from)
    }

    /// Whom to ask 咨询方式.
    async fn consult(&self) -> Vec<Contact<'_>> {
        self.0.content.consult.iter().map(Contact::from).collect()
    }

    /// Where to complain 监督投诉方式.
    async fn complain(&self) -> Vec<Contact<'_>> {
        self.0.content.complain.iter().map(Contact::from).collect()
    }

    /// The online service, if there is one.
    async fn online(&self) -> Option<OnlineService<'_>> {
        self.0.content.online.as_ref().map(OnlineService::from)
    }

    /// Visits to the place 到办事现场次数.
    async fn visits(&self) -> Option<u32> {
        self.0.content.visits
    }

    /// Why a visit is needed.
    async fn visit_reason(&self) -> Option<&str> {
        self.0.content.visit_reason.as_deref()
    }

    /// Whether papers come and go by courier.
    async fn delivery(&self) -> Option<bool> {
        self.0.content.delivery
    }

    /// Agencies that take part 联办机构.
    async fn joint_agencies(&self) -> &[String] {
        &self.0.content.joint_agencies
    }

    /// Questions often asked.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn faqs(&self) -> Vec<Faq<'_>> {
        self.0.content.faqs.iter().map(Faq::from).collect()
    }

    /// Legal bases 设定依据.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn legal_bases(&self) -> Vec<LegalBasis<'_>> {
        bases(&self.0.content.legal_bases)
    }

    /// Notes for the clerk. Counter only; null on other channels. They are for who holds an office there: clerk, drafter, reviewer,
    /// approver or auditor, for the agency of the guide or for the city. Whoever does not is told so by an error at this field,
    /// `UNAUTHENTICATED` without a token and `FORBIDDEN` with one, whether there are notes or not.
    async fn clerk_notes(&self) -> Option<async_graphql::Result<&str>> {
        // The other way about, the library would leave the field out of the answer instead of telling a null.
        self.0.at_counter().map(|content| content.and_then(|content| content.clerk_notes.as_deref())).transpose()
    }

    /// Lines of the openness catalogue that are attached to it: information that its steps produce (Art. 5(3)).
    #[graphql(complexity = "5 + CatalogueFilter::cost(filter.as_ref()) + first.clamp(1, 100) as usize * child_complexity")]
    async fn catalogue(
        &self,
        #[graphql(desc = "Which of them.")] filter: Option<CatalogueFilter>,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<CatalogueEntry>> {
        let filter = CatalogueFilter { guide: Some(self.0.code().to_string()), ..filter.unwrap_or_default() };
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
