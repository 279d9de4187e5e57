//! What every verb has in common: who asks, of which entry, and how the answer is told.

use std::sync::Arc;

use async_graphql::{Context, Error};
use domain::{
    acting::Role,
    codec::Registered,
    envelope::{Code, StreamVersion},
    register::{self, Register as DomainRegister},
};
use journal::transact::ExpectedVersion;
use uuid::Uuid;

use super::{
    super::{
        entry::Viewer,
        enums,
        error::{Failure, code_in, failure, forbidden, no_token},
    },
    payload::{EntryPayload, of_draft, of_input},
    waited::{noted, waited},
};
use crate::{
    auth::Caller,
    registrar::change::{Ask, ChangeError, Changed, Desk, Said, assigned_code, change},
};

/// Which entry a command is for.
pub struct Head {
    /// Id of the command.
    pub id: Uuid,
    /// The register.
    pub register: enums::Register,
    /// Code of the entry; `None`: the register assigns one.
    pub code: Option<String>,
    /// The version that is expected; `None`: any.
    pub expected: Option<u64>,
}

/// Asks for a change and tells what became of it.
pub async fn ask(context: &Context<'_>, head: Head, said: Said) -> async_graphql::Result<EntryPayload> {
    let register: DomainRegister = head.register.into();
    let Some(caller) = context.data_opt::<Arc<Caller>>() else {
        let code = head.code.and_then(|code| code.parse::<Code>().ok());
        return Err(no_token(said.verb(), Some(register), code.as_ref()));
    };
    let code = match head.code {
        Some(code) => code_in("input.code", &code)?,
        None => assigned_code(register, head.id).ok_or_else(|| internal(&"no code can be made"))?,
    };
    let expected = head.expected.map_or(ExpectedVersion::Any, |version| ExpectedVersion::Exact(StreamVersion(version)));
    let ask = Ask { id: head.id, code, expected, said };
    match register {
        DomainRegister::Agency => answer::<register::Agency>(context, caller, ask).await,
        DomainRegister::Item => answer::<register::Item>(context, caller, ask).await,
        DomainRegister::Guide => answer::<register::Guide>(context, caller, ask).await,
        DomainRegister::Material => answer::<register::Material>(context, caller, ask).await,
        DomainRegister::Openness => answer::<register::CatalogueEntry>(context, caller, ask).await,
    }
}

async fn answer<C: Registered>(context: &Context<'_>, caller: &Arc<Caller>, ask: Ask) -> async_graphql::Result<EntryPayload> {
    let viewer = Viewer::of(context)?;
    let part = if ask.said.content().is_some() { of_input } else { of_draft };
    let (id, code, expected, roles) = (ask.id, ask.code.clone(), ask.expected, ask.said.roles());
    let (desk, caller, now) = (context.data::<Arc<Desk>>()?.clone(), caller.clone(), viewer.now);
    let changing = async move { change::<C>(&desk, &caller, ask, now).await };
    let Some(changed) = waited(context, id, changing).await? else { return Ok(EntryPayload::unknown()) };
    let changed: Changed<C> = changed.map_err(|error| told_of(&error, roles))?;
    noted(context, id, &changed.became);
    Ok(EntryPayload::of(&viewer, (code, expected, part), changed))
}

/// The article that says who takes which part in a change.
pub(super) const OF_CHANGES: &str = "Art. 8(1)";

/// An error of a change as it is told: whoever may not ask for it is told who may.
pub(super) fn told_of(error: &ChangeError, roles: &[Role]) -> Error {
    let ChangeError::Forbidden = error else { return told(error, OF_CHANGES) };
    let words = |word: fn(Role) -> &'static str, between| roles.iter().map(|role| word(*role)).collect::<Vec<_>>().join(between);
    forbidden(
        OF_CHANGES,
        format!(
            "须由{}办理，您没有该职责；如需办理请联系管理员 / it takes {}, and you hold no such role: ask an administrator if you should",
            words(Role::zh, "或"),
            words(with_article, " or ")
        ),
    )
}

fn with_article(role: Role) -> &'static str {
    match role {
        Role::Drafter => "a drafter",
        Role::Reviewer => "a reviewer of the openness office",
        Role::Approver => "an approver",
    }
}

/// An error as it is told; `rule`: the article that says who may, or `register`.
pub(super) fn told(error: &ChangeError, rule: &'static str) -> Error {
    match error {
        ChangeError::Forbidden => forbidden(
            rule,
            "您没有办理此事的职责；如需办理请联系管理员 / you do not hold the role for this: ask an administrator if you should",
        ),
        ChangeError::Load(_) | ChangeError::Deadlines(_) | ChangeError::Transact(_) => {
            tracing::error!(error = error as &dyn std::error::Error, "a change was not carried out");
            failure(
                Failure::Unavailable,
                "登记册暂时无法写入，变更未保存；请稍后以同一标识重试 / \
                 the register cannot be written at present and the change was not kept: try again shortly with the same command id",
            )
        }
    }
}

fn internal(error: &dyn std::fmt::Display) -> Error {
    tracing::error!(%error, "a change cannot be asked for");
    failure(Failure::Internal, "登记册自身出错，已记录 / the register met a fault of its own; it has been noted")
}
