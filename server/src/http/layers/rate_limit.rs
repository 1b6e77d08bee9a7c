//! Rate limits of routes, and their response headers.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
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
        extract::{ClientIp, Endpoint, PredictUser},
    },
    limits::{LimitStorage, Limiter, RateLimitError, RateLimitKey, RateLimitStatus},
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
    pub(crate) fn new(settings: &LimitSettings, storage: &LimitStorage) -> Self {
        let limiter = |name, quotas| Arc::new(Limiter::new(storage, name, settings.ratelimit_enabled, quotas));
        Self {
            default: limiter("default", &settings.ratelimit_default),
            register: limiter("register", &settings.ratelimit_register),
            predict: limiter("predict", &settings.ratelimit_predict),
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
    let charge = Charge::new(limiter, key, endpoint);
    run_limited(&charge, is_refunded, request, next).await
}

/// The layer of the predict routes: a quota per user. Handlers of several predictions take the others from the [`Charge`].
pub(crate) async fn limit_by_user(
    State(limits): State<RouteLimits>,
    endpoint: Endpoint,
    PredictUser(user): PredictUser,
    mut request: Request,
    next: Next,
) -> Response {
    let key = RateLimitKey::User(user.id);
    let charge = Charge::new(Arc::clone(&limits.predict), key, endpoint);
    request.extensions_mut().insert(charge.clone());
    run_limited(&charge, is_free_prediction, request, next).await
}

/// What a request takes from a quota; cheap to clone.
#[derive(Clone)]
pub(crate) struct Charge(Arc<ChargeState>);

struct ChargeState {
    limiter: Arc<Limiter>,
    key: RateLimitKey,
    endpoint: Endpoint,
    taken: AtomicU32,
}

impl Charge {
    fn new(limiter: Arc<Limiter>, key: RateLimitKey, endpoint: Endpoint) -> Self {
        Self(Arc::new(ChargeState {
            limiter,
            key,
            endpoint,
            taken: AtomicU32::new(0),
        }))
    }

    /// Takes what a request of `count` predictions needs beside the one that it has taken before it was read. All of it is
    /// given back if the response has the status of a prediction that is free.
    ///
    /// # Errors
    ///
    /// Status 429 if fewer are left; then none is taken.
    pub(crate) async fn take_others(&self, count: usize) -> Result<(), ApiError> {
        let others = u32::try_from(count).unwrap_or(u32::MAX).saturating_sub(1);
        let Some(others) = NonZeroU32::new(others) else {
            return Ok(());
        };
        match self.take(others).await {
            Ok(_) => Ok(()),
            Err(exceeded) => Err(rejection(&self.0.endpoint.0, &exceeded)),
        }
    }

    /// Gives one back, for a part of the request whose status is that of a prediction that is free.
    pub(crate) async fn settle(&self, status: StatusCode) {
        if is_free_prediction(status) {
            self.0.limiter.refund(&self.0.key, 1).await;
        }
    }

    async fn take(&self, count: NonZeroU32) -> Result<Option<RateLimitStatus>, RateLimitError> {
        let status = self.0.limiter.check_all(&self.0.key, count).await?;
        self.0.taken.fetch_add(count.get(), Ordering::Relaxed);
        Ok(status)
    }

    async fn refund_all(&self) {
        let taken = self.0.taken.swap(0, Ordering::Relaxed);
        self.0.limiter.refund(&self.0.key, taken).await;
    }
}

/// Status 403 is the limit of predictions before the email address is confirmed.
fn is_free_prediction(status: StatusCode) -> bool {
    is_refunded(status) || status == StatusCode::FORBIDDEN
}

/// Whether another limit rejected the request, or the server failed.
fn is_refunded(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// Takes one from the quota and runs the request; gives it back if the status of the response `is_free`.
async fn run_limited(charge: &Charge, is_free: impl Fn(StatusCode) -> bool, request: Request, next: Next) -> Response {
    let ChargeState {
        limiter,
        key,
        endpoint,
        taken,
    } = &*charge.0;
    let mut status = match charge.take(NonZeroU32::MIN).await {
        Ok(status) => status,
        Err(exceeded) => return reject(&endpoint.0, &exceeded),
    };
    let mut response = next.run(request).await;
    if is_free(response.status()) {
        charge.refund_all().await;
    }
    if taken.load(Ordering::Relaxed) != 1 {
        status = limiter.status(key).await;
    }
    // An inner limit that rejected the request has written its own headers.
    if let Some(status) = status
        && !response.headers().contains_key(LIMIT)
    {
        write_headers(&status, response.headers_mut());
    }
    response
}

/// Logs and counts a request above a limit, and returns the response with status 429.
pub(crate) fn reject(endpoint: &str, exceeded: &RateLimitError) -> Response {
    let mut response = rejection(endpoint, exceeded).into_response();
    write_headers(&exceeded.status, response.headers_mut());
    response
}

/// The error of [`reject`].
fn rejection(endpoint: &str, exceeded: &RateLimitError) -> ApiError {
    rate_limited(endpoint);
    warn!("Límite de solicitudes superado en '{endpoint}'.");
    let text = "Demasiadas solicitudes. Espera los segundos que dice Retry-After.";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, text).retry_after(exceeded.retry_after())
}

/// Writes the headers of Flask-Limiter; the reset is Unix time in seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "clients compare the reset with their own clocks; quotas are measured by the clock of where they are counted"
)]
fn write_headers(status: &RateLimitStatus, headers: &mut HeaderMap) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    headers.insert(LIMIT, HeaderValue::from(status.limit));
    headers.insert(REMAINING, HeaderValue::from(status.remaining));
    headers.insert(RESET, HeaderValue::from((now + status.reset).as_secs()));
}
