//! Removes predictions from the history when they are older than `HISTORY_DAYS`, in steps small enough that no other
//! transaction waits noticeably.

use std::time::Duration;

use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use tracing::{error, info};

use crate::{
    metrics::Metrics,
    store::{Store, StoreError},
};

/// How often the history is searched for old predictions.
const INTERVAL: Duration = Duration::from_hours(1);

/// Predictions removed in one transaction, which takes a few milliseconds.
const STEP: u64 = 200;

/// The pause after a transaction, as a multiple of its duration: a tenth of the time is spent on removing.
const PAUSE: u32 = 9;

/// Removes old predictions.
pub(crate) struct Retention {
    pub(crate) store: Store,
    /// The age from which predictions are removed; 0 keeps all.
    pub(crate) days: u32,
    pub(crate) metrics: Metrics,
}

impl Retention {
    /// Starts the removal, unless all predictions are kept. It can be aborted at any time.
    pub(crate) fn start(self) -> Option<JoinHandle<()>> {
        (self.days > 0).then(|| tokio::spawn(self.run()))
    }

    async fn run(self) {
        loop {
            let days = self.days;
            match self.remove_old().await {
                Ok(0) => {}
                Ok(removed) => info!("Historial: {removed} predicciones de hace más de {days} días quitadas."),
                Err(cause) => error!("No se pudo quitar lo antiguo del historial: {cause}"),
            }
            sleep(INTERVAL).await;
        }
    }

    /// Removes what is old by now, and returns how many predictions that were.
    async fn remove_old(&self) -> Result<u64, StoreError> {
        let time = self.store.days_ago(self.days);
        let mut total = 0;
        loop {
            let start = Instant::now();
            let removed = self.store.remove_predictions_before(time, STEP).await?;
            self.metrics.history_removed(removed);
            total += removed;
            if removed < STEP {
                return Ok(total);
            }
            sleep(start.elapsed() * PAUSE).await;
        }
    }
}
