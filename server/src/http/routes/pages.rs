//! The HTML pages, rendered by leptos, and the files of the site.

use std::env;

use api::{
    LiveModel, Locale, Me,
    access::{self, AccessError},
};
use app::{FormAnswer, HistoryRoom, PlainUpload};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    handler::Handler,
    http::{
        HeaderValue, Response, StatusCode, Uri,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
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

use super::{fallback, offline};
use crate::http::{
    convert,
    extract::{
        PER_PAGE,
        auth::{AuthError, authenticate},
        denials, locale,
    },
    layers::forbid_storing,
    state::AppState,
};

/// The files of the built site, with [`fallback::not_found`] for unknown paths.
pub(crate) fn files(state: &AppState) -> Router {
    let not_found = fallback::not_found
        .layer(middleware::from_fn_with_state(state.clone(), authorize))
        .with_state(state.site.clone());
    let files = ServeDir::new(&*state.site.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    let mut routes = Router::new();
    // Pages refer to their files through a path prefix that is unique to the build.
    if let Some(build) = app::site::build(&state.site) {
        routes = routes.nest_service(&format!("/{build}"), files.clone());
    }
    let routes = routes.fallback_service(files).layer(middleware::from_fn(cache_files));
    routes.merge(offline::files(&state.site))
}

/// Files with a content hash in their name are cached forever, other files for an hour.
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

/// Whether the file name has a hash as cargo-leptos adds it: `trazo.<22 characters>.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.rsplit('.').skip(1);
    matches!((parts.next(), parts.next()), (Some(hash), Some(_))
        if hash.len() >= 16 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
}

/// The HTML page for unknown paths, with status 404.
pub(crate) async fn not_found(options: LeptosOptions, request: Request) -> Response<Body> {
    let mut response = render(State(options), request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// All pages, for handlers that answer with one.
pub(crate) fn rendered(state: &AppState) -> Router {
    Router::new()
        .fallback(render)
        .layer(middleware::from_fn_with_state(state.clone(), authorize))
        .with_state(state.site.clone())
}

async fn render(State(options): State<LeptosOptions>, request: Request) -> Response<Body> {
    let page = leptos_axum::render_app_async_with_context(provide_request, move || app::shell(options.clone()));
    page(request).await
}

/// The signed-in user, as an extension of the page request.
#[derive(Debug, Clone)]
struct Visitor(Option<Me>);

/// The layer of all pages: stores the signed-in user in the request, redirects visitors without a session to the login
/// page where one is required, and answers 403 where the role of an admin is missing. For the account page it also stores
/// how long the history is. If another model than the page's answers, it stores which.
pub(crate) async fn authorize(State(state): State<AppState>, mut request: Request, next: Next) -> Response<Body> {
    let (method, headers) = (request.method(), request.headers());
    let me = match authenticate(&state.accounts, &state.session_cookie, method, headers).await {
        Ok(current) => Some(convert::me(&current.user)),
        Err(AuthError::Store(cause)) => {
            error!("No se pudo saber quién mira la página: {cause}");
            None
        }
        Err(_) => None,
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let denied = access::check(access::required(path), me.as_ref()).err();
    if denied == Some(AccessError::SignIn) {
        return Redirect::to(&access::sign_in_for(path)).into_response();
    }
    if denied == Some(AccessError::AdminOnly)
        && let Some(me) = &me
    {
        denials::not_admin(request.extensions(), &me.username);
    }
    if let Some(me) = &me
        && request.uri().path() == "/account"
    {
        match state.store.count_predictions_up_to(me.id, PER_PAGE).await {
            Ok(entries) => _ = request.extensions_mut().insert(HistoryRoom(entries)),
            Err(cause) => error!("No se pudo saber cuántas predicciones hay: {cause}"),
        }
    }
    if let Some(model) = state.models.other_than_shipped() {
        request.extensions_mut().insert(model);
    }
    let is_signed_in = me.is_some();
    request.extensions_mut().insert(Visitor(me));
    let mut response = next.run(request).await;
    if denied == Some(AccessError::AdminOnly) && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    if is_signed_in {
        forbid_storing(response)
    } else {
        response
    }
}

/// Provides the contexts of a page before it is rendered: the user and the locale of the request, and the answer to a plain
/// form and the live model, which are extensions of the request. Sets the content security policy with the nonce of the
/// scripts.
pub(crate) fn provide_request() {
    if let Some(parts) = use_context::<Parts>() {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let me = visitor.and_then(|Visitor(me)| me);
        let locale = locale::of(&parts.headers);
        if let Some(answer) = parts.extensions.get::<FormAnswer>() {
            provide_context(answer.clone());
        }
        if let Some(answer) = parts.extensions.get::<PlainUpload>() {
            provide_context(answer.clone());
        } else if parts.uri.path() == "/" {
            provide_context(PlainUpload::form(locale, me.is_some()));
        }
        if let Some(room) = parts.extensions.get::<HistoryRoom>() {
            provide_context(*room);
        }
        if let Some(model) = parts.extensions.get::<LiveModel>() {
            provide_context(model.clone());
        }
        provide_context::<Option<Me>>(me);
        provide_context::<Locale>(locale);
    }
    if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&policy(&nonce))
    {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// The port on which cargo-leptos announces a new build to open pages (`make watch`). leptos then adds a script to every
/// page that connects to it.
fn reload_port() -> Option<u16> {
    env::var_os("LEPTOS_WATCH")?;
    env::var("LEPTOS_RELOAD_PORT").ok()?.parse().ok()
}

/// Allows files of this origin and scripts with the nonce of this response; forbids framing.
fn policy(nonce: &str) -> String {
    let reload = reload_port().map(|port| format!(" ws://*:{port}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'"
    )
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
