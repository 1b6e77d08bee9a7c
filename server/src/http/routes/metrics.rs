//! `GET /metrics` and `GET /api/metrics`: all metrics in the Prometheus text format.

use api::{ErrorBody, ErrorCode};
use axum::{
    extract::{FromRef, FromRequestParts, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;
use tracing::error;

use crate::{
    accounts::Accounts,
    http::{
        error::ApiError,
        extract::{Admin, auth::bearer},
        session_cookie::SessionCookie,
    },
    metrics::{Metrics, ScrapeValues},
    prediction::{ModelState, Predictor},
    settings::MetricsSettings,
    store::{Store, StoreError},
    tokens::token_hash,
};

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics in the Prometheus text format. Public by default; with `METRICS_TOKEN` set, that bearer token or the
/// session of an admin is required.
#[utoipa::path(get, path = "/metrics", tag = "watching", security((), ("token" = []), ("session" = [])), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain"),
    (status = 401, description = "token_missing, token_invalid", body = ErrorBody),
))]
pub(crate) async fn metrics(
    _access: MetricsAccess,
    State(metrics): State<Metrics>,
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
) -> Result<Response, ApiError> {
    let mut values = ScrapeValues {
        model_ready: predictor.model_state() == ModelState::Ready,
        cache_entries: predictor.cache_entries(),
        queue_depth: predictor.queue_depth(),
        database_pool: accounts.store().connections(),
        registered_users: None,
        mail_outbox_pending: None,
    };
    if let Err(cause) = count_rows(accounts.store(), &mut values).await {
        // Still report the other gauges.
        error!("No se pudo medir la base de datos: {cause}");
    }
    match spawn_blocking(move || metrics.render(&values)).await {
        Ok(text) => Ok(([(CONTENT_TYPE, TEXT_FORMAT), (CACHE_CONTROL, "no-store")], text).into_response()),
        Err(cause) => {
            error!("Error en el endpoint '/metrics': {cause}");
            Err(ApiError::internal())
        }
    }
}

/// Reads the values that need a query.
async fn count_rows(store: &Store, values: &mut ScrapeValues) -> Result<(), StoreError> {
    values.registered_users = Some(store.registered().await?);
    values.mail_outbox_pending = Some(store.mail_pending().await?);
    Ok(())
}

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
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let error = match MetricsGate::from_ref(state).check(&parts.headers) {
            Ok(()) => return Ok(Self),
            Err(error) => error,
        };
        if Admin::from_request_parts(parts, state).await.is_ok() {
            return Ok(Self);
        }
        let mut response = error.into_response();
        let challenge = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        Err(response)
    }
}
