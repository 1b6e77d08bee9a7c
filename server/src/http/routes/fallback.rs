//! What no route takes: JSON for programs, the page that says so for people.

use api::ErrorCode;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, Uri},
    response::Response,
};
use leptos::config::LeptosOptions;

use super::pages;
use crate::http::error::Refusal;

/// No such path: under `/api` and for every method but GET a JSON refusal, else the HTML page.
pub async fn not_found(State(options): State<LeptosOptions>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && !path.starts_with("/api/") {
        return pages::not_found(options, request).await;
    }
    Refusal::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "Esta ruta no existe.").answer(path)
}

/// The path takes other methods; axum adds the `Allow` header that names them.
pub async fn method_not_allowed(uri: Uri) -> Response {
    let text = "Esta ruta no acepta este método.";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, text).answer(uri.path())
}
