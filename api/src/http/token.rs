//! `POST /token`: a token for the name and the password of an account of this machine. Answers have the form of RFC 6749.

use axum::{
    Form,
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::value::not_json;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use crate::auth::{
    NotIssued,
    local::{Issued, Password},
};

/// Largest body in bytes.
pub const MAX_BODY_BYTES: usize = 4 * 1024;

/// What a body has to be.
const EXPECTED: &str = "请以表单或 JSON 提交 username 与 password / expected a form or a JSON object with username and password";

/// Who logs in. `name` is another word for `username`; what else an OAuth client sends along is passed over.
#[derive(Deserialize)]
struct Login {
    #[serde(alias = "name")]
    username: String,
    password: String,
}

/// `POST /token`.
pub async fn post(State(state): State<super::State>, request: Request) -> Response {
    let Login { username, password } = match login(request).await {
        Ok(login) => login,
        Err(words) => return refuse(StatusCode::BAD_REQUEST, "invalid_request", &words),
    };
    // Too long for any password is too long for this one.
    let Ok(password) = Password::typed(password) else { return wrong() };
    match state.gate.log_in(&username, password).await {
        Ok(issued) => told(&issued),
        Err(NotIssued::Wrong) => wrong(),
        Err(NotIssued::TooMany(after)) => {
            tracing::warn!("denied: too many tries to log in");
            let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "slow_down", "尝试过多，请稍后再试 / too many tries; try again later");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs()));
            response
        }
        Err(NotIssued::Nowhere) => refuse(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "本节点没有账号目录，请从 OpenID 签发者取得凭证 / this node has no directory of accounts: take a token from the OpenID issuer",
        ),
        Err(error @ NotIssued::Unavailable(_)) => {
            let because = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(because, "no token can be made");
            let words = "暂时不能登录，请稍后再试 / no token can be made at present; try again shortly";
            refuse(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", words)
        }
    }
}

/// Who logs in, or what is wrong with the request. Of JSON that is none the place is told, and nothing of what stands there: it may be the password.
async fn login(request: Request) -> Result<Login, String> {
    let form = request.headers().get(header::CONTENT_TYPE).and_then(|form| form.to_str().ok());
    let form = form.and_then(|form| form.split(';').next()).map(|form| form.trim().to_ascii_lowercase());
    let read = match form.as_deref() {
        Some("application/json") => {
            let body = Bytes::from_request(request, &()).await.map_err(|_| EXPECTED)?;
            match serde_json::from_slice::<IgnoredAny>(&body) {
                Err(error) if !body.trim_ascii().is_empty() => {
                    let (zh, en) = not_json(&error);
                    return Err(format!("请求体不是 JSON：{zh} / the body is no JSON: {en}"));
                }
                _ => serde_json::from_slice(&body).ok(),
            }
        }
        Some("application/x-www-form-urlencoded") => Form::from_request(request, &()).await.ok().map(|Form(login)| login),
        _ => None,
    };
    read.ok_or_else(|| EXPECTED.to_owned())
}

fn told(issued: &Issued) -> Response {
    answer(StatusCode::OK, &json!({ "access_token": issued.token, "token_type": "Bearer", "expires_in": issued.seconds }))
}

/// One answer for a wrong name and for a wrong password.
fn wrong() -> Response {
    // Not the name: a password is typed into the wrong field often enough.
    tracing::warn!("denied: a name and a password that do not belong together");
    refuse(StatusCode::BAD_REQUEST, "invalid_grant", "账号或密码不对 / the name or the password is wrong")
}

fn refuse(status: StatusCode, error: &str, words: &str) -> Response {
    answer(status, &json!({ "error": error, "error_description": words }))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body.to_string()).into_response()
}
