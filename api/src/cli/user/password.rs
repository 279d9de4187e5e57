use super::{Done, Output, args::PasswordArgs, changed, typed};
use crate::{
    app::system_random,
    auth::local::{Directory, DirectoryError, Hash},
};

/// Gives an account a new password.
pub fn run(directory: &Directory, verb: &PasswordArgs, output: &Output) -> Done {
    if !directory.accounts()?.iter().any(|account| account.name == verb.name) {
        return Err(DirectoryError::Missing(verb.name.to_string()).into());
    }
    let password = Hash::of(&typed::chosen(verb.typed)?, system_random)?;
    let account = directory.alter(&verb.name, |account| account.set_password(password, system_random))?;
    changed(&account, "密码已更改，原凭证失效 new password, earlier tokens hold no longer", verb.json, output)
}
