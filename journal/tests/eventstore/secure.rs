//! TLS and credentials, against certificates that the test makes.

use double::{Cluster, Options};
use journal::{EventStoreJournal, Expected, Journal, eventstore::Timing};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::support::{QUICK, event, item};

const ONCE: Timing = Timing { retries: 1, ..QUICK };

/// A certificate of an authority of our own, for 127.0.0.1.
fn secured() -> (Options, tempfile::TempDir) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    let options = Options { tls: Some((certificate.pem(), key.serialize_pem())), ..Options::default() };
    (options, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_checked() {
    let (options, folder) = secured();
    let cluster = Cluster::of(2, options);
    let file = |name: &str| format!("{}&tlsCaFile={}", cluster.url(), folder.path().join(name).display());
    let journal = EventStoreJournal::create_with(&file("ca.pem"), QUICK, "").await.unwrap();
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    let waiting = journal.wait(None).await;
    assert!(waiting.is_ok(), "{waiting:?}");

    // Without the authority nobody vouches for the node; without TLS it is not understood; without a certificate it is said.
    assert!(EventStoreJournal::open_with(&cluster.url(), ONCE, "").await.is_err());
    assert!(EventStoreJournal::open_with(&cluster.url().replace("tls=true", "tls=false"), ONCE, "").await.is_err());
    let said = EventStoreJournal::open_with(&file("empty.pem"), ONCE, "").await.unwrap_err().to_string();
    assert!(said.contains("empty.pem"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_sent_and_never_said() {
    let credentials = Some(("ops@city".to_owned(), "p:w/@?".to_owned()));
    let cluster = Cluster::of(1, Options { credentials, ..Options::default() });
    let signed = |user: &str, password: &str| cluster.url().replace("esdb://", &format!("esdb://{user}:{password}@"));
    let journal = EventStoreJournal::create_with(&signed("ops%40city", "p%3Aw%2F%40%3F"), QUICK, "").await.unwrap();
    journal.append(&item("X"), Expected::NoStream, vec![event(1)]).await.unwrap();
    journal.wait(None).await.unwrap();
    assert!(!format!("{journal:?} {}", journal.address()).contains("p%3A"));

    let said = EventStoreJournal::open_with(&signed("ops%40city", "wr0ng"), QUICK, "").await.unwrap_err().to_string();
    assert!(said.contains("无权限") && said.contains("access was denied") && !said.contains("wr0ng"), "{said}");
    assert!(EventStoreJournal::open_with(&cluster.url(), QUICK, "").await.is_err());
}
