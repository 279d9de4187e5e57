//! Every token that lets nobody in, one by one, each a small step away from one that does.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{
    Gate, Reason, Refused,
    random::to_hex,
    stub::{Key, Published, Time, base64},
    token::MAX_TOKEN_BYTES,
};

struct Bench {
    time: Time,
    issuer: Published,
    gate: Gate,
    ed: Key,
    rsa: Key,
}

async fn bench() -> Bench {
    let (time, ed, rsa) = (Time::new(), Key::ed("ed", 1), Key::rsa("rsa"));
    let issuer = Published::with(vec![ed.jwk(), rsa.jwk()]).await;
    let gate = issuer.gate(&time);
    Bench { time, issuer, gate, ed, rsa }
}

impl Bench {
    /// A good token but for some claims; null takes one away.
    #[expect(clippy::needless_pass_by_value, reason = "it is written where it is given")]
    fn with(&self, changed: Value) -> String {
        let mut claims = self.issuer.claims(&self.time);
        for (name, value) in changed.as_object().unwrap() {
            claims.as_object_mut().unwrap().insert(name.clone(), value.clone());
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.ed.sign(&claims)
    }

    /// A token with a good payload under any head and key.
    fn under(&self, header: &Header, key: &EncodingKey) -> String {
        encode(header, &self.issuer.claims(&self.time), key).unwrap()
    }

    async fn refused(&self, token: &str) -> Refused {
        match self.gate.admit(token).await {
            Err(refused) => {
                let told = format!("{refused} {refused:?}");
                assert!(token.len() < 20 || !told.contains(&token[token.len() - 20..]), "{told}");
                refused
            }
            Ok(caller) => panic!("{caller:?} was let in"),
        }
    }

    async fn reason(&self, token: &str) -> Reason {
        match self.refused(token).await {
            Refused::NotValid(reason) => reason,
            other => panic!("{other:?}"),
        }
    }
}

fn head(algorithm: Algorithm, kid: &str) -> Header {
    Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) }
}

#[tokio::test]
async fn good_ones_of_both_algorithms_let_in() {
    let bench = bench().await;
    for token in [bench.with(json!({})), bench.rsa.sign(&bench.issuer.claims(&bench.time)), bench.with(json!({ "aud": ["x", "tongyuan"] }))]
    {
        let caller = bench.gate.admit(&token).await.unwrap();
        assert_eq!(caller.person().as_str(), "P-17");
        assert_eq!(caller.grants().iter().map(ToString::to_string).collect::<Vec<_>>(), ["approver@A1"]);
        let account = caller.account().as_str();
        assert!(account.starts_with("oidc:") && !account.contains("li"), "{account}");
    }
    // Nothing granted is somebody all the same, and the account is one of the subject alone.
    let first = bench.gate.admit(&bench.with(json!({ "tongyuan": null }))).await.unwrap();
    let other = bench.gate.admit(&bench.with(json!({ "sub": "wang" }))).await.unwrap();
    assert!(first.grants().is_empty() && first.account() != other.account());
    assert_eq!(bench.issuer.asked(), 1, "keys are kept");
}

