//! TLS: the certificate is checked against the authorities of the system.

use std::{env, fs, net::TcpListener, process::Command};

use projections::{ViewError, ViewStore, contract::batch};

use super::support::{Redis, begin, options, views};

/// What the child of the next test does. By itself, without an address, it has nothing to do.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how a test tells its child what to do")]
async fn the_child_of_the_test_below() {
    let Ok(address) = env::var("REDIS_OF_TLS_TEST") else { return };
    let one = views(&address, options("one"));
    if env::var("SSL_CERT_FILE").is_ok_and(|file| file.ends_with("authority.pem")) {
        begin(&one).await;
        one.commit(batch(1, 3).unwrap()).await.unwrap();
        assert!(one.snapshot().await.unwrap().position().is_some());
    } else {
        let Err(ViewError::Unavailable(words)) = one.snapshot().await else { panic!("a certificate of nobody was taken") };
        assert!(words.contains("certificate"), "{words}");
    }
}

#[tokio::test]
async fn with_tls_the_server_has_to_prove_who_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key, none) = (path("authority.pem"), path("key.pem"), path("none.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    fs::write(&none, rcgen::generate_simple_self_signed(vec!["other".to_owned()]).unwrap().cert.pem()).unwrap();
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port().to_string();
    let settings = ["--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-auth-clients", "no"];
    let settings = [&settings[..], &["--tls-ca-cert-file", &certificate]].concat();
    let Some(_redis) = Redis::start(&settings).await else { return };
    for authorities in [&certificate, &none] {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", "tls::the_child_of_the_test_below"]).env("SSL_CERT_FILE", authorities);
        let ran = child.env("REDIS_OF_TLS_TEST", format!("rediss://localhost:{port}/0")).output().unwrap();
        assert!(ran.status.success(), "{authorities}: {}", String::from_utf8_lossy(&ran.stdout));
    }
}
