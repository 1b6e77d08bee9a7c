//! `GET /api/model`: the model card.

use api::ModelCard;
use axum::http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// The model that predicts, how it was trained, and what it reaches.
#[utoipa::path(get, path = "/model", tag = "predictions", security(()), responses(
    (status = 200, description = "The model card", body = ModelCard),
))]
pub(crate) async fn model() -> ([(HeaderName, HeaderValue); 2], &'static str) {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, classifier::model_card())
}
