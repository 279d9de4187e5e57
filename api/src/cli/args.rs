mod serve;
mod typed;

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::envelope::ActorId;

use super::{
    abolished::AbolishedArgs, calendar::CalendarArgs, check::CheckArgs, deadlines::DeadlinesArgs, diff::DiffArgs, evidence::EvidenceArgs,
    export::ExportArgs, import::DraftArgs, reform::ReformArgs, repeal::RepealArgs, replay::ReplayArgs, user::UserArgs,
};
use crate::app::Place;

pub use serve::{Role, ServeArgs};
use typed::{code_after_register, date, edition};
pub(super) use typed::{moment, span};

/// 同源 Tongyuan: the register of a city's public services.
#[derive(Debug, Parser)]
#[command(name = "tongyuan", version, about, max_term_width = 110)]
#[command(after_help = "Settings are taken from flags, then from the environment (TONGYUAN_…), then from the file given by --config.\n\
    Example:\n  tongyuan demo --data ./demo && tongyuan serve --data ./demo")]
pub struct Arguments {
    /// Folder of the register [default: ./data]
    #[arg(long, global = true, env = "TONGYUAN_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where the journal is, if not in that folder: esdb://…, kurrentdb://…, a file that ends in .db, or a folder
    #[arg(long, global = true, env = "TONGYUAN_JOURNAL", hide_env_values = true, value_name = "URL|PATH", value_parser = Place::parse, conflicts_with = "data")]
    pub journal: Option<Place>,
    /// File with settings in TOML: data, journal, listen, views, role, open-drafts, deadline-lead, open-counter, cache-seconds, oidc-issuer, oidc-audience, log, log-format
    #[arg(long, global = true, env = "TONGYUAN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What is logged: error, warn, info, debug, trace, or a filter such as tongyuan=debug,tower_http=info [default: info for serve, else warn, without what the client of EventStoreDB says: kurrentdb=off]
    #[arg(long, global = true, env = "TONGYUAN_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How it is logged, on standard error [default: text]
    #[arg(long, global = true, env = "TONGYUAN_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Create an empty register
    #[command(
        after_help = "Examples:\n  tongyuan init --data ./data\n  TONGYUAN_JOURNAL='esdb://user:password@a:2113,b:2113,c:2113' tongyuan init"
    )]
    Init(InitArgs),
    /// Create the sample register of a fictional city
    #[command(after_help = "Example:\n  tongyuan demo --data ./demo\n  tongyuan serve --data ./demo")]
    Demo(DemoArgs),
    /// Take over lists: workbooks, tables and portal exports, files or folders
    #[command(after_help = "Examples:\n  tongyuan import --data ./data lists/ export.ndjson --report report.csv\n  \
        tongyuan import --data ./data lists/2025.xlsx --dry-run --json\n  \
        tongyuan import --data ./data odd.xls --map 职权内容=name --map 归口=office\n  \
        tongyuan import --data ./data lists/2026.xlsx --as-drafts --drafter li\n\n\
        Every row is accounted for: read = adopted + revised + unchanged + rejected + ignored.\n\
        With --as-drafts: read = new + changed + unchanged + rejected + ignored, and nothing is published before the approval.\n\
        A rejected row never stops the rest; a path that cannot be read makes the command fail in the end.\n\
        The folder of --data is created with a register if it does not exist or is empty and a row was read.")]
    Import(ImportArgs),
    /// Serve a register that exists
    #[command(after_help = "Examples:\n  tongyuan serve --data ./data --listen 127.0.0.1:8080 --log-format json\n  \
        tongyuan serve --journal 'esdb://a:2113,b:2113,c:2113'\n  \
        tongyuan serve --data ./data --views redis://127.0.0.1:6379/0 --role reader\n  \
        tongyuan serve --data ./data --oidc-issuer https://login.city/realms/city --oidc-audience tongyuan")]
    Serve(ServeArgs),
    /// Show an entry as a channel shows it
    #[command(after_help = "Examples:\n  tongyuan show 1199010040310236XL399071400100001 --data ./demo\n  \
        tongyuan show guide 1199010040310236XL399071400100001 --channel counter --data ./demo\n\n\
        The register is found by the code. It is named where several have it; of those the one that the channel shows counts, if it is one.")]
    Show(ShowArgs),
    /// Tell every event of an entry: who, when, on which basis, and what changed
    #[command(
        after_help = "Examples:\n  tongyuan history 1199010040310236XL3990714001000 --data ./demo\n  tongyuan history item 1199010040310236XL3990714001000 --data ./demo --json\n  \
        tongyuan history item 1199010040310236XL3990714001000 --public --data ./demo\n\n\
        Whoever has the file sees all of it, drafts too; --public tells what a query without a token is answered."
    )]
    History(HistoryArgs),
    /// Tell what the checks find in what is published and drafted: errors that would stop a submission, and warnings
    #[command(after_help = "Examples:\n  tongyuan check --data ./demo\n  \
        tongyuan check guide --agency 1199010040310236XL --strict --data ./demo\n  \
        tongyuan check guide --report findings.xlsx --data ./demo")]
    Check(CheckArgs),
    /// Write the whole register as it stood: valid at one time, as known at another
    #[command(after_help = super::replay::HELP)]
    Replay(ReplayArgs),
    /// Tell what a channel shows otherwise at one moment than at another, field by field, and what happened
    #[command(after_help = super::diff::HELP)]
    Diff(DiffArgs),
    /// Write all that proves what became of an entry into one ZIP, which others check without this program
    #[command(after_help = super::evidence::HELP)]
    Evidence(EvidenceArgs),
    /// Write what is public in the table form in which it is published
    #[command(after_help = super::export::HELP)]
    Export(ExportArgs),
    /// List the guides that ask for an abolished proof, and prepare their revisions as change sets
    #[command(after_help = super::abolished::HELP)]
    Abolished(AbolishedArgs),
    /// Take entries of adopted lists off their register, as `import` proposes
    #[command(after_help = super::repeal::HELP)]
    Repeal(RepealArgs),
    /// Carry out an institutional reform as one act: items move from agencies to their successors on one day, by one document
    #[command(after_help = super::reform::HELP)]
    Reform(ReformArgs),
    /// Keep the accounts of this machine, and make tokens for them
    User(UserArgs),
    /// Keep the working calendar: import the State Council's notices, tell when a deadline ends and what a year is
    Calendar(CalendarArgs),
    /// Tell which deadlines of the rulebook there are and where they stand; list and change their rules
    #[command(after_help = super::deadlines::HELP)]
    Deadlines(DeadlinesArgs),
    /// Build the views anew from the journal, or compare them with a rebuild
    #[command(after_help = super::rebuild::HELP)]
    Rebuild(RebuildArgs),
    /// Compare what both channels hold of every entry, by its content
    #[command(after_help = super::parity::HELP)]
    Parity(ParityArgs),
    /// Move the journal of a register to another store
    Journal(JournalArgs),
    /// Print the GraphQL schema, or write the schemas of all events
    #[command(after_help = "Examples:\n  tongyuan schema > schema.graphql\n  tongyuan schema --events schemas/")]
    Schema(SchemaArgs),
    /// Print the completion script of a shell
    #[command(after_help = "Example:\n  tongyuan completions bash > /etc/bash_completion.d/tongyuan")]
    Completions(CompletionsArgs),
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files or folders; what they are is told by their content
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write what became of every row, as CSV or XLSX by its ending
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Decide everything and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object as the last line
    #[arg(long)]
    pub json: bool,
    /// What an unknown heading means, e.g. 职权内容=name; may be given several times
    #[arg(long = "map", value_name = "HEADING=FIELD")]
    pub maps: Vec<String>,
    /// Document by which the lists were issued, e.g. 某政办发〔2025〕3号
    #[arg(long, value_name = "NUMBER")]
    pub document: Option<String>,
    /// Date of that document
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<NaiveDate>,
    /// Edition of the lists [default: the year in their titles]
    #[arg(long, value_name = "YEAR", value_parser = edition)]
    pub edition: Option<String>,
    /// When the lists came or come into force: a date, from its first moment in China, or RFC 3339 [default: the moment of the import]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub effective_from: Option<DateTime<Utc>>,
    /// Code of the division that the lists are of, e.g. 650200
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Agency that publishes the lists, where they do not say
    #[arg(long, value_name = "NAME")]
    pub publisher: Option<String>,
    /// How the lists number the types, where they give numbers only and it cannot be told from them
    #[arg(long, value_name = "SCHEME")]
    pub scheme: Option<SchemeArg>,
    /// Whether the lists become change sets
    #[command(flatten)]
    pub drafts: DraftArgs,
    /// Id of whoever imports, as recorded with every event
    #[arg(long, default_value = "import", value_name = "ID")]
    pub actor: ActorId,
    /// No progress bar
    #[arg(long)]
    pub quiet: bool,
}

