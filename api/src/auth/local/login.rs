use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    super::{Caller, NoRandom},
    Directory, DirectoryError, Hash, Name, Password,
    tries::{Tries, WINDOW},
    watched::{Read, Watched},
};

/// As tokens of this machine name who made them. Another register's are signed by another key.
pub(in super::super) const ISSUER: &str = "urn:tongyuan:local";

/// For whom they are.
pub(in super::super) const AUDIENCE: &str = "tongyuan";

/// How long a token holds, if nothing else is asked for.
pub const USUAL_LIFE: TimeDelta = TimeDelta::hours(12);

/// How long it may hold.
pub const MAX_LIFE: TimeDelta = TimeDelta::hours(24 * 7);

/// Passwords that are held against their hashes at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// A token that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Until when it holds.
    pub until: DateTime<Utc>,
    /// For how many seconds, from when it was made.
    pub seconds: i64,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// There is no such account, or it has another password: which of both is told to nobody.
    #[error("账号或密码不对 / the name or the password is wrong")]
    Wrong,
    /// The directory cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// It cannot be signed.
    #[error(transparent)]
    NoKey(#[from] NoRandom),
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    stamp: &'a str,
}

/// Makes a token for whoever knows the password.
pub fn log_in(directory: &Directory, name: &Name, password: &Password, life: TimeDelta, now: DateTime<Utc>) -> Result<Issued, NoToken> {
    issue(&Read::of(directory.accounts()?, directory.key()?), name.as_str(), password, life, now)
}

/// Who knows the password of an account, for a command that is given on this machine.
pub fn caller_of(directory: &Directory, name: &Name, password: &Password) -> Result<Arc<Caller>, NoToken> {
    let read = Read::of(directory.accounts()?, directory.key()?);
    let held = read.by_name(name.as_str());
    // For a name that nobody has the same time goes by.
    let fits = held.map_or_else(Hash::of_nobody, |held| held.password.clone()).fits(password);
    held.filter(|_| fits).map(|held| held.caller.clone()).ok_or(NoToken::Wrong)
}

fn issue(read: &Read, name: &str, password: &Password, life: TimeDelta, now: DateTime<Utc>) -> Result<Issued, NoToken> {
    let held = read.by_name(name);
    // For a name that nobody has the same time goes by.
    let fits = held.map_or_else(Hash::of_nobody, |held| held.password.clone()).fits(password);
    let (Some(held), Some(key), true) = (held, &read.key, fits) else { return Err(NoToken::Wrong) };
    let life = life.min(MAX_LIFE);
    let until = now + life;
    let sub = held.caller.account().as_str();
    let claims = Claims { iss: ISSUER, aud: AUDIENCE, sub, iat: now.timestamp(), exp: until.timestamp(), stamp: &held.stamp };
    Ok(Issued { token: key.sign(&claims)?, until, seconds: life.num_seconds() })
}

/// Too many wrong passwords, or too many who try at once; to be tried again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct TooMany(pub(in super::super) Duration);

/// Logins over the network, which are bounded.
#[derive(Debug)]
pub(in super::super) struct Logins {
    tries: Tries,
    turns: Arc<Semaphore>,
}

impl Default for Logins {
    fn default() -> Self {
        Self { tries: Tries::default(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Logins {
    /// Makes a token for whoever knows the password.
    pub(in super::super) async fn log_in(
        &self,
        watched: &Watched,
        name: &str,
        password: Password,
        now: DateTime<Utc>,
    ) -> Result<Result<Issued, NoToken>, TooMany> {
        if !self.tries.begin(name) {
            return Err(TooMany(WINDOW));
        }
        let turn = timeout(PATIENCE, self.turns.clone().acquire_owned()).await.ok().and_then(Result::ok);
        let turn = turn.ok_or(TooMany(PATIENCE))?;
        let read = match watched.now() {
            Ok(read) => read,
            Err(error) => return Ok(Err(error.into())),
        };
        let of = name.to_owned();
        let issued = tokio::task::spawn_blocking(move || {
            // Kept to the end of the work, also if nobody waits for it any more.
            let _turn = turn;
            issue(&read, &of, &password, USUAL_LIFE, now)
        });
        let issued = issued.await.unwrap_or(Err(NoToken::Wrong));
        if issued.is_ok() {
            self.tries.succeeded(name);
        }
        Ok(issued)
    }
}
