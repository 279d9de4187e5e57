use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Caller, OpenId, Reason, Refused,
    local::{AUDIENCE, Directory, ISSUER, Issued, Logins, Name, NoToken, Password, TooMany, Watched},
    token::{Expected, Head, head, verify},
};
use crate::clock::Clock;

/// How long a verified token is remembered. What was changed at the OpenID issuer shows in new tokens anyway; accounts of this machine are
/// looked up at each request all the same.
const REMEMBERED: Duration = Duration::from_secs(10);

/// Tokens that are remembered at a time.
const TOKENS: u64 = 10_000;

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum NotIssued {
    /// There is no directory here: tokens come from elsewhere.
    #[error("no directory of accounts")]
    Nowhere,
    /// The name or the password is wrong.
    #[error("the name or the password is wrong")]
    Wrong,
    /// To be tried again after this time.
    #[error("too many tries")]
    TooMany(Duration),
    /// The directory cannot be read, or nothing signed.
    #[error("no token can be made")]
    Unavailable(#[source] NoToken),
}

/// Lets in who has a good token.
pub struct Gate {
    local: Option<Watched>,
    logins: Logins,
    open_id: Option<OpenId>,
    clock: Clock,
    remembered: Cache<[u8; 32], Remembered>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("local", &self.local).field("open_id", &self.open_id).finish_non_exhaustive()
    }
}

/// A token that was verified.
#[derive(Clone)]
struct Remembered {
    until: DateTime<Utc>,
    who: Who,
}

/// Whom a verified token names.
#[derive(Clone)]
enum Who {
    /// Whoever an OpenID issuer said it is.
    Told(Arc<Caller>),
    /// Whoever the directory says it is when it is asked.
    Account { id: String, stamp: String },
}

impl Gate {
    /// A gate for the accounts of a directory, for those of an OpenID issuer, for both, or for nobody.
    pub fn new(directory: Option<Directory>, open_id: Option<OpenId>, clock: Clock) -> Self {
        let remembered = Cache::builder().max_capacity(TOKENS).time_to_live(REMEMBERED).build();
        Self { local: directory.map(Watched::new), logins: Logins::default(), open_id, clock, remembered }
    }

    /// Who has a token.
    pub async fn admit(&self, token: &str) -> Result<Arc<Caller>, Refused> {
        let now = (self.clock)();
        let hash: [u8; 32] = Sha256::digest(token).into();
        let remembered = self.remembered.get(&hash).filter(|remembered| now < remembered.until);
        let remembered = if let Some(remembered) = remembered {
            remembered
        } else {
            let verified = self.verified(token, now).await?;
            self.remembered.insert(hash, verified.clone());
            verified
        };
        match remembered.who {
            Who::Told(caller) => Ok(caller),
            Who::Account { id, stamp } => {
                let read = self.local.as_ref().ok_or(Reason::Issuer)?.now().map_err(|error| Refused::Unavailable(error.to_string()))?;
                let held = read.by_id(&id).filter(|held| held.stamp == stamp).ok_or(Reason::Account)?;
                Ok(held.caller.clone())
            }
        }
    }

    async fn verified(&self, token: &str, now: DateTime<Utc>) -> Result<Remembered, Refused> {
        let head = head(token)?;
        if let Some(local) = self.local.as_ref().filter(|_| head.issuer == ISSUER) {
            return of_account(local, token, &head, now);
        }
        let open_id = self.open_id.as_ref().filter(|open_id| open_id.issued(&head)).ok_or(Reason::Issuer)?;
        let (caller, until) = open_id.caller(token, &head, now).await?;
        Ok(Remembered { until, who: Who::Told(Arc::new(caller)) })
    }

    /// Makes a token for whoever knows the password of an account of this machine.
    pub async fn log_in(&self, name: &str, password: Password) -> Result<Issued, NotIssued> {
        let local = self.local.as_ref().ok_or(NotIssued::Nowhere)?;
        // What is no name is nobody's, and counted together.
        let name = name.parse::<Name>().map_or_else(|_| String::new(), |name| name.to_string());
        let issued = self.logins.log_in(local, &name, password, (self.clock)()).await;
        issued.map_err(|TooMany(after)| NotIssued::TooMany(after))?.map_err(|error| match error {
            NoToken::Wrong => NotIssued::Wrong,
            error => NotIssued::Unavailable(error),
        })
    }
}

fn of_account(local: &Watched, token: &str, head: &Head, now: DateTime<Utc>) -> Result<Remembered, Refused> {
    let read = local.now().map_err(|error| Refused::Unavailable(error.to_string()))?;
    let key = read.keys.get(&head.key, head.algorithm);
    let key = key.ok_or_else(|| Reason::UnknownKey(head.key.chars().take(64).collect()))?;
    let verified = verify(token, head, key, Expected { issuer: ISSUER, audience: AUDIENCE }, now)?;
    let stamp = verified.claims.get("stamp").and_then(Value::as_str).ok_or_else(|| Reason::Claim("stamp".to_owned()))?;
    Ok(Remembered { until: verified.until, who: Who::Account { id: verified.subject, stamp: stamp.to_owned() } })
}
