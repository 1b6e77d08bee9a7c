//! `/api/admin/metrics/…`: what the status page shows beside the metrics of the moment.

use api::{ErrorBody, ScrapeHistory, ServiceMetrics, ServiceRange};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    http::{
        error::ApiError,
        extract::{Admin, QueryParams},
        state::Instance,
    },
    prometheus::{Prometheus, Question},
    scrapes::Recorder,
};

/// What the server that answers has measured in the last hour.
#[utoipa::path(get, path = "/admin/metrics/history", tag = "admin", responses(
    (status = 200, description = "The scrapes of the last hour", body = ScrapeHistory),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn history(
    _admin: Admin,
    State(recorder): State<Recorder>,
    State(prometheus): State<Prometheus>,
    State(Instance(instance)): State<Instance>,
) -> Json<ScrapeHistory> {
    let (series, scrapes) = recorder.history().await;
    Json(ScrapeHistory {
        instance: instance.to_string(),
        has_prometheus: prometheus.is_set(),
        now: recorder.now(),
        interval: Recorder::interval(),
        series,
        scrapes,
    })
}

/// Which figures of the service are asked for. There are no others: anything else is refused.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceQuery {
    /// How far back they go.
    #[serde(default)]
    #[param(inline)]
    range: ServiceRange,
    /// One server, by the label that Prometheus gives it; without it all together.
    instance: Option<String>,
}

/// The figures of all servers, or of one, as Prometheus answers the queries of the status page.
#[utoipa::path(get, path = "/admin/metrics/service", tag = "admin", params(ServiceQuery), responses(
    (status = 200, description = "The figures, or that Prometheus doesn't answer", body = ServiceMetrics),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
    (status = 404, description = "not_found: there is no such server", body = ErrorBody),
))]
pub(crate) async fn service(
    _admin: Admin,
    QueryParams(ServiceQuery { range, instance }): QueryParams<ServiceQuery>,
    State(prometheus): State<Prometheus>,
) -> Result<Json<ServiceMetrics>, ApiError> {
    let figures = prometheus.figures(Question { range, instance }).await;
    let figures = figures.map_err(|_| ApiError::not_found())?;
    Ok(Json(ServiceMetrics::clone(&figures)))
}
