//! One change of one entry by a person: who may ask it, then the domain decides, then it is kept.
//!
//! Whoever may not act here learns nothing of drafts: they are answered from what is public, before a version is looked at.

mod beside;
mod content;
mod given;
mod permit;
mod refused;
mod repeated;
mod said;
mod successor;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    entry::{Approve, Command, Correct, Pending, Repeal, Review, Submit},
    envelope::{Code, Position},
    register::{Moment, Register},
    value::{AssignedCode, Finding},
};
use journal::{
    LoadError, Loaded, SharedJournal, load,
    transact::{Budget, ExpectedVersion, Outcome, Request, TransactError, transact},
};
use projections::{DeadlineError, Deadlines, ReceiptBook, Work};
use uuid::Uuid;

use self::permit::{Permit, permit, refused_elsewhere};
use super::{
    changeset::{owed, passes_with_set},
    sight::{Sight, is_public, sight},
};
use crate::auth::{Caller, Leave};

pub use beside::{Eyes, findings_beside};
pub(super) use beside::{Looked, LookedUp, beside};
pub use refused::Refused;
pub use said::Said;
pub use successor::no_successor;

/// Most drafts that one person may have on their way at once, unless it is set otherwise. An office that works through a new edition
/// of its list has some hundreds; a program that runs wild has ten thousand.
pub const MOST_OPEN_DRAFTS: usize = 500;

/// Where changes are made.
pub struct Desk {
    /// Where they are kept.
    pub journal: SharedJournal,
    /// What is on its way.
    pub work: Arc<Work>,
    /// Which deadlines there are, and where they stand.
    pub deadlines: Arc<Deadlines>,
    /// The receipts of what channels serve.
    pub receipts: Arc<ReceiptBook>,
    /// Most drafts that one person may have on their way at once.
    pub most_open_drafts: usize,
}

impl Desk {
    /// One over a journal, with the common bound.
    pub fn new(journal: SharedJournal) -> Self {
        let (work, deadlines) = (Arc::new(Work::new(journal.clone())), Arc::new(Deadlines::new(journal.clone())));
        let receipts = Arc::new(ReceiptBook::new(journal.clone()));
        Self { work, deadlines, receipts, journal, most_open_drafts: MOST_OPEN_DRAFTS }
    }
}

/// A change that is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Id of the command.
    pub id: Uuid,
    /// Code of the entry.
    pub code: Code,
    /// What whoever asks believes about it.
    pub expected: ExpectedVersion,
    /// What is asked for.
    pub said: Said,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It was carried out; a view at or behind this position shows it.
    Applied(Position),
    /// The same command was carried out before, or it was so already.
    Unchanged(Option<Position>),
    /// A rule forbids it.
    Refused(Refused),
    /// The entry is not where whoever asked believed it to be.
    Conflict,
    /// It may have been carried out or not; the same command again tells.
    Unknown,
}

/// An answer: what became of the change, and the entry as it is now.
#[derive(Debug, Clone)]
pub struct Changed<C> {
    /// What became of it.
    pub became: Became,
    /// The entry.
    pub loaded: Loaded<C>,
}

/// Why a change has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Whoever asks holds the role for nobody.
    #[error("无权办理 / the role is not held")]
    Forbidden,
    /// The entry cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Deadlines cannot be told.
    #[error(transparent)]
    Deadlines(#[from] DeadlineError),
    /// It was certainly not carried out.
    #[error(transparent)]
    Transact(TransactError),
}

/// The code of a new entry for which none is given: it follows from the command, so that the same command finds it again.
pub fn assigned_code(register: Register, command: Uuid) -> Option<Code> {
    AssignedCode::new(register, &["command", &command.to_string()], 0).as_str().parse().ok()
}

