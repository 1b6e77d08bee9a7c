//! `GET /metrics` and `GET /api/metrics`: everything measured, in Prometheus' text format.

use api::{ErrorBody, ErrorCode};
use axum::{
    extract::{FromRef, FromRequestParts, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;
use tracing::error;

use crate::{
    accounts::Accounts,
    http::error::Refusal,
    http::extract::auth::Admin,
    http::session_cookie::SessionCookie,
    metrics::Metrics,
    prediction::{ModelState, Predictor},
    settings::MetricsSettings,
    store::{Store, StoreError},
    tokens::token_hash,
};

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything measured, in Prometheus' text format. Anyone may read it; with `METRICS_TOKEN` set, whoever sends that as
/// the bearer token, and admins.
#[utoipa::path(get, path = "/metrics", tag = "watching", security((), ("token" = []), ("session" = [])), responses(
    (status = 200, description = "The metrics", body = String, content_type = "text/plain"),
    (status = 401, description = "token_missing, token_invalid", body = ErrorBody),
))]
pub async fn metrics(
    _reader: Reader,
    State(metrics): State<Metrics>,
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    uri: Uri,
) -> Response {
    if let Err(cause) = look_up(&metrics, accounts.store()).await {
        // The rest is all the more wanted now.
        error!("No se pudo medir la base de datos: {cause}");
    }
    metrics.set_model_ready(predictor.model_state() == ModelState::Ready);
    metrics.set_cache_entries(predictor.cache_entries());
    match spawn_blocking(move || metrics.render()).await {
        Ok(text) => ([(CONTENT_TYPE, TEXT_FORMAT), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(cause) => {
            error!("Error en el endpoint '/metrics': {cause}");
            Refusal::internal().answer(uri.path())
        }
    }
}

/// What only the database knows.
async fn look_up(metrics: &Metrics, store: &Store) -> Result<(), StoreError> {
    metrics.set_database_pool(store.connections());
    metrics.set_registered_users(store.registered().await?);
    metrics.set_mail_outbox_pending(store.mail_pending().await?);
    Ok(())
}

/// What may be asked for before the metrics are shown.
#[derive(Clone, Copy)]
pub struct MetricsGate {
    /// The token's hash, so that comparing takes the same time whatever is sent.
    token: Option<[u8; 32]>,
}

impl MetricsGate {
    /// Open when no token is set.
    pub fn new(settings: &MetricsSettings) -> Self {
        let token = settings.metrics_token.as_ref();
        Self {
            token: token.map(|token| token_hash(token.expose())),
        }
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(expected) = self.token else { return Ok(()) };
        let refuse = |code, text: &'static str| Refusal::new(StatusCode::UNAUTHORIZED, code, text);
        let Some(token) = bearer(headers) else {
            return Err(refuse(ErrorCode::TokenMissing, "Falta el token de las métricas."));
        };
        if token_hash(token) == expected {
            return Ok(());
        }
        Err(refuse(
            ErrorCode::TokenInvalid,
            "El token de las métricas no es válido.",
        ))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whoever may read the metrics: anyone, or with `METRICS_TOKEN` set, whoever has that, and admins.
pub struct Reader;

impl<S> FromRequestParts<S> for Reader
where
    Accounts: FromRef<S>,
    MetricsGate: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let refusal = match MetricsGate::from_ref(state).check(&parts.headers) {
            Ok(()) => return Ok(Self),
            Err(refusal) => refusal,
        };
        if Admin::from_request_parts(parts, state).await.is_ok() {
            return Ok(Self);
        }
        let mut response = refusal.answer(parts.uri.path());
        let challenge = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        Err(response)
    }
}
