//! A node that trusts a real OpenID provider: `oidc-provider` of npm, run by node on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says what it skips"
)]

mod http;
mod provider;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use api::{
    app::{self, Node, system_clock},
    auth::{Gate, OpenId, OpenIdSettings, local::Directory},
    clock::Clock,
};
use chrono::TimeDelta;
use http::DEADLINE;
use journal::MemoryJournal;
use provider::Provider;
use serde_json::{Value, json};
use tokio::{sync::watch, time::timeout};

const AUDIENCE: &str = "urn:tongyuan";

const ME: &str = r#"{"query":"{ me { account person grants { office agency } } }"}"#;

/// A node whose clock the test may put on.
struct Server {
    address: SocketAddr,
    on: Arc<AtomicI64>,
    /// It ends when this is dropped.
    _stop: watch::Sender<bool>,
}

impl Server {
    /// Trusts a provider, beside the accounts of a folder.
    async fn trusting(provider: &Provider, folder: &std::path::Path) -> Self {
        let on = Arc::new(AtomicI64::new(0));
        let (system, seconds) = (system_clock(), on.clone());
        let clock: Clock = Arc::new(move || system() + TimeDelta::seconds(seconds.load(Ordering::SeqCst)));
        let settings = OpenIdSettings {
            issuer: provider.issuer(),
            audience: AUDIENCE.to_owned(),
            grants: OpenIdSettings::GRANTS.to_owned(),
            person: OpenIdSettings::PERSON.to_owned(),
        };
        let open_id = OpenId::new(settings, clock.clone()).unwrap();
        let gate = Gate::new(Some(Directory::of(folder)), Some(open_id), clock.clone());
        let node = Node::bind(Arc::new(MemoryJournal::new()), ([127, 0, 0, 1], 0).into(), clock).await.unwrap();
        let node = node.with_gate(Arc::new(gate));
        let (address, runner) = (node.address(), node.runner());
        let (stop, told) = watch::channel(false);
        tokio::spawn(async move { node.run(told).await });
        timeout(DEADLINE, runner.watch().wait_for(|lag| lag.caught_up)).await.unwrap().unwrap();
        Self { address, on, _stop: stop }
    }

    fn pass(&self, time: TimeDelta) {
        self.on.fetch_add(time.num_seconds(), Ordering::SeqCst);
    }

    /// Who the node says that somebody is.
    async fn me(&self, token: &str) -> (u16, Value) {
        let head = format!("content-type: application/json\r\nauthorization: Bearer {token}\r\n");
        let answer = http::post(self.address, "/graphql", &head, ME).await;
        let cached = if answer.status == 200 { "cache-control: private, no-store" } else { "cache-control: no-store" };
        assert!(answer.head.contains(cached), "{answer:?}");
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }

