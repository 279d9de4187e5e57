//! The command line. Output is for people; `--json` is for programs.

mod abolished;
mod args;
mod calendar;
mod check;
mod deadlines;
mod demo;
mod diff;
mod evidence;
mod export;
mod history;
mod import;
mod init;
mod journal;
mod mistyped;
mod open_id;
mod output;
mod parity;
mod rebuild;
mod reform;
mod repeal;
mod replay;
mod schema;
mod serve;
mod settings;
mod show;
mod there;
mod user;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, error::ErrorKind};

pub use args::Arguments;
use args::{JournalArgs, JournalVerb, Verb};
use output::Output;
use settings::Settings;

/// What a command comes to: a failure carries the words for whoever typed it.
type Done = Result<(), Failed>;

/// Why a command failed, in words: what, where, and what to do.
#[derive(Debug)]
pub struct Failed(pub String);

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            // A transparent error says the same as its cause; once is enough.
            if !words.ends_with(&cause.to_string()) {
                words = format!("{words}\n  原因 because: {cause}");
            }
            source = cause.source();
        }
        Self(words)
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let output = Output::of_process();
    let typed: Vec<_> = std::env::args_os().collect();
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Help and version come as errors too, and have nothing to explain.
            if answer.use_stderr() && answer.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                output.error(&mistyped::words(&answer, &Arguments::command(), &typed));
            }
            // A reader that has gone away (`| head`) is no failure.
            let _ = answer.print();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    match run(arguments, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(words)) => {
            output.error(&words);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments, output: &Output) -> Done {
    if let Verb::Completions(completions) = &arguments.verb {
        let mut script = Vec::new();
        clap_complete::generate(completions.shell, &mut Arguments::command(), "tongyuan", &mut script);
        return output.raw(&script);
    }
    if let Verb::Schema(schema) = &arguments.verb {
        return schema::run(schema, output);
    }
    let settings = Settings::of(&arguments)?;
    settings.start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.verb {
            Verb::Init(_) => init::run(&settings, output).await,
            Verb::Demo(verb) => demo::run(&settings, &verb, output).await,
            Verb::Import(verb) => import::run(&settings, &verb, output).await,
            Verb::Serve(_) => serve::run(&settings, output).await,
            Verb::Show(verb) => show::run(&settings, &verb, output).await,
            Verb::History(verb) => history::run(&settings, &verb, output).await,
            Verb::Check(verb) => check::run(&settings, &verb, output).await,
            Verb::Abolished(verb) => abolished::run(&settings, &verb, output).await,
            Verb::Calendar(verb) => calendar::run(&settings, verb.verb, output).await,
            Verb::Replay(verb) => replay::run(&settings, &verb, output).await,
            Verb::Diff(verb) => diff::run(&settings, &verb, output).await,
            Verb::Evidence(verb) => evidence::run(&settings, &verb, output).await,
            Verb::Deadlines(verb) => deadlines::run(&settings, verb, output).await,
            Verb::Export(verb) => export::run(&settings, &verb, output).await,
            Verb::Repeal(verb) => repeal::run(&settings, &verb, output).await,
            Verb::Reform(verb) => reform::run(&settings, &verb, output).await,
            Verb::User(user) => user::run(&settings, user, output).await,
            Verb::Rebuild(verb) => rebuild::run(&settings, &verb, output).await,
            Verb::Parity(verb) => parity::run(&settings, &verb, output).await,
            Verb::Journal(JournalArgs { verb: JournalVerb::Copy(verb) }) => journal::copy(&verb, output).await,
            Verb::Schema(_) | Verb::Completions(_) => Ok(()),
        }
    })
}