#[tokio::test]
async fn unsigned_and_forged_ones_let_nobody_in() {
    let bench = bench().await;
    let payload = bench.issuer.claims(&bench.time).to_string();
    for none in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": none, "kid": "ed" }).to_string();
        for signature in ["", "eA"] {
            let token = format!("{}.{}.{signature}", base64(&header), base64(&payload));
            assert_eq!(bench.reason(&token).await, Reason::Malformed, "{none}");
        }
    }
    // Signed with what everybody knows: the public key as a secret, in the forms in which it is published.
    let public = Key::public(1);
    let x = bench.ed.jwk()["x"].as_str().unwrap().to_owned();
    let (n, ed) = (bench.rsa.jwk()["n"].as_str().unwrap().to_owned(), bench.ed.jwk().to_string());
    let hex = to_hex(&public);
    for secret in [&public[..], x.as_bytes(), n.as_bytes(), ed.as_bytes(), hex.as_bytes()] {
        for kid in ["ed", "rsa"] {
            let token = bench.under(&head(Algorithm::HS256, kid), &EncodingKey::from_secret(secret));
            assert_eq!(bench.reason(&token).await, Reason::Algorithm);
        }
    }
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        assert_eq!(bench.reason(&bench.under(&head(algorithm, "rsa"), &bench.rsa.private)).await, Reason::Algorithm);
    }
    // By another's key under a known id, and by a known key under another's id.
    let forged = bench.under(&head(Algorithm::EdDSA, "ed"), &Key::ed("x", 2).private);
    assert_eq!(bench.reason(&forged).await, Reason::Signature);
    let crossed = bench.under(&head(Algorithm::EdDSA, "rsa"), &bench.ed.private);
    assert_eq!(bench.reason(&crossed).await, Reason::UnknownKey("rsa".to_owned()));
    let unknown = bench.under(&head(Algorithm::EdDSA, &"k".repeat(200)), &bench.ed.private);
    assert_eq!(bench.reason(&unknown).await, Reason::UnknownKey("k".repeat(64)), "told in short");
    assert_eq!(bench.reason(&bench.under(&Header::new(Algorithm::EdDSA), &bench.ed.private)).await, Reason::NoKeyId);
    // A key that comes along with the token is nobody's.
    let mut own = head(Algorithm::EdDSA, "ed");
    own.jwk = Some(serde_json::from_value(Key::ed("ed", 2).jwk()).unwrap());
    assert_eq!(bench.reason(&bench.under(&own, &Key::ed("ed", 2).private)).await, Reason::Signature);
    let mut critical = head(Algorithm::EdDSA, "ed");
    critical.crit = Some(vec!["b64".to_owned()]);
    assert_eq!(bench.reason(&bench.under(&critical, &bench.ed.private)).await, Reason::Critical);
}

#[tokio::test]
async fn changed_ones_let_nobody_in() {
    let bench = bench().await;
    let good = bench.with(json!({}));
    assert!(bench.gate.admit(&good).await.is_ok());
    let parts: Vec<_> = good.split('.').collect();
    let mut more = bench.issuer.claims(&bench.time);
    more["tongyuan"] = json!(["administrator"]);
    let raised = format!("{}.{}.{}", parts[0], base64(more.to_string()), parts[2]);
    assert_eq!(bench.reason(&raised).await, Reason::Signature);
    // Each byte of the signature counts, as each of the payload.
    for at in [0, 40, parts[2].len() - 2] {
        let mut signature = parts[2].as_bytes().to_vec();
        signature[at] = if signature[at] == b'A' { b'B' } else { b'A' };
        let token = format!("{}.{}.{}", parts[0], parts[1], String::from_utf8(signature).unwrap());
        assert_eq!(bench.reason(&token).await, Reason::Signature);
    }
    let malformed = ["", ".", "..", "...", "a.b", "a.b.c.d.e", "é.é.é", "x", &good[1..], &format!("{good}.x"), &format!(" {good}")];
    for wrong in malformed {
        assert!(matches!(bench.reason(wrong).await, Reason::Malformed | Reason::Algorithm), "{wrong}");
    }
    assert_eq!(bench.reason(&"a".repeat(MAX_TOKEN_BYTES + 1)).await, Reason::TooLong);
    assert_eq!(bench.reason(&bench.with(json!({ "more": "x".repeat(MAX_TOKEN_BYTES) }))).await, Reason::TooLong);
}

