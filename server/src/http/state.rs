//! The state shared by all handlers.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{
    layers::rate_limit::RouteLimits, metrics_gate::MetricsGate, readiness::Readiness, session_cookie::SessionCookie,
};
use crate::{
    accounts::Accounts,
    metrics::Metrics,
    models::Models,
    prediction::Predictor,
    prometheus::Prometheus,
    scrapes::{Recorder, Scraper},
    store::Store,
};

/// The state that handlers extract their parts of. Each layer clones the route inside it with its state for each request,
/// so a clone has to cost nothing.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub(crate) struct Parts {
    /// Where the files of the site are.
    pub site: LeptosOptions,
    /// Predictions for uploaded images.
    pub predictor: Predictor,
    /// Which model answers.
    pub models: Models,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// The database.
    pub store: Store,
    /// The session cookie of browsers.
    pub session_cookie: SessionCookie,
    /// The quotas of the routes.
    pub limits: RouteLimits,
    /// Readiness.
    pub readiness: Readiness,
    /// The metrics recorder.
    pub metrics: Metrics,
    /// Access to the metrics.
    pub metrics_gate: MetricsGate,
    /// Reads the metrics.
    pub scraper: Scraper,
    /// The metrics of the last hour.
    pub recorder: Recorder,
    /// The metrics of all servers.
    pub prometheus: Prometheus,
    /// The name of this server.
    pub instance: Instance,
}

/// The name of this server: host and port.
#[derive(Clone)]
pub(crate) struct Instance(pub Arc<str>);

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

macro_rules! extract {
    ($($part:ident: $type:ty),+ $(,)?) => {
        $(impl FromRef<AppState> for $type {
            fn from_ref(state: &AppState) -> Self {
                state.$part.clone()
            }
        })+
    };
}

extract! {
    site: LeptosOptions,
    predictor: Predictor,
    models: Models,
    accounts: Accounts,
    store: Store,
    session_cookie: SessionCookie,
    limits: RouteLimits,
    readiness: Readiness,
    metrics: Metrics,
    metrics_gate: MetricsGate,
    scraper: Scraper,
    recorder: Recorder,
    prometheus: Prometheus,
    instance: Instance,
}
