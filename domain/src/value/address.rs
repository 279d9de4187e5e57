//! Addresses that are shown to citizens: a page makes links of them.
//!
//! Read by hand and by what the standard library knows of hosts: a crate that reads addresses brings the tables of international names with it, and
//! mends what it reads (`\` becomes `/`, `<` is escaped), while what is asked here is whether it needs no mending.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Whether a text is an address of the web, whole and nothing else: `http` or `https`, a host that there can be, and a port if one is given.
/// Whatever else a browser would follow may run in the page (`javascript:`, `data:`) or leave it for another program.
///
/// What stands before an `@` looks like the host and is none; quotes, angle brackets and backslashes stand in no address, and in a page they end one or make
/// another of it. Signs that are not of ASCII are as good as their escapes, and so are `{`, `}` and `|`, which lists are full of.
///
/// ```
/// use domain::value::is_web_address;
/// assert!(is_web_address("https://www.nantong.gov.cn/办事?id=1#a") && is_web_address("HTTP://10.0.0.1:8080"));
/// assert!(is_web_address("http://政务.中国/{id}|a") && is_web_address("https://[2001:db8::1]:443/") && is_web_address("http://a.example?to=b@c.example"));
/// assert!(!is_web_address("javascript:alert(1)") && !is_web_address("www.nantong.gov.cn") && !is_web_address("https://"));
/// assert!(!is_web_address(" https://a.example") && !is_web_address("https://a.example 或 https://b.example"));
/// assert!(!is_web_address("https://gov.cn@evil.example/") && !is_web_address("https://[::1") && !is_web_address("https://a.example/\"onclick=\""));
/// ```
pub fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let of_none = |sign: char| sign.is_whitespace() || sign.is_control() || matches!(sign, '"' | '<' | '>' | '\\');
    is_web && !rest.contains(of_none) && is_place(rest.split(['/', '?', '#']).next().unwrap_or_default())
}

/// Whether a text is a host with or without a port, and nothing before it.
fn is_place(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((host, port)) = rest.split_once(']') else { return false };
        return host.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = text.split_once(':').unwrap_or((text, ""));
    is_port(port) && is_host(host)
}

/// Nothing after the colon is the port of the scheme.
fn is_port(text: &str) -> bool {
    text.is_empty() || (text.bytes().all(|digit| digit.is_ascii_digit()) && text.parse::<u16>().is_ok())
}

/// Whether a text is a name or a number of a host. One whose last part is a number is no name, and browsers read it as a number.
fn is_host(text: &str) -> bool {
    // What browsers take for the dot between the parts of a name.
    let parts: Vec<_> = text.strip_suffix('.').unwrap_or(text).split(['.', '。', '．', '｡']).collect();
    let is_part = |part: &&str| !part.is_empty() && part.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_'));
    let is_number = |part: &&str| {
        part.bytes().all(|digit| digit.is_ascii_digit()) || part.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"))
    };
    parts.iter().all(is_part) && (!parts.last().is_some_and(is_number) || text.parse::<Ipv4Addr>().is_ok())
}

/// Whether a text that may be an address, or the number of a file, begins with the name of a scheme that is none of the web. Browsers pass over white
/// space and control characters before and within it.
///
/// ```
/// use domain::value::has_other_scheme;
/// assert!(has_other_scheme("javascript:alert(1)") && has_other_scheme(" java\tscript:alert(1)") && has_other_scheme("http:alert"));
/// assert!(!has_other_scheme("https://a.example/1.pdf") && !has_other_scheme("5f1c-77aa") && !has_other_scheme("附件：1") && !has_other_scheme("/a:b"));
/// ```
pub fn has_other_scheme(text: &str) -> bool {
    let seen: String = text.chars().filter(|sign| !sign.is_whitespace() && !sign.is_control()).collect();
    let Some((scheme, _)) = seen.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || "+-.".contains(sign));
    is_scheme && !is_web_address(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_real_lists_pass_as_they_are() {
        for text in [
            "http://www.gdzwfw.gov.cn/portal/v2/guide/11440000006939756B2440101007000",
            "https://zwfw.xinjiang.gov.cn/xinjiangwssb/#/onlineService?id={a}|b",
            "http://www.js.gov.cn/col/col123/index.html?事项=居住证&x=[1]",
            "https://a.example:8443",
            "http://a.example:",
            "http://a_b.example./",
            "http://localhost/x",
            "http://例え.jp",
            "http://www。gov。cn/",
            "https://a.example/x'y,z;(1)!*$~",
            "https://a.example/a//b:80/@home",
            "http://1.example",
            "http://0x.example",
        ] {
            assert!(is_web_address(text), "{text}");
        }
    }

    #[test]
    fn what_looks_like_one_host_and_leads_to_another_or_to_none_does_not() {
        for text in [
            "https://gov.cn@evil.example/",
            "https://gov.cn:80@evil.example",
            "https://@a.example",
            "https://a.example\\@b.example/",
            "https://a.example/\"",
            "https://a.example/<b>",
            "https://a.example/>",
            "https://a.example/\\x",
            "https:\\\\a.example",
            "https://[::1",
            "https://::1]",
            "https://[::1]x",
            "https://[a.example]",
            "https://[::1]:99999",
            "https://[fe80::1%25eth0]",
            "https://a..example",
            "https://.example",
            "https://.",
            "https://a.example:80a",
            "https://a.example:65536",
            "https://a.example:80:80",
            "https://a%00.example",
            "https://a.example，b",
            "http://a|b",
            "http://256.1.1.1",
            "http://1.2.3",
            "http://123",
            "http://0x7f.1",
            "http:///a",
            "https://\u{202e}a.example",
            "https://a\u{200b}b.example",
        ] {
            assert!(!is_web_address(text), "{text}");
        }
    }
}
