//! Settings: flags, then environment, then file, in that order; the first that says something holds.

use std::{
    fs,
    io::IsTerminal,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use domain::calendar::Span;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::{
    Failed,
    args::{Arguments, LogFormat, Role, Verb, span},
    open_id::OpenIdArgs,
};
use crate::{
    app::{Place, RedisAddress},
    auth::{Counter, OpenIdSettings},
    registrar::{change::MOST_OPEN_DRAFTS, deadline::LEAD},
};

/// What a command runs with.
#[derive(Debug)]
pub struct Settings {
    /// Where the register is kept.
    pub place: Place,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where the views are kept, if not in memory.
    pub views: Option<RedisAddress>,
    /// What this node does.
    pub role: Role,
    /// Which OpenID issuer is trusted.
    pub open_id: Option<OpenIdSettings>,
    /// Most drafts that one person may have on their way at once.
    pub open_drafts: usize,
    /// How long before its end a deadline is warned of.
    pub deadline_lead: Span,
    /// Most seconds for which an answer may be shown without asking again.
    pub cache_seconds: u64,
    /// Whom clerk notes are shown.
    pub counter: Counter,
    log: String,
    log_format: LogFormat,
}

/// What is logged unless it is asked for. The client of EventStoreDB tells each failure of a connection many times, and we tell it once.
const QUIET: &str = "warn,kurrentdb=off";

/// The file of settings.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    journal: Option<Place>,
    listen: Option<SocketAddr>,
    views: Option<String>,
    role: Option<Role>,
    oidc_issuer: Option<String>,
    oidc_audience: Option<String>,
    oidc_grants_claim: Option<String>,
    oidc_person_claim: Option<String>,
    open_drafts: Option<usize>,
    deadline_lead: Option<String>,
    open_counter: Option<bool>,
    cache_seconds: Option<u64>,
    log: Option<String>,
    log_format: Option<LogFormat>,
}

impl Settings {
    /// The settings of a command line; flags and environment are in it already.
    pub fn of(arguments: &Arguments) -> Result<Self, Failed> {
        let file = arguments.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let (serve, usual_log, views) = match &arguments.verb {
            Verb::Serve(serve) => (Some(serve), "info,kurrentdb=off", serve.views.clone()),
            Verb::Rebuild(rebuild) => (None, QUIET, rebuild.views.clone()),
            Verb::Parity(parity) => (None, QUIET, parity.views.clone()),
            _ => (None, QUIET, None),
        };
        let views = views.or(file.views).map(|views| views.parse()).transpose()?;
        let role = serve.and_then(|serve| serve.role).or(file.role).unwrap_or(Role::All);
        if serve.is_some() && role != Role::All && views.is_none() {
            return Err(Failed(
                "--role reader 与 projector 需要用 --views 指定共用的视图 / the roles reader and projector need --views: views that nodes share".to_owned(),
            ));
        }
        let filed = OpenIdArgs {
            issuer: file.oidc_issuer,
            audience: file.oidc_audience,
            grants_claim: file.oidc_grants_claim,
            person_claim: file.oidc_person_claim,
        };
        let open_id = serve.map(|serve| serve.open_id.clone().or(filed).settings()).transpose()?.flatten();
        let open_counter = serve.and_then(|serve| serve.open_counter).or(file.open_counter).unwrap_or(false);
        let filed_lead = file.deadline_lead.as_deref().map(|typed| span(typed).map_err(Failed)).transpose()?;
        let log = arguments.log.clone().or(file.log).unwrap_or_else(|| usual_log.to_owned());
        EnvFilter::try_new(&log).map_err(|error| Failed(format!("日志过滤设置“{log}”不能识别；请写 info 或 tongyuan=debug 之类 / log filter {log:?} cannot be read: write e.g. info or tongyuan=debug ({error})")))?;
        if file.data.is_some() && file.journal.is_some() {
            return Err(Failed(
                "设置文件中 data 与 journal 只能写一个 / the file of settings may name data or journal, not both".to_owned(),
            ));
        }
        let typed = arguments.journal.clone().or_else(|| arguments.data.clone().map(Place::Folder));
        let place = typed.or(file.journal).or_else(|| file.data.map(Place::Folder)).unwrap_or_else(|| Place::Folder("data".into()));
        Ok(Self {
            place,
            listen: serve.and_then(|serve| serve.listen).or(file.listen).unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            views,
            role,
            open_id,
            open_drafts: serve.and_then(|serve| serve.open_drafts).or(file.open_drafts).unwrap_or(MOST_OPEN_DRAFTS),
            deadline_lead: serve.and_then(|serve| serve.deadline_lead).or(filed_lead).unwrap_or(LEAD),
            cache_seconds: serve.and_then(|serve| serve.cache_seconds).or(file.cache_seconds).unwrap_or(0).min(86_400),
            counter: if open_counter { Counter::Open } else { Counter::Guarded },
            log,
            log_format: arguments.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
        })
    }

    /// Starts the log on standard error. A second start, in tests, is no failure.
    pub fn start_log(&self) {
        let Ok(filter) = EnvFilter::try_new(&self.log) else { return };
        let colours = std::io::stderr().is_terminal();
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
        let _ = match self.log_format {
            LogFormat::Text => builder.try_init(),
            LogFormat::Json => builder.json().flatten_event(true).try_init(),
        };
    }
}

