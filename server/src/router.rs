//! Every URL on one screen.

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::{
    layers,
    metrics::Metrics,
    prediction::Predictor,
    routes::{health, health::Health, metrics, metrics::MetricsGate, pages, predict, unmatched},
    settings::Settings,
};

/// What handlers are given.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Where the page's files are.
    pub site: LeptosOptions,
    /// From bytes to an answer.
    pub predictor: Predictor,
    /// Whether to send requests here.
    pub health: Health,
    /// What is counted.
    pub metrics: Metrics,
    /// Who may read that.
    pub metrics_gate: MetricsGate,
}

/// All routes, with every layer around them.
pub fn router(state: AppState, settings: &Settings) -> Router {
    let site = state.site.clone();
    let counted = state.metrics.clone();
    let routes = Router::new()
        .route("/predict", post(predict::predict))
        .route("/api/predict", post(predict::predict))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/api/metrics", get(metrics::metrics))
        .leptos_routes(&state, generate_route_list(app::App), {
            let site = site.clone();
            move || app::shell(site.clone())
        })
        .method_not_allowed_fallback(unmatched::method_not_allowed)
        .fallback_service(pages::files(&site))
        .with_state(state);
    layers::wrap(routes, settings, &counted)
}