#[tokio::test]
async fn those_of_others_and_for_others_let_nobody_in() {
    let bench = bench().await;
    for issuer in [json!("https://another.city"), json!(format!("{}/", bench.issuer.url)), json!("urn:tongyuan:local"), json!("")] {
        assert_eq!(bench.reason(&bench.with(json!({ "iss": issuer }))).await, Reason::Issuer);
    }
    for issuer in [Value::Null, json!([bench.issuer.url]), json!(1)] {
        assert_eq!(bench.reason(&bench.with(json!({ "iss": issuer }))).await, Reason::Claim("iss".to_owned()));
    }
    for audience in [json!("another"), json!(["another"]), json!("Tongyuan"), json!("")] {
        assert_eq!(bench.reason(&bench.with(json!({ "aud": audience }))).await, Reason::Audience);
    }
    for audience in [Value::Null, json!(7), json!([]), json!([7])] {
        let reason = bench.reason(&bench.with(json!({ "aud": audience }))).await;
        assert!(matches!(&reason, Reason::Audience | Reason::Claim(_)), "{audience} {reason:?}");
    }
    for subject in [Value::Null, json!(7), json!(""), json!("x".repeat(256))] {
        assert_eq!(bench.reason(&bench.with(json!({ "sub": subject }))).await, Reason::Claim("sub".to_owned()));
    }
}

#[tokio::test]
async fn those_of_another_time_let_nobody_in() {
    let bench = bench().await;
    let now = bench.time.now();
    for past in [now - 30, now - 3_600, 0] {
        assert_eq!(bench.refused(&bench.with(json!({ "exp": past }))).await, Refused::Expired);
    }
    // Clocks may differ a little.
    for good in
        [json!({ "exp": now - 29 }), json!({ "nbf": now + 30 }), json!({ "exp": now + 60, "nbf": now - 60 }), json!({ "exp": 1.9e9 })]
    {
        assert!(bench.gate.admit(&bench.with(good.clone())).await.is_ok(), "{good}");
    }
    assert_eq!(bench.reason(&bench.with(json!({ "nbf": now + 31 }))).await, Reason::NotYet);
    assert_eq!(bench.reason(&bench.with(json!({ "nbf": "soon" }))).await, Reason::Claim("nbf".to_owned()));
    for wrong in [Value::Null, json!("never"), json!(-1), json!(1e300), json!(i64::MAX), json!(u64::MAX), json!(true)] {
        assert_eq!(bench.reason(&bench.with(json!({ "exp": wrong }))).await, Reason::Claim("exp".to_owned()), "{wrong}");
    }
    // What is remembered is not remembered longer than it holds.
    let short = bench.with(json!({ "exp": now + 5 }));
    assert!(bench.gate.admit(&short).await.is_ok());
    bench.time.pass(TimeDelta::seconds(36));
    assert_eq!(bench.refused(&short).await, Refused::Expired);
}

#[tokio::test]
async fn those_that_grant_what_is_not_understood_let_nobody_in() {
    let bench = bench().await;
    for wrong in [json!("approver@A1"), json!(["approver@A1", "mayor"]), json!([1]), json!({}), json!(vec!["clerk"; 65])] {
        assert!(matches!(bench.reason(&bench.with(json!({ "tongyuan": wrong }))).await, Reason::Grants(_)), "{wrong}");
    }
    // Without the person nobody could tell two accounts of one person apart from two persons.
    for wrong in [Value::Null, json!("张三"), json!(""), json!(17), json!("p".repeat(65))] {
        let reason = bench.reason(&bench.with(json!({ "tongyuan_person": wrong }))).await;
        assert_eq!(reason, Reason::Claim("tongyuan_person".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn two_accounts_of_one_person_are_one_person() {
    let bench = bench().await;
    let first = bench.gate.admit(&bench.with(json!({ "sub": "a", "tongyuan": ["drafter@A1"] }))).await.unwrap();
    let second = bench.gate.admit(&bench.with(json!({ "sub": "b", "tongyuan": ["reviewer"] }))).await.unwrap();
    assert_ne!(first.account(), second.account());
    assert_eq!(first.person(), second.person());
}
