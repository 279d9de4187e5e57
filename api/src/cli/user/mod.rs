//! The accounts of this machine.

mod add;
mod args;
mod grant;
mod list;
mod password;
mod remove;
mod token;
mod typed;

use std::{collections::BTreeSet, sync::Arc};

use domain::{acting::Scope, register::Agency};
use journal::load;
use serde_json::{Value, json};

pub use args::UserArgs;
use args::{Typed, UserVerb};

use super::{Done, Failed, Output, Settings};
use crate::{
    app,
    auth::{
        Caller, Grant,
        local::{Account, Directory, Name, caller_of},
    },
};

/// Who knows the password of an account of a register: for a command that is given in their name.
pub fn caller(settings: &Settings, name: &Name, password_stdin: bool) -> Result<Arc<Caller>, Failed> {
    let directory = directory(settings)?;
    Ok(caller_of(&directory, name, &typed::known(Typed { password_stdin })?)?)
}

/// Does what is asked.
pub async fn run(settings: &Settings, arguments: UserArgs, output: &Output) -> Done {
    let directory = directory(settings)?;
    let granted = match &arguments.verb {
        UserVerb::Add(verb) => verb.grants.clone(),
        UserVerb::Grant(verb) => verb.grants.clone(),
        _ => Vec::new(),
    };
    does(&directory, arguments.verb, output)?;
    note_unknown(settings, &granted, output).await;
    Ok(())
}

/// Notes agencies of grants that the register does not have. They may come with a list that is imported later, so it is no failure; nor is it
/// one that nobody can look now.
async fn note_unknown(settings: &Settings, grants: &[Grant], output: &Output) {
    let agencies: BTreeSet<_> = grants
        .iter()
        .filter_map(|grant| match &grant.scope {
            Scope::Agency(code) => Some(code.clone()),
            Scope::City => None,
        })
        .collect();
    if agencies.is_empty() {
        return;
    }
    let Ok(journal) = app::open_journal_to_read(&settings.place).await else { return };
    for agency in agencies {
        let there = load::<Agency>(journal.as_ref(), &agency).await.map(|loaded| loaded.version.is_some());
        if let Ok(false) = there {
            output.note(format!(
                "注意：登记册中还没有机构 {agency}，请核对编码 / note: the register has no agency {agency} yet: check the code"
            ));
        }
    }
}

fn does(directory: &Directory, verb: UserVerb, output: &Output) -> Done {
    match verb {
        UserVerb::Add(verb) => add::run(directory, verb, output),
        UserVerb::List(verb) => list::run(directory, &verb, output),
        UserVerb::Remove(verb) => remove::run(directory, &verb, output),
        UserVerb::Grant(verb) => grant::give(directory, &verb, output),
        UserVerb::Revoke(verb) => grant::take(directory, &verb, output),
        UserVerb::Password(verb) => password::run(directory, &verb, output),
        UserVerb::Token(verb) => token::run(directory, &verb, output),
    }
}

/// The directory of a register that exists.
fn directory(settings: &Settings) -> Result<Directory, Failed> {
    let place = &settings.place;
    let Some(directory) = app::directory(place) else {
        return Err(Failed(format!(
            "{place} 由多台机器共用，没有账号目录；请用 serve --oidc-issuer / {place} is of several machines and has no accounts: use serve --oidc-issuer"
        )));
    };
    if !app::is_register(place) {
        return Err(Failed(format!(
            "{place} 没有登记册；请先执行 tongyuan init {0} / there is no register at {place}: tongyuan init {0} first",
            place.option()
        )));
    }
    Ok(directory)
}

/// An account as programs are told of it.
fn told(account: &Account) -> Value {
    json!({ "name": account.name, "account": account.id.as_str(), "person": account.person, "grants": account.grants, "added": account.added })
}

/// Tells of an account that was changed.
fn changed(account: &Account, words: &str, json: bool, output: &Output) -> Done {
    if json {
        return output.json(&told(account));
    }
    output.line(format!("{words}: {}  {}  {}  {}", account.name, account.id.as_str(), account.person.as_str(), spoken(&account.grants)));
    Ok(())
}

fn spoken(grants: &[Grant]) -> String {
    if grants.is_empty() {
        return "（无授权 no grants）".to_owned();
    }
    grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
