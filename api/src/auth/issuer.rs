//! The keys of an OpenID issuer, kept and asked for again.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::DecodingKey;
use reqwest::Url;
use tokio::sync::Mutex;

use super::{Reason, Refused, fetch::Fetch, keys::Keys, token::Head};
use crate::clock::Clock;

/// How often keys are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Not sooner than this after the last time, however many tokens name keys that nobody knows.
    pub(super) apart: TimeDelta,
    /// Known keys are asked for again after this time, so that one that was taken back is given up.
    pub(super) fresh: TimeDelta,
    /// Known keys hold for this time, whether the issuer can be reached or not.
    pub(super) lasting: TimeDelta,
}

impl Default for Pace {
    fn default() -> Self {
        Self { apart: TimeDelta::seconds(10), fresh: TimeDelta::minutes(5), lasting: TimeDelta::hours(1) }
    }
}

/// An issuer with the keys that it was last seen to have.
#[derive(Debug)]
pub(super) struct Issuer {
    /// As tokens name it.
    pub(super) name: String,
    inner: Arc<Inner>,
}

struct Inner {
    fetch: Fetch,
    clock: Clock,
    pace: Pace,
    kept: RwLock<Kept>,
    /// Held by whoever asks.
    turn: Mutex<()>,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    keys: Arc<Keys>,
    /// When they were asked for; `None`: never.
    at: Option<DateTime<Utc>>,
    /// When they were last asked for, with or without an answer.
    tried: Option<DateTime<Utc>>,
    /// Why there was none.
    failure: Option<String>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("pace", &self.pace).finish_non_exhaustive()
    }
}

impl Issuer {
    /// An issuer. Nothing is asked of it before the first token.
    pub(super) fn new(name: String, url: &Url, clock: Clock, pace: Pace) -> Result<Self, String> {
        let fetch = Fetch::new(&name, url)?;
        Ok(Self { name, inner: Arc::new(Inner { fetch, clock, pace, kept: RwLock::default(), turn: Mutex::default() }) })
    }

    /// The key that a token names.
    pub(super) async fn key(&self, head: &Head) -> Result<DecodingKey, Refused> {
        let inner = &self.inner;
        let find = |kept: &Kept| kept.keys.get(&head.key, head.algorithm).filter(|_| inner.holds(kept)).cloned();
        let kept = inner.kept();
        if let Some(key) = find(&kept) {
            if inner.is_due(&kept) {
                // Nobody waits for it: the key is good as it is.
                let inner = inner.clone();
                tokio::spawn(async move { inner.ask(false).await });
            }
            return Ok(key);
        }
        inner.ask(true).await;
        let kept = inner.kept();
        match (find(&kept), &kept.failure) {
            (Some(key), _) => Ok(key),
            (None, Some(failure)) => Err(Refused::Unavailable(failure.clone())),
            (None, None) => Err(Reason::UnknownKey(head.key.chars().take(64).collect()).into()),
        }
    }
}

impl Inner {
    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, kept: Kept) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// Whether the keys still hold.
    fn holds(&self, kept: &Kept) -> bool {
        kept.at.is_some_and(|at| (self.clock)() < at + self.pace.lasting)
    }

    /// Whether known keys are old enough to be asked for again, and that was not done just now.
    fn is_due(&self, kept: &Kept) -> bool {
        let now = (self.clock)();
        kept.at.is_none_or(|at| now >= at + self.pace.fresh) && self.may_ask(kept, now)
    }

    fn may_ask(&self, kept: &Kept, now: DateTime<Utc>) -> bool {
        kept.tried.is_none_or(|tried| now >= tried + self.pace.apart)
    }

    /// Asks for the keys, unless that was done just now. One asks at a time; whoever needs the answer waits for the one under way.
    async fn ask(&self, waits: bool) {
        let _turn = if waits {
            self.turn.lock().await
        } else {
            let Ok(turn) = self.turn.try_lock() else { return };
            turn
        };
        let (kept, now) = (self.kept(), (self.clock)());
        if !self.may_ask(&kept, now) {
            return;
        }
        // Kept first: a request that is given up while it asks must not let the next one ask at once.
        self.keep(Kept { tried: Some(now), ..kept.clone() });
        match self.fetch.keys().await {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "the keys of the OpenID issuer were read");
                self.keep(Kept { keys: Arc::new(keys), at: Some(now), tried: Some(now), failure: None });
            }
            Err(error) => {
                tracing::warn!(error, "the keys of the OpenID issuer cannot be read; known ones hold for now");
                self.keep(Kept { tried: Some(now), failure: Some(error), ..kept });
            }
        }
    }
}
