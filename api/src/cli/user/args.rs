use clap::{ArgAction, Args, Subcommand};
use domain::acting::PersonId;

use crate::auth::{Grant, local::Name};

/// Arguments of `user`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tongyuan user add li --person P-17 --grant drafter@1199010040310236XL --data ./data\n  \
    tongyuan user token li --data ./data")]
pub struct UserArgs {
    /// What to do
    #[command(subcommand)]
    pub verb: UserVerb,
}

/// The commands of `user`.
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Add an account; the password is asked for
    #[command(after_help = "Examples:\n  tongyuan user add li --person P-17 --grant drafter@1199010040310236XL --data ./data\n  \
        tongyuan user add wang --person P-18 --grant reviewer --password-stdin --data ./data < password.txt\n\n\
        A grant is OFFICE@AGENCY, or OFFICE for the whole city; an office is drafter, reviewer, approver, clerk, auditor or administrator.\n\
        The person is an id of your own, never a name: events keep it for ever. Two accounts of one person are given the same.")]
    Add(AddArgs),
    /// List the accounts
    #[command(after_help = "Example:\n  tongyuan user list --data ./data --json")]
    List(ListArgs),
    /// Remove an account; its tokens hold no longer
    #[command(after_help = "Example:\n  tongyuan user remove li --data ./data")]
    Remove(NameArgs),
    /// Give an account further grants; they hold at once
    #[command(after_help = "Example:\n  tongyuan user grant li --grant reviewer --data ./data")]
    Grant(GrantArgs),
    /// Take grants from an account; they hold no longer
    #[command(after_help = "Example:\n  tongyuan user revoke li --grant reviewer --data ./data")]
    Revoke(GrantArgs),
    /// Give an account a new password; its tokens hold no longer
    #[command(after_help = "Example:\n  tongyuan user password li --data ./data")]
    Password(PasswordArgs),
    /// Print a token for whoever knows the password
    #[command(after_help = "Examples:\n  tongyuan user token li --data ./data --hours 8\n  \
        curl -s http://127.0.0.1:8080/graphql -H \"Authorization: Bearer $(tongyuan user token li --data ./data)\" …")]
    Token(TokenArgs),
}

/// How a password is given.
#[derive(Debug, Clone, Copy, Args)]
pub struct Typed {
    /// Read the password from the first line of standard input instead of asking for it
    #[arg(long)]
    pub password_stdin: bool,
}

/// Arguments of `user add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name by which they log in
    pub name: Name,
    /// Id of the person behind the account
    #[arg(long, value_name = "ID")]
    pub person: PersonId,
    /// What they are trusted with; may be given several times
    #[arg(long = "grant", value_name = "GRANT", action = ArgAction::Append)]
    pub grants: Vec<Grant>,
    /// How the password is given
    #[command(flatten)]
    pub typed: Typed,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `user list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print one JSON array
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `user remove`.
#[derive(Debug, Args)]
pub struct NameArgs {
    /// Name of the account
    pub name: Name,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `user grant` and `user revoke`.
#[derive(Debug, Args)]
pub struct GrantArgs {
    /// Name of the account
    pub name: Name,
    /// The grant; may be given several times
    #[arg(long = "grant", value_name = "GRANT", required = true, action = ArgAction::Append)]
    pub grants: Vec<Grant>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `user password`.
#[derive(Debug, Args)]
pub struct PasswordArgs {
    /// Name of the account
    pub name: Name,
    /// How the password is given
    #[command(flatten)]
    pub typed: Typed,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `user token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Name of the account
    pub name: Name,
    /// For how long it holds
    #[arg(long, value_name = "HOURS", default_value_t = 12, value_parser = hours)]
    pub hours: u32,
    /// How the password is given
    #[command(flatten)]
    pub typed: Typed,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// For how many hours a token holds, as it is typed.
fn hours(typed: &str) -> Result<u32, String> {
    let hours = typed.parse().ok().filter(|hours| (1..=168).contains(hours));
    hours.ok_or_else(|| "应为1至168的整数（小时，最多一周） / a whole number of hours from 1 to 168, a week, is expected".to_owned())
}
