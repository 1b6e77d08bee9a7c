//! `GET /health/live` and `GET /health/ready`: for whoever restarts the process, and whoever sends it requests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use api::{self, ErrorCode, HealthStatus};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};

use crate::{
    prediction::{ModelState, Predictor},
    refusal::Refusal,
    store::Store,
};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What readiness depends on; cheap to clone.
#[derive(Clone)]
pub struct Health {
    predictor: Predictor,
    store: Store,
    site_missing: bool,
    draining: Arc<AtomicBool>,
}

impl Health {
    /// Ready as soon as the predictor's model is, as long as the database answers, unless the pages' files are missing.
    pub fn new(predictor: Predictor, store: Store, site_missing: bool) -> Self {
        Self {
            predictor,
            store,
            site_missing,
            draining: Arc::default(),
        }
    }

    /// From now on not ready: the server is about to end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    async fn check(&self) -> Result<(), Refusal> {
        let unready = |code, text: &'static str| Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, code, text));
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
        if tokio::time::timeout(PATIENCE, self.store.ping())
            .await
            .is_ok_and(|pong| pong.is_ok())
        {
            Ok(())
        } else {
            unready(ErrorCode::DatabaseUnavailable, "La base de datos no responde.")
        }
    }
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", security(()), responses(
    (status = 200, description = "It answers", body = api::Health),
))]
pub async fn live() -> Json<api::Health> {
    Json(api::Health {
        status: HealthStatus::Live,
    })
}

/// The process can serve.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses(
    (status = 200, description = "It can", body = api::Health),
    (status = 503, description = "starting, draining, model_missing, site_missing, database_unavailable", body = api::ErrorBody),
))]
pub async fn ready(State(health): State<Health>, uri: Uri) -> Response {
    match health.check().await {
        Ok(()) => Json(api::Health {
            status: HealthStatus::Ready,
        })
        .into_response(),
        Err(refusal) => refusal.answer(uri.path()),
    }
}
