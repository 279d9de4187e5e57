use chrono::TimeDelta;
use serde_json::json;

use super::{Done, Output, args::TokenArgs, typed};
use crate::{
    app::system_clock,
    auth::local::{Directory, log_in},
};

/// Prints a token, and nothing else, so that it can be put into a header as it is.
pub fn run(directory: &Directory, verb: &TokenArgs, output: &Output) -> Done {
    let password = typed::known(verb.typed)?;
    let issued = log_in(directory, &verb.name, &password, TimeDelta::hours(verb.hours.into()), system_clock()())?;
    if verb.json {
        return output.json(&json!({ "token": issued.token, "until": issued.until }));
    }
    output.line(&issued.token);
    Ok(())
}
