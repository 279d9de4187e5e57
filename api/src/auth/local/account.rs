use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use domain::{acting::PersonId, envelope::ActorId};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    super::{Caller, Grant, NoRandom, Random, grants::in_order, random::hex},
    Hash,
};

/// The name by which somebody logs in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(Box<str>);

/// A text that is no name of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("账号名应为1至64个字母、数字或 . _ - @ / the name of an account has 1 to 64 of A-Z, a-z, 0-9 and . _ - @")]
pub struct InvalidName;

impl Name {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let fits =
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@'));
        if fits { Ok(Self(text.into())) } else { Err(InvalidName) }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// As events name it: by chance, and never used again.
    pub id: ActorId,
    /// By which somebody logs in.
    pub name: Name,
    /// The person behind it. Two accounts of one person have the same.
    pub person: PersonId,
    /// What they are trusted with.
    pub grants: Vec<Grant>,
    /// When it was added.
    pub added: DateTime<Utc>,
    pub(in super::super) password: Hash,
    /// Tokens carry it; a new password makes a new one, and with it the tokens of the old one worthless.
    pub(in super::super) stamp: String,
}

impl Account {
    /// A new account.
    pub fn new(
        name: Name,
        person: PersonId,
        grants: Vec<Grant>,
        password: Hash,
        added: DateTime<Utc>,
        random: Random,
    ) -> Result<Self, NoRandom> {
        let id = format!("user:{}", hex::<8>(random)?).parse().map_err(|_| NoRandom)?;
        Ok(Self { id, name, person, grants: in_order(grants), added, password, stamp: hex::<16>(random)? })
    }

    /// Gives it another password. Its tokens are worthless from then on.
    pub fn set_password(&mut self, password: Hash, random: Random) -> Result<(), NoRandom> {
        (self.password, self.stamp) = (password, hex::<16>(random)?);
        Ok(())
    }

    /// Gives it grants; those that it has already stay.
    pub fn grant(&mut self, grants: &[Grant]) {
        self.grants = in_order([&self.grants, grants].concat());
    }

    /// Takes grants away.
    pub fn revoke(&mut self, grants: &[Grant]) {
        self.grants.retain(|held| !grants.contains(held));
    }

    pub(in super::super) fn caller(&self) -> Caller {
        Caller::new(self.id.clone(), self.person.clone(), self.grants.clone())
    }
}
