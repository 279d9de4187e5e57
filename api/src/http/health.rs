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
    /// Not there while it is not known.
    lag: Option<Lag>,
    /// Not there while none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<Gap>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// How far the views are behind the journal.
#[derive(Debug, Serialize)]
struct Lag {
    events: u64,
    seconds: f64,
}

/// The alarm: views and journal do not agree.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Gap {
    /// Events that never reached the views; fewer than none if the views have some that the journal has not.
    missing: i64,
    /// The place up to which was counted.
    position: Option<String>,
    message: &'static str,
}

/// What the alarm says.
const GAP: &str =
    "视图与日志的事件数不符，需重建视图，见日志 / the views were not made of the events that the journal has: build them anew, see the log";

/// The process is alive.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Why the node is not ready, if it is not. What is behind it stands in the log, not here.
pub(super) fn reason(state: &super::State) -> Option<&'static str> {
    let stopped = state.runner.fault().is_some();
    if stopped && state.shared {
        Some("视图暂时无法读取，见日志 / the views cannot be read at present, see the log")
    } else if stopped {
        Some("投影已停止，读者仍见已有内容，见日志 / the projection has stopped; readers keep what they have, see the log")
    } else if state.is_ready() {
        None
    } else {
        Some("视图正在建立 / the views are being built")
    }
}

/// The views have caught up with the journal and follow it. A gap is an alarm and no reason to stop: all nodes have the same one, and
/// what else is shown is right.
pub async fn readyz(State(state): State<super::State>) -> (StatusCode, Extension<Expected>, Json<Readiness>) {
    let reached = *state.runner.watch().borrow();
    let reason = reason(&state);
    let lag = state.lookout.behind().map(|behind| Lag { events: behind.events, seconds: behind.time.as_secs_f64() });
    let gap = state.lookout.counted().filter(|counted| counted.missing() != 0).map(|counted| Gap {
        missing: counted.missing(),
        position: counted.position.map(|position| position.to_string()),
        message: GAP,
    });
    let readiness = Readiness {
        ready: reason.is_none(),
        position: reached.checkpoint.map(|position| position.to_string()),
        projected: reached.projected,
        lag,
        gap,
        reason,
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Extension(Expected), Json(readiness))
}
