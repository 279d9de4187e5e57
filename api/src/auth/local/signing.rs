use std::{fmt, path::Path};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    super::{
        NoRandom, Random,
        keys::Keys,
        random::{hex, to_hex},
    },
    DirectoryError, file,
};

/// The key by which a register signs the tokens of its own accounts: Ed25519, from 32 random bytes.
#[derive(Clone)]
pub(in super::super) struct SigningKey {
    id: String,
    private: EncodingKey,
    public: DecodingKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SigningKey {
    fn of_seed(seed: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        let public = pair.public_key().as_ref();
        Some(Self {
            id: format!("tongyuan-{}", to_hex(&Sha256::digest(public)[..8])),
            private: EncodingKey::from_ed_der(pair.to_pkcs8().ok()?.as_ref()),
            public: DecodingKey::from_ed_der(public),
        })
    }

    /// Reads the key; `None` if there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, DirectoryError> {
        let Some(text) = file::read(path)? else { return Ok(None) };
        let key = of_hex(text.trim()).and_then(|seed| Self::of_seed(&seed));
        key.map(Some).ok_or_else(|| DirectoryError::damaged(path, "no 32 bytes in hexadecimal"))
    }

    /// Makes a key and writes it down.
    pub(super) fn make(path: &Path, random: Random) -> Result<(), DirectoryError> {
        file::write(path, &format!("{}\n", hex::<32>(random)?))
    }

    /// A token with these claims.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, NoRandom> {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        // Signing fails only if the machine cannot do it at all.
        encode(&header, claims, &self.private).map_err(|_| NoRandom)
    }

    /// Its public half.
    pub(super) fn public(&self) -> Keys {
        Keys::one(self.id.clone(), Algorithm::EdDSA, self.public.clone())
    }
}

fn of_hex(text: &str) -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in seed.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(seed)
}
