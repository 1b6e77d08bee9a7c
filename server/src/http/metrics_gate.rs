//! Who may read the metrics.

use api::ErrorCode;
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderName, StatusCode, header::WWW_AUTHENTICATE, request::Parts},
};

use super::{
    error::ApiError,
    extract::{Admin, auth::bearer},
    session_cookie::SessionCookie,
};
use crate::{accounts::Accounts, settings::MetricsSettings, tokens::token_hash};

/// The check of the metrics token.
#[derive(Clone, Copy)]
pub(crate) struct MetricsGate {
    /// The hash of the token, so that the comparison takes constant time.
    token: Option<[u8; 32]>,
}

impl MetricsGate {
    /// Without a token everyone has access.
    pub(crate) fn new(settings: &MetricsSettings) -> Self {
        let token = settings.metrics_token.as_ref();
        Self {
            token: token.map(|token| token_hash(token.expose())),
        }
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let Some(expected) = self.token else { return Ok(()) };
        let unauthorized = |code, text: &'static str| ApiError::new(StatusCode::UNAUTHORIZED, code, text);
        let Some(token) = bearer(headers) else {
            return Err(unauthorized(ErrorCode::TokenMissing, "Falta el token de las métricas."));
        };
        if token_hash(token) == expected {
            return Ok(());
        }
        Err(unauthorized(
            ErrorCode::TokenInvalid,
            "El token de las métricas no es válido.",
        ))
    }
}

/// Proof that the request may read the metrics.
pub(crate) struct MetricsAccess;

impl<S> FromRequestParts<S> for MetricsAccess
where
    Accounts: FromRef<S>,
    MetricsGate: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    /// With the header that a 401 for a bearer token must have (RFC 6750).
    type Rejection = ([(HeaderName, &'static str); 1], ApiError);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let error = match MetricsGate::from_ref(state).check(&parts.headers) {
            Ok(()) => return Ok(Self),
            Err(error) => error,
        };
        if Admin::from_request_parts(parts, state).await.is_ok() {
            return Ok(Self);
        }
        Err(([(WWW_AUTHENTICATE, "Bearer")], error))
    }
}
