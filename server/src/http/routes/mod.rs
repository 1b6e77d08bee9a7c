//! The handlers: one file per endpoint, at the path of its URL.

pub(crate) mod admin;
pub(crate) mod confirm;
pub(crate) mod fallback;
pub(crate) mod health;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod pages;
pub(crate) mod password;
pub(crate) mod predict;
pub(crate) mod predictions;
pub(crate) mod register;

use api::Message;
use axum::Json;

/// A response body that is only a text.
fn message(text: &str) -> Json<Message> {
    Json(Message { msg: text.to_owned() })
}
