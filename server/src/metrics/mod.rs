//! The metrics for Prometheus.
//!
//! Each server has its own recorder instead of a global one, so that several servers in one process, as in the tests,
//! count separately. The macros of the `metrics` crate therefore only work inside [`Metrics::record`]; HTTP requests run
//! inside it as a whole. Other modules call the methods in `events`; gauges that are read when Prometheus scrapes are
//! set in `scrape`.

mod events;
mod names;
mod scrape;

use std::{
    path::PathBuf,
    sync::{Arc, RwLock},
    time::Duration,
};

use axum_prometheus::{
    metrics::with_local_recorder,
    metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder},
};
use metrics_process::Collector;
use tokio::time::{MissedTickBehavior, interval};

pub(crate) use events::{Agreement, LoginResult, MailResult, Source, Stage, page_compared, rate_limited};
pub(crate) use scrape::ScrapeValues;

use crate::settings::Settings;

/// How often samples are moved into their histograms; until then each sample takes memory.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(1);

/// The metrics of one server; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    process: Collector,
    /// The backend of inference.
    backend: String,
    /// The models that have answered.
    models: RwLock<Vec<Arc<str>>>,
    /// Folders whose disks are measured, with their label.
    folders: Vec<(&'static str, PathBuf)>,
}

impl Metrics {
    /// Describes all metrics and registers the series whose labels are known: `rate` needs a value from before the first
    /// event.
    ///
    /// # Errors
    ///
    /// When a list of buckets is empty.
    pub fn new(settings: &Settings) -> Result<Self, BuildError> {
        let mut builder = PrometheusBuilder::new();
        for (name, buckets) in names::BUCKETS {
            builder = builder.set_buckets_for_metric(Matcher::Full((*name).to_owned()), buckets)?;
        }
        let recorder = builder.build_recorder();
        let metrics = Self(Arc::new(Inner {
            handle: recorder.handle(),
            recorder,
            process: Collector::new(""),
            backend: settings.inference.inference_device.to_string(),
            models: RwLock::default(),
            folders: vec![
                ("logs", settings.log.log_dir.clone()),
                ("data", settings.database.data_dir.clone()),
            ],
        }));
        metrics.record(names::describe);
        metrics.register_series(settings);
        metrics.model_answers(&classifier::model_version().into());
        Ok(metrics)
    }

    /// Calls `work` with this server's recorder as the current one. It doesn't extend over await points.
    pub fn record<T>(&self, work: impl FnOnce() -> T) -> T {
        with_local_recorder(&self.0.recorder, work)
    }

    /// All metrics in Prometheus' text format. Takes a millisecond or more, and reads from `/proc`.
    pub fn render(&self, values: &ScrapeValues) -> String {
        self.record(|| scrape::set_gauges(self, values));
        let mut text = self.0.handle.render();
        text.push_str(&scrape::info(&self.0.backend, &values.model));
        text
    }

    /// Moves samples into their histograms; never returns.
    pub async fn run_upkeep(self) {
        let mut ticks = interval(UPKEEP_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.0.handle.run_upkeep();
        }
    }
}
