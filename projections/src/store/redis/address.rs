use std::{fmt, str::FromStr};

use redis::{
    Client, ConnectionAddr, IntoConnectionInfo, TlsMode,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};

/// Where a Redis is: `redis://[user:password@]host[:port][/database]`, `rediss://…` with TLS, or through Sentinels
/// `redis+sentinel://[user:password@]host:port,host:port/name[/database]`, with TLS to both `rediss+sentinel://…`.
///
/// Shown without user and password.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisAddress(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Direct { url: String, shown: String },
    Sentinel(Sentinels),
}

#[derive(Clone, PartialEq, Eq)]
struct Sentinels {
    tls: bool,
    hosts: Vec<(String, u16)>,
    name: String,
    database: i64,
    user: Option<String>,
    password: Option<String>,
}

/// A text that is no address of a Redis. Does not repeat the text: there may be a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "应为 Redis 地址 / an address of a Redis is expected: redis://host:port/0, rediss://host:port/0 or \
     redis+sentinel://host:port,host:port/name/0, each with user:password@ before the host if need be"
)]
pub struct InvalidAddress;

/// How a connection is come by.
pub(super) enum Source {
    Direct(Box<Client>),
    Sentinel(Box<SentinelClient>),
}

impl FromStr for RedisAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let (scheme, rest) = text.split_once("://").ok_or(InvalidAddress)?;
        let (tls, sentinel) = match scheme {
            "redis" => (false, false),
            "rediss" => (true, false),
            "redis+sentinel" => (false, true),
            "rediss+sentinel" => (true, true),
            _ => return Err(InvalidAddress),
        };
        let (secret, place) = rest.rsplit_once('@').map_or((None, rest), |(secret, place)| (Some(secret), place));
        if place.is_empty() || place.contains(['#', '?']) {
            return Err(InvalidAddress);
        }
        if !sentinel {
            let info = text.into_connection_info().map_err(|_| InvalidAddress)?;
            if !matches!(info.addr(), ConnectionAddr::Tcp(..) | ConnectionAddr::TcpTls { .. }) {
                return Err(InvalidAddress);
            }
            return Ok(Self(Kind::Direct { url: text.to_owned(), shown: format!("{scheme}://{place}") }));
        }
        let mut parts = place.split('/');
        let hosts = parts.next().unwrap_or_default().split(',');
        let hosts = hosts.map(host).collect::<Option<Vec<_>>>().ok_or(InvalidAddress)?;
        let name = parts.next().filter(|name| !name.is_empty()).ok_or(InvalidAddress)?.to_owned();
        let database = parts.next().filter(|text| !text.is_empty()).map_or(Ok(0), str::parse).map_err(|_| InvalidAddress)?;
        if parts.next().is_some() {
            return Err(InvalidAddress);
        }
        // The library reads user and password from an address, with their escapes.
        let settings = match secret {
            None => None,
            Some(secret) => Some(format!("redis://{secret}@host").as_str().into_connection_info().map_err(|_| InvalidAddress)?),
        };
        let settings = settings.as_ref().map(redis::ConnectionInfo::redis_settings);
        let user = settings.and_then(|settings| settings.username()).map(str::to_owned);
        let password = settings.and_then(|settings| settings.password()).map(str::to_owned);
        Ok(Self(Kind::Sentinel(Sentinels { tls, hosts, name, database, user, password })))
    }
}

fn host(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, "26379"));
    (!host.is_empty()).then_some(())?;
    Some((host.to_owned(), port.parse().ok()?))
}

impl RedisAddress {
    pub(super) fn source(&self) -> Result<Source, redis::RedisError> {
        match &self.0 {
            Kind::Direct { url, .. } => {
                let client = Client::open(url.as_str())?;
                if matches!(client.get_connection_info().addr(), ConnectionAddr::TcpTls { .. }) {
                    choose_cryptography();
                }
                Ok(Source::Direct(Box::new(client)))
            }
            Kind::Sentinel(sentinels) => sentinels.client().map(|client| Source::Sentinel(Box::new(client))),
        }
    }
}

impl Sentinels {
    fn client(&self) -> Result<SentinelClient, redis::RedisError> {
        let address = |(host, port): &(String, u16)| {
            if self.tls {
                ConnectionAddr::TcpTls { host: host.clone(), port: *port, insecure: false, tls_params: None }
            } else {
                ConnectionAddr::Tcp(host.clone(), *port)
            }
        };
        let sentinels = self.hosts.iter().map(address);
        let mut builder =
            SentinelClientBuilder::new(sentinels, &self.name, SentinelServerType::Master)?.set_client_to_redis_db(self.database);
        if self.tls {
            choose_cryptography();
            builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
        }
        if let Some(user) = &self.user {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = &self.password {
            builder = builder.set_client_to_redis_password(password);
        }
        builder.build()
    }
}

/// TLS needs one provider of cryptography in the process. With more than one in the tree none is chosen by itself.
fn choose_cryptography() {
    // Somebody else may have chosen before; that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl fmt::Display for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Direct { shown, .. } => f.write_str(shown),
            Kind::Sentinel(Sentinels { tls, hosts, name, database, .. }) => {
                let hosts: Vec<_> = hosts.iter().map(|(host, port)| format!("{host}:{port}")).collect();
                write!(f, "{}+sentinel://{}/{name}/{database}", if *tls { "rediss" } else { "redis" }, hosts.join(","))
            }
        }
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (typed, shown) in [
            ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
            ("redis://reader:se%40cret@redis.city:6379", "redis://redis.city:6379"),
            ("rediss://:secret@[::1]:6380/0", "rediss://[::1]:6380/0"),
            ("redis+sentinel://u:secret@a:1,b/main", "redis+sentinel://a:1,b:26379/main/0"),
            ("rediss+sentinel://a:1/main/2", "rediss+sentinel://a:1/main/2"),
        ] {
            let address: RedisAddress = typed.parse().unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
            assert!(address.source().is_ok(), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for typed in
            ["", "redis", "http://a", "redis://", "redis://u:secret@", "redis+sentinel://a:1", "redis+sentinel://a:x/m", "redis+unix:///a"]
        {
            let error = typed.parse::<RedisAddress>().unwrap_err();
            assert!(!error.to_string().contains("secret"), "{typed}");
        }
    }

    #[test]
    fn user_and_password_reach_the_masters_behind_sentinels() {
        let address: RedisAddress = "redis+sentinel://u:se%40cret@a:1/main".parse().unwrap();
        let Kind::Sentinel(sentinels) = address.0 else { panic!("not through sentinels") };
        assert_eq!((sentinels.user.as_deref(), sentinels.password.as_deref()), (Some("u"), Some("se@cret")));
    }
}
