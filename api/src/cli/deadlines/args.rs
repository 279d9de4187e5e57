use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    calendar::Span,
    deadline::Status,
    envelope::{ActorId, Code},
};

use super::super::args::{RegisterArg, moment, span};

/// What `--help` says at its end.
pub const HELP: &str = "Examples:\n  tongyuan deadlines --data ./demo\n  tongyuan deadlines --status overdue --data ./demo --json\n  \
    tongyuan deadlines --within 2-working-days --rule ART-7 --data ./demo\n  \
    tongyuan deadlines --all --known-at 2026-10-09 --data ./demo\n  tongyuan deadlines rules\n\n\
    Without --status and --all those are told that are not fulfilled: due, overdue, unknown.\n\
    It ends with 0; with --strict it ends with 1 if one of those that are told is overdue. See docs/deadlines.md.";

/// Arguments of `deadlines`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DeadlinesArgs {
    /// What to do with the rules; without it deadlines are listed
    #[command(subcommand)]
    pub verb: Option<DeadlinesVerb>,
    /// Only those that stand so
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<StatusArg>,
    /// Those that are fulfilled or ended too
    #[arg(long, conflicts_with = "status")]
    pub all: bool,
    /// Only those that are over so soon, e.g. "2 working days", "20 days" or "3 hours"; those that are over already too
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub within: Option<Span>,
    /// Only those of this rule, e.g. ART-10-2
    #[arg(long, value_name = "CODE")]
    pub rule: Option<Code>,
    /// Only those for which this agency answers
    #[arg(long, value_name = "CODE")]
    pub agency: Option<Code>,
    /// Only those of entries of this register
    #[arg(long, value_name = "REGISTER", requires = "code")]
    pub register: Option<RegisterArg>,
    /// Only those of the entry with this code
    #[arg(long, value_name = "CODE", requires = "register")]
    pub code: Option<Code>,
    /// As they stood, and as was known, at this moment: a date, at its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<DateTime<Utc>>,
    /// Fail if one of those that are told is overdue
    #[arg(long)]
    pub strict: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Where a deadline stands, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusArg {
    /// 未到期
    Due,
    /// 逾期
    Overdue,
    /// 未知
    Unknown,
    /// 按时完成
    InTime,
    /// 逾期完成
    Late,
    /// 中止
    Waiting,
    /// 终止
    Ended,
}

impl From<StatusArg> for Status {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Due => Self::Due,
            StatusArg::Overdue => Self::Overdue,
            StatusArg::Unknown => Self::Unknown,
            StatusArg::InTime => Self::FulfilledInTime,
            StatusArg::Late => Self::FulfilledLate,
            StatusArg::Waiting => Self::Waiting,
            StatusArg::Ended => Self::Ended,
        }
    }
}

/// The commands of `deadlines`.
#[derive(Debug, Subcommand)]
pub enum DeadlinesVerb {
    /// List the rules that hold
    #[command(
        after_help = "Examples:\n  tongyuan deadlines rules\n  tongyuan deadlines rules --data ./data --json\n  tongyuan deadlines rules --history --data ./data\n\n\
        The rules of the rulebook ship with the program; what the register laid down is told where there is one."
    )]
    Rules(RulesArgs),
    /// Change how long a rule gives, or end it, from then on
    #[command(
        after_help = "Examples:\n  tongyuan deadlines rule ART-7 --within \"2 working days\" --document '某政发〔2026〕7号' --data ./data\n  \
        tongyuan deadlines rule ART-29 --end --from 2027-01-01 --document '某政发〔2026〕8号' --data ./data\n\n\
        What was triggered before is judged by the rule before. The same again changes nothing."
    )]
    Rule(RuleArgs),
}

/// Arguments of `deadlines rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Those that hold at this moment: a date, at its first moment in China, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<DateTime<Utc>>,
    /// Tell all that was laid down of each rule, since when, by which document and by whom, what is to come, and rules that hold no more
    #[arg(long)]
    pub history: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `deadlines rule`.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// Code of the rule, as `deadlines rules` tells it
    pub code: Code,
    /// What it gives from then on, e.g. "2 working days", "20 days" or "3 hours"
    #[arg(long, value_name = "TIME", value_parser = span, required_unless_present = "end", conflicts_with = "end")]
    pub within: Option<Span>,
    /// It holds no more
    #[arg(long)]
    pub end: bool,
    /// From when on: a date, at its first moment in China, or RFC 3339; not in the past [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub from: Option<DateTime<Utc>>,
    /// Number of the document by which it was decided
    #[arg(long, value_name = "NUMBER")]
    pub document: String,
    /// Id of whoever changes it, as recorded with the event
    #[arg(long, default_value = "register", value_name = "ID")]
    pub actor: ActorId,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
