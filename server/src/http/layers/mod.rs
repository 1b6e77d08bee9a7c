//! Every middleware, in order from the outside in, each with its why.

pub mod body_limit;
pub mod burst_limit;
pub mod metrics;
pub mod rate_limit;

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

use crate::{
    http::error::Refusal,
    http::error_page::Asker,
    http::extract::{TrustedProxies, name_client},
    http::layers::body_limit::limit_body,
    http::layers::metrics as http,
    http::request_id,
    metrics::Metrics,
    settings::Settings,
};

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

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
            .layer(from_fn(request_id::identify))
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

/// The panic hook has logged the cause by the time this answers.
async fn catch_panic(request: Request, next: Next) -> Response {
    let asker = Asker::of(&request);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| asker.answer(Refusal::internal()))
}

async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let asker = Asker::of(&request);
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| {
            let text = "La solicitud tardó demasiado. Inténtalo de nuevo.";
            let refusal = Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, text);
            asker.answer(refusal)
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

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, http::header::ACCEPT, routing::get};
    use tower::ServiceExt;

    use super::*;

    /// What a reader of pages and a program are told where handlers fail.
    async fn told(path: &str, accepts: &str, language: &str) -> (StatusCode, String, String) {
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
    async fn a_reader_is_told_the_requests_id_in_their_language() {
        for (path, status) in [("/panics", 500), ("/hangs", 408)] {
            for (language, words) in [("es", "no pudo responder"), ("en", "couldn't answer")] {
                let (found, id, page) = told(path, "text/html,*/*;q=0.8", language).await;
                assert_eq!(found, status);
                assert!(page.starts_with("<!DOCTYPE html>") && page.contains(words), "{page}");
                assert!(page.contains(&format!("<code>{id}</code>")), "{page}");
            }
        }
    }

    #[tokio::test]
    async fn a_program_is_told_it_as_json() {
        for (path, accepts) in [("/panics", "*/*"), ("/api/panics", "text/html")] {
            let (status, id, body) = told(path, accepts, "es").await;
            assert_eq!(status, 500);
            assert!(
                body.starts_with("{\"code\":\"internal\"") && body.contains(&id),
                "{body}"
            );
        }
    }
}
