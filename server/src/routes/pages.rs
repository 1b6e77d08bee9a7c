//! The pages, rendered by leptos, and the files they load.

use axum::{
    Router,
    body::Body,
    extract::Request,
    handler::Handler,
    http::{HeaderValue, Response, StatusCode, Uri, header::CACHE_CONTROL},
    middleware::{self, Next},
};
use leptos::config::LeptosOptions;
use tower_http::services::ServeDir;

use super::unmatched;

/// The files of the built site; what isn't there is [`unmatched::not_found`].
pub fn files(options: &LeptosOptions) -> Router {
    let not_found = unmatched::not_found.with_state(options.clone());
    let files = ServeDir::new(&*options.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    let mut routes = Router::new();
    // The pages name their files by the folder of their build.
    if let Some(build) = app::site::build(options) {
        routes = routes.nest_service(&format!("/{build}"), files.clone());
    }
    routes
        .fallback_service(files)
        .layer(middleware::from_fn(cache_files))
}

/// A file whose name holds its content's hash never changes; any other is asked for again after an hour.
async fn cache_files(uri: Uri, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let policy = if is_hashed(uri.path()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    }
    response
}

/// Whether a name is as cargo-leptos hashes it: `trazo.Xj3aBq0…22 characters.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.rsplit('.').skip(1);
    matches!((parts.next(), parts.next()), (Some(hash), Some(_))
        if hash.len() >= 16 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
}

/// The page that says there is no such page, with status 404.
pub async fn not_found(options: LeptosOptions, request: Request) -> Response<Body> {
    let render = leptos_axum::render_app_async(move || app::shell(options.clone()));
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("/pkg/trazo.BqS3ZBP0WcU4uuE8kCKJbQ.wasm"));
        for path in [
            "/pkg/trazo.wasm",
            "/favicon.ico",
            "/",
            "/pkg/trazo_bg.wasm",
            "/manifest.v2.json",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
