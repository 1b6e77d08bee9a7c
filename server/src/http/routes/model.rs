//! `GET /api/model`: the model card.

use api::{ErrorBody, ModelCard};
use axum::{
    extract::State,
    http::{
        HeaderName,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
};

use crate::{http::error::ApiError, models::Models};

/// The model that predicts, how it was trained, and what it reaches.
#[utoipa::path(get, path = "/model", tag = "predictions", security(()), responses(
    (status = 200, description = "The model card", body = ModelCard),
    (status = 404, description = "not_found: the live model was uploaded without a card", body = ErrorBody),
))]
pub(crate) async fn model(State(models): State<Models>) -> Result<([(HeaderName, &'static str); 2], String), ApiError> {
    let card = models.live().card.clone().ok_or_else(ApiError::not_found)?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], card))
}
