//! Where the store is, and what may be said about it.

use std::fmt;

use eventstore::{ClientSettings, Credentials};
use percent_encoding::percent_decode_str;
use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::port::StoreError;

/// A connection string that was read. Whatever is shown of it has neither credentials nor paths of keys.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) settings: ClientSettings,
    /// What calls are signed with. The client would send an escaped password as it stands in the string.
    pub(super) credentials: Option<Credentials>,
    shown: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let shown = redacted(url);
        let settings: ClientSettings = hurried(url).parse().map_err(|error: eventstore::ClientSettingsParseError| {
            // Some of its messages are the whole string.
            let why = Some(error.message()).filter(|words| !words.contains("://")).unwrap_or("esdb://host:2113?tls=true");
            StoreError::Other(format!("连接串无法识别 / the connection string cannot be read: {shown}: {why}"))
        })?;
        if let Some(file) = settings.tls_ca_file() {
            // The client would panic.
            let read: Option<Vec<_>> = CertificateDer::pem_file_iter(file).ok().and_then(|found| found.collect::<Result<_, _>>().ok());
            if read.is_none_or(|certificates| certificates.is_empty()) {
                return Err(StoreError::Other(format!("tlsCAFile 中没有证书 / there is no certificate in tlsCAFile: {file}")));
            }
        }
        Ok(Self { settings, credentials: credentials(url), shown })
    }
}

/// The client pauses before every connection, half a second unless told otherwise. Pauses between attempts are made here.
fn hurried(url: &str) -> String {
    if url.to_lowercase().contains("discoveryinterval=") {
        return url.to_owned();
    }
    format!("{url}{}discoveryInterval=50", if url.contains('?') { '&' } else { '?' })
}

/// What stands between the scheme and the path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn credentials(url: &str) -> Option<Credentials> {
    let (signed, _) = authority(url).rsplit_once('@')?;
    let (user, password) = signed.split_once(':').unwrap_or((signed, ""));
    let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some(Credentials::new(decode(user), decode(password)))
}

/// Scheme and hosts of a connection string: what may be logged.
pub fn redacted(url: &str) -> String {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    // A password with a `/` or a `?` that is not escaped ends the authority too early; what is behind the last `@` is no secret.
    let hosts = url.rsplit_once('@').map_or_else(|| authority(url), |(_, behind)| authority(behind));
    format!("{scheme}://{hosts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_shown() {
        for url in [
            "esdb://admin:s3cret@a:1,b:2?tls=false",
            "esdb://admin:s3cret@a:1,b:2",
            "kurrentdb+discover://admin:s3cret?x/y@a:1,b:2?userKeyFile=s3cret",
            "esdb://admin:s3cret@a:port",
        ] {
            let shown = redacted(url);
            assert!(shown.contains("://a:") && !shown.contains("s3cret") && !shown.contains("admin"), "{shown}");
            let said = match Address::parse(url) {
                Ok(address) => format!("{address:?} {address}"),
                Err(error) => error.to_string(),
            };
            assert!(!said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn escaped_credentials_are_read() {
        let read = Address::parse("esdb://u%40x:p%3Aw%2F%40@a:1?tls=false").unwrap().credentials;
        assert_eq!(read, Some(Credentials::new("u@x".to_owned(), "p:w/@".to_owned())));
        assert_eq!(Address::parse("esdb://a:1").unwrap().credentials, None);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (url, words) in
            [("http://a:1", "scheme"), ("esdb://a:1?nodePreference=x", "node preference"), ("esdb://a:1?tlsCaFile=/none", "tlsCAFile")]
        {
            let said = Address::parse(url).unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        }
    }
}
