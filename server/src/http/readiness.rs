//! What `GET /health/ready` checks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use api::ErrorCode;
use axum::http::StatusCode;

use super::error::ApiError;
use crate::{
    prediction::{ModelState, Predictor},
    store::Store,
};

/// Timeout of the database check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// What readiness depends on; cheap to clone.
#[derive(Clone)]
pub(crate) struct Readiness {
    predictor: Predictor,
    store: Store,
    site_missing: bool,
    draining: Arc<AtomicBool>,
}

impl Readiness {
    /// Ready once the model is loaded, as long as the database responds; never if `site_missing`.
    pub(crate) fn new(predictor: Predictor, store: Store, site_missing: bool) -> Self {
        Self {
            predictor,
            store,
            site_missing,
            draining: Arc::default(),
        }
    }

    /// Makes the server unready, because it is shutting down.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the server is shutting down.
    pub(crate) fn draining(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.draining)
    }

    /// Whether the server can serve requests.
    ///
    /// # Errors
    ///
    /// Status 503, with the first reason why it can't.
    pub(crate) async fn check(&self) -> Result<(), ApiError> {
        let unready = |code, text: &'static str| Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, text));
        if self.draining.load(Ordering::Relaxed) {
            return unready(ErrorCode::Draining, "El servidor está terminando.");
        }
        if self.site_missing {
            return unready(ErrorCode::SiteMissing, "Faltan los archivos de las páginas.");
        }
        match self.predictor.model_state() {
            ModelState::Ready => {}
            ModelState::Loading => return unready(ErrorCode::Starting, "El servidor está arrancando."),
            ModelState::Missing => return unready(ErrorCode::ModelMissing, "El servidor no tiene modelo."),
        }
        if tokio::time::timeout(CHECK_TIMEOUT, self.store.ping())
            .await
            .is_ok_and(|pong| pong.is_ok())
        {
            Ok(())
        } else {
            unready(ErrorCode::DatabaseUnavailable, "La base de datos no responde.")
        }
    }
}
