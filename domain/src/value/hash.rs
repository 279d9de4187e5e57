use std::{borrow::Cow, fmt, fmt::Write as _, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

/// SHA-256 of a content in its canonical form (RFC 8785), written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of a value's canonical JSON (RFC 8785): equal for equal content, whatever the order of its members.
    pub fn of_content<T: Serialize>(content: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::of_bytes(&canonical(content)?))
    }

    /// The hash of bytes as they are.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits alone, as tools print them.
    pub fn hex(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            // A text takes whatever is written.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// A hash of bytes that come one after the other.
#[derive(Debug, Clone, Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// Takes further bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that was taken.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

/// The canonical JSON of a value (RFC 8785): one form for equal values, whatever the order of their members.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no hash of ours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a hash: expected `sha256:` and 64 hexadecimal digits")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let digits = text.strip_prefix("sha256:").ok_or(HashError)?.as_bytes();
        if digits.len() != 64 {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let nibble = |d: u8| (d as char).to_digit(16).and_then(|n| u8::try_from(n).ok()).ok_or(HashError);
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Hash {
    fn schema_name() -> Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^sha256:[0-9a-f]{64}$", "description": "SHA-256 of the canonical content (RFC 8785)." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_does_not_matter() {
        let a = Hash::of_content(&serde_json::json!({"b": 1, "a": [2.0, "å"]})).unwrap();
        let b = Hash::of_content(&serde_json::json!({"a": [2, "å"], "b": 1})).unwrap();
        assert_eq!(a, b);
        assert_eq!(a.to_string().parse::<Hash>(), Ok(a));
        assert_eq!("sha256:00".parse::<Hash>(), Err(HashError));
    }

    #[test]
    fn bytes_that_come_in_pieces_have_the_hash_of_the_whole() {
        let mut hashing = Hashing::default();
        hashing.update(b"ab");
        hashing.update(b"c");
        let hash = hashing.finish();
        assert_eq!(hash, Hash::of_bytes(b"abc"));
        assert_eq!(hash.to_string(), format!("sha256:{}", hash.hex()));
        assert!(hash.hex().starts_with("ba7816bf"));
    }
}
