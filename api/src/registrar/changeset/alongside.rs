use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    envelope::{Code, EntryName},
    register::{Beside, Guide, Item, Material, Register},
    value::Finding,
};
use journal::{Journal, LoadError};

use super::{super::change::beside, Change};

/// What a set makes of the entries that its members are checked beside: a guide and its new item come in together, and no guide comes in
/// whose item goes.
#[derive(Default)]
pub(super) struct Alongside {
    brings: Beside,
    ends: BTreeSet<EntryName>,
}

impl Alongside {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut all = Self::default();
        for change in changes {
            change.inner().tell(&mut all);
        }
        all
    }

    /// Takes note of what an entry is to be.
    pub(super) fn bring<C: Registered>(&mut self, code: &Code, content: &C) {
        let content: &dyn Any = content;
        if let Some(item) = content.downcast_ref::<Item>() {
            self.brings.items.insert(code.clone(), Arc::new(item.clone()));
        } else if let Some(guide) = content.downcast_ref::<Guide>() {
            self.brings.guides.insert(code.clone(), Arc::new(guide.clone()));
        } else if let Some(material) = content.downcast_ref::<Material>() {
            self.brings.materials.insert(code.clone(), Arc::new(material.clone()));
        }
    }

    /// Takes note of an entry that is to be repealed.
    pub(super) fn end(&mut self, entry: EntryName) {
        self.ends.insert(entry);
    }

    /// What is found of a content beside the register as it would be with the set.
    pub(super) async fn findings<C: Registered>(
        &self,
        journal: &dyn Journal,
        content: &C,
        now: DateTime<Utc>,
    ) -> Result<Vec<Finding>, LoadError> {
        let mut beside = beside(journal, content, now).await?;
        for (register, code) in content.checked_beside() {
            let ends = self.ends.contains(&EntryName::new(register, code.clone()));
            match register {
                Register::Item => lay_over(&mut beside.items, &self.brings.items, code, ends),
                Register::Guide => lay_over(&mut beside.guides, &self.brings.guides, code, ends),
                Register::Material => lay_over(&mut beside.materials, &self.brings.materials, code, ends),
                Register::Agency | Register::Openness => {}
            }
        }
        Ok(content.check_beside(&beside))
    }
}

fn lay_over<C>(known: &mut BTreeMap<Code, Arc<C>>, brought: &BTreeMap<Code, Arc<C>>, code: &Code, ends: bool) {
    if ends {
        known.remove(code);
    } else if let Some(content) = brought.get(code) {
        known.insert(code.clone(), content.clone());
    }
}
