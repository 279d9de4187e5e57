//! What is asked of the entries that are members: the verbs of their own lifecycle, whatever the register.

use std::marker::PhantomData;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    acting::{Capacity, OfSet},
    changeset::{Kind, Member},
    codec::Registered,
    decider::{Circumstances, Decider},
    diff::{FieldChange, changes},
    entry::{self, Approve, Command, Entry, Event, Refusal, RefusalKind, Repeal, Return, Review, State, Withdraw},
    envelope::{ActorId, Code, EntryName, Position},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Moment, Register},
};
use journal::{
    Journal, LoadError, Past, load,
    transact::{Budget, ExpectedVersion, Outcome, Request, TransactError, transact},
};
use uuid::Uuid;

use super::{
    LoadedSet,
    alongside::Alongside,
    standing::{Standing, standing},
};
use crate::clock::Clock;

/// In whose name, when and by which command of the set something is asked of its members. All of it stands in an event of the set, so
/// that what a crash left undone is done by whoever comes next, as it was decided.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    /// The account.
    pub(super) actor: ActorId,
    /// The person in their role; and that it was decided of the set, once it was.
    pub(super) by: OfSet,
    /// When it was decided; while nothing is, now.
    pub(super) at: DateTime<Utc>,
    /// The command of the set.
    pub(super) command: Uuid,
}

impl Carried {
    /// The circumstances of one command to one member, at a moment. Its id follows from the command of the set and the member. What is recorded was
    /// decided before, also by a clock that is a little behind that of whoever decided.
    pub(super) fn circumstances(&self, verb: &str, entry: &EntryName, now: DateTime<Utc>) -> Circumstances {
        let command = command_to(self.command, verb, entry);
        Circumstances { now: now.max(self.at), actor: self.actor.clone(), capacity: Capacity::OfSet(self.by.clone()), command }
    }
}

/// The id of the command to a member that follows from a command of its set.
fn command_to(of_set: Uuid, verb: &str, entry: &EntryName) -> Uuid {
    Uuid::new_v5(&of_set, format!("{verb} {entry}").as_bytes())
}

/// What is carried to members, and the clock by which it is recorded there.
#[derive(Clone, Copy)]
pub(super) struct Carrying<'c> {
    pub(super) by: &'c Carried,
    pub(super) clock: &'c Clock,
}

/// What is asked of every member once the set is proposed.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Review,
    Approve { document: String, effective_from: DateTime<Utc> },
    Return { reason: String },
    Withdraw { reason: String },
}

impl Asked {
    /// Where the draft of a member has to be for it; `None`: wherever it is.
    fn needs(&self) -> Option<entry::Step> {
        match self {
            Self::Review => Some(entry::Step::Submitted),
            Self::Approve { .. } => Some(entry::Step::Reviewed),
            Self::Return { .. } | Self::Withdraw { .. } => None,
        }
    }

    /// The command to a member; `None`: nothing is asked of it.
    pub(super) fn command<C: Registered>(&self, member: &Member, state: &State<C>) -> Option<Command<C>> {
        let own = state.pending.as_ref().filter(|pending| Some(pending.content_hash) == member.content_hash);
        match (self, member.content_hash) {
            (Self::Review, Some(content_hash)) => Some(Review { content_hash, revision: None }.into()),
            (Self::Approve { document, effective_from }, Some(content_hash)) => {
                // Whether it can be is looked at before the set is approved; by then that is decided.
                Some(Approve { content_hash, document: document.clone(), effective_from: Some(*effective_from), beside: Vec::new() }.into())
            }
            (Self::Approve { document, effective_from }, None) => Some(
                Repeal {
                    effective_from: Some(*effective_from),
                    reason: member.reason.clone().unwrap_or_default(),
                    document: Some(document.clone()),
                    replaced_by: None,
                    reform: None,
                }
                .into(),
            ),
            // A draft that became something else by itself is not the set's to send back or to end.
            (Self::Return { reason }, _) => own
                .filter(|pending| matches!(pending.step, entry::Step::Submitted | entry::Step::Reviewed))
                .map(|_| Return { reason: reason.clone() }.into()),
            (Self::Withdraw { reason }, _) => own.map(|_| Withdraw { reason: reason.clone() }.into()),
            (Self::Review, None) => None,
        }
    }
}

/// What became of a command to a member.
#[derive(Debug)]
pub(super) enum Given {
    /// It is so; where it was written, if it was.
    Done(Option<Position>),
    /// The lifecycle of the entry forbids it.
    Refused(Refusal),
    /// It may have been carried out or not.
    Unknown,
}

/// Why something cannot be asked of a member.
#[derive(Debug)]
pub(super) enum Hindered {
    /// It is not where the set believes it to be.
    NotStanding(Standing),
    /// The lifecycle of the entry forbids it.
    Refused(Refusal),
    /// It follows a revision that is announced for this moment, and cannot come into force before it.
    TooEarly(Refusal, DateTime<Utc>),
}

/// A member as it is told to those who may see drafts.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberTold {
    /// Name of the entry; empty where its draft was never written.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// Field by field, what changes; of a new entry every field is new and none is listed.
    pub changes: Vec<FieldChange>,
}

/// The entries of a register as members.
#[async_trait]
pub(super) trait Entries: Send + Sync {
    /// A member as it is told.
    async fn tell(&self, journal: &dyn Journal, set: &LoadedSet, member: &Member) -> Result<MemberTold, LoadError>;

