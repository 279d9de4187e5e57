use async_graphql::{ID, Object, SimpleObject};

use super::{super::enums, Agency, Guide, Item, LegalBasis, Revision, Shown, Source, TimeLimit, Upcoming, basis::bases};

/// A line of the openness catalogue.
pub struct CatalogueEntry(pub Shown<domain::register::CatalogueEntry>);

/// A line of the openness catalogue 政务公开事项目录 (Art. 5(3)): information that a step of a power or service produces, and whether,
/// how and until when it is published.
#[Object]
impl CatalogueEntry {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        self.0.node_id().into()
    }

    /// Code.
    async fn code(&self) -> &str {
        self.0.code().as_str()
    }

    /// The matter 公开事项: of the second tier 二级事项 where there are two.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// The matter of the first tier 一级事项 that it stands under.
    async fn first_tier(&self) -> Option<&str> {
        self.0.content.first_tier.as_deref()
    }

    /// What is published 公开内容（要素）.
    async fn elements(&self) -> Option<&str> {
        self.0.content.elements.as_deref()
    }

    /// On which law publishing it rests 公开依据.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn legal_bases(&self) -> Vec<LegalBasis<'_>> {
        bases(&self.0.content.legal_bases)
    }

    /// Until when it is published 公开时限.
    async fn time_limit(&self) -> Option<DisclosureLimit<'_>> {
        self.0.content.time_limit.as_ref().map(DisclosureLimit::from)
    }

    /// The agency that publishes it 公开主体.
    async fn agency(&self) -> async_graphql::Result<Agency> {
        Ok(Agency(Shown::load_agency(&self.0.scope, &self.0.content.agency).await?))
    }

    /// That agency, or several, in the words of the catalogue, where they are not the agency's name.
    async fn published_by(&self) -> Option<&str> {
        self.0.content.published_by.as_deref()
    }

    /// Where it is published 公开渠道和载体.
    async fn carriers(&self) -> Vec<enums::Carrier> {
        self.0.content.carriers.iter().map(|carrier| (*carrier).into()).collect()
    }

    /// Channels and carriers that are not on the code list, as written.
    async fn other_carriers(&self) -> &[String] {
        &self.0.content.other_carriers
    }

    /// Whom it is meant for 公开对象.
    async fn open_to(&self) -> Vec<enums::Reach> {
        self.0.content.open_to.iter().map(|reach| (*reach).into()).collect()
    }

    /// Which groups, where it is meant for some.
    async fn groups(&self) -> Option<&str> {
        self.0.content.groups.as_deref()
    }

    /// How it is published 公开方式.
    async fn manner(&self) -> Vec<enums::Manner> {
        self.0.content.manner.iter().map(|manner| (*manner).into()).collect()
    }

    /// At which levels 公开层级.
    async fn levels(&self) -> Vec<enums::Level> {
        self.0.content.levels.iter().map(|level| (*level).into()).collect()
    }

    /// The attribute of the information, not of this line: what is not disclosed is listed too, with its legal basis. Null where an
    /// adopted list does not say it.
    async fn attribute(&self) -> Option<enums::Openness> {
        self.0.content.attribute.map(Into::into)
    }

    /// Why the information is not published actively and whole.
    async fn restriction_reason(&self) -> Option<&str> {
        self.0.content.restriction_reason.as_deref()
    }

    /// On which law that rests.
    #[graphql(complexity = "1 + 3 * child_complexity")]
    async fn restriction_bases(&self) -> Vec<LegalBasis<'_>> {
        bases(&self.0.content.restriction_bases)
    }

    /// The item, a step of which produces the information; null where there is none, or it is not shown at present.
    async fn item(&self) -> async_graphql::Result<Option<Item>> {
        match &self.0.content.item {
            Some(code) => Ok(Shown::load(&self.0.scope, code.as_str()).await?.map(Item)),
            None => Ok(None),
        }
    }

    /// The guide, a step of which produces the information; null where there is none, or it is not shown at present.
    async fn guide(&self) -> async_graphql::Result<Option<Guide>> {
        match &self.0.content.guide {
            Some(code) => Ok(Shown::load(&self.0.scope, code.as_str()).await?.map(Guide)),
            None => Ok(None),
        }
    }

    /// The step 环节 of that item or guide: its name, or its number from 1.
    async fn step(&self) -> Option<&str> {
        self.0.content.step.as_deref()
    }

    /// The field of work under which people look for it.
    async fn topic(&self) -> Option<&str> {
        self.0.content.topic.as_deref()
    }

    /// Remark 备注.
    async fn remark(&self) -> Option<&str> {
        self.0.content.remark.as_deref()
    }

    /// Openness of this line (Art. 8(1)); that of the information is `attribute`.
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

/// Until when information is published 公开时限.
#[derive(SimpleObject, Debug)]
pub struct DisclosureLimit<'a> {
    /// As written; always there.
    pub text: &'a str,
    /// Within which time, where that can be told.
    pub within: Option<TimeLimit<'a>>,
    /// From when that time runs.
    pub since: Option<enums::Since>,
    /// How soon, where it is said in words.
    pub pace: Option<enums::Pace>,
}

impl<'a> From<&'a domain::value::DisclosureLimit> for DisclosureLimit<'a> {
    fn from(limit: &'a domain::value::DisclosureLimit) -> Self {
        Self {
            text: &limit.text,
            within: limit.within.map(|within| TimeLimit::new(within, None)),
            since: limit.since.map(Into::into),
            pace: limit.pace.map(Into::into),
        }
    }
}
