use async_graphql::{ID, Object};
use domain::register::Register as DomainRegister;

use super::{
    super::{
        enums,
        filters::GuideFilter,
        paging::{Page, page},
    },
    Guide, LegalBasis, Revision, Shown, Source, Upcoming,
    basis::bases,
};

/// A certificate or proof that guides ask for.
pub struct Material(pub Shown<domain::register::Material>);

/// A certificate or proof that guides ask for 材料目录.
#[Object]
impl Material {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        self.0.node_id().into()
    }

    /// Code.
    async fn code(&self) -> &str {
        self.0.code().as_str()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// Other names under which guides ask for it.
    async fn other_names(&self) -> &[String] {
        &self.0.content.other_names
    }

    /// Certificate, proof, form or other.
    async fn kind(&self) -> Option<enums::MaterialKind> {
        self.0.content.kind.map(Into::into)
    }

    /// Who issues it.
    async fn issuer(&self) -> Option<&str> {
        self.0.content.issuer.as_deref()
    }

    /// Whether authorities fetch it from each other, so that nobody needs to bring it.
    async fn shared_by_exchange(&self) -> Option<bool> {
        self.0.content.shared_by_exchange
    }

    /// On which law asking for it rests.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn legal_bases(&self) -> Vec<LegalBasis<'_>> {
        bases(&self.0.content.legal_bases)
    }

    /// Whether it may not be asked for any more (Art. 5(2)).
    async fn abolished(&self) -> bool {
        self.0.content.abolished.is_some()
    }

    /// Why it was abolished, and what takes its place.
    async fn abolished_reason(&self) -> Option<&str> {
        self.0.content.abolished.as_ref().map(|abolished| abolished.reason.as_str())
    }

    /// Document by which it was abolished.
    async fn abolished_document(&self) -> Option<&str> {
        self.0.content.abolished.as_ref().and_then(|abolished| abolished.document.as_deref())
    }

    /// The guides that ask for it.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn guides(
        &self,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Page<Guide>> {
        let scope = &self.0.scope;
        let query = GuideFilter::asking_for(self.0.code().as_str());
        page(scope, DomainRegister::Guide, query, (first, after), |d| Shown::of_document(scope, &d).map(Guide)).await
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
