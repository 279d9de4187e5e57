use super::{Done, Output, args::NameArgs, changed};
use crate::auth::local::Directory;

/// Removes an account.
pub fn run(directory: &Directory, verb: &NameArgs, output: &Output) -> Done {
    changed(&directory.remove(&verb.name)?, "已删除账号 removed", verb.json, output)
}
