//! The predictions: by digit and source, their stages' durations, and the batches.

use super::{
    MetricsHistory, TimeRange,
    select::{any, count, finite, ratio, sum},
};
use crate::prometheus::Bucket;
use api::metrics;

/// The digits, as labels.
pub(super) const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The stages of a prediction, in order.
pub const STAGES: [&str; 4] = ["decode", "preprocess", "queue", "infer"];

/// What the prediction panels show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Predictions {
    /// Predictions of each digit.
    pub digits: [f64; 10],
    /// All predictions.
    pub total: f64,
    /// Share of predictions from the cache.
    pub cached: Option<f64>,
    /// The durations of [`STAGES`].
    pub stages: [StageDuration; 4],
    /// Batches by size, smallest first.
    pub batches: Vec<Batches>,
    /// Mean number of images in a batch.
    pub batch_mean: Option<f64>,
}

/// The duration of a stage, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StageDuration {
    /// Mean.
    pub mean: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
}

/// The batches of one size range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Batches {
    /// More images than this.
    pub above: f64,
    /// Up to this many images; may be infinite.
    pub upto: f64,
    /// Number of batches.
    pub count: f64,
}

impl Predictions {
    /// The predictions in that range.
    pub fn of(history: &MetricsHistory, range: TimeRange) -> Self {
        let amount = |name: &str, label: &str, value: &str| {
            history
                .amount(range, name, |labels| labels.get(label) == value)
                .unwrap_or(0.0)
        };
        let digits = DIGITS.map(|digit| amount(metrics::PREDICTIONS_TOTAL, "digit", digit));
        let total = digits.iter().sum();
        let mean = |sum: f64, count: f64| ratio(sum, count).and_then(finite);
        Self {
            digits,
            total,
            cached: ratio(amount(metrics::PREDICTIONS_TOTAL, "source", "cache"), total),
            stages: STAGES.map(|stage| StageDuration {
                mean: mean(
                    amount(&sum(metrics::PREDICTION_SECONDS), "stage", stage),
                    amount(&count(metrics::PREDICTION_SECONDS), "stage", stage),
                ),
                p95: history.quantile(range, 0.95, metrics::PREDICTION_SECONDS, |labels| {
                    labels.get("stage") == stage
                }),
            }),
            batches: batches(history.buckets(range, metrics::PREDICTION_BATCH_SIZE, any)),
            batch_mean: mean(
                history
                    .amount(range, &sum(metrics::PREDICTION_BATCH_SIZE), any)
                    .unwrap_or(0.0),
                history
                    .amount(range, &count(metrics::PREDICTION_BATCH_SIZE), any)
                    .unwrap_or(0.0),
            ),
        }
    }
}

/// The counts of the cumulative buckets, without the empty ones at the top.
pub(super) fn batches(mut buckets: Vec<Bucket>) -> Vec<Batches> {
    buckets.sort_by(|a, b| a.upper.total_cmp(&b.upper));
    let (mut above, mut below) = (0.0, 0.0);
    let mut batches: Vec<Batches> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        batches.push(Batches {
            above,
            upto: bucket.upper,
            count: (bucket.count - below).max(0.0),
        });
        (above, below) = (bucket.upper, bucket.count);
    }
    let used = batches
        .iter()
        .rposition(|batch| batch.count > 0.0)
        .map_or(0, |last| last + 1);
    batches.truncate(used);
    batches
}