/// A numbering of item types, as named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemeArg {
    /// 01-10, 20 公共服务
    National,
    /// 20 其他行政权力, 21 公共服务
    Guangdong,
    /// 03 行政处罚, 04 行政强制 …, 14 公共服务
    Older,
    /// XK, CF, QZ …
    Letters,
}

/// A register, as named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegisterArg {
    /// 机构
    Agency,
    /// 事项
    Item,
    /// 办事指南
    Guide,
    /// 材料
    Material,
    /// 政务公开事项目录
    Openness,
}

/// A channel, as named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChannelArg {
    /// 线上
    Online,
    /// 窗口
    Counter,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
#[command(allow_missing_positional = true)]
pub struct ShowArgs {
    /// The register, where several have the code
    pub register: Option<RegisterArg>,
    /// Code of the entry
    #[arg(value_parser = code_after_register)]
    pub code: String,
    /// The channel
    #[arg(long, default_value = "online")]
    pub channel: ChannelArg,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(allow_missing_positional = true)]
pub struct HistoryArgs {
    /// The register, where several have the code
    pub register: Option<RegisterArg>,
    /// Code of the entry
    #[arg(value_parser = code_after_register)]
    pub code: String,
    /// Only what the public may know of it: no drafts, no clerk notes, nothing withheld
    #[arg(long)]
    pub public: bool,
    /// Print one JSON array
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `rebuild`.
#[derive(Debug, Args)]
pub struct RebuildArgs {
    /// Compare, byte for byte, and change nothing: shared views with a rebuild at their position; without any, views built
    /// event by event with views built at once
    #[arg(long)]
    pub check: bool,
    // Read later, by the settings: a parser here would repeat a wrong address with the password in it.
    /// The views that nodes share, if there are any: as for `serve`
    #[arg(long, env = "TONGYUAN_VIEWS", hide_env_values = true, value_name = "URL")]
    pub views: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `parity`.
#[derive(Debug, Args)]
pub struct ParityArgs {
    // Read later, by the settings, as for `rebuild`.
    /// The views that nodes share, if there are any: as for `serve`
    #[arg(long, env = "TONGYUAN_VIEWS", hide_env_values = true, value_name = "URL")]
    pub views: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `journal`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tongyuan journal copy --from ./data --to 'esdb://a:2113,b:2113,c:2113'")]
pub struct JournalArgs {
    /// What to do
    #[command(subcommand)]
    pub verb: JournalVerb,
}

/// The commands of `journal`.
#[derive(Debug, Subcommand)]
pub enum JournalVerb {
    /// Copy every event, in order and byte for byte, and verify each of them
    #[command(after_help = "Examples:\n  tongyuan journal copy --from ./data --to 'esdb://a:2113,b:2113,c:2113'\n  \
        tongyuan journal copy --from 'esdb://a:2113?tls=false' --to ./data/journal.db --json\n\n\
        Stop whatever writes into the source first. A target that does not exist is begun; one that has the beginning of the\n\
        source is completed, so an interrupted copy goes on when it is given again; any other is refused.\n\
        Credentials may come from the environment: TONGYUAN_COPY_FROM, TONGYUAN_COPY_TO.")]
    Copy(CopyArgs),
}

/// Arguments of `journal copy`.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The journal to copy
    #[arg(long, env = "TONGYUAN_COPY_FROM", hide_env_values = true, value_name = "URL|PATH", value_parser = Place::parse)]
    pub from: Place,
    /// Where to
    #[arg(long, env = "TONGYUAN_COPY_TO", hide_env_values = true, value_name = "URL|PATH", value_parser = Place::parse)]
    pub to: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// No progress bar
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Write the JSON Schema of every event into this folder instead
    #[arg(long, value_name = "DIR")]
    pub events: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

impl From<RegisterArg> for domain::register::Register {
    fn from(register: RegisterArg) -> Self {
        match register {
            RegisterArg::Agency => Self::Agency,
            RegisterArg::Item => Self::Item,
            RegisterArg::Guide => Self::Guide,
            RegisterArg::Material => Self::Material,
            RegisterArg::Openness => Self::Openness,
        }
    }
}

impl From<SchemeArg> for domain::value::TypeScheme {
    fn from(scheme: SchemeArg) -> Self {
        match scheme {
            SchemeArg::National => Self::National,
            SchemeArg::Guangdong => Self::Guangdong,
            SchemeArg::Older => Self::Older,
            SchemeArg::Letters => Self::Letters,
        }
    }
}

impl From<ChannelArg> for domain::value::Channel {
    fn from(channel: ChannelArg) -> Self {
        match channel {
            ChannelArg::Online => Self::Online,
            ChannelArg::Counter => Self::Counter,
        }
    }
}
