//! What an issuer publishes: where its keys are, and the keys.

use std::{error::Error as _, time::Duration};

use reqwest::{Client, Url, redirect::Policy};
use serde::Deserialize;

use super::keys::Keys;

/// Time to reach the issuer.
const CONNECT: Duration = Duration::from_secs(2);

/// Time for one answer.
const ANSWER: Duration = Duration::from_secs(4);

/// Largest answer.
const MAX_BYTES: usize = 256 * 1024;

/// Whoever asks an issuer for its keys.
#[derive(Debug)]
pub(super) struct Fetch {
    issuer: String,
    client: Client,
}

/// What is used of the configuration that an issuer publishes (OpenID Connect Discovery 1.0).
#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
}

impl Fetch {
    /// Of an issuer, whose address was found [`secure`].
    pub(super) fn new(issuer: &str, url: &Url) -> Result<Self, String> {
        // An answer that leads elsewhere is none: whoever may redirect may not choose the keys.
        let mut client = Client::builder().connect_timeout(CONNECT).timeout(ANSWER).redirect(Policy::none());
        if is_loopback(url) {
            client = client.no_proxy();
        }
        Ok(Self { issuer: issuer.to_owned(), client: client.build().map_err(|error| told(&error))? })
    }

    /// The keys as they are now.
    pub(super) async fn keys(&self) -> Result<Keys, String> {
        let at = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let configuration = self.get(&at).await?;
        let configuration: Configuration = serde_json::from_slice(&configuration).map_err(|error| format!("{at}: {error}"))?;
        if configuration.issuer != self.issuer {
            return Err(format!("{at} is that of another issuer, {:?}", configuration.issuer));
        }
        let keys = configuration.jwks_uri;
        if !keys.parse().is_ok_and(|url| secure(&url)) {
            return Err(format!("{at} names keys at {keys:?}, which is not https"));
        }
        Keys::read(&self.get(&keys).await?).map_err(|error| format!("{keys}: {error}"))
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        let mut answer = self.client.get(url).send().await.map_err(|error| told(&error))?;
        if !answer.status().is_success() {
            return Err(format!("{url} answered {}", answer.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| told(&error))? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(format!("{url} answered more than {MAX_BYTES} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Whether an address is one over which keys may come: https, or this very machine.
pub(super) fn secure(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(url),
        _ => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The last cause says most: the first is only that something was asked for.
fn told(error: &reqwest::Error) -> String {
    let mut last = error.source();
    while let Some(next) = last.and_then(std::error::Error::source) {
        last = Some(next);
    }
    last.map_or_else(|| error.to_string(), |last| format!("{error}: {last}"))
}
