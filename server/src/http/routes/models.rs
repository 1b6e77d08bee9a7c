//! `GET /api/models/live` and `GET /api/models/{version}/weights`: what the page needs to read as the server does.

use api::{ErrorBody, LiveModel};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    http::{
        HeaderName,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
};

use crate::{http::error::ApiError, models::Models};

/// The model that answers, and the digest of its weights.
#[utoipa::path(get, path = "/models/live", tag = "predictions", operation_id = "live_model", security(()), responses(
    (status = 200, description = "The live model", body = LiveModel),
))]
pub(crate) async fn live(State(models): State<Models>) -> Json<LiveModel> {
    Json(models.live().model.clone())
}

/// The weights of the live model, of the one before it, or of the one that is part of the program. They never change.
#[utoipa::path(get, path = "/models/{version}/weights", tag = "predictions", operation_id = "model_weights", security(()),
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "The file", body = String, content_type = "application/octet-stream"),
    (status = 404, description = "not_found", body = ErrorBody),
))]
pub(crate) async fn weights(
    State(models): State<Models>,
    version: Result<Path<String>, PathRejection>,
) -> Result<([(HeaderName, &'static str); 2], Bytes), ApiError> {
    let Path(version) = version.map_err(|_| ApiError::not_found())?;
    let weights = models.weights(&version).await?.ok_or_else(ApiError::not_found)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, Bytes::from_owner(weights)))
}
