//! Requests without a route: JSON for programs, an HTML page for browsers.

use api::ErrorCode;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;

use super::pages;
use crate::http::{api_path::is_api, error::ApiError};

/// Unknown path: JSON for paths of the API and for methods other than GET and HEAD, else the HTML page.
pub(crate) async fn not_found(State(options): State<LeptosOptions>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && !is_api(request.uri().path()) {
        return pages::not_found(options, request).await;
    }
    ApiError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "Esta ruta no existe.").into_response()
}

/// Known path, other method. axum adds the `Allow` header.
pub(crate) async fn method_not_allowed() -> ApiError {
    let text = "Esta ruta no acepta este método.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, text)
}
