//! Figures of a node in the text form of OpenMetrics, which Prometheus reads. They are made when they are asked for, from what the
//! node knows; what it does not know is left out, so that nobody takes it for a zero.

use std::sync::atomic::AtomicU64;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::text::encode,
    metrics::gauge::Gauge,
    registry::{Registry, Unit},
};

use super::graphql;

/// The form of the answer.
const FORM: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics`.
pub async fn metrics(State(state): State<super::State>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &figures(&state)) {
        Ok(()) => ([(header::CONTENT_TYPE, FORM)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures have no text form");
            graphql::internal()
        }
    }
}

fn figures(state: &super::State) -> Registry {
    let mut registry = Registry::with_prefix("tongyuan");
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    gauge("ready", "Whether /readyz says so", i64::from(super::health::reason(state).is_none()));
    if let Some(leader) = &state.leader {
        gauge("leads", "Whether this node projects the shared views", i64::from(leader.leads()));
    }
    let behind = state.lookout.behind();
    if let Some(behind) = behind {
        gauge("views_events", "Events that the views were made of", signed(behind.in_views));
        gauge("views_lag_events", "Events of the journal that are not in the views yet", signed(behind.events));
    }
    if let Some(counted) = state.lookout.counted() {
        gauge("views_gap_events", "Events that never reached the views; below zero: that the journal has not", counted.missing());
        gauge("views_counted_events", "Events of the journal when the views were last held against it", signed(counted.in_journal));
    }
    if let Some(behind) = behind {
        let seconds = Gauge::<f64, AtomicU64>::default();
        seconds.set(behind.time.as_secs_f64());
        registry.register_with_unit("views_lag", "For how long the oldest of them has been waiting", Unit::Seconds, seconds);
    }
    registry
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
