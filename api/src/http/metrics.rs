//! Figures of a node in the text form of OpenMetrics, which Prometheus reads. They are made when they are asked for, from what the
//! node knows; what it does not know is left out, so that nobody takes it for a zero.

use std::{collections::BTreeMap, sync::atomic::AtomicU64, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::envelope::Code;
use projections::RuleFigures;
use prometheus_client::{
    encoding::text::encode,
    metrics::{family::Family, gauge::Gauge},
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
    let of_leader = || state.leader.as_ref().filter(|leader| leader.leads())?.receipts();
    if let Some(receipts) = state.receipts.as_ref().or_else(of_leader) {
        let written = receipts.written();
        gauge("receipts", "Receipts in the journal, of both channels", signed(written.receipts.all()));
        gauge("receipts_in_time", "Those of them that prove that it was in time", signed(written.receipts.in_time));
        gauge("receipts_late", "Those of them that say late of a moment that was seen as it came", signed(written.receipts.late));
        gauge(
            "receipts_unknown",
            "Those of them of which calendar, clock, finding or the lack of a rule does not say",
            signed(written.receipts.unknown),
        );
        gauge("receipts_pending", "What the views began to show and waits to be written down", signed(written.pending));
        gauge("parity_differing_entries", "Entries of which the channels do not hold the same", signed(written.differing.len() as u64));
        gauge("parity_compared_entries", "Entries compared since this node began to, each as often as it was", signed(written.compared));
        gauge("parity_rounds", "Times that all entries were gone through", signed(written.rounds));
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
    let reach = state.lookout.reach();
    if let Some(reach) = reach {
        gauge("journal_reachable", "Whether the journal can be read", i64::from(reach.reachable));
    }
    let mut seconds = |name: &str, help: &str, value: Duration| {
        let gauge = Gauge::<f64, AtomicU64>::default();
        gauge.set(value.as_secs_f64());
        registry.register_with_unit(name, help, Unit::Seconds, gauge);
    };
    if let Some(behind) = behind {
        seconds("views_lag", "For how long the oldest of them has been waiting", behind.time);
    }
    if let Some(reach) = reach {
        seconds("journal_unread", "How long ago the journal was last read", reach.unread);
    }
    let now = (state.clock)();
    if let Some(mut of_rules) = state.schema.desk().deadlines.figures(now) {
        // Whoever reaches this node may ask, and how many drafts were submitted is nobody's to know (Art. 7).
        of_rules.retain(|_, figures| figures.public);
        deadlines(&mut registry, &of_rules, now);
    }
    registry
}

/// The figures of deadlines, by rule. Where no case of a rule has time left there is no nearest.
fn deadlines(registry: &mut Registry, of_rules: &BTreeMap<Code, RuleFigures>, now: DateTime<Utc>) {
    type OfRule = Vec<(String, String)>;
    let label = |rule: &Code| vec![("rule".to_owned(), rule.to_string())];
    let mut number = |name: &str, help: &str, of: fn(&RuleFigures) -> usize| {
        let family = Family::<OfRule, Gauge>::default();
        for (rule, figures) in of_rules {
            family.get_or_create(&label(rule)).set(i64::try_from(of(figures)).unwrap_or(i64::MAX));
        }
        registry.register(name, help, family);
    };
    number("deadlines_due", "Deadlines that are not fulfilled and have time", |figures| figures.due);
    number("deadlines_overdue", "Deadlines that are not fulfilled and are over", |figures| figures.overdue);
    number("deadlines_unknown", "Deadlines into a year of which no notice is known", |figures| figures.unknown);
    let nearest = Family::<OfRule, Gauge<f64, AtomicU64>>::default();
    for (rule, figures) in of_rules {
        if let Some(seconds) = figures.nearest.and_then(|at| (at - now).to_std().ok()) {
            nearest.get_or_create(&label(rule)).set(seconds.as_secs_f64());
        }
    }
    registry.register_with_unit("deadlines_nearest", "Until the nearest deadline that is not fulfilled is over", Unit::Seconds, nearest);
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
