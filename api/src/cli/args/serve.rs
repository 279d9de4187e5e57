use std::net::SocketAddr;

use clap::{Args, ValueEnum, builder::BoolishValueParser};

use domain::calendar::Span;

use super::{super::open_id::OpenIdArgs, span};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "TONGYUAN_LISTEN", value_name = "ADDRESS", value_parser = address)]
    pub listen: Option<SocketAddr>,
    // Read later, by the settings: a parser here would repeat a wrong address with the password in it.
    /// Where the views are kept, if not in the memory of this process: redis://host:port/0, rediss://… with TLS, or
    /// redis+sentinel://host:port,host:port/name/0; user:password@ goes before the host
    #[arg(long, env = "TONGYUAN_VIEWS", hide_env_values = true, value_name = "URL")]
    pub views: Option<String>,
    /// What this node does with such views [default: all]
    #[arg(long, env = "TONGYUAN_ROLE", value_name = "ROLE")]
    pub role: Option<Role>,
    /// Whose tokens are good, if not only those of the accounts in the folder
    #[command(flatten)]
    pub open_id: OpenIdArgs,
    /// Most drafts that one person may have on their way at once [default: 500]
    #[arg(long, env = "TONGYUAN_OPEN_DRAFTS", value_name = "NUMBER")]
    pub open_drafts: Option<usize>,
    /// How long before its end a deadline that is not fulfilled is warned of in the log, e.g. "4 hours" or "1 working day" [default: 4 hours]
    #[arg(long, env = "TONGYUAN_DEADLINE_LEAD", value_name = "TIME", value_parser = span)]
    pub deadline_lead: Option<Span>,
    /// Shows clerk notes to everybody who reaches this node, not only to those who hold an office there: for a node that only the
    /// counters of the service centre reach, in its own network
    #[arg(long, env = "TONGYUAN_OPEN_COUNTER", value_name = "YES", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub open_counter: Option<bool>,
    /// Most seconds for which caches may show an answer without asking again; it ends earlier where anything in it begins or ends
    /// to be in force [default: 0]
    #[arg(long, env = "TONGYUAN_CACHE_SECONDS", value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub cache_seconds: Option<u64>,
}

/// What a node of several does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers, and projects while it holds the lease
    All,
    /// Answers only
    Reader,
    /// Projects while it holds the lease, and answers nothing but health
    Projector,
}

/// An address as it is typed.
fn address(typed: &str) -> Result<SocketAddr, String> {
    typed.parse().map_err(|_| "应为“地址:端口” / an address with its port is expected, e.g. 127.0.0.1:8080".to_owned())
}
