//! `GET /metrics` and `GET /api/metrics`: all metrics in the Prometheus text format.

use api::ErrorBody;
use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;
use tracing::error;

use crate::{
    http::{error::ApiError, metrics_gate::MetricsAccess},
    metrics::{Metrics, ScrapeValues},
    prediction::{ModelState, Predictor},
    store::{Store, StoreError},
};

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics in the Prometheus text format. Public by default; with `METRICS_TOKEN` set, that bearer token or the
/// session of an admin is required.
#[utoipa::path(get, path = "/metrics", tag = "watching", security((), ("token" = []), ("session" = [])), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain"),
    (status = 401, description = "token_missing, token_invalid", body = ErrorBody),
))]
pub(crate) async fn metrics(
    _access: MetricsAccess,
    State(metrics): State<Metrics>,
    State(predictor): State<Predictor>,
    State(store): State<Store>,
) -> Result<Response, ApiError> {
    let mut values = ScrapeValues {
        model: predictor.version(),
        model_ready: predictor.model_state() == ModelState::Ready,
        cache_entries: predictor.cache_entries(),
        queue_depth: predictor.queue_depth(),
        database_pool: store.connections(),
        registered_users: None,
        mail_outbox_pending: None,
        corrections_waiting: None,
    };
    if let Err(cause) = count_rows(&store, &mut values).await {
        // Still report the other gauges.
        error!("No se pudo medir la base de datos: {cause}");
    }
    match spawn_blocking(move || metrics.render(&values)).await {
        Ok(text) => Ok(([(CONTENT_TYPE, TEXT_FORMAT)], text).into_response()),
        Err(cause) => {
            error!("Error en el endpoint '/metrics': {cause}");
            Err(ApiError::internal())
        }
    }
}

/// Reads the values that need a query.
async fn count_rows(store: &Store, values: &mut ScrapeValues) -> Result<(), StoreError> {
    values.registered_users = Some(store.registered().await?);
    values.mail_outbox_pending = Some(store.mail_pending().await?);
    values.corrections_waiting = Some(store.corrections_waiting().await?);
    Ok(())
}
