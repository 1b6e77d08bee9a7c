//! `GET /health/live` and `GET /health/ready`: for whoever restarts the process, and whoever sends it requests.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::wire::{self, ErrorCode, HealthStatus};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};

use crate::{
    prediction::{ModelState, Predictor},
    refusal::Refusal,
};

/// What readiness depends on; cheap to clone.
#[derive(Clone)]
pub struct Health {
    predictor: Predictor,
    draining: Arc<AtomicBool>,
}

impl Health {
    /// Ready as soon as the predictor's model is.
    pub fn new(predictor: Predictor) -> Self {
        Self {
            predictor,
            draining: Arc::default(),
        }
    }

    /// From now on not ready: the server is about to end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), Refusal> {
        let unready = |code, text: &'static str| Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, code, text));
        if self.draining.load(Ordering::Relaxed) {
            return unready(ErrorCode::Draining, "El servidor está terminando.");
        }
        match self.predictor.model_state() {
            ModelState::Ready => Ok(()),
            ModelState::Loading => unready(ErrorCode::Starting, "El servidor está arrancando."),
            ModelState::Missing => unready(ErrorCode::ModelMissing, "El servidor no tiene modelo."),
        }
    }
}

/// The process answers.
pub async fn live() -> Json<wire::Health> {
    Json(wire::Health {
        status: HealthStatus::Live,
    })
}

/// The process can serve.
pub async fn ready(State(health): State<Health>, uri: Uri) -> Response {
    match health.check() {
        Ok(()) => Json(wire::Health {
            status: HealthStatus::Ready,
        })
        .into_response(),
        Err(refusal) => refusal.answer(uri.path()),
    }
}
