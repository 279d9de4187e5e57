//! Callers by an OpenID issuer.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{acting::PersonId, envelope::ActorId};
use reqwest::Url;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Caller, Reason, Refused,
    fetch::secure,
    grants,
    issuer::{Issuer, Pace},
    random::to_hex,
    token::{Expected, Head, Verified, verify},
};
use crate::clock::Clock;

/// Whom to trust, and where claims stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdSettings {
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// The audience that tokens for this register have.
    pub audience: String,
    /// The claim with the list of grants.
    pub grants: String,
    /// The claim with the id of the person behind the account.
    pub person: String,
}

impl OpenIdSettings {
    /// The usual claim of grants.
    pub const GRANTS: &'static str = "tongyuan";
    /// The usual claim of the person.
    pub const PERSON: &'static str = "tongyuan_person";
}

/// Why an issuer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    /// Keys that come over it may come from anybody.
    #[error(
        "OpenID 签发者 {0:?} 应为 https 地址（本机可用 http），不含查询与片段 / the OpenID issuer {0:?} is to be an https address without query and fragment; http is for this machine only"
    )]
    Address(String),
    /// An empty audience would be that of no token.
    #[error("OpenID 受众与声明名不得为空 / the audience and the names of claims of the OpenID issuer may not be empty")]
    Empty,
    /// The client cannot be made.
    #[error("不能建立 OpenID 客户端：{0} / the OpenID client cannot be made: {0}")]
    Client(String),
}

/// An OpenID issuer that is trusted.
#[derive(Debug)]
pub struct OpenId {
    settings: OpenIdSettings,
    issuer: Issuer,
}

impl OpenId {
    /// An issuer that is trusted. Nothing is asked of it before the first token.
    pub fn new(settings: OpenIdSettings, clock: Clock) -> Result<Self, OpenIdError> {
        Self::with_pace(settings, clock, Pace::default())
    }

    pub(super) fn with_pace(settings: OpenIdSettings, clock: Clock, pace: Pace) -> Result<Self, OpenIdError> {
        let wrong = || OpenIdError::Address(settings.issuer.clone());
        let url: Url = settings.issuer.parse().map_err(|_| wrong())?;
        if !secure(&url) || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(wrong());
        }
        if [&settings.audience, &settings.grants, &settings.person].iter().any(|text| text.is_empty()) {
            return Err(OpenIdError::Empty);
        }
        let issuer = Issuer::new(settings.issuer.clone(), &url, clock, pace).map_err(OpenIdError::Client)?;
        Ok(Self { settings, issuer })
    }

    /// Whether it names this issuer.
    pub(super) fn issued(&self, head: &Head) -> bool {
        head.issuer == self.issuer.name
    }

    /// Who a token is of, and until when.
    pub(super) async fn caller(&self, token: &str, head: &Head, now: DateTime<Utc>) -> Result<(Caller, DateTime<Utc>), Refused> {
        let key = self.issuer.key(head).await?;
        let expected = Expected { issuer: &self.issuer.name, audience: &self.settings.audience };
        let Verified { subject, until, claims } = verify(token, head, &key, expected, now)?;
        let person = claims.get(&self.settings.person).and_then(Value::as_str).and_then(|id| id.parse::<PersonId>().ok());
        let person = person.ok_or_else(|| Reason::Claim(self.settings.person.clone()))?;
        let grants = grants::of_claim(claims.get(&self.settings.grants)).map_err(Reason::from)?;
        Ok((Caller::new(self.account(&subject)?, person, grants), until))
    }

    /// The account in our events. A subject may be anything, an address of mail as well, and events are for ever: so it is a hash, the
    /// same for the same subject of the same issuer, and never that of an account of this machine.
    fn account(&self, subject: &str) -> Result<ActorId, Reason> {
        let mut hash = Sha256::new();
        hash.update(self.issuer.name.as_bytes());
        hash.update([0]);
        hash.update(subject.as_bytes());
        format!("oidc:{}", to_hex(&hash.finalize()[..16])).parse().map_err(|_| Reason::Claim("sub".to_owned()))
    }
}

impl fmt::Display for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.settings.issuer)
    }
}
