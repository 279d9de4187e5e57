use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::Serialize;

use super::faults::Expected;

/// What `/readyz` says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    ready: bool,
    position: Option<String>,
    projected: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// The process is alive.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The views have caught up with the journal and follow it. Why not stands in the log, not here.
pub async fn readyz(State(state): State<super::State>) -> (StatusCode, Extension<Expected>, Json<Readiness>) {
    let lag = *state.runner.watch().borrow();
    let reason = if state.runner.fault().is_some() && state.shared {
        Some("the views cannot be read at present, see the log")
    } else if state.runner.fault().is_some() {
        Some("the projection has stopped; readers keep what they have, see the log")
    } else if lag.caught_up {
        None
    } else {
        Some("the views are being built")
    };
    let readiness = Readiness {
        ready: reason.is_none(),
        position: lag.checkpoint.map(|position| position.to_string()),
        projected: lag.projected,
        reason,
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Extension(Expected), Json(readiness))
}
