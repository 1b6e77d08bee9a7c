//! The header that names the live model.

use api::MODEL_VERSION;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

use crate::prediction::Predictor;

const HEADER: HeaderName = HeaderName::from_static(MODEL_VERSION);

/// Adds the header to each response of a route that predicts, so that the page learns of another model from any answer.
pub(crate) async fn name_model(State(predictor): State<Predictor>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(version) = HeaderValue::from_str(&predictor.version()) {
        response.headers_mut().insert(HEADER, version);
    }
    response
}
