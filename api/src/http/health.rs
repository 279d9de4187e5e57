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
    /// Not there while it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Unread>,
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

/// The other alarm: the journal cannot be read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Unread {
    unread_seconds: f64,
    message: &'static str,
}

/// What the other alarm says.
const UNREAD: &str = "日志暂时无法读取，不能变更，也看不到历史；频道仍按视图回答，见日志 / the journal cannot be read at present: \
    nothing can be changed and no history be told; channels are answered from the views, see the log";

/// What the alarm says.
const GAP: &str =
    "视图与日志的事件数不符，需重建视图，见日志 / the views were not made of the events that the journal has: build them anew, see the log";

/// The process is alive.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Why the node is not ready, if it is not. What is behind it stands in the log, not here.
pub(super) fn reason(state: &super::State) -> Option<&'static str> {
    match state.runner.fault() {
        Some(_) if state.shared => Some("视图暂时无法读取，见日志 / the views cannot be read at present, see the log"),
        Some(fault) if fault.for_good => {
            Some("投影已停止，读者仍见已有内容，见日志 / the projection has stopped; readers keep what they have, see the log")
        }
        Some(_) => Some(
            "日志暂时无法读取，视图正在重试，读者仍见已有内容，见日志 / the journal cannot be read at present and is tried again; \
             readers keep what they have, see the log",
        ),
        None if state.projects_only() && unread(state).is_some() => {
            Some("日志暂时无法读取，投影停顿，见日志 / the journal cannot be read at present and nothing is projected, see the log")
        }
        None if state.is_ready() => None,
        None => Some("视图正在建立 / the views are being built"),
    }
}

fn unread(state: &super::State) -> Option<Unread> {
    let reach = state.lookout.reach().filter(|reach| !reach.reachable)?;
    Some(Unread { unread_seconds: reach.unread.as_secs_f64(), message: UNREAD })
}

/// The views have caught up with the journal and follow it. A gap is an alarm and no reason to stop: all nodes have the same one, and
/// what else is shown is right. Nor is a journal that cannot be read, where there are views to answer from: all nodes have the same one.
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
        journal: unread(&state),
        reason,
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Extension(Expected), Json(readiness))
}
