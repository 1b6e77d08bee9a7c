//! What was read: which digits, from where, in which batches, and where the time went.

use super::{
    Span, Watch,
    watch::{any, number, ratio},
};

/// The stages of a prediction, in their order.
pub const STAGES: [&str; 4] = ["decode", "preprocess", "queue", "infer"];

/// Everything the panels of the predictions show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Predictions {
    /// How often each digit was answered.
    pub digits: [f64; 10],
    /// All of them.
    pub total: f64,
    /// The share of answers that were remembered.
    pub cached: Option<f64>,
    /// Per stage of [`STAGES`].
    pub stages: [Stage; 4],
    /// Batches by their size, smallest first.
    pub batches: Vec<Batches>,
    /// Pictures in a batch on average.
    pub batch_mean: Option<f64>,
}

/// How long a stage takes, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stage {
    /// On average.
    pub mean: Option<f64>,
    /// In 95 of 100 predictions at most.
    pub p95: Option<f64>,
}

/// Batches of more than the bound before and up to this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Batches {
    /// More than so many pictures.
    pub above: f64,
    /// Up to so many; may be infinite.
    pub upto: f64,
    /// Batches.
    pub count: f64,
}

impl Predictions {
    /// Of that span.
    pub fn of(watch: &Watch, span: Span) -> Self {
        let amount = |name, label: &str, value: &str| {
            watch
                .amount(span, name, |labels| labels.get(label) == value)
                .unwrap_or(0.0)
        };
        let digits =
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"].map(|digit| amount("predictions_total", "digit", digit));
        let total = digits.iter().sum();
        let mean = |sum: f64, count: f64| ratio(sum, count).and_then(number);
        Self {
            digits,
            total,
            cached: ratio(amount("predictions_total", "source", "cache"), total),
            stages: STAGES.map(|stage| Stage {
                mean: mean(
                    amount("prediction_seconds_sum", "stage", stage),
                    amount("prediction_seconds_count", "stage", stage),
                ),
                p95: watch.quantile(span, 0.95, "prediction_seconds_bucket", |labels| {
                    labels.get("stage") == stage
                }),
            }),
            batches: batches(watch, span),
            batch_mean: mean(
                watch.amount(span, "prediction_batch_size_sum", any).unwrap_or(0.0),
                watch.amount(span, "prediction_batch_size_count", any).unwrap_or(0.0),
            ),
        }
    }
}

/// The cumulative buckets taken apart, without the empty ones at the top.
fn batches(watch: &Watch, span: Span) -> Vec<Batches> {
    let mut buckets = watch.buckets(span, "prediction_batch_size_bucket", any);
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
