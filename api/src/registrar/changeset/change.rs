//! A change that somebody proposes as a member of a set, with its content.

use async_trait::async_trait;
use domain::{
    changeset::{Kind, Member},
    codec::Registered,
    decider::Decider,
    entry::{Command, Draft, Entry, Pending, Refusal, RefusalKind, Revise, Source, State, Step, Submit},
    envelope::{Code, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Moment, Register},
    value::Hash,
};
use journal::{Journal, LoadError, load, transact::TransactError};

use super::{
    alongside::Alongside,
    member::{Carried, Carrying, Given, give_one},
};

/// A change of one entry, from whatever source: a line of a list, or anything that prepares drafts.
pub struct Change(Box<dyn Proposed>);

/// What is known of a change before it is proposed.
pub(super) struct Looked {
    /// The member that it would be.
    pub(super) member: Member,
    /// Who answers for the entry now, and who would; one of them where they are the same. The inner `None`: the city.
    pub(super) agencies: Vec<Option<Code>>,
}

#[async_trait]
pub(super) trait Proposed: Send + Sync {
    fn entry(&self) -> EntryName;

    async fn look(&self, journal: &dyn Journal) -> Result<Looked, LoadError>;

    /// Tells what the entry is to be.
    fn tell(&self, set: &mut Alongside);

    /// Why it cannot be drafted and submitted, if it cannot. `before`: what it was as a member of the set that was returned.
    async fn refused(
        &self,
        journal: &dyn Journal,
        before: Option<&Member>,
        of: (&Alongside, &Carried),
    ) -> Result<Option<Refusal>, LoadError>;

