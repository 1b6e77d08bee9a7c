//! How every refusal is written: JSON with a stable code, and never a library's text.

use std::borrow::Cow;

use api::{ErrorBody, ErrorCode, PredictErrorBody};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

use crate::http::request_id;

/// A refusal before it is known on which path it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP's word for it.
    pub status: StatusCode,
    /// The word that programs switch on.
    pub code: ErrorCode,
    /// A text for people: what happened, then what to do.
    pub text: Cow<'static, str>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

impl Refusal {
    /// A refusal that trying again doesn't change.
    pub fn new(status: StatusCode, code: ErrorCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            text: text.into(),
            retry_after: None,
        }
    }

    /// The server failed; its log has the cause, under the request's id.
    pub fn internal() -> Self {
        let text = format!(
            "Error interno. Inténtalo de nuevo; si se repite, danos este número: {}.",
            request_id::current()
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, text)
    }

    /// Try again after so many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The answer on `path`: predict names its text `error`, as the seed did, every other route `msg`.
    pub fn answer(self, path: &str) -> Response {
        let Self {
            status,
            code,
            text,
            retry_after,
        } = self;
        let mut response = if matches!(path, "/predict" | "/api/predict") {
            (
                status,
                Json(PredictErrorBody {
                    code,
                    error: text.into_owned(),
                }),
            )
                .into_response()
        } else {
            (
                status,
                Json(ErrorBody {
                    code,
                    msg: text.into_owned(),
                }),
            )
                .into_response()
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
