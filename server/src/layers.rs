//! Every middleware, in order from the outside in, each with its why.

use std::{panic::AssertUnwindSafe, time::Duration};

use app::wire::ErrorCode;
use axum::{
    Router,
    body::HttpBody,
    extract::{DefaultBodyLimit, Request, State},
    http::{
        HeaderName, HeaderValue, Response as HttpResponse, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use futures_util::FutureExt;
use tower::ServiceBuilder;
use tower_http::{
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    set_header::SetResponseHeaderLayer,
};
use tracing::{Instrument, error_span};
use uuid::Uuid;

use crate::{
    body_limit::limit_body,
    limits::{Client, TrustedProxies, name_client},
    metrics::{Metrics, http},
    refusal::Refusal,
    settings::Settings,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The longest id taken from a proxy.
const ID_LENGTH: usize = 64;

/// Put every layer around the routes.
pub fn wrap(routes: Router, settings: &Settings, metrics: &Metrics, is_secure: bool) -> Router {
    let proxies = TrustedProxies(settings.limits.trusted_proxies.clone().into());
    let timeout = settings.connections.request_timeout_seconds;
    let body_limit = settings.upload.max_upload_bytes as u64;
    routes.layer(
        ServiceBuilder::new()
            // Who asks; before the id, which is taken from a trusted proxy.
            .layer(from_fn_with_state(proxies, name_client))
            // First, so that whatever is logged or answered below carries the request's id.
            .layer(from_fn(request_id))
            // Around all that may refuse or fail, so that what it answers is counted.
            .layer(from_fn_with_state(metrics.clone(), http::with_recorder))
            .layer(http::count(metrics))
            // On every answer, refusals included: no guessing of types, no paths to other sites.
            .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(header(REFERRER_POLICY, "same-origin"))
            // No other site's window reaches into ours.
            .layer(header(OPENER_POLICY, "same-origin"))
            // What is no page runs nothing and is shown in no frame; pages bring a policy of their own.
            .layer(header(
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; frame-ancestors 'none'",
            ))
            // Behind TLS, browsers are to come back over TLS only.
            .option_layer(is_secure.then(|| header(STRICT_TRANSPORT_SECURITY, "max-age=31536000")))
            // A panic in a handler is that request's 500, and nobody else's business.
            .layer(from_fn(catch_panic))
            // Bounds what a slow body, or anything that hangs, can hold.
            .layer(from_fn_with_state(timeout, limit_time))
            // Text that is worth it; the site's files are compressed beforehand.
            .layer(
                CompressionLayer::new()
                    .br(true)
                    .gzip(true)
                    .compress_when(SizeAbove::new(1024).and(Text)),
            )
            // A page depends on its reader's language and session, and is asked for each time.
            .layer(from_fn(mark_pages))
            // Next to the handlers, so that the time limit holds for what is thrown away too; in place of axum's own.
            .layer(from_fn_with_state(body_limit, limit_body))
            .layer(DefaultBodyLimit::disable()),
    )
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The request's id in the log's lines and in the answer: a trusted proxy's, else a fresh one. One that the client
/// sends is not believed.
async fn request_id(client: Client, mut request: Request, next: Next) -> Response {
    let id = given_id(client, &request).unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    let value = HeaderValue::from_str(&id).ok();
    if let Some(value) = value.clone() {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    // At the highest level, so that no LOG_LEVEL takes the id from a line that is logged.
    let span = error_span!("request", request_id = %id);
    let mut response = next.run(request).instrument(span).await;
    if let Some(value) = value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn given_id(client: Client, request: &Request) -> Option<String> {
    let given = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_good = (1..=ID_LENGTH).contains(&given.len()) && given.bytes().all(is_word);
    (client.is_proxied && is_good).then(|| given.to_owned())
}

/// The panic hook has logged the cause by the time this answers.
async fn catch_panic(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| Refusal::internal().answer(&path))
}

async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| {
            let text = "La solicitud tardó demasiado. Inténtalo de nuevo.";
            Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, text).answer(&path)
        })
}

/// What is about one user isn't kept by anyone on the way.
pub async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn mark_pages(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if is_type(&response, &["text/html"]) {
        let headers = response.headers_mut();
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-cache"));
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    response
}

/// What compresses well and isn't stored compressed.
#[derive(Clone, Copy)]
struct Text;

impl Predicate for Text {
    fn should_compress<B: HttpBody>(&self, response: &HttpResponse<B>) -> bool {
        is_type(response, &["text/", "application/json"])
    }
}

fn is_type<B>(response: &HttpResponse<B>, types: &[&str]) -> bool {
    let found = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    found.is_some_and(|found| types.iter().any(|wanted| found.starts_with(wanted)))
}
