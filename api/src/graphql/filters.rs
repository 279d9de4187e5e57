//! Filters of lists. All that are given must hold.

use async_graphql::InputObject;
use projections::{Index, ListQuery, Term};

use super::enums;

/// Which items. All that is given must hold.
#[derive(InputObject, Debug, Default)]
pub struct ItemFilter {
    /// Code of the agency that answers for them now. Of one that has ceased it finds nothing: `agency(code:)` leads to its successor.
    pub agency: Option<String>,
    /// The list.
    pub list: Option<enums::ItemList>,
    /// National type.
    #[graphql(name = "type")]
    pub item_type: Option<enums::ItemType>,
    /// Level.
    pub level: Option<enums::Level>,
    /// Code of a division: items of it and of those that lie in it (`440000` finds `440100`).
    pub region: Option<String>,
    /// Text in the name or code, whatever its width, case and spaces.
    pub text: Option<String>,
}

/// Which guides. All that is given must hold.
#[derive(InputObject, Debug, Default)]
pub struct GuideFilter {
    /// Code of the agency.
    pub agency: Option<String>,
    /// Code of the item.
    pub item: Option<String>,
    /// Whom they serve.
    pub audience: Option<enums::Audience>,
    /// Name of a topic.
    pub topic: Option<String>,
    /// Whether they can be handled online. One that withholds that (Art. 8(1)) is found by neither.
    pub online: Option<bool>,
    /// Text in a name or code, whatever its width, case and spaces.
    pub text: Option<String>,
}

/// Which lines of the openness catalogue. All that is given must hold.
#[derive(InputObject, Debug, Default)]
pub struct CatalogueFilter {
    /// Code of the agency that publishes.
    pub agency: Option<String>,
    /// Level: one of those of the line.
    pub level: Option<enums::Level>,
    /// Name of a topic.
    pub topic: Option<String>,
    /// Code of the item that they are attached to.
    pub item: Option<String>,
    /// Code of the guide that they are attached to.
    pub guide: Option<String>,
    /// Attribute of the information.
    pub attribute: Option<enums::Openness>,
    /// Text in the matter of either tier or in the code, whatever its width, case and spaces.
    pub text: Option<String>,
}

/// Points of a text: it is looked for in the names of all entries that the other fields leave over.
const TEXT_COST: usize = 1_000;

/// Points of a list that looks for a text, or does not.
pub fn text_cost(text: Option<&String>) -> usize {
    text.map_or(0, |_| TEXT_COST)
}

impl ItemFilter {
    /// Points of looking for it.
    pub fn cost(filter: Option<&Self>) -> usize {
        text_cost(filter.and_then(|filter| filter.text.as_ref()))
    }

    /// The sub-items of an item.
    pub fn children_of(code: &str) -> ListQuery {
        ListQuery { terms: vec![Term::new(Index::Parent, code)], text: None }
    }
}

impl GuideFilter {
    /// Points of looking for it.
    pub fn cost(filter: Option<&Self>) -> usize {
        text_cost(filter.and_then(|filter| filter.text.as_ref()))
    }

    /// The guides that ask for a catalogue material.
    pub fn asking_for(code: &str) -> ListQuery {
        ListQuery { terms: vec![Term::new(Index::Material, code)], text: None }
    }
}

impl CatalogueFilter {
    /// Points of looking for it.
    pub fn cost(filter: Option<&Self>) -> usize {
        text_cost(filter.and_then(|filter| filter.text.as_ref()))
    }
}

impl From<CatalogueFilter> for ListQuery {
    fn from(filter: CatalogueFilter) -> Self {
        let mut terms = Vec::new();
        terms.extend(filter.agency.map(|code| Term::new(Index::Agency, code)));
        terms.extend(filter.level.map(|level| Term::level(level.into())));
        terms.extend(filter.topic.map(|name| Term::new(Index::Topic, name)));
        terms.extend(filter.item.map(|code| Term::new(Index::Item, code)));
        terms.extend(filter.guide.map(|code| Term::new(Index::Guide, code)));
        terms.extend(filter.attribute.map(|attribute| Term::attribute(attribute.into())));
        Self { terms, text: filter.text }
    }
}

impl From<ItemFilter> for ListQuery {
    fn from(filter: ItemFilter) -> Self {
        let mut terms = Vec::new();
        terms.extend(filter.agency.map(|code| Term::new(Index::Agency, code)));
        terms.extend(filter.list.map(|list| {
            Term::new(
                Index::List,
                match list {
                    enums::ItemList::Power => "POWER",
                    enums::ItemList::Service => "SERVICE",
                },
            )
        }));
        terms.extend(filter.item_type.map(|t| Term::new(Index::Type, domain::value::ItemType::from(t).code())));
        terms.extend(filter.level.map(|level| Term::level(level.into())));
        terms.extend(filter.region.map(|code| Term::new(Index::Region, code)));
        Self { terms, text: filter.text }
    }
}

impl From<GuideFilter> for ListQuery {
    fn from(filter: GuideFilter) -> Self {
        let mut terms = Vec::new();
        terms.extend(filter.agency.map(|code| Term::new(Index::Agency, code)));
        terms.extend(filter.item.map(|code| Term::new(Index::Item, code)));
        terms.extend(filter.audience.map(|a| Term::new(Index::Audience, domain::value::Audience::from(a).zh())));
        terms.extend(filter.topic.map(|name| Term::new(Index::Topic, name)));
        terms.extend(filter.online.map(|online| Term::new(Index::Online, if online { "true" } else { "false" })));
        Self { terms, text: filter.text }
    }
}