    /// Drafts and submits it.
    async fn give(&self, journal: &dyn Journal, before: Option<&Member>, of: (&Alongside, Carrying<'_>)) -> Result<Given, TransactError>;
}

impl Change {
    /// An entry is to have this content, as a new one or as the next revision.
    pub fn to<C: Registered>(code: Code, content: C, source: Option<Source>) -> Self {
        Self(Box::new(ToContent { code, content, source }))
    }

    /// An entry is to be repealed.
    pub fn gone(register: Register, code: Code, reason: String) -> Self {
        Self(match register {
            Register::Agency => Box::new(ToGo::<Agency>::new(code, reason)),
            Register::Item => Box::new(ToGo::<Item>::new(code, reason)),
            Register::Guide => Box::new(ToGo::<Guide>::new(code, reason)),
            Register::Material => Box::new(ToGo::<Material>::new(code, reason)),
            Register::Openness => Box::new(ToGo::<CatalogueEntry>::new(code, reason)),
        })
    }

    /// The entry.
    pub fn entry(&self) -> EntryName {
        self.0.entry()
    }

    pub(super) fn inner(&self) -> &dyn Proposed {
        self.0.as_ref()
    }
}

struct ToContent<C> {
    code: Code,
    content: C,
    source: Option<Source>,
}

impl<C: Registered> ToContent<C> {
    fn draft(&self) -> Draft<C> {
        Draft { content: self.content.clone(), source: self.source.clone() }
    }

    /// The command that writes the draft; `None`: it is written. One of the set before is written anew where it says something else, or
    /// where something was published since: it has to follow that. What somebody else wrote meanwhile is not overwritten.
    fn begun(&self, before: Option<&Member>, state: &State<C>, by: &Carried) -> Option<Command<C>> {
        let revise = || Some(Revise { content: self.content.clone() }.into());
        let is_of_set = |pending: &Pending<C>, before: &Member| {
            before.content_hash == Some(pending.content_hash) || pending.drafters.contains(&by.by.acting().person)
        };
        match &state.pending {
            Some(pending) if Some(pending.content_hash) == Hash::of_content(&self.content).ok() => {
                let is_home = matches!(pending.step, Step::Draft | Step::Returned);
                if before.is_some() && is_home && pending.based_on != state.revisions { revise() } else { None }
            }
            Some(pending) if before.is_some_and(|before| is_of_set(pending, before)) => revise(),
            Some(_) | None => Some(self.draft().into()),
        }
    }
}

#[async_trait]
impl<C: Registered> Proposed for ToContent<C> {
    fn entry(&self) -> EntryName {
        EntryName::new(C::REGISTER, self.code.clone())
    }

    async fn look(&self, journal: &dyn Journal) -> Result<Looked, LoadError> {
        let state = load::<C>(journal, &self.code).await?.state;
        let kind = if state.latest.is_some() { Kind::Changed } else { Kind::New };
        let member = Member {
            register: C::REGISTER,
            code: self.code.clone(),
            kind,
            // What has no JSON form has no hash, and the decision on its draft says so.
            content_hash: Hash::of_content(&self.content).ok(),
            follows: state.revisions,
            reason: None,
        };
        let now = state.latest.as_ref().map(|latest| latest.content.agency().cloned());
        let mut agencies = vec![self.content.agency().cloned()];
        agencies.extend(now.filter(|now| *now != agencies[0]));
        Ok(Looked { member, agencies })
    }

    fn tell(&self, set: &mut Alongside) {
        set.bring(&self.code, &self.content);
    }

    async fn refused(
        &self,
        journal: &dyn Journal,
        before: Option<&Member>,
        (set, by): (&Alongside, &Carried),
    ) -> Result<Option<Refusal>, LoadError> {
        let mut state = load::<C>(journal, &self.code).await?.state;
        // What only looks like the draft of this set is somebody else's.
        let begun = if before.is_some() { self.begun(before, &state, by) } else { Some(self.draft().into()) };
        let circumstances = by.circumstances("check", &self.entry(), by.at);
        let submit = Submit { beside: set.findings(journal, (&self.code, &self.content), Moment::Drafted(by.at)).await? };
        for command in begun.into_iter().chain([submit.into()]) {
            match Entry::<C>::decide(&state, command, &circumstances) {
                Ok(events) => state = events.iter().fold(state, Entry::<C>::evolve),
                Err(refusal) => return Ok(Some(refusal)),
            }
        }
        Ok(None)
    }

    async fn give(
        &self,
        journal: &dyn Journal,
        before: Option<&Member>,
        (set, of): (&Alongside, Carrying<'_>),
    ) -> Result<Given, TransactError> {
        let state = load::<C>(journal, &self.code).await?.state;
        if let Some(begun) = self.begun(before, &state, of.by) {
            match give_one::<C>(journal, &self.code, begun, of).await? {
                Given::Done(_) => {}
                other => return Ok(other),
            }
        }
        let submit = Submit { beside: set.findings(journal, (&self.code, &self.content), Moment::Drafted(of.by.at)).await? };
        give_one::<C>(journal, &self.code, submit.into(), of).await
    }
}

struct ToGo<C> {
    code: Code,
    reason: String,
    of: std::marker::PhantomData<fn() -> C>,
}

impl<C> ToGo<C> {
    fn new(code: Code, reason: String) -> Self {
        Self { code, reason, of: std::marker::PhantomData }
    }
}

#[async_trait]
impl<C: Registered> Proposed for ToGo<C> {
    fn entry(&self) -> EntryName {
        EntryName::new(C::REGISTER, self.code.clone())
    }

    async fn look(&self, journal: &dyn Journal) -> Result<Looked, LoadError> {
        let state = load::<C>(journal, &self.code).await?.state;
        let member = Member {
            register: C::REGISTER,
            code: self.code.clone(),
            kind: Kind::Gone,
            content_hash: None,
            follows: state.revisions,
            reason: Some(self.reason.clone()),
        };
        Ok(Looked { member, agencies: state.latest.iter().map(|latest| latest.content.agency().cloned()).collect() })
    }

    fn tell(&self, set: &mut Alongside) {
        set.end(self.entry());
    }

    async fn refused(
        &self,
        journal: &dyn Journal,
        _: Option<&Member>,
        (_, by): (&Alongside, &Carried),
    ) -> Result<Option<Refusal>, LoadError> {
        let state = load::<C>(journal, &self.code).await?.state;
        let refused = |kind, zh: &str, en: &str| Ok(Some(Refusal::new(kind, None, zh, en)));
        if state.latest.is_none() {
            return refused(RefusalKind::NotFound, "没有这个条目，不能取消", "there is no such entry, it cannot be repealed");
        }
        if state.repeal.is_some() {
            return refused(RefusalKind::Repealed, "该条目已取消", "the entry was repealed already");
        }
        if let Some(refusal) = state.stays_public_from(by.at) {
            return Ok(Some(refusal));
        }
        if state.pending.is_some() {
            let zh = "该条目正有草稿在办，不能拟取消；请待其办结或撤回";
            return refused(
                RefusalKind::DraftExists,
                zh,
                "a draft of it is on its way: let it be finished or withdrawn before it is repealed",
            );
        }
        Ok(None)
    }

    async fn give(&self, _: &dyn Journal, _: Option<&Member>, _: (&Alongside, Carrying<'_>)) -> Result<Given, TransactError> {
        // It is repealed when the set is approved, and nothing is written until then.
        Ok(Given::Done(None))
    }
}
