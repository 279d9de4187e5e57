//! A command line that cannot be understood: the parser tells it in English, and these words go before it.

use std::ffi::OsString;

use clap::{
    Command, Error,
    error::{ContextKind, ErrorKind},
};

/// What is wrong, in both languages; the parser's own words follow. `typed` is the command line: what does not stand there was
/// taken from the environment.
pub fn words(error: &Error, command: &Command, typed: &[OsString]) -> String {
    let told = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = told(ContextKind::InvalidArg);
    let (zh, en) = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = told(ContextKind::InvalidValue);
            let (zh, en) = match variable(command, &argument, typed) {
                Some(name) => (format!("环境变量 {name} 的"), format!("the environment variable {name}")),
                None => (String::new(), argument.clone()),
            };
            (format!("{zh}“{value}”不能用作 {argument}"), format!("{value:?} cannot be the value of {en}"))
        }
        ErrorKind::UnknownArgument => (format!("没有参数 {argument}"), format!("there is no argument {argument}")),
        ErrorKind::InvalidSubcommand => {
            let name = told(ContextKind::InvalidSubcommand);
            (format!("没有命令 {name}"), format!("there is no command {name}"))
        }
        ErrorKind::MissingRequiredArgument => (format!("缺少参数 {argument}"), format!("an argument is missing: {argument}")),
        ErrorKind::MissingSubcommand => ("缺少命令".to_owned(), "a command is missing".to_owned()),
        _ => ("命令行有误".to_owned(), "the command line is wrong".to_owned()),
    };
    format!("{zh}；用 --help 查看用法 / {en}; see --help")
}

/// The variable of the environment that gives an argument, written `--listen <ADDRESS>`, if the command line does not.
fn variable(command: &Command, argument: &str, typed: &[OsString]) -> Option<String> {
    let long = argument.split([' ', '=']).next()?.strip_prefix("--")?;
    let is_typed = |word: &OsString| {
        let word = word.to_string_lossy();
        word.strip_prefix("--").is_some_and(|word| word.split('=').next() == Some(long))
    };
    if typed.iter().any(is_typed) {
        return None;
    }
    let all = std::iter::once(command).chain(command.get_subcommands()).flat_map(Command::get_arguments);
    let found = all.filter(|candidate| candidate.get_long() == Some(long)).find_map(clap::Arg::get_env)?;
    Some(found.to_string_lossy().into_owned())
}
