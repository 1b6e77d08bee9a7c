//! Rate limits of routes, and their response headers.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use api::ErrorCode;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::warn;

use crate::{
    http::{
        error::ApiError,
        extract::{ClientIp, CurrentUser, Endpoint},
    },
    limits::{Limiter, RateLimitError, RateLimitKey, RateLimitStatus},
    metrics::rate_limited,
    settings::LimitSettings,
};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The quotas of the routes.
#[derive(Clone)]
pub(crate) struct RouteLimits {
    /// Per IP address, for each anonymous route without a quota of its own.
    pub default: Arc<Limiter>,
    /// Per IP address, for registration.
    pub register: Arc<Limiter>,
    /// Per user, for predictions.
    pub predict: Arc<Limiter>,
}

impl RouteLimits {
    /// The quotas that `settings` define.
    pub(crate) fn new(settings: &LimitSettings) -> Self {
        let limiter = |quotas| Arc::new(Limiter::new(settings.ratelimit_enabled, quotas));
        Self {
            default: limiter(&settings.ratelimit_default),
            register: limiter(&settings.ratelimit_register),
            predict: limiter(&settings.ratelimit_predict),
        }
    }
}

/// The layer of anonymous routes: a quota per endpoint and IP address.
pub(crate) async fn limit_by_ip(
    State(limiter): State<Arc<Limiter>>,
    endpoint: Endpoint,
    client: ClientIp,
    request: Request,
    next: Next,
) -> Response {
    let key = RateLimitKey::Ip(endpoint.0.clone(), client.ip);
    run_limited(&limiter, &key, &endpoint, is_refunded, request, next).await
}

/// The layer of the predict routes: a quota per user.
pub(crate) async fn limit_by_user(
    State(limits): State<RouteLimits>,
    endpoint: Endpoint,
    current: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let key = RateLimitKey::User(current.user.id);
    // Status 403 is the limit of predictions before the email address is confirmed.
    let is_free = |status| is_refunded(status) || status == StatusCode::FORBIDDEN;
    run_limited(&limits.predict, &key, &endpoint, is_free, request, next).await
}

/// Whether another limit rejected the request, or the server failed.
fn is_refunded(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// Takes one from the quota and runs the request; gives it back if the status of the response `is_free`.
async fn run_limited(
    limiter: &Limiter,
    key: &RateLimitKey,
    endpoint: &Endpoint,
    is_free: impl Fn(StatusCode) -> bool,
    request: Request,
    next: Next,
) -> Response {
    let mut status = match limiter.check(key) {
        Ok(status) => status,
        Err(exceeded) => return reject(&endpoint.0, &exceeded),
    };
    let mut response = next.run(request).await;
    let code = response.status();
    if is_free(code) {
        limiter.refund(key);
        status = limiter.peek(key).unwrap_or(status);
    }
    // An inner limit that rejected the request has written its own headers.
    if let Some(status) = status.filter(|_| code != StatusCode::TOO_MANY_REQUESTS) {
        write_headers(&status, response.headers_mut());
    }
    response
}

/// Logs and counts a request above a limit, and returns the response with status 429.
pub(crate) fn reject(endpoint: &str, exceeded: &RateLimitError) -> Response {
    rate_limited(endpoint);
    warn!("Límite de solicitudes superado en '{endpoint}'.");
    let text = "Demasiadas solicitudes. Espera los segundos que dice Retry-After.";
    let mut response = ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, text)
        .retry_after(exceeded.retry_after())
        .into_response();
    write_headers(&exceeded.status, response.headers_mut());
    response
}

/// Writes the headers of Flask-Limiter; the reset is Unix time in seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "clients compare the reset with their own clocks; quotas are measured by governor's monotonic clock"
)]
fn write_headers(status: &RateLimitStatus, headers: &mut HeaderMap) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    headers.insert(LIMIT, HeaderValue::from(status.limit));
    headers.insert(REMAINING, HeaderValue::from(status.remaining));
    headers.insert(RESET, HeaderValue::from((now + status.reset).as_secs()));
}
