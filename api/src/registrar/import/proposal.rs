use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use domain::{
    calendar::china::spoken,
    changeset::Kind,
    codec::Registered,
    entry::{Adopt, Published, Refusal, RefusalKind, RepealNotice, Source},
    envelope::{ActorId, Code, EntryName},
    register::Register,
    value::{Finding, Hash},
};
use exchange::{Proposal, ProposedCode, ProposedContent};
use journal::{Loaded, transact::ExpectedVersion};

use super::{
    super::{Acted, RegistrarError, act::act_expecting, changeset::Change, command_id},
    ImportError,
    alike::Matched,
    turns::{There, is_merged, lone_turn},
};
use crate::clock::Clock;

/// Times that a proposal is decided anew because somebody else was faster.
const MAX_CONFLICTS: usize = 10;

/// Takes over proposals of one list.
pub(super) struct Adopter<'a> {
    pub(super) there: There<'a>,
    pub(super) now: &'a Clock,
    pub(super) actor: &'a ActorId,
    pub(super) effective_from: Option<DateTime<Utc>>,
    pub(super) list_key: &'a str,
    /// The register keeps a newer edition of the list.
    pub(super) superseded: bool,
    /// Entries that got another code than that of turn 0.
    pub(super) moved: &'a HashMap<(Register, Code), Code>,
    /// Where changes are put that are to be members of a change set; `None`: they are adopted.
    pub(super) collected: Option<&'a Collected>,
    /// What only comes along with a list is no line of it: where it is kept already, a change set leaves it as it is.
    pub(super) along: bool,
}

/// The changes of a run that are to be members of change sets, with the lists that they come from.
#[derive(Default)]
pub(super) struct Collected(Mutex<Held>);

#[derive(Default)]
struct Held {
    entries: HashSet<EntryName>,
    changes: Vec<(String, Change)>,
}

impl Collected {
    /// Takes a change in, unless the run has one of the same entry already.
    fn take(&self, list_key: &str, change: Change) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = held.entries.insert(change.entry());
        if is_new {
            held.changes.push((list_key.to_owned(), change));
        }
        is_new
    }

    /// Everything that was taken in, in order.
    pub(super) fn into_changes(self) -> Vec<(String, Change)> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).changes
    }
}

/// What became of a proposal.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its register.
    pub register: Register,
    /// The code under which it is kept.
    pub code: Code,
    /// The code of turn 0, by which others refer to it.
    pub proposed: Code,
    /// What happened.
    pub acted: Acted,
    /// What was noticed: that a code which the list gives named another thing before, or that the entry is about to cease.
    pub noticed: Option<Box<Finding>>,
}

impl Adopter<'_> {
    /// Takes over one proposal. `turn` is that of its identity, where other rows share it.
    pub(super) async fn adopt(&self, proposal: Proposal, turn: Option<u32>) -> Result<Kept, ImportError> {
        let place = place(&proposal.source);
        let Proposal { code, content, mut source, is_mention: _ } = proposal;
        source.list_key = Some(self.list_key.to_owned());
        if let ProposedCode::Assigned(identity) = &code {
            source.identity.clone_from(identity);
        }
        let outcome = match content {
            ProposedContent::Agency(mut agency) => {
                self.follow(Register::Agency, agency.parent.as_mut());
                self.keep(&code, turn, agency, source).await
            }
            ProposedContent::Item(mut item) => {
                self.follow(Register::Agency, Some(&mut item.agency));
                self.follow(Register::Item, item.parent.as_mut());
                self.keep(&code, turn, item, source).await
            }
            ProposedContent::Guide(mut guide) => {
                self.follow(Register::Agency, Some(&mut guide.agency));
                self.follow(Register::Item, Some(&mut guide.item));
                for requirement in &mut guide.materials {
                    self.follow(Register::Material, requirement.material.as_mut());
                }
                self.keep(&code, turn, guide, source).await
            }
            ProposedContent::Material(material) => self.keep(&code, turn, material, source).await,
            ProposedContent::CatalogueEntry(mut entry) => {
                self.follow(Register::Agency, Some(&mut entry.agency));
                self.keep(&code, turn, *entry, source).await
            }
        };
        outcome.map_err(|source| ImportError::Stopped { place, source })
    }

    /// A reference to an entry that got another code goes there, and one to an agency that was merged into another to that.
    fn follow(&self, register: Register, code: Option<&mut Code>) {
        let Some(code) = code else { return };
        if let Some(there) = self.moved.get(&(register, code.clone())) {
            code.clone_from(there);
        }
        if register == Register::Agency
            && let Some(successor) = self.there.known.successor(code, (self.now)())
        {
            code.clone_from(successor);
        }
    }

    async fn keep<C: Matched>(&self, code: &ProposedCode, turn: Option<u32>, content: C, source: Source) -> Result<Kept, RegistrarError> {
        let register = C::REGISTER;
        let proposed = code.code(register, 0).ok_or(RegistrarError::NoCode)?;
        let turn = match (code, turn) {
            (ProposedCode::Published(_) | ProposedCode::Local(_), _) => 0,
            (ProposedCode::Assigned(_), Some(turn)) => turn,
            (ProposedCode::Assigned(_), None) => lone_turn(self.there, code, &content).await?,
        };
        let at = code.code(register, turn).ok_or(RegistrarError::NoCode)?;
        let done = |acted| Kept { register, code: at.clone(), proposed: proposed.clone(), acted, noticed: None };
        let mut conflicts = 0;
        loop {
            let loaded =
                if conflicts == 0 { self.there.load::<C>(&at).await? } else { journal::load::<C>(self.there.journal, &at).await? };
            let latest = loaded.state.latest.as_ref();
            let content = loaded.state.followed(content.clone());
            if is_merged(&loaded.state) {
                return Ok(done(Acted::Unchanged));
            }
            if latest.is_some_and(|latest| content.same(&latest.content)) {
                match &loaded.state.repeal {
                    None => return Ok(done(Acted::Unchanged)),
                    Some(repeal) if repeal.effective_from > self.there.at => {
                        return Ok(Kept { noticed: Some(Box::new(ceases(repeal))), ..done(Acted::Unchanged) });
                    }
                    Some(_) => {}
                }
            }
            let is_given = !matches!(code, ProposedCode::Assigned(_));
            let reused = latest.filter(|_| is_given).and_then(|latest| code_reused(&at, &content, latest));
            let done =
                |acted| Kept { noticed: reused.clone().filter(|_| matches!(acted, Acted::Revised | Acted::Collected(_))), ..done(acted) };
            if self.superseded && (latest.is_none() || self.collected.is_some()) {
                return Ok(done(Acted::Refused(not_in_newer_edition())));
            }
            if let Some(collected) = self.collected {
                let kind = if latest.is_some() { Kind::Changed } else { Kind::New };
                if kind == Kind::Changed && self.along {
                    return Ok(done(Acted::Unchanged));
                }
                let change = Change::to(at.clone(), content, Some(source));
                let taken = collected.take(self.list_key, change);
                return Ok(done(if taken { Acted::Collected(kind) } else { Acted::Refused(twice()) }));
            }
            let expected = loaded.version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact);
            let id = id_of(&at, &content, &loaded);
            let command = Adopt { content: content.clone(), source: source.clone(), effective_from: self.effective_from };
            match act_expecting(self.there.journal, &at, command.into(), (id, expected), self.actor, (self.now)()).await {
                Err(RegistrarError::Conflict) if conflicts < MAX_CONFLICTS => conflicts += 1,
                result => return result.map(done),
            }
        }
    }
}

