//! GraphQL over HTTP: bounds first, then one snapshot, then the schema.

use async_graphql::{Request, Response as Answer, Variables};
use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::graphql::{Failure, guard};

/// What a body has to be.
const EXPECTED: &str = "请求应为一个 JSON 对象，含 query，可有 variables、operationName / \
     expected one JSON object with \"query\" and, if any, \"variables\" and \"operationName\"";

/// Room for an answer of common size; larger ones grow.
const ANSWER_BYTES: usize = 8 * 1024;

/// `POST /graphql` with a JSON object: `query`, `variables`, `operationName`.
pub async fn post(State(state): State<super::State>, body: Result<Bytes, axum::extract::rejection::BytesRejection>) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                Failure::LimitExceeded,
                &format!("请求超过{0}字节 / the body is larger than {0} bytes", super::MAX_BODY_BYTES),
            );
        }
        Err(_) => return refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, "请求未能读完 / the body could not be read"),
    };
    // A list would be read as the fields of a request in their order, and errors would name its type.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, EXPECTED);
    }
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) => execute(&state, request).await,
        Err(error) => refuse(StatusCode::BAD_REQUEST, Failure::BadRequest, &format!("{EXPECTED}: {error}")),
    }
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
            Err(error) => {
                return refuse(
                    StatusCode::BAD_REQUEST,
                    Failure::BadRequest,
                    &format!("variables 不是 JSON / variables are not JSON: {error}"),
                );
            }
        }
    }
    if let Some(name) = parameters.operation_name.filter(|name| !name.is_empty()) {
        request = request.operation_name(name);
    }
    execute(&state, request).await
}

async fn execute(state: &super::State, request: Request) -> Response {
    if let Err(bound) = guard::check(&request.query) {
        return refuse(StatusCode::BAD_REQUEST, Failure::LimitExceeded, &bound.to_string());
    }
    if !state.is_ready() {
        return refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            Failure::Unavailable,
            "登记册正在启动，请稍后再试 / the register is starting; try again shortly",
        );
    }
    let view = match state.view().await {
        Ok(view) => view,
        Err(error) => {
            tracing::error!(%error, "no snapshot of the views");
            return refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Failure::Unavailable,
                "登记册暂时无法读取，请稍后再试 / the register cannot be read at present; try again shortly",
            );
        }
    };
    let mut answer = state.schema.execute(request.data(view)).await;
    add_codes(&mut answer);
    let mut body = Vec::with_capacity(ANSWER_BYTES);
    match serde_json::to_writer(&mut body, &answer) {
        Ok(()) => (StatusCode::OK, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer has no JSON form");
            internal()
        }
    }
}

/// How the errors of the library's limits begin; nothing that a client wrote stands there.
const LIMITS: [&str; 4] = [
    "Query is too complex.",
    "Query is nested too deep.",
    "The recursion depth of the query cannot be greater than",
    "The number of directives on the field",
];

/// Errors of the library carry no code: those of its limits are known by their beginnings, all others are about the request.
fn add_codes(answer: &mut Answer) {
    for error in &mut answer.errors {
        let known = error.extensions.as_ref().is_some_and(|e| e.get("code").is_some());
        if !known {
            let limit = LIMITS.iter().any(|words| error.message.starts_with(words));
            let failure = if limit { Failure::LimitExceeded } else { Failure::BadRequest };
            error.extensions.get_or_insert_default().set("code", failure.code());
        }
    }
}

fn refuse(status: StatusCode, failure: Failure, message: &str) -> Response {
    let body = json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": failure.code() } }] });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// The request took too long to come in or to answer.
pub fn late() -> Response {
    let words = format!("请求超过{0}秒 / the request took longer than {0} seconds", super::REQUEST_TIMEOUT.as_secs());
    refuse(StatusCode::GATEWAY_TIMEOUT, Failure::LimitExceeded, &words)
}

/// A fault of ours, told without its particulars; they are in the log.
pub fn internal() -> axum::http::Response<axum::body::Body> {
    refuse(
        StatusCode::INTERNAL_SERVER_ERROR,
        Failure::Internal,
        "登记册自身出错，已记录 / the register met a fault of its own; it has been noted",
    )
}
