//! GraphQL over HTTP: bounds first, then one snapshot, then the schema.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{envelope::Position, value::not_json};
use futures::StreamExt;
use projections::Lasting;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    caching::{self, Kept},
    faults::Expected,
    late,
    written::{NoView, POSITION, wanted},
};
use crate::{
    auth::Caller,
    graphql::{Failure, Written, guard},
};

/// Most bytes of a body that is too large that are read before it is answered all the same.
const MOST_DROPPED: usize = 16 * 1024 * 1024;

/// What a body has to be.
const EXPECTED: &str = "请求应为一个 JSON 对象，含 query，可有 variables、operationName / \
     expected one JSON object with \"query\" and, if any, \"variables\" and \"operationName\"";

/// The reason where what was sent is no JSON.
const NOT_JSON: &str = "NOT_JSON";

/// What is said of a header that is no position.
const NO_POSITION: &str =
    "请求头 Tongyuan-Position 不是本登记册给出的位置标记 / the header Tongyuan-Position is no position that this register has given out";

/// What is said while the views are behind the position that was asked for.
const NOT_YET: &str =
    "视图尚未到达所要求的位置，请稍后重试 / the views have not reached the position that was asked for yet; try again shortly";

/// How often a request is answered from the beginning, each time from a newer snapshot, because views elsewhere have gone on too far
/// meanwhile.
const ATTEMPTS: usize = 3;

/// Room for an answer of common size; larger ones grow.
const ANSWER_BYTES: usize = 8 * 1024;

/// `POST /graphql` with a JSON object: `query`, `variables`, `operationName`.
pub async fn post(
    State(state): State<super::State>,
    (caller, written): (Asking, Extension<Arc<Written>>),
    headers: HeaderMap,
    body: Body,
) -> Response {
    let body = match bounded(body).await {
        Ok(body) => body,
        Err(Unread::TooLarge) => {
            return refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                Failure::LimitExceeded,
                &format!("请求超过{0}字节 / the body is larger than {0} bytes", super::MAX_BODY_BYTES),
            );
        }
        Err(Unread::Broken) => return refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, "请求未能读完 / the body could not be read"),
    };
    if body.trim_ascii().is_empty() {
        return refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, EXPECTED);
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(&body) {
        return no_json(("请求体", "the body"), None, &error);
    }
    // A list would be read as the fields of a request in their order, and errors would name its type.
    let request = Some(&body).filter(|body| body.trim_ascii_start().starts_with(b"{"));
    match request.and_then(|body| serde_json::from_slice::<Request>(body).ok()) {
        Some(request) => execute(&state, (Method::Post, caller, written.0), &headers, request).await,
        // Half of a sign and lists within lists without end are seen only by who reads the values.
        None => match serde_json::from_slice::<Value>(&body) {
            Err(error) => no_json(("请求体", "the body"), None, &error),
            Ok(_) => refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, EXPECTED),
        },
    }
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    Broken,
}

/// A body of the size that is allowed. What is larger is read on and dropped for a while, so that whoever sends it comes to read the answer instead of
/// finding the connection closed.
async fn bounded(body: Body) -> Result<Bytes, Unread> {
    let (mut kept, mut read, mut chunks) = (Vec::new(), 0, body.into_data_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unread::Broken)?;
        read += chunk.len();
        if read <= super::MAX_BODY_BYTES {
            kept.extend_from_slice(&chunk);
        } else if read > MOST_DROPPED {
            break;
        }
    }
    if read <= super::MAX_BODY_BYTES { Ok(kept.into()) } else { Err(Unread::TooLarge) }
}

/// What was sent is no JSON: where, and what to do. The words of the parser are English, and may hold what was sent.
fn no_json((zh, en): (&str, &str), field: Option<&str>, error: &serde_json::Error) -> Response {
    let (zh_at, en_at) = not_json(error);
    let mut extensions = json!({ "code": Failure::BadRequest.code(), "reason": NOT_JSON, "line": error.line(), "column": error.column() });
    if let Some(field) = field {
        extensions["field"] = json!(field);
    }
    let message = format!("{zh}不是 JSON：{zh_at} / {en} is no JSON: {en_at}");
    let body = json!({ "data": null, "errors": [{ "message": message, "extensions": extensions }] });
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// The parameters of `GET /graphql`.
#[derive(Debug, Deserialize)]
pub struct Parameters {
    query: String,
    variables: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
}

/// `GET /graphql?query=…`: the same, for what can be cached and tried in a browser.
pub async fn get(
    State(state): State<super::State>,
    (caller, written): (Asking, Extension<Arc<Written>>),
    headers: HeaderMap,
    parameters: Result<Query<Parameters>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Ok(Query(parameters)) = parameters else {
        return refuse(
            StatusCode::BAD_REQUEST,
            Failure::BadRequest,
            "需要参数 query；其余请以 POST 发送 JSON 对象 / expected the parameter query, and POST with a JSON object for more",
        );
    };
    let mut request = Request::new(parameters.query);
    if let Some(variables) = parameters.variables.filter(|text| !text.is_empty()) {
        match serde_json::from_str::<Value>(&variables) {
            Ok(value) => request = request.variables(Variables::from_json(value)),
            Err(error) => return no_json(("参数 variables ", "the parameter variables"), Some("variables"), &error),
        }
    }
    if let Some(name) = parameters.operation_name.filter(|name| !name.is_empty()) {
        request = request.operation_name(name);
    }
    execute(&state, (Method::Get, caller, written.0), &headers, request).await
}

/// Who asks, if a token was verified on the way in.
type Asking = Option<Extension<Arc<Caller>>>;

/// How it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
}