/// A code that named another thing in the edition before: the entry is revised, as a code names one entry for ever, and that is told.
fn code_reused<C: Matched>(code: &Code, content: &C, before: &Published<C>) -> Option<Box<Finding>> {
    let (zh, en) = content.was_another(&before.content)?;
    let edition = before.source.edition.as_deref();
    let (of_zh, of_en) = edition.map(|year| (format!("{year}年版"), format!("of {year}"))).unwrap_or_default();
    Some(Box::new(Finding::warning(
        "CODE_REUSED",
        "code",
        format!("编码{code}此前{of_zh}是{zh}，名称与类型均已不同，按同一条目修订；如为不同事项，请另编新码，原条目另行取消"),
        format!(
            "code {code} was {en} {of_en} before; name and type are others now, and it is revised as one entry. If it is another item, give \
             it a code of its own, and repeal the former"
        ),
    )))
}

/// A line that says what is in force until an announced repeal: the list may not know of that, and nothing is to be changed before.
fn ceases(repeal: &RepealNotice) -> Finding {
    let (from, reason) = (spoken(repeal.effective_from), &repeal.reason);
    Finding::warning(
        "ENTRY_CEASES",
        "code",
        format!(
            "该条目已定于北京时间{from}取消（“{reason}”），未因列入清单而改变；如仍须列入，请在该时间以后再导入，将另立条目（Art. 10(2)）"
        ),
        format!(
            "the entry ceases from {from} China time on ({reason:?}), and that it stands on the list changes nothing of it: where it is to stay listed, \
             import the list again after that, and it becomes a new entry (Art. 10(2))"
        ),
    )
}

/// Two rows of one run mean one entry.
fn twice() -> Refusal {
    Refusal::new(
        RefusalKind::DraftExists,
        None,
        "本次导入的另一行已是同一条目的变更；请核对源表，或分别导入",
        "another row of this import changes the same entry already: check the source, or import one after the other",
    )
}

/// An older edition never brings back what the newer one left out.
fn not_in_newer_edition() -> Refusal {
    Refusal::new(
        RefusalKind::OlderEdition,
        Some("source.edition"),
        "登记册已有该清单的新版，旧版中的这一条不再列入",
        "the register keeps a newer edition of this list, which does not hold this line",
    )
}

/// The same content on top of the same version is the same command, whoever runs the import again.
fn id_of<C: Registered>(at: &Code, content: &C, loaded: &Loaded<C>) -> uuid::Uuid {
    let version = loaded.version.map_or_else(|| "none".to_owned(), |version| version.0.to_string());
    let hash = Hash::of_content(content).map(|hash| hash.to_string()).unwrap_or_default();
    command_id(&["import", C::REGISTER.word(), at.as_str(), &version, &hash])
}

fn place(source: &Source) -> String {
    let row = source.row.map(|row| format!(" row {row}")).unwrap_or_default();
    let sheet = source.sheet.as_deref().map(|sheet| format!(" sheet {sheet}")).unwrap_or_default();
    format!("{}{sheet}{row}", source.file)
}
