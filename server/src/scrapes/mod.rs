//! Reads all metrics, for Prometheus and for this server's own memory of its last hour ([`Recorder`]).

mod file;
mod history;
mod recorder;

use tokio::task::{JoinError, spawn_blocking};

pub(crate) use recorder::Recorder;

use crate::{
    limits::LimitStorage,
    metrics::{Metrics, ScrapeValues},
    prediction::{ModelState, Predictor},
    store::{Store, StoreError},
};

/// Reads the metrics; cheap to clone.
#[derive(Clone)]
pub(crate) struct Scraper {
    pub(crate) metrics: Metrics,
    pub(crate) predictor: Predictor,
    pub(crate) store: Store,
    pub(crate) limit_storage: LimitStorage,
}

impl Scraper {
    /// All metrics in Prometheus' text format; `rows` is what [`Scraper::count_rows`] has counted, or nothing.
    pub(crate) async fn scrape(&self, rows: Option<Rows>) -> Result<String, JoinError> {
        let values = ScrapeValues {
            model: self.predictor.version(),
            model_ready: self.predictor.model_state() == ModelState::Ready,
            cache_entries: self.predictor.cache_entries(),
            queue_depth: self.predictor.queue_depth(),
            database_pool: self.store.connections(),
            limit_storage_up: self.limit_storage.is_up(),
            registered_users: rows.map(|rows| rows.registered_users),
            mail_outbox_pending: rows.map(|rows| rows.mail_outbox_pending),
            corrections_waiting: rows.map(|rows| rows.corrections_waiting),
        };
        let metrics = self.metrics.clone();
        spawn_blocking(move || metrics.render(&values)).await
    }

    /// Reads the values that need a query.
    pub(crate) async fn count_rows(&self) -> Result<Rows, StoreError> {
        Ok(Rows {
            registered_users: self.store.registered().await?,
            mail_outbox_pending: self.store.mail_pending().await?,
            corrections_waiting: self.store.corrections_waiting().await?,
        })
    }
}

/// Values of the database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    registered_users: [u64; 2],
    mail_outbox_pending: u64,
    corrections_waiting: u64,
}
