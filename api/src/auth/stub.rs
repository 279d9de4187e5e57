//! For tests: an issuer over HTTP whose keys and moods change, and tokens of any kind.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Gate, OpenId, OpenIdSettings, issuer::Pace};
use crate::clock::Clock;

/// The time of a test.
#[derive(Clone)]
pub(super) struct Time(Arc<AtomicI64>);

impl Time {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000)))
    }

    pub(super) fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn pass(&self, time: TimeDelta) {
        self.0.fetch_add(time.num_seconds(), Ordering::SeqCst);
    }

    pub(super) fn clock(&self) -> Clock {
        let time = self.0.clone();
        Arc::new(move || DateTime::<Utc>::from_timestamp(time.load(Ordering::SeqCst), 0).unwrap())
    }
}

/// A key of an issuer.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: &'static str,
    pub(super) algorithm: Algorithm,
    pub(super) private: EncodingKey,
    public: Value,
}

impl Key {
    pub(super) fn ed(id: &'static str, seed: u8) -> Self {
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let private = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
        let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(pair.public_key().as_ref()), "alg": "EdDSA" });
        Self { id, algorithm: Algorithm::EdDSA, private, public }
    }

    pub(super) fn rsa(id: &'static str) -> Self {
        let der: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
        // Behind the 26 bytes that say what it is stands the key in the form of PKCS#1.
        let private = EncodingKey::from_rsa_der(&der.as_ref()[26..]);
        let public = serde_json::to_value(Jwk::from_encoding_key(&private, Algorithm::RS256).unwrap()).unwrap();
        Self { id, algorithm: Algorithm::RS256, private, public }
    }

    /// The raw public half of an Ed25519 key.
    pub(super) fn public(seed: u8) -> Vec<u8> {
        aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap().public_key().as_ref().to_vec()
    }

    pub(super) fn jwk(&self) -> Value {
        let mut jwk = self.public.clone();
        jwk["kid"] = json!(self.id);
        jwk["use"] = json!("sig");
        jwk
    }

    /// A token with these claims.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.private).unwrap()
    }
}

/// What an issuer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Well,
    Down,
    Silent,
    Endless,
    /// It leads elsewhere, to where all is well.
    Redirecting,
    /// It says that it is somebody else.
    Posing,
    /// Its keys are elsewhere, by this address.
    Elsewhere(&'static str),
}

/// An issuer on a port of its own.
pub(super) struct Published {
    pub(super) url: String,
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    keys: Mutex<Vec<Value>>,
    mood: Mutex<Mood>,
    /// How often it was asked for its keys, or for where they are.
    pub(super) asked: AtomicUsize,
}

impl Published {
    pub(super) async fn with(keys: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner { keys: Mutex::new(keys), mood: Mutex::new(Mood::Well), asked: AtomicUsize::new(0) });
        let at = url.clone();
        let well = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") }).to_string();
        let configuration = move |State(inner): State<Arc<Inner>>| {
            let at = at.clone();
            async move {
                inner.asked.fetch_add(1, Ordering::SeqCst);
                let mood = inner.mood.lock().unwrap().clone();
                let (issuer, keys) = match mood {
                    Mood::Down => return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
                    Mood::Redirecting => return Err(Redirect::temporary("/moved").into_response()),
                    Mood::Silent => return std::future::pending().await,
                    Mood::Endless => return Ok("x".repeat(300_000)),
                    Mood::Posing => ("https://another.city".to_owned(), format!("{at}/keys")),
                    Mood::Elsewhere(keys) => (at, keys.to_owned()),
                    Mood::Well => (at.clone(), format!("{at}/keys")),
                };
                Ok(json!({ "issuer": issuer, "jwks_uri": keys }).to_string())
            }
        };
        let keys = async |State(inner): State<Arc<Inner>>| json!({ "keys": *inner.keys.lock().unwrap() }).to_string();
        let router = Router::new().route("/.well-known/openid-configuration", get(configuration));
        let moved = move || std::future::ready(well.clone());
        let router = router.route("/moved", get(moved)).route("/keys", get(keys));
        tokio::spawn(axum::serve(listener, router.with_state(inner.clone())).into_future());
        Self { url, inner }
    }

    pub(super) fn set_keys(&self, keys: Vec<Value>) {
        *self.inner.keys.lock().unwrap() = keys;
    }

    pub(super) fn set_mood(&self, mood: Mood) {
        *self.inner.mood.lock().unwrap() = mood;
    }

    pub(super) fn asked(&self) -> usize {
        self.inner.asked.load(Ordering::SeqCst)
    }

    pub(super) fn gate(&self, time: &Time) -> Gate {
        let settings = OpenIdSettings {
            issuer: self.url.clone(),
            audience: "tongyuan".to_owned(),
            grants: OpenIdSettings::GRANTS.to_owned(),
            person: OpenIdSettings::PERSON.to_owned(),
        };
        Gate::new(None, Some(OpenId::with_pace(settings, time.clock(), Pace::default()).unwrap()), time.clock())
    }

    /// The claims of a good token.
    pub(super) fn claims(&self, time: &Time) -> Value {
        json!({
            "iss": self.url, "aud": "tongyuan", "sub": "li@city.example", "exp": time.now() + 600,
            "tongyuan_person": "P-17", "tongyuan": ["approver@A1"],
        })
    }
}

/// Base64 for the web, as far as a test needs it.
pub(super) fn base64(text: impl AsRef<[u8]>) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |bytes: &[u8]| {
        let bits = bytes.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - bytes.len()));
        (0..=bytes.len()).map(move |at| char::from(SIGNS[(bits >> (18 - 6 * at) & 63) as usize])).collect::<String>()
    };
    text.as_ref().chunks(3).map(group).collect()
}
