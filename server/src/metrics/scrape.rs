//! What is looked at only when Prometheus asks.

use std::path::{Path, PathBuf};

use axum_prometheus::metrics::{counter, gauge};
use metrics_process::Collector;

use super::names::{DISK_AVAILABLE_BYTES, DISK_SIZE_BYTES, LOG_LINES_DROPPED_TOTAL};
use crate::telemetry;

/// The process, its log and the disks it writes to.
pub(super) fn scrape(process: &Collector, folders: &[(&'static str, PathBuf)]) {
    process.describe();
    process.collect();
    counter!(LOG_LINES_DROPPED_TOTAL).absolute(telemetry::lines_dropped());
    for (name, folder) in folders {
        // A folder that isn't there yet has no disk.
        if let Some((available, size)) = disk(folder) {
            gauge!(DISK_AVAILABLE_BYTES, "folder" => *name).set(available);
            gauge!(DISK_SIZE_BYTES, "folder" => *name).set(size);
        }
    }
}

/// Bytes that are left on a folder's disk for us, and bytes it has.
#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float; a byte of a petabyte is no matter"
)]
fn disk(folder: &Path) -> Option<(f64, f64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let block = disk.f_frsize as f64;
    Some((disk.f_bavail as f64 * block, disk.f_blocks as f64 * block))
}
