//! HTTP: GraphQL, health and readiness.

mod bearer;
mod caching;
mod faults;
mod graphql;
mod health;
mod late;
mod listen;
mod metrics;
mod state;
mod token;
mod written;

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

pub use listen::serve;
pub use state::State;
pub use written::{NoView, PATIENCE, POSITION};

/// Largest request body in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Time that a request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// All routes.
pub fn router(state: State) -> Router {
    let graphql = get(graphql::get).post(graphql::post).layer(from_fn_with_state(state.clone(), bearer::verify));
    let token = post(token::post).layer(DefaultBodyLimit::max(token::MAX_BODY_BYTES));
    layered(health_routes().route("/graphql", graphql).route("/token", token).route("/", get(welcome)), state)
}

/// The routes of a node that answers no requests about the register.
pub fn health_router(state: State) -> Router {
    layered(health_routes(), state)
}

fn health_routes() -> Router<State> {
    Router::new().route("/healthz", get(health::healthz)).route("/readyz", get(health::readyz)).route("/metrics", get(metrics::metrics))
}

fn layered(routes: Router<State>, state: State) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(late::in_time))
        .layer(CatchPanicLayer::custom(|_| graphql::internal()))
        .layer(faults::trace())
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("x-content-type-options"),
            HeaderValue::from_static("nosniff"),
        ))
        .with_state(state)
}

async fn welcome() -> Response {
    const WORDS: &str = "\
同源 Tongyuan：一个登记册，线上与窗口两个渠道
One register, two channels.

POST /graphql   {\"query\": \"{ registry { agencies(first: 5) { totalCount nodes { code name } } } }\"}
GET  /graphql?query=…
     with the header Tongyuan-Position, as every answer has it, it is answered at or after that position
     with the header Authorization: Bearer …, it is answered for whom the token names
POST /token     username=…&password=…: a token for an account of this machine
GET  /healthz   the process is alive
GET  /readyz    the views have caught up with the journal
GET  /metrics   figures of this node, for Prometheus
";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], WORDS).into_response()
}
