use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    envelope::Code,
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, withheld_of},
    value::{Level, OpennessAttribute},
};

use crate::document::{Document, EntryView, RevisionView};

/// What entries are looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// Every entry that is shown now or will be.
    All,
    /// Entries whose showing depends on the clock: an upcoming revision, an announced repeal.
    Temporal,
    /// Entries of which something is withheld, or will be: never asked for by readers, see [`crate::Withholding`].
    Withheld,
    /// Items, guides and lines of the openness catalogue by the code of their agency.
    Agency,
    /// Items by list: `POWER`, `SERVICE`.
    List,
    /// Items by national type code.
    Type,
    /// Items, agencies and lines of the catalogue by level, `1` to `6`; a line may have several.
    Level,
    /// Items, agencies and guides by division: the one named, and those that it lies in (`440100` also under `440000`).
    Region,
    /// Sub-items by the code of their item; agencies by the code of the one above.
    Parent,
    /// Guides by the code of their item; lines of the catalogue by that of the item that they are attached to.
    Item,
    /// Guides by whom they serve.
    Audience,
    /// Guides and lines of the catalogue by the name of a topic.
    Topic,
    /// Guides by whether they can be handled online: `true`, `false`. One that withholds that is under neither.
    Online,
    /// Guides by the code of a catalogue material that they ask for.
    Material,
    /// Lines of the catalogue by the code of the guide that they are attached to.
    Guide,
    /// Materials that were abolished: `true`.
    Abolished,
    /// Lines of the catalogue by the attribute of the information: `ACTIVE`, `PARTIAL`, `ON_REQUEST`, `NOT_DISCLOSED`.
    Attribute,
}

impl Index {
    /// The word in keys of stores.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Temporal => "temporal",
            Self::Withheld => "withheld",
            Self::Agency => "agency",
            Self::List => "list",
            Self::Type => "type",
            Self::Level => "level",
            Self::Region => "region",
            Self::Parent => "parent",
            Self::Item => "item",
            Self::Audience => "audience",
            Self::Topic => "topic",
            Self::Online => "online",
            Self::Material => "material",
            Self::Guide => "guide",
            Self::Abolished => "abolished",
            Self::Attribute => "attribute",
        }
    }
}

/// A value of an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The index.
    pub index: Index,
    /// The value.
    pub value: Word,
}

/// The text of a term: one of a fixed list, or one that is shared with whatever else holds it.
#[derive(Debug, Clone)]
pub enum Word {
    /// Of a list that this program knows.
    Fixed(&'static str),
    /// Any other.
    Shared(Arc<str>),
}

impl Word {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Word {}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Term {
    /// A term.
    pub fn new(index: Index, value: impl AsRef<str>) -> Self {
        Self { index, value: Word::Shared(value.as_ref().into()) }
    }

    /// The term of a word of a fixed list.
    pub fn fixed(index: Index, value: &'static str) -> Self {
        Self { index, value: Word::Fixed(value) }
    }

    /// The term of a code, which shares its text.
    pub fn of_code(index: Index, code: &Code) -> Self {
        Self { index, value: Word::Shared(code.shared()) }
    }

    /// The term of the attribute of information.
    pub fn attribute(attribute: OpennessAttribute) -> Self {
        let word = match attribute {
            OpennessAttribute::Active => "ACTIVE",
            OpennessAttribute::Partial => "PARTIAL",
            OpennessAttribute::OnRequest => "ON_REQUEST",
            OpennessAttribute::NotDisclosed => "NOT_DISCLOSED",
        };
        Self::fixed(Index::Attribute, word)
    }

    /// The term of a level.
    pub fn level(level: Level) -> Self {
        let place = Level::ALL.iter().position(|l| *l == level).unwrap_or(0);
        Self::fixed(Index::Level, ["1", "2", "3", "4", "5", "6"][place])
    }
}

/// The field by which a guide says that it can be handled online: by having it.
const ONLINE: &str = "online";

/// A content that can be looked up.
pub(crate) trait Indexed: Content {
    /// The terms under which the content is found, by the order of the indexes.
    fn terms(&self, out: &mut Vec<Term>);

    /// Hands out the words in which a filter text is looked for.
    fn words(&self, each: &mut dyn FnMut(&str));
}

impl Indexed for Agency {
    fn terms(&self, out: &mut Vec<Term>) {
        out.extend(self.level.map(Term::level));
        regions(self.region.as_ref().map(|r| r.code.as_str()), out);
        out.extend(self.parent.as_ref().map(|parent| Term::of_code(Index::Parent, parent)));
    }

    fn words(&self, each: &mut dyn FnMut(&str)) {
        let others = self.short_names.iter().chain(&self.former_names).map(String::as_str);
        std::iter::once(self.name.as_str()).chain(others).for_each(each);
    }
}

impl Indexed for Item {
    fn terms(&self, out: &mut Vec<Term>) {
        out.push(Term::of_code(Index::Agency, &self.agency));
        out.push(Term::fixed(Index::List, if self.list() == domain::value::ItemList::Power { "POWER" } else { "SERVICE" }));
        out.push(Term::fixed(Index::Type, self.item_type.code()));
        out.extend(self.level.map(Term::level));
        regions(self.region.as_ref().map(|r| r.code.as_str()), out);
        out.extend(self.parent.as_ref().map(|parent| Term::of_code(Index::Parent, parent)));
    }

