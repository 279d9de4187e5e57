//! The provider as a process: installed once from the lock file, started on a port, ended by its id.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use projections::contract::server::free_port;
use serde_json::Value;

use super::http;

/// What the provider is made of.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "provider.mjs"];

/// Where the provider is installed; `None`, and said so, where node or its packages cannot be had.
pub fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = install();
        if let Err(reason) = &folder {
            println!("SKIPPED real OpenID provider: {reason}");
        }
        folder.ok()
    });
    folder.as_deref()
}

/// Copied to where things are built, so that the tree stays as it is committed.
fn install() -> Result<PathBuf, String> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openid/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openid-provider");
    let quiet = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&to).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    fs::create_dir_all(&to).map_err(|error| error.to_string())?;
    let locked = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    let same = locked(&from) == locked(&to) && to.join("node_modules/.package-lock.json").exists();
    for file in FILES {
        fs::copy(from.join(file), to.join(file)).map_err(|error| error.to_string())?;
    }
    if !quiet("node", &["--version"]) {
        return Err("node is not there".to_owned());
    }
    if !same && !quiet("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) {
        return Err("its packages cannot be had by npm ci".to_owned());
    }
    Ok(to)
}

/// A provider that runs until it is dropped.
pub struct Provider {
    pub port: u16,
    process: Child,
}

impl Provider {
    /// Starts it on a port of its own.
    pub fn start(folder: &Path) -> Self {
        Self::start_on(free_port().unwrap(), folder, "first")
    }

    /// Starts it on a port, with the keys of a generation.
    pub fn start_on(port: u16, folder: &Path, generation: &str) -> Self {
        let mut command = Command::new("node");
        command.args(["provider.mjs", &port.to_string(), generation]).current_dir(folder);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines.map_while(Result::ok).any(|line| line == "READY");
        let provider = Self { port, process };
        assert!(ready, "the provider did not start");
        provider
    }

    /// As its tokens name it.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A token for an account of the provider, for an audience.
    pub async fn token(&self, account: &str, audience: &str) -> String {
        let body = format!("grant_type=client_credentials&client_id={account}&client_secret=secret-of-{account}&resource={audience}");
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        let answer = http::post(([127, 0, 0, 1], self.port).into(), "/token", form, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // Both fail if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
