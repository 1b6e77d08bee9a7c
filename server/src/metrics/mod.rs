//! What the server counts and measures, for Prometheus.
//!
//! Each server has a recorder of its own, not the process one: two servers in one process (a test's) count apart. What
//! is recorded through the `metrics` crate's macros is so within [`Metrics::record`]; requests are as a whole
//! ([`crate::http::layers::metrics`]). Everything else calls the methods in [`events`]; what is only looked at when Prometheus asks is in
//! [`scrape`].

pub mod events;
mod names;
mod scrape;

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum_prometheus::{
    metrics::with_local_recorder,
    metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder},
};
use metrics_process::Collector;
use tokio::time::{MissedTickBehavior, interval};

pub use events::{LoginResult, MailResult, Source, Stage, rate_limited};

use crate::settings::Settings;

/// How often samples are put into their histograms; until then each of them takes room.
const UPKEEP: Duration = Duration::from_secs(1);

/// The metrics of one server; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    process: Collector,
    /// Folders whose disk is watched, with the name of their label.
    folders: Vec<(&'static str, PathBuf)>,
}

impl Metrics {
    /// Every metric described, and those with known labels at zero: a rate needs a value from before the first event.
    ///
    /// # Errors
    ///
    /// Never with the buckets we have: each list has elements.
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
            folders: vec![
                ("logs", settings.log.log_dir.clone()),
                ("data", settings.database.data_dir.clone()),
            ],
        }));
        metrics.record(names::describe);
        metrics.begin(settings);
        Ok(metrics)
    }

    /// Do something with this server's recorder in place; within one call of `work`, not across its awaits.
    pub fn record<T>(&self, work: impl FnOnce() -> T) -> T {
        with_local_recorder(&self.0.recorder, work)
    }

    /// Everything, in Prometheus' text format. Takes a millisecond or more, and reads files of the system.
    pub fn render(&self) -> String {
        self.record(|| scrape::scrape(&self.0.process, &self.0.folders));
        self.0.handle.render()
    }

    /// Put samples into their histograms, for ever.
    pub async fn keep_up(self) {
        let mut ticks = interval(UPKEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.0.handle.run_upkeep();
        }
    }
}
