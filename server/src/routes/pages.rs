//! The pages, rendered by leptos, and the files they load.

use std::env;

use api::{
    Locale, Me,
    access::{self, Denied},
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    handler::Handler,
    http::{
        HeaderMap, HeaderValue, Response, StatusCode, Uri,
        header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE},
        request::Parts,
    },
    middleware::{self, Next},
    response::{IntoResponse, Redirect},
};
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::ResponseOptions;
use tower_http::services::ServeDir;
use tracing::error;

use super::unmatched;
use crate::{
    accounts::{
        Accounts,
        visitor::{self, Unknown},
    },
    router::AppState,
};

/// The files of the built site; what isn't there is [`unmatched::not_found`].
pub fn files(state: &AppState) -> Router {
    let not_found = unmatched::not_found
        .layer(middleware::from_fn_with_state(state.accounts.clone(), know_visitor))
        .with_state(state.site.clone());
    let files = ServeDir::new(&*state.site.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    let mut routes = Router::new();
    // The pages name their files by the folder of their build.
    if let Some(build) = app::site::build(&state.site) {
        routes = routes.nest_service(&format!("/{build}"), files.clone());
    }
    routes.fallback_service(files).layer(middleware::from_fn(cache_files))
}

/// A file whose name holds its content's hash never changes; any other is asked for again after an hour.
async fn cache_files(uri: Uri, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let policy = if is_hashed(uri.path()) {
        "public, max-age=31536000, immutable"
    } else if reload_port().is_some() {
        "no-cache"
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
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone()));
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// Who looks at the page, as an extension of its request.
#[derive(Debug, Clone)]
struct Visitor(Option<Me>);

/// Find out who looks, and let them see only what they may: a visitor is sent to sign in, a user who is no admin is told
/// so with status 403. What is rendered for one user is kept by nobody.
pub async fn know_visitor(State(accounts): State<Accounts>, mut request: Request, next: Next) -> Response<Body> {
    let me = match accounts.identify(request.method(), request.headers()).await {
        Ok(signed_in) => Some(visitor::me(&signed_in.user)),
        Err(Unknown::Database(cause)) => {
            error!("No se pudo saber quién mira la página: {cause}");
            None
        }
        Err(_) => None,
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let denied = access::check(access::required(path), me.as_ref()).err();
    if denied == Some(Denied::SignIn) {
        let mut response = Redirect::to(&access::sign_in_for(path)).into_response();
        no_store(&mut response);
        return response;
    }
    let is_signed_in = me.is_some();
    request.extensions_mut().insert(Visitor(me));
    let mut response = next.run(request).await;
    if denied == Some(Denied::AdminOnly) && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    if is_signed_in {
        no_store(&mut response);
    }
    response
}

fn no_store(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// What a page is given before it is rendered: who looks, and the policy that its scripts' nonce is in.
pub fn context() {
    let visitor = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned());
    provide_context::<Option<Me>>(visitor.and_then(|Visitor(me)| me));
    if let (Some(nonce), Some(answer)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&policy(&nonce))
    {
        answer.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// The port that tells open pages of a new build, when cargo-leptos watches the source (`make watch`).
///
/// leptos adds a script to every page then, which needs permission to connect to that port.
fn reload_port() -> Option<u16> {
    env::var_os("LEPTOS_WATCH")?;
    env::var("LEPTOS_RELOAD_PORT").ok()?.parse().ok()
}

/// Only our own files, only scripts with this answer's nonce, and in nobody's frame.
fn policy(nonce: &str) -> String {
    let reload = reload_port().map(|port| format!(" ws://*:{port}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// The visitor's language: the cookie, else Accept-Language, else Spanish.
pub fn locale(headers: &HeaderMap) -> Locale {
    let value = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    Locale::requested(value(COOKIE), value(ACCEPT_LANGUAGE))
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
