use super::{Done, Output, args::GrantArgs, changed};
use crate::auth::{
    InvalidGrant, MAX_GRANTS,
    local::{Directory, DirectoryError},
};

/// Gives an account further grants.
pub fn give(directory: &Directory, verb: &GrantArgs, output: &Output) -> Done {
    let account = directory.alter(&verb.name, |account| {
        account.grant(&verb.grants);
        if account.grants.len() > MAX_GRANTS { Err(DirectoryError::from(InvalidGrant)) } else { Ok(()) }
    })?;
    changed(&account, "现有授权 grants", verb.json, output)
}

/// Takes grants from an account.
pub fn take(directory: &Directory, verb: &GrantArgs, output: &Output) -> Done {
    let account = directory.alter(&verb.name, |account| {
        account.revoke(&verb.grants);
        Ok::<_, DirectoryError>(())
    })?;
    changed(&account, "现有授权 grants", verb.json, output)
}
