use super::{Done, Failed, Output, args::GrantArgs, changed};
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
    let mut not_held = Vec::new();
    let account = directory.alter(&verb.name, |account| {
        not_held = verb.grants.iter().filter(|grant| !account.grants.contains(grant)).map(ToString::to_string).collect();
        account.revoke(&verb.grants);
        Ok::<_, DirectoryError>(())
    })?;
    // Whoever takes a grant away that was mistyped believes it gone.
    if !not_held.is_empty() {
        let words = not_held.join(", ");
        let words = format!(
            "账号{0}没有这些授权：{words}；请以 user list 核对 / the account {0} does not hold these grants: {words}; see user list",
            verb.name
        );
        if not_held.len() == verb.grants.len() {
            return Err(Failed(words));
        }
        output.note(words);
    }
    changed(&account, "现有授权 grants", verb.json, output)
}
