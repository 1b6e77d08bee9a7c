//! Gauges that are read when Prometheus scrapes.

use std::{path::Path, sync::Arc};

use api::metrics::{
    APP_INFO, CORRECTIONS_WAITING, DATABASE_POOL_CONNECTIONS, DATABASE_POOL_CONNECTIONS_MAX, DISK_AVAILABLE_BYTES,
    DISK_SIZE_BYTES, LOG_LINES_DROPPED_TOTAL, MAIL_OUTBOX_PENDING, MODEL_READY, PREDICTION_CACHE_ENTRIES,
    PREDICTION_QUEUE_DEPTH, RATELIMIT_STORAGE_UP, REGISTERED_USERS,
};
use axum_prometheus::metrics::{counter, gauge};

use super::{Metrics, events::to_f64};
use crate::{store::Connections, telemetry};

/// Current values of other parts of the server, read by the caller.
#[derive(Debug, Clone)]
pub struct ScrapeValues {
    /// The version of the model that answers.
    pub model: Arc<str>,
    /// Whether the model is loaded.
    pub model_ready: bool,
    /// Entries in the prediction cache.
    pub cache_entries: u64,
    /// Images that wait for inference.
    pub queue_depth: usize,
    /// Connections to the database.
    pub database_pool: Connections,
    /// Whether the limits are counted where the settings say.
    pub limit_storage_up: bool,
    /// Accounts with a confirmed and with an unconfirmed address; `None` keeps the previous value.
    pub registered_users: Option<[u64; 2]>,
    /// Emails in the outbox; `None` keeps the previous value.
    pub mail_outbox_pending: Option<u64>,
    /// Corrections that wait for review; `None` keeps the previous value.
    pub corrections_waiting: Option<u64>,
}

/// Sets the gauges of `values`, of the process, its log and its disks.
pub(super) fn set_gauges(metrics: &Metrics, values: &ScrapeValues) {
    gauge!(MODEL_READY).set(u8::from(values.model_ready));
    gauge!(PREDICTION_CACHE_ENTRIES).set(to_f64(values.cache_entries));
    gauge!(PREDICTION_QUEUE_DEPTH).set(to_f64(values.queue_depth as u64));
    let pool = values.database_pool;
    gauge!(DATABASE_POOL_CONNECTIONS, "state" => "in_use").set(pool.size.saturating_sub(pool.idle));
    gauge!(DATABASE_POOL_CONNECTIONS, "state" => "idle").set(pool.idle);
    gauge!(DATABASE_POOL_CONNECTIONS_MAX).set(pool.max);
    gauge!(RATELIMIT_STORAGE_UP).set(u8::from(values.limit_storage_up));
    if let Some([confirmed, unconfirmed]) = values.registered_users {
        gauge!(REGISTERED_USERS, "confirmed" => "true").set(to_f64(confirmed));
        gauge!(REGISTERED_USERS, "confirmed" => "false").set(to_f64(unconfirmed));
    }
    if let Some(emails) = values.mail_outbox_pending {
        gauge!(MAIL_OUTBOX_PENDING).set(to_f64(emails));
    }
    if let Some(corrections) = values.corrections_waiting {
        gauge!(CORRECTIONS_WAITING).set(to_f64(corrections));
    }
    metrics.0.process.describe();
    metrics.0.process.collect();
    counter!(LOG_LINES_DROPPED_TOTAL).absolute(telemetry::lines_dropped());
    for (name, folder) in &metrics.0.folders {
        // A folder that doesn't exist yet is skipped.
        if let Some((available, size)) = disk(folder) {
            gauge!(DISK_AVAILABLE_BYTES, "folder" => *name).set(available);
            gauge!(DISK_SIZE_BYTES, "folder" => *name).set(size);
        }
    }
}

/// The metric whose labels tell what runs. Not one of the recorder, in which the series of a model that was replaced would
/// stay.
pub(super) fn info(backend: &str, model: &str) -> String {
    let (version, instructions) = (env!("CARGO_PKG_VERSION"), classifier::instruction_set());
    format!(
        "# HELP {APP_INFO} Version, model and backend as labels; always 1.\n\
         # TYPE {APP_INFO} gauge\n\
         {APP_INFO}{{version=\"{version}\",model=\"{model}\",backend=\"{backend}\",instructions=\"{instructions}\"}} 1\n\n"
    )
}

/// Available bytes and total bytes of the disk of a folder.
#[expect(
    clippy::cast_precision_loss,
    reason = "gauges are floats; an error of a byte in a petabyte is negligible"
)]
fn disk(folder: &Path) -> Option<(f64, f64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let block = disk.f_frsize as f64;
    Some((disk.f_bavail as f64 * block, disk.f_blocks as f64 * block))
}
