use super::{Done, Output, args::AddArgs, changed, typed};
use crate::{
    app::{system_clock, system_random},
    auth::{
        InvalidGrant, MAX_GRANTS,
        local::{Account, Directory, DirectoryError, Hash, differs_by_case},
    },
};

/// Adds an account.
pub fn run(directory: &Directory, verb: AddArgs, output: &Output) -> Done {
    if verb.grants.len() > MAX_GRANTS {
        return Err(InvalidGrant.into());
    }
    // Before anybody types a password in vain; whether it is so is looked at again when it is added.
    let accounts = directory.accounts()?;
    if accounts.iter().any(|account| account.name == verb.name) {
        return Err(DirectoryError::Exists(verb.name.to_string()).into());
    }
    differs_by_case(&accounts, &verb.person)?;
    let password = Hash::of(&typed::chosen(verb.typed)?, system_random)?;
    let account = Account::new(verb.name, verb.person, verb.grants, password, system_clock()(), system_random)?;
    directory.add(account.clone(), system_random)?;
    changed(&account, "已增加账号 added", verb.json, output)
}
