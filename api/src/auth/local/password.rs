//! Passwords and their hashes: Argon2id with the parameters that OWASP names (19 MiB, two passes, one lane).

use std::fmt;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::super::{NoRandom, Random};

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 12;

/// Most bytes of a password.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// A password, which nothing shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password is none.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error(
        "密码应有{MIN_PASSWORD_CHARS}个字符以上、{MAX_PASSWORD_BYTES}字节以内，不得只重复一个字符 / \
         a password has at least {MIN_PASSWORD_CHARS} characters, not all the same, and at most {MAX_PASSWORD_BYTES} bytes"
    )]
    Size,
    /// No salt.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The machine has no memory for it, as far as can be told.
    #[error("不能计算密码散列 / the hash of the password cannot be made")]
    NoHash,
}

impl Password {
    /// A password as it was typed, to be held against a hash. Nothing is asked of it but that it is not endless.
    pub fn typed(text: String) -> Result<Self, PasswordError> {
        if text.len() <= MAX_PASSWORD_BYTES { Ok(Self(text)) } else { Err(PasswordError::Size) }
    }

    /// A password that is to be used from now on.
    pub fn chosen(text: String) -> Result<Self, PasswordError> {
        let mut chars = text.chars();
        let first = chars.next();
        let varied = chars.any(|c| Some(c) != first);
        if !varied || text.chars().count() < MIN_PASSWORD_CHARS { Err(PasswordError::Size) } else { Self::typed(text) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// The hash of a password, which nothing shows either: it can be guessed from.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Hash(String);

impl Hash {
    /// Of a password. Takes some tens of milliseconds of one core.
    pub fn of(password: &Password, random: Random) -> Result<Self, PasswordError> {
        let mut salt = [0; 16];
        random(&mut salt)?;
        let hash = Argon2::default().hash_password_with_salt(password.0.as_bytes(), &salt).map_err(|_| PasswordError::NoHash)?;
        Ok(Self(hash.to_string()))
    }

    /// One that no password has, over which the same time goes by as over any other.
    pub(super) fn of_nobody() -> Self {
        Self("$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG5vYm9keSBubw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned())
    }

    /// Whether it is that of the password. Takes as long as [`Hash::of`].
    pub fn fits(&self, password: &Password) -> bool {
        let Ok(hash) = PasswordHash::new(&self.0) else { return false };
        Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash")
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match PasswordHash::new(&text) {
            Ok(hash) if hash.algorithm.as_str() == "argon2id" => Ok(Self(text)),
            _ => Err(de::Error::custom("no hash by argon2id")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "the form of a source of chance")]
    fn random(bytes: &mut [u8]) -> Result<(), NoRandom> {
        bytes.fill(7);
        Ok(())
    }

    #[test]
    fn a_password_fits_its_own_hash_and_neither_is_shown() {
        let password = Password::chosen("correct horse battery".to_owned()).unwrap();
        let hash = Hash::of(&password, random).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(hash.fits(&password));
        assert!(!hash.fits(&Password::typed("correct horse batterz".to_owned()).unwrap()));
        assert!(!Hash::of_nobody().fits(&password));
        assert_eq!(format!("{password:?} {hash:?}"), "Password Hash");
        assert!(serde_json::from_str::<Hash>(&serde_json::to_string(&Hash::of_nobody()).unwrap()).is_ok());
    }

    #[test]
    fn short_endless_and_empty_passwords_are_refused() {
        for wrong in ["", "short", "aaaaaaaaaaaaaaaa", &"ab".repeat(200)] {
            assert!(Password::chosen(wrong.to_owned()).is_err(), "{wrong}");
        }
        assert!(Password::chosen("一二三四五六七八九十一二".to_owned()).is_ok());
        assert!(serde_json::from_str::<Hash>("\"$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA\"").is_err());
    }
}
