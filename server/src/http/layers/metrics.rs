//! Request metrics by axum-prometheus: `http_requests_total{method,endpoint,status}`, durations, and requests in progress.

use std::{future::poll_fn, pin::pin};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use axum_prometheus::{EndpointLabel, PrometheusMetricLayer, PrometheusMetricLayerBuilder};

use crate::metrics::Metrics;

/// The endpoint label of every path without a route, files of the site included, so that clients cannot create series.
const UNMATCHED: &str = "unmatched";

/// The layer that directs everything recorded during a request to the recorder of this server. Must be outside of
/// [`count_requests`].
pub(crate) async fn with_recorder(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let mut response = pin!(next.run(request));
    poll_fn(|context| metrics.record(|| response.as_mut().poll(context))).await
}

/// Counts requests by route.
pub(crate) fn count_requests(metrics: &Metrics) -> PrometheusMetricLayer<'static> {
    let builder = PrometheusMetricLayerBuilder::new()
        .with_endpoint_label_type(EndpointLabel::MatchedPathWithFallbackFn(|_| UNMATCHED.to_owned()));
    metrics.record(|| builder.build())
}

/// Starts the series of the responses (method, endpoint, status) that the routes can give at zero, so that the first one
/// counts in rates.
pub(crate) fn expect_responses<'a>(
    metrics: &Metrics,
    responses: impl Iterator<Item = (&'static str, &'a str, &'a str)>,
) {
    let unmatched = ["200", "404"].map(|status| ("GET", UNMATCHED, status));
    for (method, endpoint, status) in responses.chain(unmatched) {
        metrics.expect_response(method, endpoint, status);
    }
}
