//! An OpenID issuer on loopback that trusts whoever asks it, for nodes that are processes of their own.

use std::{net::TcpListener, thread};

use api::app::system_clock;
use axum::{Router, routing::get};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

/// The audience of its tokens.
pub const AUDIENCE: &str = "tongyuan";

/// The key of RFC 8037, Appendix A: everybody has it.
const PRIVATE: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
    0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410).
const BEFORE: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

const KEY_ID: &str = "k1";

/// An issuer, until the process ends.
pub struct Issuer {
    pub url: String,
}

impl Issuer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let configuration = json!({ "issuer": url, "jwks_uri": format!("{url}/keys") }).to_string();
        let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": PUBLIC, "alg": "EdDSA", "use": "sig", "kid": KEY_ID });
        let keys = json!({ "keys": [key] }).to_string();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || configuration))
            .route("/keys", get(async move || keys));
        // Of its own, so that it answers whatever the test waits for.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap() });
        });
        Self { url }
    }

    /// The flags of a node that trusts it.
    pub fn flags(&self) -> [&str; 4] {
        ["--oidc-issuer", &self.url, "--oidc-audience", AUDIENCE]
    }

    /// A token of a person, with these grants, for half a day.
    pub fn token(&self, person: &str, grants: &[&str]) -> String {
        let until = (system_clock()() + TimeDelta::hours(12)).timestamp();
        let claims =
            json!({ "iss": self.url, "aud": AUDIENCE, "sub": person, "exp": until, "tongyuan_person": person, "tongyuan": grants });
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &EncodingKey::from_ed_der(&[&BEFORE[..], &PRIVATE].concat())).unwrap()
    }
}
