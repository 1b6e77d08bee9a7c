//! Selecting series by their labels, and the arithmetic that the figures share.

use crate::prometheus::{Labels, Window};
use api::metrics::{DISK_AVAILABLE_BYTES, DISK_SIZE_BYTES};

/// The range of the charts in seconds: `[1m]`.
pub const RATE_RANGE: f64 = 60.0;

/// The range of the tables and bars in seconds: `[5m]`.
pub const TABLE_RANGE: f64 = 300.0;

/// The series of a histogram's buckets.
pub(super) fn bucket(metric: &str) -> String {
    format!("{metric}_bucket")
}

/// The series of a histogram's sum.
pub(super) fn sum(metric: &str) -> String {
    format!("{metric}_sum")
}

/// The series of a histogram's count.
pub(super) fn count(metric: &str) -> String {
    format!("{metric}_count")
}

/// Selects every series.
pub(super) fn any(_: &Labels) -> bool {
    true
}

/// Whether the status of a request begins with `digit`.
pub(super) fn is_class(labels: &Labels, digit: char) -> bool {
    labels.get("status").starts_with(digit)
}

/// Whether the status of a request is 4xx or 5xx.
pub(super) fn is_error(labels: &Labels) -> bool {
    labels.get("status").starts_with(['4', '5'])
}

/// `None` for NaN and infinity.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// `part` of `whole`; `None` if `whole` is zero.
pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The free share of the fullest disk.
pub(super) fn disk_free(window: &Window) -> Option<f64> {
    window
        .latest(DISK_AVAILABLE_BYTES)
        .filter_map(|(labels, available)| {
            let size = window.sum(DISK_SIZE_BYTES, |other| other == labels)?;
            ratio(available, size)
        })
        .reduce(f64::min)
}