/// Carries out a change in the name of a caller, if they may.
pub async fn change<C: Registered>(desk: &Desk, caller: &Caller, ask: Ask, now: DateTime<Utc>) -> Result<Changed<C>, ChangeError> {
    let (verb, roles) = (ask.said.verb(), ask.said.roles());
    if roles.iter().all(|role| caller.leave_anywhere(*role).is_none()) {
        denied(caller, verb, C::REGISTER, &ask.code);
        return Err(ChangeError::Forbidden);
    }
    let Ask { id, code, expected, said } = ask;
    let loaded = load::<C>(desk.journal.as_ref(), &code).await?;
    let command: Command<C> = match said.into_command() {
        Ok(command) => command,
        Err(refused) => return Ok(Changed { became: Became::Refused(refused), loaded }),
    };
    let before = repeated::before(&loaded, id);
    match permit(caller, before.as_ref().unwrap_or(&loaded), &command, roles, now) {
        Permit::Never => {
            denied(caller, verb, C::REGISTER, &code);
            Err(ChangeError::Forbidden)
        }
        // As it was before the first command of this id the entry may have been nobody's yet: another verb is asked with it, by whoever may know that.
        Permit::Elsewhere(leave) if before.is_some() && repeated::is_known_to(caller, &leave, &loaded, (id, now)) => {
            Ok(Changed { became: Became::Refused(Refused::command_id_used()), loaded })
        }
        Permit::Elsewhere(leave) => {
            denied(caller, verb, C::REGISTER, &code);
            elsewhere(&leave, &code, loaded, command, (now, id))
        }
        Permit::Given(leave) => {
            if let Some(before) = before {
                return Ok(answered_before(loaded, &before, (&leave, id), command));
            }
            if waits(&command)
                && let Some(refused) = owed((desk.journal.as_ref(), desk.work.as_ref()), Some(caller), &code, &loaded.state).await?
            {
                return Ok(Changed { became: Became::Refused(refused), loaded });
            }
            if let Some(refused) = passes_with_set((desk.journal.as_ref(), desk.work.as_ref()), caller, &code, &command).await? {
                return Ok(Changed { became: Became::Refused(refused), loaded });
            }
            if let Some(refused) = bounds(desk, caller, &code, &loaded, &command, id).await? {
                return Ok(Changed { became: Became::Refused(refused), loaded });
            }
            let command = with_facts(desk, (&code, &loaded), command, now).await?;
            let changed = carry_out(desk, &leave, (code.clone(), expected), command.clone(), (now, id)).await?;
            // Meanwhile it may have become what they may not know of.
            if changed.became == Became::Conflict
                && sight(Some(caller), &changed.loaded.state, &changed.loaded.history, now) != Sight::Whole
            {
                return elsewhere(&leave, &code, changed.loaded, command, (now, id));
            }
            Ok(changed)
        }
    }
}

/// Whether a command waits until what was decided of the entry as a member of a set is carried out. What takes it out of sight, or back, changes nothing
/// of that, nor does a review that is owed.
fn waits<C>(command: &Command<C>) -> bool {
    !matches!(command, Command::Suspend(_) | Command::Resume(_) | Command::Review(Review { revision: Some(_), .. }))
}

/// Carries out a command that somebody has leave to give.
async fn carry_out<C: Registered>(
    desk: &Desk,
    leave: &Leave,
    (code, expected): (Code, ExpectedVersion),
    command: Command<C>,
    (now, id): (DateTime<Utc>, Uuid),
) -> Result<Changed<C>, ChangeError> {
    let verb = command.verb();
    let request = Request { code: code.clone(), expected, command: command.clone(), circumstances: leave.circumstances(now, id) };
    let outcome = transact(desk.journal.as_ref(), request, Budget::default()).await;
    let loaded = load::<C>(desk.journal.as_ref(), &code).await;
    let became = match outcome {
        Ok(Outcome::Applied(applied)) => Became::Applied(applied.position),
        Ok(Outcome::Repeated(_)) => {
            // The same command came twice at the same time, and the other was faster.
            let loaded = loaded?;
            let before = repeated::before(&loaded, id).unwrap_or_else(|| loaded.clone());
            return Ok(answered_before(loaded, &before, (leave, id), command));
        }
        Ok(Outcome::Unchanged { .. }) => {
            Became::Unchanged(loaded.as_ref().ok().and_then(|loaded| loaded.history.last()).map(|past| past.recorded.position))
        }
        Ok(Outcome::Refused(refusal)) => {
            // By a rule, and not for want of a right: whether one person acts for three is told by it as well.
            let by = leave.circumstances(now, id).actor;
            tracing::info!(account = by.as_str(), verb, register = %C::REGISTER, %code, refusal = refusal.code(), "a change was refused");
            Became::Refused(refusal.into())
        }
        Ok(Outcome::Conflict { .. }) => Became::Conflict,
        Ok(Outcome::Unknown(error)) => {
            tracing::warn!(%error, %code, "it is not known whether a change was kept");
            Became::Unknown
        }
        // Contents are far smaller than what a journal takes: what it refuses for good is an id that it has elsewhere.
        Err(TransactError::Invalid(reason)) => {
            tracing::info!(reason, %code, "a command id was used elsewhere");
            Became::Refused(Refused::command_id_used())
        }
        Err(error) => return Err(ChangeError::Transact(error)),
    };
    // What was carried out is not reported as failed because it cannot be read again.
    let nothing = || Loaded { state: domain::entry::State::default(), version: None, history: Vec::new() };
    let kept = matches!(became, Became::Applied(_) | Became::Unknown);
    Ok(Changed { became, loaded: if kept { loaded.unwrap_or_else(|_| nothing()) } else { loaded? } })
}

