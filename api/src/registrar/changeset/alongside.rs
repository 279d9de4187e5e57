use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    changeset::{Kind, Member},
    codec::Registered,
    envelope::{Code, EntryName},
    register::{Agency, Content, Guide, Item, Material, Moment, Register, Stands},
    value::Finding,
};
use journal::{Journal, LoadError};
use projections::Work;

use super::{
    super::change::{Looked, LookedUp, beside},
    Change,
};

/// What a set makes of the entries that its members are checked beside: a guide and its new item come in together, and no guide comes in
/// whose item goes. Entries that many members refer to are looked up once.
pub(super) struct Alongside {
    /// Where materials are found by their names.
    work: Arc<Work>,
    brings: Brings,
    /// Entries that are to be what their drafts say.
    drafts: BTreeSet<EntryName>,
    ends: BTreeSet<EntryName>,
    looked: Looked,
}

#[derive(Default)]
struct Brings {
    agencies: BTreeMap<Code, Arc<Agency>>,
    items: BTreeMap<Code, Arc<Item>>,
    guides: BTreeMap<Code, Arc<Guide>>,
    materials: BTreeMap<Code, Arc<Material>>,
}

impl Alongside {
    /// Of changes that are to be proposed.
    pub(super) fn of(work: &Arc<Work>, changes: &[Change]) -> Self {
        let mut all = Self::over(work);
        for change in changes {
            change.inner().tell(&mut all);
        }
        all
    }

    /// Of members that are drafted.
    pub(super) fn of_drafts(work: &Arc<Work>, members: &[Member]) -> Self {
        let names = |gone: bool| members.iter().filter(move |member| (member.kind == Kind::Gone) == gone).map(Member::entry).collect();
        Self { drafts: names(false), ends: names(true), ..Self::over(work) }
    }

    fn over(work: &Arc<Work>) -> Self {
        Self { work: work.clone(), brings: Brings::default(), drafts: BTreeSet::new(), ends: BTreeSet::new(), looked: Looked::default() }
    }

    /// Takes note of what an entry is to be.
    pub(super) fn bring<C: Registered>(&mut self, code: &Code, content: &C) {
        let content: &dyn Any = content;
        if let Some(agency) = content.downcast_ref::<Agency>() {
            self.brings.agencies.insert(code.clone(), Arc::new(agency.clone()));
        } else if let Some(item) = content.downcast_ref::<Item>() {
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

    /// What is found of a content of an entry beside the register as it would be with the set. The entry itself is there as it is published.
    pub(super) async fn findings<C: Registered>(
        &self,
        journal: &dyn Journal,
        (own, content): (&Code, &C),
        moment: Moment,
    ) -> Result<Vec<Finding>, LoadError> {
        let mut beside = beside((journal, self.work.as_ref()), content, (&self.looked, moment)).await?;
        let (brings, looked) = (&self.brings, &self.looked);
        for (register, code) in content.checked_beside() {
            match register {
                Register::Agency => self.lay_over(&mut beside.agencies, (&brings.agencies, &looked.agencies), code, moment),
                Register::Item => self.lay_over(&mut beside.items, (&brings.items, &looked.items), code, moment),
                Register::Guide => self.lay_over(&mut beside.guides, (&brings.guides, &looked.guides), code, moment),
                Register::Material => self.lay_over(&mut beside.materials, (&brings.materials, &looked.materials), code, moment),
                Register::Openness => {}
            }
        }
        let names: BTreeSet<_> = content.asks_by_name().into_iter().map(Material::key).collect();
        if !names.is_empty() {
            let brought = brings.materials.iter().filter(|(_, material)| material.keys().any(|key| names.contains(&key)));
            let bearers: BTreeSet<_> = beside.materials.keys().chain(brought.map(|(code, _)| code)).cloned().collect();
            for code in bearers.into_iter().filter(|code| code != own || C::REGISTER != Register::Material) {
                self.lay_over(&mut beside.materials, (&brings.materials, &looked.materials), &code, moment);
            }
            beside = beside.by_names();
        }
        Ok(content.check_beside(own, &beside, moment))
    }

    fn lay_over<C: Content>(
        &self,
        known: &mut BTreeMap<Code, Stands<C>>,
        (brought, looked): (&BTreeMap<Code, Arc<C>>, &LookedUp<C>),
        code: &Code,
        moment: Moment,
    ) {
        let entry = EntryName::new(C::REGISTER, code.clone());
        if self.ends.contains(&entry) {
            known.remove(code);
            return;
        }
        let drafted = || self.drafts.contains(&entry).then(|| looked.draft(code)).flatten();
        let Some(content) = brought.get(code).cloned().or_else(drafted) else { return };
        let stands = match known.remove(code) {
            Some(stands) => stands.revised(content, moment.at()),
            None => Stands::since(content, moment.at()),
        };
        known.insert(code.clone(), stands);
    }
}
