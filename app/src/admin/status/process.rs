//! The server process: its version, uptime and resources.

use super::{
    MetricsHistory,
    select::{any, disk_free},
};
use api::metrics;

/// What the server panel shows; `None` if the server doesn't expose it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Process {
    /// Version of the server.
    pub version: Option<String>,
    /// Version of the model.
    pub model: Option<String>,
    /// Inference backend.
    pub backend: Option<String>,
    /// Seconds since the start.
    pub uptime: Option<f64>,
    /// Restarts in the scrapes that are kept.
    pub restarts: Option<f64>,
    /// CPU time used per second: 1 is one core.
    pub cpu: Option<f64>,
    /// Resident memory, in bytes.
    pub memory: Option<f64>,
    /// Open file descriptors.
    pub files: Option<f64>,
    /// Maximum number of open file descriptors.
    pub files_limit: Option<f64>,
    /// Threads.
    pub threads: Option<f64>,
    /// Requests in progress.
    pub pending: Option<f64>,
    /// Images waiting for inference.
    pub queue: Option<f64>,
    /// Capacity of the inference queue.
    pub queue_limit: Option<f64>,
    /// Database connections in use.
    pub database: Option<f64>,
    /// Maximum number of database connections.
    pub database_limit: Option<f64>,
    /// Emails that have not been sent.
    pub mails: Option<f64>,
    /// Free share of the fullest disk.
    pub disk_free: Option<f64>,
}

impl Process {
    /// As of the last scrape.
    pub fn latest(history: &MetricsHistory) -> Self {
        let window = history.window();
        let gauge = |name| window.sum(name, any);
        let info = window.latest(metrics::APP_INFO).next().map(|(labels, _)| labels);
        let label = |name: &str| {
            info.map(|labels| labels.get(name))
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        let restarts = window.changes(metrics::PROCESS_START_TIME_SECONDS, f64::INFINITY);
        let start = gauge(metrics::PROCESS_START_TIME_SECONDS);
        Self {
            version: label("version"),
            model: label("model"),
            backend: label("backend"),
            // The visitor's clock may be behind the server's.
            uptime: start.zip(window.last_time()).map(|(start, now)| (now - start).max(0.0)),
            restarts: u32::try_from(restarts).ok().map(f64::from),
            cpu: history.last().and_then(|point| point.cpu),
            memory: gauge(metrics::PROCESS_RESIDENT_MEMORY_BYTES),
            files: gauge(metrics::PROCESS_OPEN_FDS),
            files_limit: gauge(metrics::PROCESS_MAX_FDS),
            threads: gauge(metrics::PROCESS_THREADS),
            pending: gauge(metrics::HTTP_REQUESTS_PENDING),
            queue: gauge(metrics::PREDICTION_QUEUE_DEPTH),
            queue_limit: gauge(metrics::PREDICTION_QUEUE_CAPACITY),
            database: window.sum(metrics::DATABASE_POOL_CONNECTIONS, |labels| {
                labels.get("state") == "in_use"
            }),
            database_limit: gauge(metrics::DATABASE_POOL_CONNECTIONS_MAX),
            mails: gauge(metrics::MAIL_OUTBOX_PENDING),
            disk_free: disk_free(window),
        }
    }
}
