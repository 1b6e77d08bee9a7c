//! Scrapes this server now and then, and remembers the last hour, also over a restart.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api::PastScrape;
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval, timeout},
};
use tracing::{debug, warn};

use super::{
    Scraper, file,
    history::{History, RETENTION, Saved},
};
use crate::util::Clock;

/// The time between two scrapes: what Prometheus is configured with, too.
const INTERVAL: Duration = Duration::from_secs(15);

/// A scrape waits no longer for the database, so that an hour without it is remembered as well.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Scrapes between two times that the file is written.
const SAVED_EACH: u32 = 20;

/// The last hour of a server; cheap to clone.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Inner>);

struct Inner {
    scraper: Scraper,
    clock: Clock,
    history: Mutex<History>,
    /// Locked while it is written.
    file: Mutex<PathBuf>,
}

impl Recorder {
    /// Restores what the server of this host and port has stored in the data folder. A damaged file is ignored.
    pub(crate) async fn restore(scraper: Scraper, clock: Clock, data_dir: &Path, host: &str, port: u16) -> Self {
        let file = file::path(data_dir, host, port);
        let now = seconds(&clock);
        let (folder, path) = (data_dir.to_owned(), file.clone());
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "scrapes that make no sense");
        let restored = spawn_blocking(move || {
            if let Err(cause) = file::remove_old(&folder, RETENTION) {
                debug!("No se pudo ordenar '{}': {cause}", folder.display());
            }
            match file::read(&path)? {
                Some(saved) => History::restore(&saved, now).ok_or_else(damaged),
                None => Ok(History::default()),
            }
        });
        let history = match restored.await {
            Ok(Ok(history)) => history,
            Ok(Err(cause)) => {
                warn!("No se pudo leer '{}', y empieza de nuevo: {cause}", file.display());
                History::default()
            }
            Err(_) => History::default(),
        };
        Self(Arc::new(Inner {
            scraper,
            clock,
            history: Mutex::new(history),
            file: Mutex::new(file),
        }))
    }

    /// Starts to scrape. It can be aborted at any time.
    pub(crate) fn start(&self) -> JoinHandle<()> {
        let recorder = self.clone();
        tokio::spawn(async move {
            let mut ticks = interval(INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for number in 1_u32.. {
                ticks.tick().await;
                recorder.record().await;
                if number.is_multiple_of(SAVED_EACH) {
                    recorder.save().await;
                }
            }
        })
    }

    /// The time of this server's clock, as Unix time in seconds.
    pub(crate) fn now(&self) -> f64 {
        seconds(&self.0.clock)
    }

    /// Seconds between two scrapes.
    pub(crate) fn interval() -> f64 {
        INTERVAL.as_secs_f64()
    }

    /// The series and the scrapes of the last hour.
    pub(crate) async fn history(&self) -> (Vec<String>, Vec<PastScrape>) {
        let Saved { series, scrapes } = self.saved().await;
        (series, scrapes)
    }

    /// Writes the file.
    pub(crate) async fn save(&self) {
        let inner = Arc::clone(&self.0);
        let saved = self.saved().await;
        let written = spawn_blocking(move || {
            let file = inner.file.lock().unwrap_or_else(PoisonError::into_inner);
            file::write(&file, &saved).map_err(|cause| (file.clone(), cause))
        });
        match written.await {
            // The folder was removed.
            Ok(Err((file, cause))) if cause.kind() == io::ErrorKind::NotFound => {
                debug!("No se pudo escribir '{}': {cause}", file.display());
            }
            Ok(Err((file, cause))) => warn!("No se pudo escribir '{}': {cause}", file.display()),
            Ok(Ok(())) | Err(_) => {}
        }
    }

    /// Adds a scrape. Without the database the values that were read from it last are kept.
    async fn record(&self) {
        let scraper = &self.0.scraper;
        let rows = timeout(MAX_WAIT, scraper.count_rows()).await;
        let Ok(text) = scraper.scrape(rows.ok().and_then(Result::ok)).await else {
            return;
        };
        let now = self.now();
        self.locked(move |history| history.push_text(now, &text)).await;
    }

    async fn saved(&self) -> Saved {
        self.locked(|history| history.save()).await.unwrap_or_default()
    }

    /// Calls `work`, which takes milliseconds, with the history on a blocking thread. `None` if the runtime shuts down.
    async fn locked<T: Send + 'static>(&self, work: impl FnOnce(&mut History) -> T + Send + 'static) -> Option<T> {
        let inner = Arc::clone(&self.0);
        let task = spawn_blocking(move || {
            let mut history = inner.history.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut history)
        });
        task.await.ok()
    }
}

/// The time as Unix time in seconds.
fn seconds(clock: &Clock) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay far below 2^53")]
    let milliseconds = clock.now().timestamp_millis() as f64;
    milliseconds / 1000.0
}
