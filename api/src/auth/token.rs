//! What makes a token good. The time comes in as a value, so the library's own look at the clock is switched off and made up for here.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    dangerous::insecure_decode_claims,
    decode, decode_header,
    errors::{Error, ErrorKind},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Reason, Refused};

/// Longest token. Those of providers with many claims have two or three thousand bytes.
pub(super) const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// By how much the clocks of two machines may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// The algorithms that are admitted. Both sign with a key that never leaves the issuer, so whoever verifies cannot forge.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::EdDSA, Algorithm::RS256];

/// What a token says of itself before anything of it is verified: enough to look for the key, and good for nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) algorithm: Algorithm,
    pub(super) key: String,
    pub(super) issuer: String,
}

/// Whose tokens for whom are good.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
}

/// A token that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verified {
    pub(super) subject: String,
    pub(super) until: DateTime<Utc>,
    pub(super) claims: Map<String, Value>,
}

/// Reads the head of a token.
pub(super) fn head(token: &str) -> Result<Head, Reason> {
    #[derive(Deserialize)]
    struct Issued {
        iss: String,
    }
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Reason::TooLong);
    }
    let header = decode_header(token).map_err(|_| Reason::Malformed)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Reason::Algorithm);
    }
    if header.crit.is_some() {
        return Err(Reason::Critical);
    }
    let key = header.kid.filter(|kid| (1..=256).contains(&kid.len())).ok_or(Reason::NoKeyId)?;
    let issued: Issued = insecure_decode_claims(token).map_err(|_| Reason::Claim("iss".to_owned()))?;
    Ok(Head { algorithm: header.alg, key, issuer: issued.iss })
}

/// Verifies a token with the key that its head names.
pub(super) fn verify(token: &str, head: &Head, key: &DecodingKey, expected: Expected<'_>, now: DateTime<Utc>) -> Result<Verified, Refused> {
    let mut validation = Validation::new(head.algorithm);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    let claims: Map<String, Value> = decode(token, key, &validation).map_err(|error| reason(&error))?.claims;
    let until = moment(&claims, "exp")?.ok_or_else(|| Reason::Claim("exp".to_owned()))?;
    let from = moment(&claims, "nbf")?;
    if until + LEEWAY <= now {
        return Err(Refused::Expired);
    }
    if from.is_some_and(|from| from - LEEWAY > now) {
        return Err(Reason::NotYet.into());
    }
    let subject = claims.get("sub").and_then(Value::as_str).filter(|sub| (1..=255).contains(&sub.len()));
    let subject = subject.ok_or_else(|| Reason::Claim("sub".to_owned()))?.to_owned();
    Ok(Verified { subject, until, claims })
}

/// A moment in seconds since 1970, maybe with a fraction. What lies outside the years of a calendar is a mistake, not a long time.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<DateTime<Utc>>, Reason> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and what is that far away is refused below")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    let moment = seconds.filter(|seconds| (0..=253_402_300_799).contains(seconds)).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.map(Some).ok_or_else(|| Reason::Claim(name.to_owned()))
}

fn reason(error: &Error) -> Reason {
    match error.kind() {
        ErrorKind::InvalidAudience => Reason::Audience,
        ErrorKind::InvalidIssuer => Reason::Issuer,
        ErrorKind::MissingRequiredClaim(name) => Reason::Claim(name.clone()),
        ErrorKind::InvalidAlgorithm => Reason::Algorithm,
        ErrorKind::Json(_) => Reason::Malformed,
        // A key that fits no signature at all is no better than a signature that does not fit.
        _ => Reason::Signature,
    }
}