    fn words(&self, each: &mut dyn FnMut(&str)) {
        std::iter::once(self.name.as_str()).chain(self.main_name.as_deref()).for_each(each);
    }
}

impl Indexed for Guide {
    fn terms(&self, out: &mut Vec<Term>) {
        out.push(Term::of_code(Index::Agency, &self.agency));
        regions(self.region.as_ref().map(|r| r.code.as_str()), out);
        out.push(Term::of_code(Index::Item, &self.item));
        out.extend(self.audience.iter().map(|a| Term::fixed(Index::Audience, a.zh())));
        out.extend(self.topics.iter().map(|t| Term::new(Index::Topic, &t.name)));
        out.push(Term::fixed(Index::Online, if self.is_online() { "true" } else { "false" }));
        out.extend(self.materials.iter().filter_map(|m| m.material.as_ref()).map(|code| Term::of_code(Index::Material, code)));
    }

    fn words(&self, each: &mut dyn FnMut(&str)) {
        std::iter::once(self.name.as_str()).chain(self.other_names.iter().map(String::as_str)).for_each(each);
    }
}

impl Indexed for Material {
    fn terms(&self, out: &mut Vec<Term>) {
        out.extend(self.abolished.as_ref().map(|_| Term::fixed(Index::Abolished, "true")));
    }

    fn words(&self, each: &mut dyn FnMut(&str)) {
        std::iter::once(self.name.as_str()).chain(self.other_names.iter().map(String::as_str)).for_each(each);
    }
}

impl Indexed for CatalogueEntry {
    fn terms(&self, out: &mut Vec<Term>) {
        out.push(Term::of_code(Index::Agency, &self.agency));
        out.extend(self.levels.iter().map(|level| Term::level(*level)));
        out.extend(self.item.as_ref().map(|code| Term::of_code(Index::Item, code)));
        out.extend(self.topic.as_ref().map(|topic| Term::new(Index::Topic, topic)));
        out.extend(self.guide.as_ref().map(|code| Term::of_code(Index::Guide, code)));
        out.extend(self.attribute.map(Term::attribute));
    }

    fn words(&self, each: &mut dyn FnMut(&str)) {
        std::iter::once(self.name.as_str()).chain(self.first_tier.as_deref()).for_each(each);
    }
}

fn regions(code: Option<&str>, out: &mut Vec<Term>) {
    let Some(code) = code.filter(|code| code.is_ascii()) else { return };
    for digits in [2, 4, 6] {
        let mut division = [b'0'; 6];
        let Some(start) = code.as_bytes().get(..digits) else { break };
        division[..digits].copy_from_slice(start);
        // It is of ASCII, as the code is.
        out.extend(
            std::str::from_utf8(&division).ok().filter(|division| *division != code).map(|division| Term::new(Index::Region, division)),
        );
    }
    out.push(Term::new(Index::Region, code));
}

impl Document {
    /// The terms under which a store keeps the document, in order, each once. For one that is not shown and will not be at most the one that
    /// says that something of it is withheld.
    pub fn terms(&self) -> Vec<Term> {
        match self {
            Self::Agency(view) => of_view(view),
            Self::Item(view) => of_view(view),
            Self::Guide(view) => of_view(view),
            Self::Material(view) => of_view(view),
            Self::CatalogueEntry(view) => of_view(view),
        }
    }

    /// Whether what is shown at a moment has all of these terms.
    pub fn matches_at(&self, terms: &[Term], now: DateTime<Utc>) -> bool {
        match self {
            Self::Agency(view) => matches(view, terms, now),
            Self::Item(view) => matches(view, terms, now),
            Self::Guide(view) => matches(view, terms, now),
            Self::Material(view) => matches(view, terms, now),
            Self::CatalogueEntry(view) => matches(view, terms, now),
        }
    }
}

fn of_view<C: Indexed>(view: &EntryView<C>) -> Vec<Term> {
    let withholds = view.withholds().then(|| Term::fixed(Index::Withheld, ""));
    if !view.may_be_shown() {
        return withholds.into_iter().collect();
    }
    // Near the order in which they are to be: sorting what is sorted takes a look.
    let mut terms = Vec::with_capacity(16);
    terms.push(Term::fixed(Index::All, ""));
    if view.is_temporal() {
        terms.push(Term::fixed(Index::Temporal, ""));
    }
    terms.extend(withholds);
    for revision in &view.revisions {
        of_revision(revision, &mut terms);
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The terms of a revision, as far as they may be known. Fields that are withheld are in no content here, and whatever is found by what stands in them is not
/// found; but of one that is there or not the content without it says that it is not, and that is nobody's to know (Art. 8(1)).
fn of_revision<C: Indexed>(revision: &RevisionView<C>, out: &mut Vec<Term>) {
    let Some(content) = &revision.content else { return };
    let begins = out.len();
    content.terms(out);
    let mut withheld = withheld_of(content.as_ref()).chain(&revision.withheld_since);
    if withheld.any(|name| name == ONLINE) {
        let kept: Vec<_> = out.drain(begins..).filter(|term| term.index != Index::Online).collect();
        out.extend(kept);
    }
}

fn matches<C: Indexed>(view: &EntryView<C>, terms: &[Term], now: DateTime<Utc>) -> bool {
    let Some(shown) = view.shown_at(now) else { return false };
    if !view.is_temporal() {
        return true;
    }
    let mut has = Vec::new();
    of_revision(shown.revision, &mut has);
    terms.iter().all(|term| matches!(term.index, Index::All | Index::Temporal) || has.contains(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_is_found_under_those_it_lies_in() {
        for (code, divisions) in [
            ("440103001", &["440000", "440100", "440103", "440103001"][..]),
            ("440103", &["440000", "440100", "440103"]),
            ("440100", &["440000", "440100"]),
            ("440000", &["440000"]),
        ] {
            let mut terms = Vec::new();
            regions(Some(code), &mut terms);
            let mut values: Vec<_> = terms.iter().map(|t| t.value.as_str()).collect();
            values.sort_unstable();
            values.dedup();
            assert_eq!(values, divisions, "{code}");
        }
    }
}
