//! The state shared by all handlers.

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{
    layers::rate_limit::RouteLimits,
    routes::{health::Health, metrics::MetricsGate},
    session_cookie::SessionCookie,
};
use crate::{accounts::Accounts, metrics::Metrics, prediction::Predictor};

/// The state that handlers extract their parts of.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    /// Where the files of the site are.
    pub site: LeptosOptions,
    /// Predictions for uploaded images.
    pub predictor: Predictor,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// The session cookie of browsers.
    pub session_cookie: SessionCookie,
    /// The quotas of the routes.
    pub limits: RouteLimits,
    /// Readiness.
    pub health: Health,
    /// The metrics recorder.
    pub metrics: Metrics,
    /// Access to the metrics.
    pub metrics_gate: MetricsGate,
}
