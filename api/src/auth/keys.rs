use std::collections::HashMap;

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// Most keys that an issuer has at a time. While it changes them there are two or three.
const MAX_KEYS: usize = 64;

/// The keys by which an issuer signs, by their ids.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<String, Vec<(Algorithm, DecodingKey)>>);

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl Keys {
    /// One key.
    pub(super) fn one(id: String, algorithm: Algorithm, key: DecodingKey) -> Self {
        Self(HashMap::from([(id, vec![(algorithm, key)])]))
    }

    /// Reads a set of keys (RFC 7517). Keys for other uses and of other kinds are passed over, as the standard wants it.
    pub(super) fn read(set: &[u8]) -> Result<Self, String> {
        let set: Set = serde_json::from_slice(set).map_err(|error| format!("the set of keys is none: {error}"))?;
        if set.keys.len() > MAX_KEYS {
            return Err(format!("the set of keys has more than {MAX_KEYS}"));
        }
        let mut keys = Self::default();
        for (id, algorithm, key) in set.keys.into_iter().filter_map(read) {
            keys.0.entry(id).or_default().push((algorithm, key));
        }
        Ok(keys)
    }

    /// The key with an id, if it signs by the algorithm: a key is good for its own algorithm only.
    pub(super) fn get(&self, id: &str, algorithm: Algorithm) -> Option<&DecodingKey> {
        self.0.get(id)?.iter().find(|(of, _)| *of == algorithm).map(|(_, key)| key)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}

fn read(key: Value) -> Option<(String, Algorithm, DecodingKey)> {
    let key: Jwk = serde_json::from_value(key).ok()?;
    let (algorithm, told) = match &key.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => (Algorithm::EdDSA, KeyAlgorithm::EdDSA),
        _ => return None,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let fits = key.common.key_algorithm.is_none_or(|of| of == told);
    let id = key.common.key_id.clone().filter(|_| signs && fits)?;
    Some((id, algorithm, DecodingKey::from_jwk(&key).ok()?))
}
