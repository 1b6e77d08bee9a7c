//! One file an endpoint.

pub mod admin;
pub mod confirm;
pub mod fallback;
pub mod health;
pub mod login;
pub mod logout;
pub mod me;
pub mod metrics;
pub mod openapi;
pub mod pages;
pub mod password;
pub mod predict;
pub mod predictions;
pub mod register;

use api::{ErrorCode, Locale, Message};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, SecondsFormat, Utc};

pub use crate::http::extract::{JsonBody, QueryOf};

use crate::http::error::Refusal;

/// A time as every answer writes it.
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The request's id, as the outermost layer has set it; to go with what outlives the request.
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let id = parts.headers.get("x-request-id").and_then(|value| value.to_str().ok());
        Ok(Self(id.unwrap_or_default().to_owned()))
    }
}

/// The visitor's language, as the page chooses it: the cookie, else Accept-Language, else Spanish.
pub struct VisitorLanguage(pub Locale);

impl<S: Sync> FromRequestParts<S> for VisitorLanguage {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(pages::locale(&parts.headers)))
    }
}

/// An answer that is only a text.
fn message(text: &str) -> Json<Message> {
    Json(Message { msg: text.to_owned() })
}

fn bad_request(code: ErrorCode, text: &'static str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, code, text)
}

fn fields_required(text: &'static str) -> Refusal {
    bad_request(ErrorCode::FieldsRequired, text)
}

fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "No existe.")
}