fn read(path: &Path) -> Result<File, Failed> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        Failed(format!("设置文件 {shown} 不能读取；请核对 --config / settings {shown} cannot be read: check --config ({error})"))
    })?;
    toml::from_str(&text).map_err(|error| {
        Failed(format!(
            "设置文件 {shown} 有误；可用 data、journal、listen、views、role、open-drafts、deadline-lead、open-counter、cache-seconds、oidc-issuer、oidc-audience、oidc-grants-claim、oidc-person-claim、log、log-format，请按原因改正 / \
             settings {shown} are wrong: known are data, journal, listen, views, role, open-drafts, deadline-lead, open-counter, cache-seconds, oidc-issuer, oidc-audience, oidc-grants-claim, oidc-person-claim, log and log-format, mend the reason\n  原因 because: {error}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn settings(arguments: &[&str]) -> Result<Settings, Failed> {
        Settings::of(&Arguments::parse_from([&["tongyuan"], arguments].concat()))
    }

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_usual() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "data = \"/from/file\"\nlisten = \"127.0.0.1:9\"\nlog-format = \"json\"\n").unwrap();
        let file = file.to_str().unwrap();
        let both = settings(&["serve", "--config", file, "--data", "/from/flag"]).unwrap();
        assert_eq!((both.place, both.listen.port(), both.log_format), (Place::Folder("/from/flag".into()), 9, LogFormat::Json));
        assert_eq!(settings(&["init", "--config", file]).unwrap().place, Place::Folder("/from/file".into()));
        assert_eq!(settings(&["serve"]).unwrap().listen.to_string(), "127.0.0.1:8080");
        let most = |arguments: &[&str]| settings(arguments).unwrap().open_drafts;
        assert_eq!((most(&["serve"]), most(&["serve", "--open-drafts", "7"])), (500, 7));
    }

    #[test]
    fn clerk_notes_are_shown_to_everybody_only_where_it_is_said() {
        let counter = |arguments: &[&str]| settings(arguments).unwrap().counter;
        assert_eq!((counter(&["serve"]), counter(&["serve", "--open-counter"])), (Counter::Guarded, Counter::Open));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "open-counter = true\n").unwrap();
        let file = file.to_str().unwrap();
        assert_eq!(counter(&["serve", "--config", file]), Counter::Open);
        assert_eq!(counter(&["serve", "--config", file, "--open-counter=no"]), Counter::Guarded);
        assert!(Arguments::try_parse_from(["tongyuan", "serve", "--open-counter=perhaps"]).is_err());
    }

    #[test]
    fn a_journal_is_a_place_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "journal = \"esdb://u:s3cret@h:1\"\n").unwrap();
        let path = file.to_str().unwrap();
        let place = |arguments: &[&str]| settings(arguments).unwrap().place;
        assert_eq!(place(&["serve", "--config", path]), Place::Store("esdb://u:s3cret@h:1".into()));
        assert_eq!(place(&["serve", "--config", path, "--data", "d"]), Place::Folder("d".into()));
        assert_eq!(place(&["serve", "--config", path, "--journal", "j.db"]), Place::File("j.db".into()));
        assert!(!format!("{:?}", settings(&["serve", "--config", path]).unwrap()).contains("s3cret"));
        fs::write(&file, "journal = \"j\"\ndata = \"d\"\n").unwrap();
        assert!(settings(&["serve", "--config", path]).is_err());
        assert!(Arguments::try_parse_from(["tongyuan", "serve", "--journal", "j", "--data", "d"]).is_err());
    }

    #[test]
    fn an_issuer_is_named_with_its_audience_or_not_at_all() {
        let open_id = |arguments: &[&str]| settings(arguments).map(|settings| settings.open_id);
        assert_eq!(open_id(&["serve"]).unwrap(), None);
        let both = ["serve", "--oidc-issuer", "https://login.city", "--oidc-audience", "urn:tongyuan", "--oidc-person-claim", "person"];
        let named = open_id(&both).unwrap().unwrap();
        assert_eq!((&named.issuer[..], &named.grants[..], &named.person[..]), ("https://login.city", "tongyuan", "person"));
        assert!(open_id(&both[..3]).is_err() && open_id(&["serve", "--oidc-grants-claim", "roles"]).is_err());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "oidc-issuer = \"https://file.city\"\noidc-audience = \"a\"\n").unwrap();
        let file = file.to_str().unwrap();
        assert_eq!(open_id(&["serve", "--config", file]).unwrap().unwrap().issuer, "https://file.city");
        assert_eq!(
            open_id(&["serve", "--config", file, "--oidc-issuer", "https://flag.city"]).unwrap().unwrap().issuer,
            "https://flag.city"
        );
        assert_eq!(open_id(&["init", "--config", file]).unwrap(), None);
    }

    #[test]
    fn a_file_that_says_something_unknown_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "lissten = \"127.0.0.1:9\"\n").unwrap();
        let Failed(words) = settings(&["serve", "--config", file.to_str().unwrap()]).unwrap_err();
        assert!(words.contains("lissten") && words.contains("t.toml"), "{words}");
        assert!(settings(&["serve", "--log", "no=such=filter"]).is_err());
    }
}
