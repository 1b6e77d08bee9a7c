//! Requests, counted by axum-prometheus: `http_requests_total{method,endpoint,status}`, their durations, and those
//! under way.

use std::{future::poll_fn, pin::pin};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use axum_prometheus::{EndpointLabel, PrometheusMetricLayer, PrometheusMetricLayerBuilder};

use crate::metrics::Metrics;

/// The one endpoint of all paths that no route takes, files of the site included: what a client makes up adds no series.
const UNMATCHED: &str = "unmatched";

/// Around [`count`]'s layer: what a request records, wherever in it, goes to its server's recorder.
pub async fn with_recorder(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    poll_fn(|context| metrics.record(|| answer.as_mut().poll(context))).await
}

/// Count requests by the route that takes them.
pub fn count(metrics: &Metrics) -> PrometheusMetricLayer<'static> {
    let builder = PrometheusMetricLayerBuilder::new()
        .with_endpoint_label_type(EndpointLabel::MatchedPathWithFallbackFn(|_| UNMATCHED.to_owned()));
    metrics.record(|| builder.build())
}
