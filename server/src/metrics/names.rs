//! The help texts and buckets of the metrics; their names are in [`api::metrics`].

use api::metrics::{
    CORRECTIONS_REVIEWED_TOTAL, CORRECTIONS_TOTAL, CORRECTIONS_WAITING, DATABASE_POOL_CONNECTIONS,
    DATABASE_POOL_CONNECTIONS_MAX, DISK_AVAILABLE_BYTES, DISK_SIZE_BYTES, HISTORY_REMOVED_TOTAL,
    HTTP_REQUESTS_DURATION_SECONDS, LOG_LINES_DROPPED_TOTAL, LOGINS_TOTAL, MAIL_OUTBOX_PENDING, MAIL_SENT_TOTAL,
    MODEL_FALLBACK, MODEL_READY, PAGE_AGREEMENT_TOTAL, PREDICTION_BATCH_SIZE, PREDICTION_CACHE_ENTRIES,
    PREDICTION_CONFIDENCE, PREDICTION_QUEUE_CAPACITY, PREDICTION_QUEUE_DEPTH, PREDICTION_SECONDS, PREDICTIONS_TOTAL,
    RATE_LIMITED_TOTAL, RATELIMIT_STORAGE_UP, REGISTERED_USERS,
};
use axum_prometheus::{
    metrics::{describe_counter, describe_gauge, describe_histogram},
    utils::SECONDS_DURATION_BUCKETS,
};

/// Upper bounds of the buckets of each histogram.
pub(super) const BUCKETS: [(&str, &[f64]); 4] = [
    (HTTP_REQUESTS_DURATION_SECONDS, SECONDS_DURATION_BUCKETS),
    // A stage takes from microseconds up to seconds under overload.
    (
        PREDICTION_SECONDS,
        &[
            0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ],
    ),
    // The largest of ten probabilities is at least 0.1.
    (
        PREDICTION_CONFIDENCE,
        &[0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0],
    ),
    (PREDICTION_BATCH_SIZE, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]),
];

/// Registers the help texts. axum-prometheus describes the HTTP metrics.
pub(super) fn describe() {
    describe_gauge!(MODEL_READY, "1 when a model is loaded, else 0.");
    describe_gauge!(
        MODEL_FALLBACK,
        "1 while the live model can't be loaded, so that another one answers, else 0."
    );
    describe_counter!(
        PREDICTIONS_TOTAL,
        "Predictions, by digit, source (model or cache) and model."
    );
    describe_histogram!(
        PREDICTION_SECONDS,
        "Duration of each stage of a prediction, in seconds: decode, preprocess, queue, infer."
    );
    describe_histogram!(
        PREDICTION_CONFIDENCE,
        "Probability of the predicted digit, by model; cached predictions are not counted."
    );
    describe_histogram!(PREDICTION_BATCH_SIZE, "Images in one forward pass.");
    describe_gauge!(PREDICTION_QUEUE_DEPTH, "Images waiting for inference.");
    describe_gauge!(PREDICTION_QUEUE_CAPACITY, "Images that may wait for inference.");
    describe_gauge!(PREDICTION_CACHE_ENTRIES, "Entries in the prediction cache.");
    describe_counter!(
        PAGE_AGREEMENT_TOTAL,
        "Readings of the page that were compared with the server's, by result."
    );
    describe_counter!(
        HISTORY_REMOVED_TOTAL,
        "Predictions removed from the history because of their age."
    );
    describe_counter!(
        CORRECTIONS_TOTAL,
        "Answers that users have corrected, by the model that gave them."
    );
    describe_gauge!(
        CORRECTIONS_WAITING,
        "Corrections that wait for review, counted up to 10,000."
    );
    describe_counter!(
        CORRECTIONS_REVIEWED_TOTAL,
        "Corrections that an admin decided about, by decision (agreed, dropped or reopened)."
    );
    describe_gauge!(REGISTERED_USERS, "Accounts, by whether their address is confirmed.");
    describe_counter!(LOGINS_TOTAL, "Login attempts, by result.");
    describe_counter!(RATE_LIMITED_TOTAL, "Requests rejected by a rate limit, by endpoint.");
    describe_gauge!(
        RATELIMIT_STORAGE_UP,
        "1 if the limits are counted where RATELIMIT_STORAGE_URL says, 0 while Redis is away."
    );
    describe_gauge!(MAIL_OUTBOX_PENDING, "Emails in the outbox that have not been sent.");
    describe_counter!(MAIL_SENT_TOTAL, "Attempts to send an email, by result.");
    describe_gauge!(
        DATABASE_POOL_CONNECTIONS,
        "Database connections, by state (in_use or idle)."
    );
    describe_gauge!(DATABASE_POOL_CONNECTIONS_MAX, "Maximum number of database connections.");
    describe_counter!(
        LOG_LINES_DROPPED_TOTAL,
        "Log lines that could not be written to the file."
    );
    describe_gauge!(DISK_AVAILABLE_BYTES, "Free bytes on the disk of a folder.");
    describe_gauge!(DISK_SIZE_BYTES, "Size in bytes of the disk of a folder.");
}

#[cfg(test)]
mod tests {
    use api::metrics::{HTTP_REQUESTS_PENDING, HTTP_REQUESTS_TOTAL};

    use super::*;

    /// axum-prometheus reads its names from `.cargo/config.toml` at compile time.
    #[test]
    fn the_names_of_axum_prometheus_are_those_of_the_dashboard() {
        assert_eq!(axum_prometheus::AXUM_HTTP_REQUESTS_TOTAL, HTTP_REQUESTS_TOTAL);
        assert_eq!(
            axum_prometheus::AXUM_HTTP_REQUESTS_DURATION_SECONDS,
            HTTP_REQUESTS_DURATION_SECONDS
        );
        assert_eq!(axum_prometheus::AXUM_HTTP_REQUESTS_PENDING, HTTP_REQUESTS_PENDING);
    }
}
