//! The handlers: one file per endpoint, at the path of its URL.

pub(crate) mod admin;
pub(crate) mod confirm;
pub(crate) mod fallback;
pub(crate) mod forms;
pub(crate) mod health;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod metrics;
pub(crate) mod model;
pub(crate) mod models;
pub(crate) mod offline;
pub(crate) mod openapi;
pub(crate) mod pages;
pub(crate) mod password;
pub(crate) mod predict;
pub(crate) mod predictions;
pub(crate) mod register;
pub(crate) mod v2;

use api::{EmailRequest, Message};
use axum::{Json, http::StatusCode};

use super::error::ApiError;
use crate::domain::Email;

/// A response body that is only a text.
fn message(text: &str) -> Json<Message> {
    Json(Message { msg: text.to_owned() })
}

/// The response to a request that is carried out later.
fn accepted(text: &str) -> (StatusCode, Json<Message>) {
    (StatusCode::ACCEPTED, message(text))
}

/// The address that an email is requested for. It needn't belong to an account.
fn requested_address(EmailRequest { email }: EmailRequest) -> Result<String, ApiError> {
    if email.is_empty() {
        return Err(ApiError::fields_required("Email required"));
    }
    let address: Email = email.parse().map_err(|_| ApiError::email_invalid())?;
    Ok(address.as_str().to_owned())
}
