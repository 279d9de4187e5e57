use super::{Done, Output, args::ListArgs, spoken, told};
use crate::auth::local::Directory;

/// Lists the accounts.
pub fn run(directory: &Directory, verb: &ListArgs, output: &Output) -> Done {
    let accounts = directory.accounts()?;
    if verb.json {
        return output.json(&accounts.iter().map(told).collect::<Vec<_>>());
    }
    if accounts.is_empty() {
        output.line("没有账号 no accounts; tongyuan user add NAME --person ID --grant GRANT");
    }
    for account in &accounts {
        output.line(format!("{}  {}  {}  {}", account.name, account.id.as_str(), account.person.as_str(), spoken(&account.grants)));
    }
    Ok(())
}
