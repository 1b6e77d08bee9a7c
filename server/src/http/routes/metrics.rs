//! `GET /metrics` and `GET /api/metrics`: all metrics in the Prometheus text format.

use api::ErrorBody;
use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use tracing::error;

use crate::{
    http::{error::ApiError, metrics_gate::MetricsAccess},
    scrapes::Scraper,
};

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics in the Prometheus text format. Public by default; with `METRICS_TOKEN` set, that bearer token or the
/// session of an admin is required.
#[utoipa::path(get, path = "/metrics", tag = "watching", security((), ("token" = []), ("session" = [])), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain"),
    (status = 401, description = "token_missing, token_invalid", body = ErrorBody),
))]
pub(crate) async fn metrics(_access: MetricsAccess, State(scraper): State<Scraper>) -> Result<Response, ApiError> {
    // Without the database the other gauges are still reported.
    let rows = scraper.count_rows().await;
    let rows = rows.inspect_err(|cause| error!("No se pudo medir la base de datos: {cause}"));
    match scraper.scrape(rows.ok()).await {
        Ok(text) => Ok(([(CONTENT_TYPE, TEXT_FORMAT)], text).into_response()),
        Err(cause) => {
            error!("Error en el endpoint '/metrics': {cause}");
            Err(ApiError::internal())
        }
    }
}
