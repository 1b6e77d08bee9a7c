//! The service worker, and the script and the styles for pages that can't reach the server (docs/adr/0021-offline.md).

use app::{offline, site};
use axum::{
    Router,
    body::Bytes,
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    routing::{MethodRouter, get},
};
use leptos::config::LeptosOptions;

use super::fallback;

/// What the worker may do: load what it keeps, and send drawings. It is the policy of the other files too, where it has no
/// effect.
const WORKER_POLICY: &str =
    "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files beside those that a page needs, and that the worker keeps.
const OTHER_FILES: [&str; 3] = ["/favicon.svg", "/manifest.webmanifest", "/manifest.en.webmanifest"];

/// The routes. There is no worker for files whose names stay the same after a change.
pub(crate) fn files(options: &LeptosOptions) -> Router {
    let build = site::build(options);
    let folder = build.map(|build| format!("/{build}")).unwrap_or_default();
    let caching = if build.is_some() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let [script, styles] = ["offline.js", "offline.css"].map(|name| format!("{folder}/{name}"));
    let mut routes = Router::new()
        .route(&script, text("text/javascript", caching, offline::page_script(build)))
        .route(&styles, text("text/css", caching, offline::STYLES.to_owned()));
    if let Some(build) = build {
        let mut kept = site::drawing_files(options);
        kept.extend([script, styles]);
        kept.extend(OTHER_FILES.map(str::to_owned));
        let worker = text("text/javascript", "no-cache", offline::worker_script(build, &kept));
        routes = routes.route("/worker.js", worker);
    }
    routes.method_not_allowed_fallback(fallback::method_not_allowed)
}

/// A route that answers with this text.
fn text(content_type: &'static str, caching: &'static str, body: String) -> MethodRouter {
    // Cheap to clone, which axum does for each request.
    let body = Bytes::from(body);
    let headers: [(HeaderName, HeaderValue); 3] = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY)),
    ];
    get(async move || (headers, body))
}