fn answered_before<C: Registered>(loaded: Loaded<C>, before: &Loaded<C>, by: (&Leave, Uuid), command: Command<C>) -> Changed<C> {
    let became = match repeated::place(&loaded, before, by, command) {
        Some(position) => Became::Unchanged(Some(position)),
        None => Became::Refused(Refused::command_id_used()),
    };
    Changed { became, loaded }
}

/// What is said to somebody who may not act here. A code of one's choice is refused as one under which there is nothing would be.
fn elsewhere<C: Registered>(
    leave: &Leave,
    code: &Code,
    loaded: Loaded<C>,
    command: Command<C>,
    (now, id): (DateTime<Utc>, Uuid),
) -> Result<Changed<C>, ChangeError> {
    let chosen = (!is_public(&loaded.state, now)).then(|| code_not_own(code, &command, id)).flatten();
    let refused = refused_elsewhere(leave, &loaded.state, command, (now, id)).map(Refused::from).or(chosen);
    Ok(Changed { became: Became::Refused(refused.ok_or(ChangeError::Forbidden)?), loaded })
}

/// A command with what it has to know of other entries.
async fn with_facts<C: Registered>(
    desk: &Desk,
    (code, loaded): (&Code, &Loaded<C>),
    command: Command<C>,
    now: DateTime<Utc>,
) -> Result<Command<C>, ChangeError> {
    match (command, &loaded.state.pending) {
        (Command::Submit(_), Some(Pending { content, .. })) => {
            Ok(Submit { beside: found(desk, code, content.as_ref(), Moment::Drafted(now)).await? }.into())
        }
        (Command::Approve(approve), Some(Pending { content, .. })) => {
            let moment = Moment::From(approve.effective_from.unwrap_or(now));
            Ok(Approve { beside: found(desk, code, content.as_ref(), moment).await?, ..approve }.into())
        }
        (Command::Correct(correct), _) => {
            let moment = Moment::From(correct.effective_from.unwrap_or(now));
            Ok(Correct { beside: found(desk, code, &correct.content, moment).await?, ..*correct }.into())
        }
        (command, _) => Ok(command),
    }
}

/// What is found of a content beside the entries that it refers to.
async fn found<C: Registered>(desk: &Desk, code: &Code, content: &C, moment: Moment) -> Result<Vec<Finding>, LoadError> {
    let beside = beside((desk.journal.as_ref(), desk.work.as_ref()), content, (&Looked::default(), moment)).await?;
    Ok(content.check_beside(code, &beside, moment))
}

/// The rules that the lifecycle of one entry cannot know: about new drafts, and about what takes the place of another.
async fn bounds<C: Registered>(
    desk: &Desk,
    caller: &Caller,
    code: &Code,
    loaded: &Loaded<C>,
    command: &Command<C>,
    id: Uuid,
) -> Result<Option<Refused>, ChangeError> {
    match command {
        Command::Draft(_) => {}
        Command::Repeal(Repeal { replaced_by: Some(successor), .. }) if loaded.state.repeal.is_none() => {
            return Ok(no_successor::<C>(desk.journal.as_ref(), code, successor).await?);
        }
        _ => return Ok(None),
    }
    // Where something happened before, the code was given then, and whoever answered for it is who may draft there again.
    if let (None, Some(refused)) = (loaded.version, code_not_own(code, command, id)) {
        return Ok(Some(refused));
    }
    let open = desk.work.drafts_of(caller.person()).await?;
    Ok((open >= desk.most_open_drafts && loaded.state.pending.is_none()).then(|| Refused::too_many_drafts(desk.most_open_drafts)))
}

/// Why a new entry may not have a code. Whoever chooses it could find out by it what others draft or do not disclose: only their own
/// codes are theirs to choose.
fn code_not_own<C: Registered>(code: &Code, command: &Command<C>, id: Uuid) -> Option<Refused> {
    let Command::Draft(draft) = command else { return None };
    let agency = draft.content.agency()?;
    let own = code.as_str().strip_prefix(agency.as_str()).is_some_and(|rest| !rest.is_empty());
    let assigned = assigned_code(C::REGISTER, id).as_ref() == Some(code);
    (!own && !assigned).then(|| Refused::code_not_own(agency.as_str()))
}

/// Notes that somebody asked for what they may not do: who and for what, and nothing of what they sent.
fn denied(caller: &Caller, verb: &str, register: Register, code: &Code) {
    tracing::warn!(account = caller.account().as_str(), verb, %register, %code, "denied: a change");
}
