//! The token of a request (RFC 6750). A bad one is answered as such: whoever sends it believes to be somebody, and an answer for
//! anybody would hide from them that they are not.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{faults::Expected, graphql::refuse};
use crate::{
    auth::{Caller, Reason, Refused},
    graphql::Failure,
};

/// Verifies the token before anything else of a request is looked at: nobody with a bad one learns how it would be answered. Whoever asks
/// is in the extensions of the request then, as `Arc<Caller>`.
pub async fn verify(State(state): State<super::State>, mut request: Request, next: Next) -> Response {
    let caller = match caller(&state, request.headers()).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return next.run(request).await,
        Err(refused) => return refused,
    };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    // What one caller may see is for them alone, whoever stands between.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Who asks; nobody in particular, if no token is sent.
async fn caller(state: &super::State, headers: &HeaderMap) -> Result<Option<Arc<Caller>>, Response> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let token = match (sent.next(), sent.next()) {
        (None, _) => return Ok(None),
        (Some(one), None) => token(one),
        // Of two it could not be told which one a proxy before us had looked at.
        (Some(_), Some(_)) => None,
    };
    let Some(token) = token else {
        tracing::warn!("denied: the header Authorization is no single bearer token");
        return Err(denied(&Refused::NotValid(Reason::Malformed)));
    };
    state.gate.admit(token).await.map(Some).map_err(|refused| {
        tracing::warn!(reason = %refused, "denied: the token of a request lets nobody in");
        denied(&refused)
    })
}

fn token(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Tells that a token has expired, that it is not valid, or that it cannot be told at present, and nothing more.
fn denied(refused: &Refused) -> Response {
    let (words, challenge) = match refused {
        Refused::Expired => (
            "登录凭证已过期，请重新登录 / the token has expired; log in again",
            r#"Bearer realm="tongyuan", error="invalid_token", error_description="expired""#,
        ),
        Refused::NotValid(_) => {
            ("登录凭证无效 / the token is not valid", r#"Bearer realm="tongyuan", error="invalid_token", error_description="not valid""#)
        }
        Refused::Unavailable(_) => {
            let words = "登录凭证暂时无法核验，请稍后再试 / the token cannot be verified at present; try again shortly";
            let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, Failure::Unavailable, words);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response.extensions_mut().insert(Expected);
            return response;
        }
    };
    let mut response = refuse(StatusCode::UNAUTHORIZED, Failure::Unauthenticated, words);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