    /// Whether something could be asked of a member now, beside what the set makes of other entries.
    async fn hindered(
        &self,
        journal: &dyn Journal,
        member: &Member,
        asked: &Asked,
        of: (&Alongside, &Carried),
    ) -> Result<Option<Hindered>, LoadError>;

    /// Asks it.
    async fn give(&self, journal: &dyn Journal, member: &Member, asked: &Asked, of: Carrying<'_>) -> Result<Given, TransactError>;
}

/// The entries of a register.
pub(super) fn entries(register: Register) -> &'static dyn Entries {
    match register {
        Register::Agency => &Of::<Agency>(PhantomData),
        Register::Item => &Of::<Item>(PhantomData),
        Register::Guide => &Of::<Guide>(PhantomData),
        Register::Material => &Of::<Material>(PhantomData),
        Register::Openness => &Of::<CatalogueEntry>(PhantomData),
    }
}

struct Of<C>(PhantomData<fn() -> C>);

#[async_trait]
impl<C: Registered> Entries for Of<C> {
    async fn tell(&self, journal: &dyn Journal, set: &LoadedSet, member: &Member) -> Result<MemberTold, LoadError> {
        let loaded = load::<C>(journal, &member.code).await?;
        let written = |past: &Past<C>| match &past.event {
            Event::Drafted(drafted) | Event::Redrafted(drafted) => Some((drafted.content_hash, drafted.content.clone())),
            event => event.publication().map(|publication| (publication.content_hash, publication.content.clone())),
        };
        let after = loaded.history.iter().filter_map(written).find(|(hash, _)| Some(*hash) == member.content_hash);
        let publications = loaded.history.iter().filter_map(|past| past.event.publication());
        let before =
            publications.filter(|publication| publication.revision == member.follows).map(|publication| publication.content).next_back();
        let value = |content: &C| serde_json::to_value(content).unwrap_or_default();
        let fields = match (before, &after) {
            (Some(before), Some((_, after))) => changes(&value(before), &value(after)),
            _ => Vec::new(),
        };
        let name =
            after.as_ref().map(|(_, content)| content.as_ref()).or(before.map(AsRef::as_ref)).map(|content| content.name().to_owned());
        let owes_review = set.history.last().is_some_and(|past| {
            let review = command_to(past.metadata.command, "review", &member.entry());
            !loaded.history.iter().any(|past| past.metadata.command == review)
        });
        let standing = standing(&loaded.state, member).within(set.state.step, owes_review);
        Ok(MemberTold { name: name.unwrap_or_default(), standing, changes: fields })
    }

    async fn hindered(
        &self,
        journal: &dyn Journal,
        member: &Member,
        asked: &Asked,
        (set, by): (&Alongside, &Carried),
    ) -> Result<Option<Hindered>, LoadError> {
        let state = load::<C>(journal, &member.code).await?.state;
        if let Some(step) = asked.needs() {
            match standing(&state, member).needed_at(step) {
                Standing::Drafted(_) => {}
                Standing::InForce if member.kind == Kind::Gone => {}
                other => return Ok(Some(Hindered::NotStanding(other))),
            }
        }
        let Some(command) = asked.command::<C>(member, &state) else { return Ok(None) };
        let command = match (command, &state.pending) {
            (Command::Approve(approve), Some(pending)) => {
                let moment = Moment::From(approve.effective_from.unwrap_or(by.at));
                Approve { beside: set.findings(journal, (&member.code, pending.content.as_ref()), moment).await?, ..approve }.into()
            }
            (command, _) => command,
        };
        let circumstances = by.circumstances(command.verb(), &member.entry(), by.at);
        let Err(refusal) = Entry::<C>::decide(&state, command, &circumstances) else { return Ok(None) };
        let follows = state.latest.as_ref().filter(|_| refusal.kind == RefusalKind::EffectiveTooEarly);
        Ok(Some(match follows {
            Some(latest) => Hindered::TooEarly(refusal, latest.effective_from),
            None => Hindered::Refused(refusal),
        }))
    }

    async fn give(&self, journal: &dyn Journal, member: &Member, asked: &Asked, of: Carrying<'_>) -> Result<Given, TransactError> {
        let state = load::<C>(journal, &member.code).await?.state;
        match asked.command::<C>(member, &state) {
            None => Ok(Given::Done(None)),
            Some(command) => give_one(journal, &member.code, command, of).await,
        }
    }
}

/// Gives one command to one entry.
pub(super) async fn give_one<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    command: Command<C>,
    Carrying { by, clock }: Carrying<'_>,
) -> Result<Given, TransactError> {
    // Read for each member: what is known at a moment is what was recorded by then, and thousands of members take seconds.
    let circumstances = by.circumstances(command.verb(), &EntryName::new(C::REGISTER, code.clone()), clock());
    let request = Request { code: code.clone(), expected: ExpectedVersion::Any, command, circumstances };
    Ok(match transact(journal, request, Budget::default()).await? {
        Outcome::Applied(applied) | Outcome::Repeated(applied) => Given::Done(Some(applied.position)),
        Outcome::Unchanged { .. } => Given::Done(None),
        Outcome::Refused(refusal) => Given::Refused(refusal),
        // Other writers were faster every time: to be tried again by the same command.
        Outcome::Conflict { .. } => Given::Unknown,
        Outcome::Unknown(error) => {
            tracing::warn!(%error, %code, "it is not known whether a member of a change set was changed");
            Given::Unknown
        }
    })
}
