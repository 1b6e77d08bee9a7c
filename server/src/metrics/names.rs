//! Every metric's name, meaning and buckets.

use axum_prometheus::{
    AXUM_HTTP_REQUESTS_DURATION_SECONDS,
    metrics::{describe_counter, describe_gauge, describe_histogram},
    utils::SECONDS_DURATION_BUCKETS,
};

pub(super) const APP_INFO: &str = "app_info";
pub(super) const MODEL_READY: &str = "model_ready";
pub(super) const PREDICTIONS_TOTAL: &str = "predictions_total";
pub(super) const PREDICTION_SECONDS: &str = "prediction_seconds";
pub(super) const PREDICTION_CONFIDENCE: &str = "prediction_confidence";
pub(super) const PREDICTION_BATCH_SIZE: &str = "prediction_batch_size";
pub(super) const PREDICTION_QUEUE_DEPTH: &str = "prediction_queue_depth";
pub(super) const PREDICTION_QUEUE_CAPACITY: &str = "prediction_queue_capacity";
pub(super) const PREDICTION_CACHE_ENTRIES: &str = "prediction_cache_entries";
pub(super) const REGISTERED_USERS: &str = "registered_users";
pub(super) const LOGINS_TOTAL: &str = "logins_total";
pub(super) const RATE_LIMITED_TOTAL: &str = "rate_limited_total";
pub(super) const MAIL_OUTBOX_PENDING: &str = "mail_outbox_pending";
pub(super) const MAIL_SENT_TOTAL: &str = "mail_sent_total";
pub(super) const DATABASE_POOL_CONNECTIONS: &str = "database_pool_connections";
pub(super) const DATABASE_POOL_CONNECTIONS_MAX: &str = "database_pool_connections_max";
pub(super) const LOG_LINES_DROPPED_TOTAL: &str = "log_lines_dropped_total";
pub(super) const DISK_AVAILABLE_BYTES: &str = "disk_available_bytes";
pub(super) const DISK_SIZE_BYTES: &str = "disk_size_bytes";

/// Upper bounds of each histogram's buckets.
pub(super) const BUCKETS: [(&str, &[f64]); 4] = [
    (AXUM_HTTP_REQUESTS_DURATION_SECONDS, SECONDS_DURATION_BUCKETS),
    // A stage takes from microseconds to the seconds of an overload.
    (
        PREDICTION_SECONDS,
        &[
            0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ],
    ),
    // The winner of ten has at least a tenth.
    (
        PREDICTION_CONFIDENCE,
        &[0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0],
    ),
    (PREDICTION_BATCH_SIZE, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]),
];

/// What each of them means. The requests' own are described by axum-prometheus.
pub(super) fn describe() {
    describe_gauge!(
        APP_INFO,
        "The running version, its model and what computes it; always 1."
    );
    describe_gauge!(MODEL_READY, "Whether there is a model to read with: 1 or 0.");
    describe_counter!(
        PREDICTIONS_TOTAL,
        "Digits answered, by digit and source: model or cache."
    );
    describe_histogram!(
        PREDICTION_SECONDS,
        "Where a prediction's time goes: decode, preprocess, queue, infer."
    );
    describe_histogram!(
        PREDICTION_CONFIDENCE,
        "Probability of the digit answered, the model's answers only."
    );
    describe_histogram!(PREDICTION_BATCH_SIZE, "Pictures read in one pass of the model.");
    describe_gauge!(PREDICTION_QUEUE_DEPTH, "Pictures waiting for inference.");
    describe_gauge!(PREDICTION_QUEUE_CAPACITY, "Pictures that may wait for inference.");
    describe_gauge!(PREDICTION_CACHE_ENTRIES, "Answers remembered.");
    describe_gauge!(REGISTERED_USERS, "Accounts, by whether their address is confirmed.");
    describe_counter!(LOGINS_TOTAL, "Attempts to sign in, by result.");
    describe_counter!(
        RATE_LIMITED_TOTAL,
        "Requests refused because too many came before, by endpoint."
    );
    describe_gauge!(MAIL_OUTBOX_PENDING, "Mails that wait to be sent.");
    describe_counter!(MAIL_SENT_TOTAL, "Attempts to send a mail, by result.");
    describe_gauge!(
        DATABASE_POOL_CONNECTIONS,
        "Connections to the database, by state: in_use or idle."
    );
    describe_gauge!(
        DATABASE_POOL_CONNECTIONS_MAX,
        "Connections to the database that there may be."
    );
    describe_counter!(
        LOG_LINES_DROPPED_TOTAL,
        "Lines that could not be written to the log file."
    );
    describe_gauge!(DISK_AVAILABLE_BYTES, "Bytes left on the disk of a folder.");
    describe_gauge!(DISK_SIZE_BYTES, "Bytes of the disk of a folder.");
}
