//! The server itself: what runs, since when, and what it uses.

use super::{
    Watch,
    watch::{any, ratio},
};
use crate::prometheus::Window;

/// Everything the panel of the server shows; what it doesn't expose is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Process {
    /// Its version.
    pub version: Option<String>,
    /// Its model's.
    pub model: Option<String>,
    /// What computes the model.
    pub backend: Option<String>,
    /// Seconds since it began.
    pub uptime: Option<f64>,
    /// Times it began anew while we watched.
    pub restarts: usize,
    /// Seconds of a core used in a second.
    pub cpu: Option<f64>,
    /// Bytes of memory held.
    pub memory: Option<f64>,
    /// Files and sockets open.
    pub files: Option<f64>,
    /// How many of them it may open.
    pub files_limit: Option<f64>,
    /// Threads.
    pub threads: Option<f64>,
    /// Requests under way.
    pub pending: Option<f64>,
    /// Pictures that wait for inference.
    pub queue: Option<f64>,
    /// How many may wait.
    pub queue_limit: Option<f64>,
    /// Connections to the database in use.
    pub database: Option<f64>,
    /// How many there may be.
    pub database_limit: Option<f64>,
    /// Mails that wait to be sent.
    pub mails: Option<f64>,
    /// The share of the fullest disk that is free.
    pub disk_free: Option<f64>,
}

impl Process {
    /// As of the last scrape.
    pub fn of(watch: &Watch) -> Self {
        let window = watch.window();
        let gauge = |name| window.sum(name, any);
        let info = window.latest("app_info").next().map(|(labels, _)| labels);
        let label = |name: &str| {
            info.map(|labels| labels.get(name))
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        let start = gauge("process_start_time_seconds");
        Self {
            version: label("version"),
            model: label("model"),
            backend: label("backend"),
            // The visitor's clock may be behind the server's.
            uptime: start.zip(window.last_time()).map(|(start, now)| (now - start).max(0.0)),
            restarts: window.changes("process_start_time_seconds", f64::INFINITY),
            cpu: watch.last().and_then(|point| point.cpu),
            memory: gauge("process_resident_memory_bytes"),
            files: gauge("process_open_fds"),
            files_limit: gauge("process_max_fds"),
            threads: gauge("process_threads"),
            pending: gauge("http_requests_pending"),
            queue: gauge("prediction_queue_depth"),
            queue_limit: gauge("prediction_queue_capacity"),
            database: window.sum("database_pool_connections", |labels| labels.get("state") == "in_use"),
            database_limit: gauge("database_pool_connections_max"),
            mails: gauge("mail_outbox_pending"),
            disk_free: disk_free(window),
        }
    }
}

/// Of the folders whose disks are watched, the one with the least left.
pub(super) fn disk_free(window: &Window) -> Option<f64> {
    window
        .latest("disk_available_bytes")
        .filter_map(|(labels, available)| {
            let size = window.sum("disk_size_bytes", |other| other == labels)?;
            ratio(available, size)
        })
        .reduce(f64::min)
}
