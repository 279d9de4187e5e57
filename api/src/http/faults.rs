//! Which answers are logged as faults.

use std::fmt::Display;

use axum::http::Response;
use tower_http::{
    classify::{ClassifiedResponse, ClassifyResponse, NeverClassifyEos, ServerErrorsFailureClass, SharedClassifier},
    trace::TraceLayer,
};

/// Carried by an answer that looks like a fault of the server and is none: `/readyz` says 503 while it starts, and whoever waits
/// for it asks many times.
#[derive(Debug, Clone, Copy)]
pub struct Expected;

/// Every 5xx is a fault, but for what is [`Expected`].
#[derive(Debug, Clone, Copy)]
pub struct Faults;

impl ClassifyResponse for Faults {
    type FailureClass = ServerErrorsFailureClass;
    type ClassifyEos = NeverClassifyEos<ServerErrorsFailureClass>;

    fn classify_response<B>(self, response: &Response<B>) -> ClassifiedResponse<Self::FailureClass, Self::ClassifyEos> {
        let status = response.status();
        let fault = status.is_server_error() && response.extensions().get::<Expected>().is_none();
        ClassifiedResponse::Ready(if fault { Err(ServerErrorsFailureClass::StatusCode(status)) } else { Ok(()) })
    }

    fn classify_error<E: Display + 'static>(self, error: &E) -> Self::FailureClass {
        ServerErrorsFailureClass::Error(error.to_string())
    }
}

/// The layer that logs requests, and faults as errors.
pub fn trace() -> TraceLayer<SharedClassifier<Faults>> {
    TraceLayer::new(SharedClassifier::new(Faults))
}