async fn execute(
    state: &super::State,
    (method, caller, written): (Method, Asking, Arc<Written>),
    headers: &HeaderMap,
    request: Request,
) -> Response {
    if let Err(bound) = guard::check(&request.query) {
        return refuse(StatusCode::BAD_REQUEST, Failure::LimitExceeded, &bound.to_string());
    }
    let changes = state.schema.changes(&request.query, request.operation_name.as_deref());
    if changes && method == Method::Get {
        return by_post();
    }
    if changes && !state.takes_changes {
        return elsewhere();
    }
    let Ok(wanted) = wanted(headers) else {
        return refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, NO_POSITION);
    };
    if !state.is_ready() {
        return refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            Failure::Unavailable,
            "登记册正在启动，请稍后再试 / the register is starting; try again shortly",
        );
    }
    let Request { query, variables, operation_name, .. } = request;
    // What changes something is not begun again: it answers from the log, whatever becomes of the views.
    let attempts = if changes { 1 } else { ATTEMPTS };
    // What is told to everybody alike, of a register at whatever position, may be kept by whoever asked.
    let for_all = method == Method::Get
        && caller.is_none()
        && wanted.is_none()
        && state.schema.reads_the_register_only(&query, operation_name.as_deref());
    let mut lasting = None;
    let mut answer = None;
    for _ in 0..attempts {
        let mut view = match state.view_at(wanted).await {
            Ok(view) => view,
            Err(NoView::NotYet(here)) => return not_yet(here),
            Err(error) => {
                tracing::error!(%error, "no snapshot of the views");
                return cannot_be_read();
            }
        };
        let snapshot = view.snapshot.clone();
        if for_all && state.cache_seconds > 0 {
            let noting = Lasting::over(snapshot.clone(), view.now);
            lasting = Some(noting.clone());
            view.snapshot = noting;
        }
        let mut request = Request::new(query.as_str()).variables(variables.clone()).data(view).data(written.clone()).data(state.counter);
        request = request.data(state.clock.clone());
        if let Some(Extension(caller)) = &caller {
            request = request.data(caller.clone());
        }
        request.operation_name.clone_from(&operation_name);
        let answered = state.schema.execute(request).await;
        if !snapshot.is_outlived() || changes {
            let last = written.last();
            state.shows(last).await;
            // A command that is given again was written long before what this node has shown since.
            answer = Some((answered, last.max(snapshot.position())));
            break;
        }
    }
    // Part of an answer from a snapshot that was given up is no answer.
    let Some((mut answer, position)) = answer else { return cannot_be_read() };
    late::tell(&written.unknowns(), &mut answer);
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    match serde_json::to_writer(&mut body, &answer) {
        Ok(()) if for_all && answer.errors.is_empty() => {
            let until = lasting.and_then(|lasting| lasting.until());
            let kept = Kept::until(state.cache_seconds, until, (state.clock)());
            told_from(caching::answered(headers, body, kept), position)
        }
        Ok(()) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
            told_from((StatusCode::OK, headers, body).into_response(), position)
        }
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            internal()
        }
    }
}

/// An answer with the position that it is from; an empty register has none.
fn told_from(mut response: Response, position: Option<Position>) -> Response {
    if let Some(value) = position.and_then(|position| HeaderValue::from_str(&position.to_string()).ok()) {
        response.headers_mut().insert(POSITION, value);
    }
    response
}

/// A link must not change anything, whoever is made to follow it.
fn by_post() -> Response {
    let words = "变更须以 POST 发送，本次未作改动 / changes are asked for by POST, nothing was done";
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, Failure::BadRequest, words);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

/// This node may not change anything. That will stay so: there is nothing to wait for.
fn elsewhere() -> Response {
    let words = "本节点只供查询（--role reader），本次未作改动；变更请发往 --role all 的节点 / \
         this node only answers (--role reader), nothing was done: send changes to a node with --role all";
    let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, Failure::Unavailable, words);
    response.extensions_mut().insert(Expected);
    response
}

/// The views are behind the position that was asked for.
fn not_yet(here: Option<Position>) -> Response {
    let error = json!({ "message": NOT_YET, "extensions": { "code": Failure::Unavailable.code(), "reason": "NOT_YET" } });
    let body = json!({ "data": null, "errors": [error] }).to_string();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::RETRY_AFTER, "1")];
    let mut response = told_from((StatusCode::SERVICE_UNAVAILABLE, headers, body).into_response(), here);
    response.extensions_mut().insert(Expected);
    response
}

fn cannot_be_read() -> Response {
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        Failure::Unavailable,
        "登记册暂时无法读取，请稍后再试 / the register cannot be read at present; try again shortly",
    )
}

pub(super) fn refuse(status: StatusCode, failure: Failure, message: &str) -> Response {
    let body = json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": failure.code() } }] });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// A fault of ours, told without its particulars; they are in the log.
pub fn internal() -> axum::http::Response<axum::body::Body> {
    refuse(
        StatusCode::INTERNAL_SERVER_ERROR,
        Failure::Internal,
        "登记册自身出错，已记录 / the register met a fault of its own; it has been noted",
    )
}
