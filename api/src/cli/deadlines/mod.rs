//! Deadlines and their rules.

mod args;
mod list;
mod rules;

use args::DeadlinesVerb;
pub use args::{DeadlinesArgs, HELP};

use super::{Done, Failed, Output, Settings};

/// Does what is asked.
pub async fn run(settings: &Settings, arguments: DeadlinesArgs, output: &Output) -> Done {
    match &arguments.verb {
        None => list::run(settings, &arguments, output).await,
        Some(DeadlinesVerb::Rules(verb)) => rules::list(settings, verb, output).await,
        Some(DeadlinesVerb::Rule(verb)) => rules::change(settings, verb, output).await,
    }
}
