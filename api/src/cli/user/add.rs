use domain::{acting::PersonId, value::has_number_of_person};

use super::{Done, Failed, Output, args::AddArgs, changed, typed};
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
    names_nobody(&verb.person)?;
    differs_by_case(&accounts, &verb.person)?;
    let password = Hash::of(&typed::chosen(verb.typed)?, system_random)?;
    let account = Account::new(verb.name, verb.person, verb.grants, password, system_clock()(), system_random)?;
    directory.add(account.clone(), system_random)?;
    changed(&account, "已增加账号 added", verb.json, output)
}

/// The id of a person stays in events for ever: it is none by which anybody finds them.
fn names_nobody(person: &PersonId) -> Done {
    if !has_number_of_person(person.as_str()) {
        return Ok(());
    }
    Err(Failed(
        "人员编号似为手机号或身份证号，而事件会永久保留该编号；请用本单位自编的编号，如 P-17 / the id of the person seems to be a mobile or an identity \
         number, and events keep it for ever: give an id of your own, e.g. P-17"
            .to_owned(),
    ))
}
