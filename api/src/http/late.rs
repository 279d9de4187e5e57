//! What is said where the time of a request is over. A request that only asks took too long; of one that changes something nobody can say
//! what became of it, and that is what it is told.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::{REQUEST_TIMEOUT, graphql::refuse};
use crate::graphql::{Failure, Written};

/// What to do about a command of which nobody can say what became of it.
const UNKNOWN: &str = "尚不能确定变更是否已保存；请以同一标识（commandId）重新提交，不会重复办理 / \
    it is not known whether the change was kept: give it again with the same commandId, it is carried out once";

/// Ends a request that takes too long, and says what is known of it.
pub async fn in_time(mut request: Request, next: Next) -> Response {
    let written = Arc::new(Written::default());
    request.extensions_mut().insert(written.clone());
    match timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) if written.begun().is_empty() => too_long(),
        Err(_) => no_answer(&written.begun()),
    }
}

/// The request took too long to come in or to answer.
fn too_long() -> Response {
    let words = format!("请求超过{0}秒 / the request took longer than {0} seconds", REQUEST_TIMEOUT.as_secs());
    refuse(StatusCode::GATEWAY_TIMEOUT, Failure::LimitExceeded, &words)
}

/// Commands were begun and their answers did not come.
fn no_answer(commands: &[Uuid]) -> Response {
    let extensions = json!({ "code": Failure::Unavailable.code(), "reason": "UNKNOWN", "commandIds": commands });
    let body = json!({ "data": null, "errors": [{ "message": UNKNOWN, "extensions": extensions }] });
    (StatusCode::GATEWAY_TIMEOUT, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// What is told beside an answer that says `UNKNOWN` of these commands.
pub fn unknown(commands: &[Uuid]) -> Value {
    json!({ "commandIds": commands, "message": UNKNOWN })
}

/// Tells it beside an answer, if there are any.
pub fn tell(commands: &[Uuid], answer: &mut async_graphql::Response) {
    if !commands.is_empty()
        && let Ok(told) = async_graphql::Value::from_json(unknown(commands))
    {
        answer.extensions.insert("unknown".to_owned(), told);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::{
        Extension, Router,
        body::{Body, to_bytes},
        middleware::from_fn,
        routing::get,
    };
    use tower::ServiceExt;

    use super::*;

    /// What is answered to a request that begins so many commands and never ends.
    async fn never_answered(commands: u128) -> (u16, Value) {
        let handler = async move |Extension(written): Extension<Arc<Written>>| {
            (1..=commands).for_each(|command| written.begin(Uuid::from_u128(command)));
            pending::<()>().await;
        };
        let router: Router = Router::new().route("/", get(handler)).layer(from_fn(in_time));
        let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 16).await.unwrap()).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn who_only_asked_is_told_of_the_time_and_who_changed_something_that_it_is_not_known() {
        let (status, told) = never_answered(0).await;
        assert_eq!((status, &told["errors"][0]["extensions"]), (504, &json!({ "code": "LIMIT_EXCEEDED" })), "{told}");
        let (status, told) = never_answered(2).await;
        let ids = [1, 2].map(|id| Uuid::from_u128(id).to_string());
        let extensions = json!({ "code": "UNAVAILABLE", "reason": "UNKNOWN", "commandIds": ids });
        assert_eq!((status, &told["errors"][0]["extensions"]), (504, &extensions), "{told}");
        let words = told["errors"][0]["message"].as_str().unwrap();
        assert!(words.contains("请以同一标识（commandId）重新提交") && words.ends_with("it is carried out once"), "{words}");
    }
}
