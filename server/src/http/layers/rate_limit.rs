//! The quotas around routes.

use std::sync::Arc;

use api::ErrorCode;
use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use tracing::warn;

use crate::{
    accounts::Attempts,
    http::error::Refusal,
    http::extract::{Client, auth::SignedIn},
    limits::{Limiter, RateLimitError, RateLimitKey},
    metrics::rate_limited,
    settings::LimitSettings,
};

/// Every quota there is.
#[derive(Clone)]
pub struct Limits(pub Arc<Quotas>);

/// The quotas by what they are for.
pub struct Quotas {
    /// Of each anonymous route, by address.
    pub default: Limiter,
    /// Of registering, by address.
    pub register: Limiter,
    /// Of predictions, by user.
    pub predict: Limiter,
    /// Of wrong passwords.
    pub attempts: Attempts,
}

impl Limits {
    /// As the settings say.
    pub fn new(settings: &LimitSettings) -> Self {
        let limiter = |quotas| Limiter::new(settings.ratelimit_enabled, quotas);
        Self(Arc::new(Quotas {
            default: limiter(&settings.ratelimit_default),
            register: limiter(&settings.ratelimit_register),
            predict: limiter(&settings.ratelimit_predict),
            attempts: Attempts::new(settings.ratelimit_enabled),
        }))
    }
}

/// Around routes that anyone may ask: so many from one address on each route.
pub async fn limit_ip(State(limits): State<Limits>, client: Client, request: Request, next: Next) -> Response {
    let endpoint = endpoint(&request);
    let limiter = if endpoint == "/api/register" {
        &limits.0.register
    } else {
        &limits.0.default
    };
    let who = RateLimitKey::Ip(endpoint, client.ip);
    answer(limiter, &who, is_no_fault, request, next).await
}

/// Around predict: so many for one user.
pub async fn limit_user(State(limits): State<Limits>, signed_in: SignedIn, request: Request, next: Next) -> Response {
    let who = RateLimitKey::User(signed_in.user.id);
    // Forbidden is who has to confirm the address first: the limit of tries refused.
    let is_free = |status| is_no_fault(status) || status == StatusCode::FORBIDDEN;
    answer(&limits.0.predict, &who, is_free, request, next).await
}

/// Whether another limit refused, or the server failed.
fn is_no_fault(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// Spend one, and answer; an answer that `is_free` costs nothing here.
async fn answer(
    limiter: &Limiter,
    who: &RateLimitKey,
    is_free: impl Fn(StatusCode) -> bool,
    request: Request,
    next: Next,
) -> Response {
    let mut standing = match limiter.check(who) {
        Ok(standing) => standing,
        Err(refused) => return endpoint_refused(endpoint(&request), request.uri().path(), &refused),
    };
    let mut response = next.run(request).await;
    let status = response.status();
    if is_free(status) {
        limiter.refund(who);
        standing = limiter.peek(who).unwrap_or(standing);
    }
    // A limit further in has written what it refuses by.
    if let Some(standing) = standing.filter(|_| status != StatusCode::TOO_MANY_REQUESTS) {
        standing.write(response.headers_mut());
    }
    response
}

/// Log a refusal, count it, and say when to come again.
pub fn endpoint_refused(endpoint: &'static str, path: &str, refused: &RateLimitError) -> Response {
    rate_limited(endpoint);
    warn!("Límite de solicitudes superado en '{endpoint}'.");
    let text = "Demasiadas solicitudes. Espera los segundos que dice Retry-After.";
    let mut response = Refusal::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, text)
        .retry_after(refused.retry_after())
        .answer(path);
    refused.status.write(response.headers_mut());
    response
}

/// The routes with a limit, by the names that the log and the metrics know.
const ENDPOINTS: [&str; 8] = [
    "/api/register",
    "/api/login",
    "/api/predict",
    "/api/confirm/{token}",
    "/api/confirm/resend",
    "/api/password/forgot",
    "/api/password/reset",
    "/api/logout",
];

/// The route's own name, whatever its parameters; the seed's paths count as ours.
fn endpoint(request: &Request) -> &'static str {
    let matched = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", |matched| matched.as_str());
    let matched = matched.strip_prefix("/api").unwrap_or(matched);
    ENDPOINTS
        .into_iter()
        .find(|endpoint| endpoint.strip_prefix("/api") == Some(matched))
        .unwrap_or("/api")
}
