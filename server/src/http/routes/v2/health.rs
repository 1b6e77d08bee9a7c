//! `GET /v2/health/live` and `GET /v2/health/ready`: as those below `/health`, in the Open Inference Protocol.

use api::PredictErrorBody;
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{error::ApiError, readiness::Readiness};

/// The process responds.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerLive {
    live: bool,
}

/// The process can serve requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerReady {
    ready: bool,
}

/// The process responds.
#[utoipa::path(get, path = "/v2/health/live", tag = "inference", operation_id = "v2_live", security(()), responses(
    (status = 200, description = "Live", body = ServerLive),
))]
pub(crate) async fn live() -> Json<ServerLive> {
    Json(ServerLive { live: true })
}

/// The process can serve requests.
#[utoipa::path(get, path = "/v2/health/ready", tag = "inference", operation_id = "v2_ready", security(()), responses(
    (status = 200, description = "Ready", body = ServerReady),
    (status = 503, description = "starting, draining, model_missing, site_missing, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn ready(State(readiness): State<Readiness>) -> Result<Json<ServerReady>, ApiError> {
    readiness.check().await?;
    Ok(Json(ServerReady { ready: true }))
}
