//! Every URL on one screen.

use axum::{
    Router,
    extract::FromRef,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::Accounts,
    http::layers,
    http::layers::{
        burst_limit::Flood,
        rate_limit::{Limits, limit_ip, limit_user},
    },
    http::routes::{
        admin::{errors, users as admin},
        confirm, fallback as unmatched, health,
        health::Health,
        login, logout, me, metrics,
        metrics::MetricsGate,
        openapi as docs, pages, password, predict, predictions as history, register,
    },
    http::session_cookie::SessionCookie,
    metrics::Metrics,
    prediction::Predictor,
    settings::Settings,
};

/// What handlers are given.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Where the page's files are.
    pub site: LeptosOptions,
    /// From bytes to an answer.
    pub predictor: Predictor,
    /// From a form to an account.
    pub accounts: Accounts,
    /// The browser's session cookie.
    pub session_cookie: SessionCookie,
    /// How often a client may ask.
    pub limits: Limits,
    /// Whether to send requests here.
    pub health: Health,
    /// What is counted.
    pub metrics: Metrics,
    /// Who may read that.
    pub metrics_gate: MetricsGate,
}

/// All routes, with every layer around them.
pub fn router(state: AppState, settings: &Settings, flood: Option<&Flood>) -> Router {
    let site = state.site.clone();
    let counted = state.metrics.clone();
    let is_secure = state.session_cookie.is_secure();
    let by_ip = || from_fn_with_state(state.limits.clone(), limit_ip);
    let by_user = || from_fn_with_state(state.clone(), limit_user);

    // Anyone may ask, so often from one address.
    let anonymous = OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(confirm::resend))
        .routes(routes!(confirm::confirm))
        .routes(routes!(password::forgot))
        .routes(routes!(password::reset))
        .route_layer(by_ip());
    // A user may ask, so often.
    let predictions = OpenApiRouter::new()
        .routes(routes!(predict::predict))
        .route_layer(by_user());
    let signed_in = OpenApiRouter::new()
        .routes(routes!(logout::logout))
        .routes(routes!(logout::everywhere))
        .routes(routes!(me::me))
        .routes(routes!(history::predictions))
        .routes(routes!(history::correction))
        .routes(routes!(admin::users))
        .routes(routes!(admin::csv))
        .routes(routes!(admin::change))
        .routes(routes!(admin::resend))
        .routes(routes!(errors::errors));
    let mut api = anonymous
        .merge(predictions)
        .merge(signed_in)
        .layer(from_fn(layers::no_store));
    // The seed's own paths.
    let mut seed = Router::new()
        .route("/register", post(register::register))
        .route("/login", post(login::login))
        .route_layer(by_ip())
        .merge(
            Router::new()
                .route("/predict", post(predict::predict))
                .route_layer(by_user()),
        )
        .layer(from_fn(layers::no_store));

    if let Some(flood) = flood {
        api = api.route_layer(flood.layer());
        seed = seed.route_layer(flood.layer());
    }
    // Whoever watches the server is never refused.
    let (api, description) = OpenApiRouter::with_openapi(docs::Api::openapi())
        .nest("/api", api.routes(routes!(metrics::metrics)))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .split_for_parts();
    let api = api
        .merge(seed)
        .route("/metrics", get(metrics::metrics))
        .merge(docs::pages(docs::complete(description)));

    let shown = Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), pages::context, {
            let site = site.clone();
            move || app::shell(site.clone())
        })
        .route_layer(from_fn_with_state(state.clone(), pages::know_visitor));

    let routes = api
        .merge(shown)
        .method_not_allowed_fallback(unmatched::method_not_allowed)
        .fallback_service(pages::files(&state))
        .with_state(state);
    layers::wrap(routes, settings, &counted, is_secure)
}
