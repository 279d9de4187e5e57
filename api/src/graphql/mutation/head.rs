//! What every verb has in common: who asks, of which entry, and how the answer is told.

use std::sync::Arc;

use async_graphql::{Context, Error};
use domain::{
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
        error::{Failure, failure},
    },
    Written,
    payload::EntryPayload,
};
use crate::{
    auth::Caller,
    registrar::change::{Ask, Became, ChangeError, Changed, Desk, Said, assigned_code, change},
};

/// Largest content that can be given, in bytes of its JSON: what a request has room for beside the rest of it.
pub const MAX_CONTENT_BYTES: usize = 192 * 1024;

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
        tracing::info!(verb = said.verb(), %register, "a change was asked for without a token");
        return Err(failure(Failure::Unauthenticated, "须先登录：请在请求中附上令牌 / it takes a token: send one with the request"));
    };
    let code = match head.code {
        Some(code) => code.parse::<Code>().map_err(|error| failure(Failure::BadRequest, error.to_string()))?,
        None => assigned_code(register, head.id).ok_or_else(|| internal(&"no code can be made"))?,
    };
    if let Some(content) = said.content() {
        let bytes = serde_json::to_vec(content).map_err(|error| internal(&error))?.len();
        if bytes > MAX_CONTENT_BYTES {
            return Err(failure(
                Failure::LimitExceeded,
                format!(
                    "内容共{bytes}字节，最多{MAX_CONTENT_BYTES}字节；请精简或拆分 / the content has {bytes} bytes, {MAX_CONTENT_BYTES} at most: shorten or split it"
                ),
            ));
        }
    }
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

async fn answer<C: Registered>(context: &Context<'_>, caller: &Caller, ask: Ask) -> async_graphql::Result<EntryPayload> {
    let viewer = Viewer::of(context)?;
    let (code, expected) = (ask.code.clone(), ask.expected);
    let changed: Changed<C> = change(context.data::<Arc<Desk>>()?, caller, ask, viewer.now).await.map_err(|error| told(&error))?;
    if let (Became::Applied(position) | Became::Unchanged(Some(position)), Some(written)) =
        (&changed.became, context.data_opt::<Arc<Written>>())
    {
        written.note(*position);
    }
    Ok(EntryPayload::of(&viewer, code, expected, changed))
}

pub(super) fn told(error: &ChangeError) -> Error {
    match error {
        ChangeError::Forbidden => failure(
            Failure::Forbidden,
            "您没有办理此事的职责；如需办理请联系管理员 / you do not hold the role for this: ask an administrator if you should",
        ),
        ChangeError::Load(_) | ChangeError::Transact(_) => {
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
