//! A guide is there for an item, and goes with it.

use chrono::{DateTime, Utc};

use super::{RepealNotice, Stage, State};
use crate::{
    envelope::Code,
    register::{Content, Register},
};

/// The item that a content belongs to; `None`: it is of no guide.
pub fn item_of<C: Content>(content: &C) -> Option<&Code> {
    let item = || content.refers_to().into_iter().find(|(register, _)| *register == Register::Item);
    if C::REGISTER == Register::Guide { item().map(|(_, code)| code) } else { None }
}

impl<C: Content> State<C> {
    /// The item that the revision belongs to which comes into force last: with its repeal the entry ends, and with that of no item that it left
    /// or is to leave before.
    pub fn item(&self) -> Option<&Code> {
        self.last_content().and_then(item_of)
    }
}

impl RepealNotice {
    /// Whether it ends the guides of the item that it repeals also where they are repealed by themselves: what comes first counts, and of two of one moment
    /// what was decided of the guide.
    pub fn ends_before(&self, own: Option<&Self>) -> bool {
        own.is_none_or(|own| self.effective_from < own.effective_from)
    }
}

impl Stage {
    /// The same of a guide of which the item was repealed: it is no more from the moment from which its item is not.
    #[must_use]
    pub fn with_item(self, repeal: &RepealNotice, now: DateTime<Utc>) -> Self {
        if self != Self::Absent && repeal.effective_from <= now { Self::Repealed } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        register::{CatalogueEntry, Guide, Item},
        value::ItemType,
    };

    fn notice(second: i64) -> RepealNotice {
        let effective_from = DateTime::from_timestamp(second, 0).unwrap();
        RepealNotice { effective_from, reason: "法律修改".into(), document: None, replaced_by: None }
    }

    #[test]
    fn what_comes_first_ends_a_guide_and_of_one_moment_its_own_repeal() {
        let of_item = notice(20);
        let ends = [None, Some(notice(19)), Some(notice(20)), Some(notice(21))].map(|own| of_item.ends_before(own.as_ref()));
        assert_eq!(ends, [true, false, false, true]);
    }

    #[test]
    fn a_guide_is_what_it_is_until_the_moment_from_which_its_item_is_no_more() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        for stage in Stage::ALL {
            assert_eq!(stage.with_item(&notice(20), at(19)), stage);
            let gone = if stage == Stage::Absent { Stage::Absent } else { Stage::Repealed };
            assert_eq!(stage.with_item(&notice(20), at(20)), gone);
        }
    }

    #[test]
    fn only_a_guide_goes_with_its_item() {
        let [item, agency] = ["I1", "A1"].map(|code| code.parse::<Code>().unwrap());
        assert_eq!(item_of(&Guide::new("指南", item.clone(), agency.clone())), Some(&item));
        assert_eq!(item_of(&Item { parent: Some(item.clone()), ..Item::new("子项", ItemType::Permission, agency.clone()) }), None);
        assert_eq!(item_of(&CatalogueEntry { item: Some(item), ..CatalogueEntry::new("目录", agency) }), None);
    }
}
