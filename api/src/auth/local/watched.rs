use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    super::{Caller, keys::Keys},
    Account, Directory, DirectoryError, Hash, file,
    signing::SigningKey,
};

/// The directory as a node holds it at hand. Whether it was changed is looked at for each request, so what is changed holds at once.
#[derive(Debug)]
pub(in super::super) struct Watched {
    directory: Directory,
    read: RwLock<Option<(States, Arc<Read>)>>,
}

type States = [Option<file::State>; 2];

/// What was read of it.
#[derive(Debug)]
pub(in super::super) struct Read {
    by_id: HashMap<String, Held>,
    by_name: HashMap<String, String>,
    pub(super) key: Option<SigningKey>,
    pub(in super::super) keys: Keys,
}

/// An account at hand.
#[derive(Debug)]
pub(in super::super) struct Held {
    pub(in super::super) caller: Arc<Caller>,
    pub(in super::super) stamp: String,
    pub(super) password: Hash,
}

impl Watched {
    pub(in super::super) fn new(directory: Directory) -> Self {
        Self { directory, read: RwLock::default() }
    }

    /// The directory as it is now. One that cannot be read is an error, and not the one that could: who was removed from it stays
    /// removed.
    pub(in super::super) fn now(&self) -> Result<Arc<Read>, DirectoryError> {
        // Looked at before it is read: what is changed meanwhile is read once more by the next request.
        let states = self.directory.state()?;
        if let Some((of, read)) = self.read.read().unwrap_or_else(PoisonError::into_inner).as_ref()
            && *of == states
        {
            return Ok(read.clone());
        }
        let read = Arc::new(Read::of(self.directory.accounts()?, self.directory.key()?));
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = Some((states, read.clone()));
        Ok(read)
    }
}

impl Read {
    pub(super) fn of(accounts: Vec<Account>, key: Option<SigningKey>) -> Self {
        let by_name = accounts.iter().map(|account| (account.name.as_str().to_owned(), account.id.as_str().to_owned())).collect();
        let held = |account: Account| Held { caller: Arc::new(account.caller()), stamp: account.stamp, password: account.password };
        let by_id = accounts.into_iter().map(|account| (account.id.as_str().to_owned(), held(account))).collect();
        let keys = key.as_ref().map(SigningKey::public).unwrap_or_default();
        Self { by_id, by_name, key, keys }
    }

    pub(in super::super) fn by_id(&self, id: &str) -> Option<&Held> {
        self.by_id.get(id)
    }

    pub(super) fn by_name(&self, name: &str) -> Option<&Held> {
        self.by_id.get(self.by_name.get(name)?)
    }
}
