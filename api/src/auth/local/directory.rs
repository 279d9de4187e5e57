use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use domain::acting::PersonId;
use serde::{Deserialize, Serialize};

use super::{
    super::{InvalidGrant, NoRandom, Random},
    Account, Name, PasswordError, file,
    signing::SigningKey,
};

/// Most accounts. Who has more has an OpenID issuer.
pub const MAX_ACCOUNTS: usize = 10_000;

/// The form of the file, for whoever changes it.
const FORMAT: u32 = 1;

/// Why the directory cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The file system says no.
    #[error("不能读写 {path} / {path} cannot be read or written")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be. It is left as it is.
    #[error("{path} 已损坏，未作改动；请从备份恢复 / {path} is damaged and was left as it is; restore it from a backup ({reason})")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Everybody of the machine may read or write it.
    #[error("{0} 可被本机任何人读写；请执行 chmod 600 / {0} may be read or written by everybody of this machine: chmod 600")]
    Open(String),
    /// There is an account of the name.
    #[error("账号“{0}”已存在 / there is an account {0:?} already")]
    Exists(String),
    /// The person of another account differs only by case.
    #[error(
        "人员标识{person}与账号“{account}”的{held}只有大小写不同，视为同一人；请照写{held}，或另用标识 / \
         the person {person} differs only by case from {held} of account {account:?} and would be the same: write {held}, or use another id"
    )]
    PersonByCase {
        /// As it is given.
        person: String,
        /// As it is held.
        held: String,
        /// Where.
        account: String,
    },
    /// There is no account of the name.
    #[error("没有账号“{0}”；用 tongyuan user list 查看 / there is no account {0:?}; see tongyuan user list")]
    Missing(String),
    /// There are too many.
    #[error("账号已达{MAX_ACCOUNTS}个；更多请用 OpenID / there are {MAX_ACCOUNTS} accounts already; use an OpenID issuer for more")]
    Full,
    /// No chance.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// Too many grants.
    #[error(transparent)]
    Grants(#[from] InvalidGrant),
    /// A password that is none.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl DirectoryError {
    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.display().to_string(), reason: reason.into() }
    }
}

/// The directory of accounts in a folder: `users.json`, and `users.key`, by which their tokens are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    accounts: PathBuf,
    key: PathBuf,
    turn: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u32,
    accounts: Vec<Account>,
}

impl Directory {
    /// That of a folder, which need not have one yet.
    pub fn of(folder: &Path) -> Self {
        Self { accounts: folder.join("users.json"), key: folder.join("users.key"), turn: folder.join("users.lock") }
    }

    /// All accounts; none if there is no directory.
    pub fn accounts(&self) -> Result<Vec<Account>, DirectoryError> {
        let Some(text) = file::read(&self.accounts)? else { return Ok(Vec::new()) };
        let damaged = |reason: &str| DirectoryError::damaged(&self.accounts, reason);
        let stored: Stored = serde_json::from_str(&text).map_err(|error| damaged(&without_values(&error)))?;
        if stored.format != FORMAT {
            return Err(damaged("written by another version"));
        }
        let names: BTreeSet<_> = stored.accounts.iter().map(|account| &account.name).collect();
        let ids: BTreeSet<_> = stored.accounts.iter().map(|account| account.id.as_str()).collect();
        if names.len() != stored.accounts.len() || ids.len() != stored.accounts.len() {
            return Err(damaged("two accounts have one name or one id"));
        }
        Ok(stored.accounts)
    }

    /// Adds an account. The first one makes the key.
    pub fn add(&self, account: Account, random: Random) -> Result<(), DirectoryError> {
        self.change(|accounts| {
            if accounts.iter().any(|held| held.name == account.name) {
                return Err(DirectoryError::Exists(account.name.to_string()));
            }
            differs_by_case(accounts, &account.person)?;
            if accounts.len() >= MAX_ACCOUNTS {
                return Err(DirectoryError::Full);
            }
            if SigningKey::read(&self.key)?.is_none() {
                SigningKey::make(&self.key, random)?;
            }
            accounts.push(account);
            accounts.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(())
        })
    }

    /// Removes an account. Its tokens are worthless from then on.
    pub fn remove(&self, name: &Name) -> Result<Account, DirectoryError> {
        self.change(|accounts| {
            let at = accounts.iter().position(|account| account.name == *name);
            Ok(accounts.remove(at.ok_or_else(|| DirectoryError::Missing(name.to_string()))?))
        })
    }

    /// Changes an account, and gives it as it is then.
    pub fn alter<E>(&self, name: &Name, how: impl FnOnce(&mut Account) -> Result<(), E>) -> Result<Account, DirectoryError>
    where
        DirectoryError: From<E>,
    {
        self.change(|accounts| {
            let account = accounts.iter_mut().find(|account| account.name == *name);
            let account = account.ok_or_else(|| DirectoryError::Missing(name.to_string()))?;
            how(account)?;
            Ok(account.clone())
        })
    }

    fn change<T>(&self, how: impl FnOnce(&mut Vec<Account>) -> Result<T, DirectoryError>) -> Result<T, DirectoryError> {
        let _turn = file::turn(&self.turn)?;
        let mut accounts = self.accounts()?;
        let done = how(&mut accounts)?;
        let text = serde_json::to_string_pretty(&Stored { format: FORMAT, accounts });
        file::write(&self.accounts, &text.map_err(|error| DirectoryError::file(&self.accounts, error.into()))?)?;
        Ok(done)
    }

    pub(super) fn key(&self) -> Result<Option<SigningKey>, DirectoryError> {
        SigningKey::read(&self.key)
    }

    /// Which states of its files there are.
    pub(super) fn state(&self) -> Result<[Option<file::State>; 2], DirectoryError> {
        Ok([file::state(&self.accounts)?, file::state(&self.key)?])
    }
}

/// Two accounts of one person have the very same id: one that differs only by case is taken for the same by the lifecycle, and was meant as
/// the same or as another by whoever types it.
pub fn differs_by_case(accounts: &[Account], person: &PersonId) -> Result<(), DirectoryError> {
    let other = accounts.iter().find(|held| held.person != *person && held.person.is(person));
    other.map_or(Ok(()), |held| {
        let (person, held, account) = (person.as_str().to_owned(), held.person.as_str().to_owned(), held.name.to_string());
        Err(DirectoryError::PersonByCase { person, held, account })
    })
}

/// Where it is wrong, and not what stands there: it may be a hash.
fn without_values(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}
