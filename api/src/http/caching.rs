//! What may keep an answer, and for how long.
//!
//! An answer to GET that tells the same to everybody carries an `ETag`, and whoever shows it again is answered 304. Whether it may be shown without
//! asking is for whoever runs the node to say (`--cache-seconds`); it then ends with the next instant at which anything in it is in force no
//! longer, or begins to be (see [`projections::Lasting`]), however far away the end of these seconds is. By default nothing is shown unasked:
//! an approved change is to be seen at once.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::value::Hash;

/// What an answer depends on beside its address.
const VARY: &str = "authorization, tongyuan-position, accept-encoding";

/// How long an answer may be shown without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Not at all.
    No,
    /// Whole seconds, as of now.
    For(u64),
}

impl Kept {
    /// At most so many seconds, and not beyond the instant at which the answer may be another. What is left of the last second is not
    /// used: a header has no parts of one.
    pub fn until(most: u64, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let left = until.map(|until| u64::try_from((until - now).num_seconds()).unwrap_or(0));
        match left.map_or(most, |left| left.min(most)) {
            0 => Self::No,
            seconds => Self::For(seconds),
        }
    }

    fn header(self) -> HeaderValue {
        let told = match self {
            Self::No => HeaderValue::try_from("no-cache"),
            Self::For(seconds) => HeaderValue::try_from(format!("public, max-age={seconds}, must-revalidate")),
        };
        told.unwrap_or_else(|_| HeaderValue::from_static("no-cache"))
    }
}

/// The answer to a GET that tells the same to everybody; 304 for whoever has it already.
pub fn answered(headers: &HeaderMap, body: Vec<u8>, kept: Kept) -> Response {
    let tag = tag(&body);
    let has_it = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|tags| names(tags, &tag));
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let told = response.headers_mut();
    told.insert(header::CACHE_CONTROL, kept.header());
    told.insert(header::VARY, HeaderValue::from_static(VARY));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        told.insert(header::ETAG, tag);
    }
    response
}

/// Weak, because what is compressed has other bytes and says the same.
fn tag(body: &[u8]) -> String {
    let hash = Hash::of_bytes(body).to_string();
    let hex = hash.rsplit(':').next().unwrap_or_default();
    format!("W/\"{}\"", &hex[..hex.len().min(32)])
}

/// Whether a list of tags, as `If-None-Match` has it, names one.
fn names(tags: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.trim() == "*" || tags.split(',').any(|one| opaque(one) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    #[test]
    fn an_answer_is_kept_no_longer_than_it_holds() {
        for (most, until, now, kept) in [
            (60, None, 0, Kept::For(60)),
            (0, None, 0, Kept::No),
            (60, Some(30_000), 0, Kept::For(30)),
            (60, Some(30_000), 500, Kept::For(29)),
            (60, Some(30_000), 29_001, Kept::No),
            (60, Some(30_000), 30_000, Kept::No),
            (60, Some(30_000), 31_000, Kept::No),
            (60, Some(300_000), 0, Kept::For(60)),
        ] {
            assert_eq!(Kept::until(most, until.map(at), at(now)), kept, "{most} {until:?} {now}");
        }
    }

    #[test]
    fn whoever_names_the_tag_has_the_answer() {
        let tag = tag(b"{}");
        for tags in ["*", &tag, tag.trim_start_matches("W/"), &format!("\"x\", {tag}")] {
            assert!(names(tags, &tag), "{tags}");
        }
        for tags in ["", "\"x\"", &tag[..10]] {
            assert!(!names(tags, &tag), "{tags}");
        }
    }
}