    /// The code of a refusal.
    async fn refused(&self, token: &str) -> (u16, String) {
        let (status, answer) = self.me(token).await;
        assert!(answer["data"].is_null(), "{answer}");
        (status, answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_a_real_provider_say_who_asks() {
    let Some(folder) = provider::installed() else { return };
    let provider = Provider::start(folder);
    let data = tempfile::tempdir().unwrap();
    let server = Server::trusting(&provider, data.path()).await;
    let (status, li) = server.me(&provider.token("li", AUDIENCE).await).await;
    assert_eq!((status, &li["data"]["me"]["grants"]), (200, &json!([{ "office": "DRAFTER", "agency": "A1" }])), "{li}");
    // A second account of the same person is another account, and the same person.
    let (_, second) = server.me(&provider.token("li-second", AUDIENCE).await).await;
    assert_eq!((&li["data"]["me"]["person"], &second["data"]["me"]["person"]), (&json!("P-17"), &json!("P-17")));
    assert_ne!(li["data"]["me"]["account"], second["data"]["me"]["account"]);
    let grants = json!([{ "office": "APPROVER", "agency": "A1" }, { "office": "CLERK", "agency": null }]);
    assert_eq!(server.me(&provider.token("wang", AUDIENCE).await).await.1["data"]["me"]["grants"], grants);
    // Signed with RS256.
    let (_, zhao) = server.me(&provider.token("zhao-rs256", AUDIENCE).await).await;
    assert_eq!(zhao["data"]["me"]["person"], "P-19");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_a_real_provider_that_are_not_for_us_let_nobody_in() {
    let Some(folder) = provider::installed() else { return };
    let (provider, other) = (Provider::start(folder), Provider::start(folder));
    let data = tempfile::tempdir().unwrap();
    let server = Server::trusting(&provider, data.path()).await;
    let denied = (401, "UNAUTHENTICATED".to_owned());
    for (account, audience) in [("li", "urn:another"), ("misspelt", AUDIENCE), ("no-person", AUDIENCE)] {
        assert_eq!(server.refused(&provider.token(account, audience).await).await, denied, "{account}");
    }
    assert_eq!(server.refused(&other.token("li", AUDIENCE).await).await, denied, "of another provider");
    let good = provider.token("li", AUDIENCE).await;
    assert_eq!(server.me(&good).await.0, 200);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    assert_eq!(server.refused(&format!("{signed}.")).await, denied);
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    assert_eq!(server.refused(&format!("{signed}.{other}{}", &signature[1..])).await, denied, "signed with something else");
    server.pass(TimeDelta::seconds(631));
    assert_eq!(server.refused(&good).await, denied);
    assert_eq!(server.me(&good).await.1["errors"][0]["message"], "登录凭证已过期，请重新登录 / the token has expired; log in again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_provider_changes_its_keys_and_goes_down() {
    let Some(folder) = provider::installed() else { return };
    let provider = Provider::start(folder);
    let (port, data) = (provider.port, tempfile::tempdir().unwrap());
    let server = Server::trusting(&provider, data.path()).await;
    let old = provider.token("li", AUDIENCE).await;
    let later = provider.token("wang", AUDIENCE).await;
    assert_eq!(server.me(&old).await.0, 200);
    drop(provider);
    // Keys that are known go on without it.
    assert_eq!(server.me(&later).await.0, 200);
    let provider = Provider::start_on(port, folder, "second");
    server.pass(TimeDelta::seconds(11));
    let new = provider.token("li", AUDIENCE).await;
    assert_eq!(server.me(&new).await.0, 200, "a key that nobody knew was asked for");
    let unknown = Provider::start(folder).token("zhao-rs256", AUDIENCE).await;
    assert_eq!(server.refused(&unknown).await.0, 401);
    // The keys of the first generation are gone. What is remembered is so for ten seconds; another token by them is not.
    let of_old = timeout(DEADLINE, async {
        while server.me(&old).await.0 == 200 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        server.refused(&old).await
    });
    assert_eq!(of_old.await.unwrap(), (401, "UNAUTHENTICATED".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_down_from_the_beginning_is_no_reason_to_throw_a_token_away() {
    let Some(folder) = provider::installed() else { return };
    let provider = Provider::start(folder);
    let (port, data) = (provider.port, tempfile::tempdir().unwrap());
    let token = provider.token("li", AUDIENCE).await;
    let server = Server::trusting(&provider, data.path()).await;
    drop(provider);
    assert_eq!(server.refused(&token).await, (503, "UNAVAILABLE".to_owned()));
    // Whoever has no token is answered as ever.
    let anybody = http::post(server.address, "/graphql", "content-type: application/json\r\n", ME).await;
    assert_eq!((anybody.status, &anybody.body[..]), (200, r#"{"data":{"me":null}}"#));
    let provider = Provider::start_on(port, folder, "third");
    server.pass(TimeDelta::seconds(11));
    assert_eq!(server.me(&provider.token("li", AUDIENCE).await).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_of_the_machine_and_of_a_provider_are_good_side_by_side() {
    use api::auth::local::{Account, Hash, Password, log_in};
    let Some(folder) = provider::installed() else { return };
    let provider = Provider::start(folder);
    let data = tempfile::tempdir().unwrap();
    let directory = Directory::of(data.path());
    let password = Password::chosen("correct horse battery".to_owned()).unwrap();
    let hash = Hash::of(&password, app::system_random).unwrap();
    let grants = vec!["reviewer".parse().unwrap()];
    let (name, person) = ("li".parse().unwrap(), "P-17".parse().unwrap());
    let account = Account::new(name, person, grants, hash, system_clock()(), app::system_random).unwrap();
    let name = account.name.clone();
    directory.add(account, app::system_random).unwrap();
    let local = log_in(&directory, &name, &password, TimeDelta::hours(1), system_clock()()).unwrap();
    let server = Server::trusting(&provider, data.path()).await;
    let (here, there) = (server.me(&local.token).await.1, server.me(&provider.token("li", AUDIENCE).await).await.1);
    assert_eq!(here["data"]["me"]["person"], there["data"]["me"]["person"], "one person in both");
    assert_ne!(here["data"]["me"]["account"], there["data"]["me"]["account"]);
}
