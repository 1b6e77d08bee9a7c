//! The middleware of all routes, in order from the outside in.

pub(crate) mod body_limit;
pub(crate) mod burst_limit;
pub(crate) mod metrics;
pub(crate) mod model_version;
pub(crate) mod rate_limit;
mod request_id;
mod time_limit;

use std::{panic::AssertUnwindSafe, time::Duration};

use api::ErrorCode;
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

use super::{
    error::{ApiError, has_predict_key, use_predict_key},
    error_page::ErrorResponder,
    extract::{TrustedProxies, resolve_client_ip},
};
use crate::{metrics::Metrics, settings::Settings};
use body_limit::{BodyLimits, limit_body};
use time_limit::handle_within;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Wraps `routes` in every layer.
pub(crate) fn wrap(routes: Router, settings: &Settings, recorder: &Metrics, is_secure: bool) -> Router {
    let proxies = TrustedProxies::new(&settings.limits.trusted_proxies);
    let timeout = settings.connections.request_timeout_seconds;
    let body_limits = BodyLimits::new(&settings.upload, timeout);
    routes.layer(
        ServiceBuilder::new()
            // Before the request id, which is accepted from trusted proxies only.
            .layer(from_fn_with_state(proxies, resolve_client_ip))
            // Outside of everything that logs or fails, so that log lines and responses carry the request id.
            .layer(from_fn(request_id::assign))
            // Outside of everything that rejects requests or fails, so that those responses are counted.
            .layer(from_fn_with_state(recorder.clone(), metrics::with_recorder))
            .layer(metrics::count_requests(recorder))
            // On errors too: browsers must not guess content types, nor send paths to other sites.
            .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(header(REFERRER_POLICY, "same-origin"))
            .layer(SetResponseHeaderLayer::overriding(CONTENT_TYPE, with_charset))
            // Most responses concern one user. The others say how they may be cached.
            .layer(header(CACHE_CONTROL, "no-store"))
            // Windows of other sites get no reference to ours.
            .layer(header(OPENER_POLICY, "same-origin"))
            // For responses that are not pages: forbids scripts, forms and framing. Pages set another policy.
            .layer(header(
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ))
            // Behind TLS, browsers must return over TLS only, and to hosts below this one too: such a host could set
            // cookies for this one.
            .option_layer(is_secure.then(|| header(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains")))
            // Outside of every layer that rejects a request.
            .layer(from_fn_with_state(timeout, contain_failures))
            // Text above 1 kB only; the files of the site are precompressed.
            .layer(
                CompressionLayer::new()
                    .br(true)
                    .gzip(true)
                    .compress_when(SizeAbove::new(1024).and(Text)),
            )
            // Pages depend on locale and session, so caches must revalidate them.
            .layer(from_fn(set_page_caching))
            // Replaces axum's own limit.
            .layer(from_fn_with_state(body_limits, limit_body))
            .layer(DefaultBodyLimit::disable()),
    )
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The content type with its charset, if it is text that doesn't say one: a browser that guesses could read markup out of
/// another encoding.
fn with_charset(response: &Response) -> Option<HeaderValue> {
    let declared = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = declared.split(';').next().unwrap_or_default().trim_end();
    let is_text = essence.starts_with("text/") || essence.ends_with("/xml") || essence.ends_with("+xml");
    if !is_text || declared.contains("charset=") {
        return None;
    }
    HeaderValue::from_str(&format!("{declared}; charset=utf-8")).ok()
}

/// A panic becomes a 500 for that request only; the panic hook logs the cause. `limit` bounds the time that a handler, or a
/// body of which nothing arrives, holds a connection.
async fn contain_failures(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let is_predict = has_predict_key(request.uri().path());
    let responder = ErrorResponder::new(&request);
    let handled = AssertUnwindSafe(handle_within(limit, request, |request| next.run(request)));
    let response = match handled.catch_unwind().await {
        Ok(Some(response)) => response,
        Ok(None) => {
            let text = "La solicitud tardó demasiado. Inténtalo de nuevo.";
            let error = ApiError::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, text);
            responder.respond(error)
        }
        Err(_) => responder.respond(ApiError::internal()),
    };
    if is_predict {
        use_predict_key(response)
    } else {
        response
    }
}

/// Tells caches not to store a page, which they otherwise may.
pub(crate) fn forbid_storing(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn set_page_caching(request: Request, next: Next) -> Response {
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

/// Selects the content types that compress well and are not precompressed.
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

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, http::header::ACCEPT, routing::get};
    use tower::ServiceExt;

    use super::*;

    /// The response of a handler that fails: status, request id and body.
    async fn fetch(path: &str, accepts: &str, language: &str) -> (StatusCode, String, String) {
        let mut settings = Settings::defaults();
        settings.connections.request_timeout_seconds = Duration::from_millis(1);
        let metrics = Metrics::new(&settings).unwrap();
        let routes = Router::new()
            .route("/panics", get(async || -> &str { panic!("on purpose") }))
            .route("/hangs", get(std::future::pending::<&str>))
            .route("/api/panics", get(async || -> &str { panic!("on purpose") }));
        let request = Request::get(path)
            .header(ACCEPT, accepts)
            .header("accept-language", language)
            .body(axum::body::Body::empty())
            .unwrap();
        let response = wrap(routes, &settings, &metrics, false).oneshot(request).await.unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, id, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_browser_gets_an_error_page_with_the_request_id_in_its_language() {
        for (path, status) in [("/panics", 500), ("/hangs", 408)] {
            for (language, words) in [("es", "no pudo responder"), ("en", "couldn't answer")] {
                let (found, id, page) = fetch(path, "text/html,*/*;q=0.8", language).await;
                assert_eq!(found, status);
                assert!(page.starts_with("<!DOCTYPE html>") && page.contains(words), "{page}");
                assert!(page.contains(&format!("<code>{id}</code>")), "{page}");
            }
        }
    }

    #[tokio::test]
    async fn a_program_gets_the_error_as_json() {
        for (path, accepts) in [("/panics", "*/*"), ("/api/panics", "text/html")] {
            let (status, id, body) = fetch(path, accepts, "es").await;
            assert_eq!(status, 500);
            assert!(
                body.starts_with("{\"code\":\"internal\"") && body.contains(&id),
                "{body}"
            );
        }
    }
}
