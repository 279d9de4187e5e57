//! Addresses that are shown to citizens: a page makes links of them.

/// Whether a text is an address of the web, whole and nothing else: `http` or `https`, and a host. Whatever else a browser would follow may run
/// in the page (`javascript:`, `data:`) or leave it for another program.
///
/// ```
/// use domain::value::is_web_address;
/// assert!(is_web_address("https://www.nantong.gov.cn/办事?id=1#a") && is_web_address("HTTP://10.0.0.1:8080"));
/// assert!(!is_web_address("javascript:alert(1)") && !is_web_address("www.nantong.gov.cn") && !is_web_address("https://"));
/// assert!(!is_web_address(" https://a.example") && !is_web_address("https://a.example 或 https://b.example"));
/// ```
pub fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    is_web && !host.is_empty() && !text.contains(|sign: char| sign.is_whitespace() || sign.is_control())
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
