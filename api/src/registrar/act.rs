use chrono::{DateTime, Utc};
use domain::{
    changeset::Kind,
    codec::Registered,
    decider::Circumstances,
    entry::{Command, Event, Refusal},
    envelope::{ActorId, Code},
};
use journal::{
    Journal, LoadError, StoreError,
    transact::{Budget, ExpectedVersion, Outcome, Request, TransactError, transact},
};
use uuid::Uuid;

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// A new entry.
    Adopted,
    /// A new revision of an entry.
    Revised,
    /// An entry ceased.
    Repealed,
    /// It is to be a member of a change set, and nothing was written yet.
    Collected(Kind),
    /// What neither publishes nor ends an entry, such as a draft or a suspension.
    Done,
    /// It was so already.
    Unchanged,
    /// A rule forbids it.
    Refused(Refusal),
}

/// Why a command has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RegistrarError {
    /// It was certainly not carried out.
    #[error(transparent)]
    Transact(#[from] TransactError),
    /// The entry cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It may have been carried out or not; the same command again tells.
    #[error(
        "不知变更是否已保存；请重做一次，重做不会重复 / it is not known whether the change was kept: do the same again to find out, it is kept once"
    )]
    Unknown(#[source] StoreError),
    /// Somebody else was faster.
    #[error("条目同时被他人改动；请重做一次 / the entry was changed by somebody else meanwhile: do the same again")]
    Conflict,
    /// A code cannot be made for the entry.
    #[error("不能为条目编码 / no code can be assigned to the entry")]
    NoCode,
}

/// The id of a command that follows from what it is: the same words, the same id, in every run and on every machine.
pub fn command_id(words: &[&str]) -> Uuid {
    /// Namespace of the command ids of the register, a constant of its own.
    const NAMESPACE: Uuid = Uuid::from_u128(0x7b1f_9a52_64c0_4d0e_9f0b_2f6e_5d1c_8a37);
    let mut bytes = Vec::new();
    for word in words {
        bytes.extend_from_slice(&(word.len() as u64).to_be_bytes());
        bytes.extend_from_slice(word.as_bytes());
    }
    Uuid::new_v5(&NAMESPACE, &bytes)
}

/// Carries out a command on an entry as it is.
pub async fn act<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    command: Command<C>,
    id: Uuid,
    actor: &ActorId,
    now: DateTime<Utc>,
) -> Result<Acted, RegistrarError> {
    act_expecting(journal, code, command, (id, ExpectedVersion::Any), actor, now).await
}

/// Carries out a command on an entry that is expected at a version.
pub(super) async fn act_expecting<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    command: Command<C>,
    (id, expected): (Uuid, ExpectedVersion),
    actor: &ActorId,
    now: DateTime<Utc>,
) -> Result<Acted, RegistrarError> {
    let circumstances = Circumstances::of_import(now, actor.clone(), id);
    carry_out(journal, Request { code: code.clone(), expected, command, circumstances }).await
}

/// Carries out a command on an entry as it is, in circumstances that are known.
pub(super) async fn act_in<C: Registered>(
    journal: &dyn Journal,
    code: &Code,
    command: Command<C>,
    circumstances: Circumstances,
) -> Result<Acted, RegistrarError> {
    carry_out(journal, Request { code: code.clone(), expected: ExpectedVersion::Any, command, circumstances }).await
}

async fn carry_out<C: Registered>(journal: &dyn Journal, request: Request<C>) -> Result<Acted, RegistrarError> {
    match transact(journal, request, Budget::default()).await? {
        Outcome::Applied(applied) => Ok(applied.events.last().map_or(Acted::Unchanged, told)),
        Outcome::Repeated(_) | Outcome::Unchanged { .. } => Ok(Acted::Unchanged),
        Outcome::Refused(refusal) => Ok(Acted::Refused(refusal)),
        Outcome::Conflict { .. } => Err(RegistrarError::Conflict),
        Outcome::Unknown(error) => Err(RegistrarError::Unknown(error)),
    }
}

fn told<C>(event: &Event<C>) -> Acted {
    match event.publication() {
        Some(publication) if publication.revision == 1 => Acted::Adopted,
        Some(_) => Acted::Revised,
        None if matches!(event, Event::Repealed(_)) => Acted::Repealed,
        None => Acted::Done,
    }
}
