//! `GET /health/live` and `GET /health/ready`: liveness and readiness probes.

use api::{Health, HealthStatus};
use axum::{Json, extract::State};

use crate::http::{error::ApiError, readiness::Readiness};

/// The process responds.
#[utoipa::path(get, path = "/health/live", tag = "health", security(()), responses(
    (status = 200, description = "Live", body = Health),
))]
pub(crate) async fn live() -> Json<Health> {
    Json(Health {
        status: HealthStatus::Live,
    })
}

/// The process can serve requests.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses(
    (status = 200, description = "Ready", body = Health),
    (status = 503, description = "starting, draining, model_missing, site_missing, database_unavailable", body = api::ErrorBody),
))]
pub(crate) async fn ready(State(readiness): State<Readiness>) -> Result<Json<Health>, ApiError> {
    readiness.check().await?;
    Ok(Json(Health {
        status: HealthStatus::Ready,
    }))
}
