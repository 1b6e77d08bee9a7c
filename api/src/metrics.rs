//! The names of the metrics that the server records and the dashboard reads.

/// Requests answered, by `method`, `endpoint` and `status`.
pub const HTTP_REQUESTS_TOTAL: &str = "http_requests_total";
/// Duration of requests in seconds: a histogram.
pub const HTTP_REQUESTS_DURATION_SECONDS: &str = "http_requests_duration_seconds";
/// Requests in progress.
pub const HTTP_REQUESTS_PENDING: &str = "http_requests_pending";
/// Version, model and backend as labels; always 1.
pub const APP_INFO: &str = "app_info";
/// 1 when a model is loaded, else 0.
pub const MODEL_READY: &str = "model_ready";
/// 1 while the live model can't be loaded, so that another one answers, else 0.
pub const MODEL_FALLBACK: &str = "model_fallback";
/// Predictions, by `digit`, `source` (`model` or `cache`) and `model` (its version).
pub const PREDICTIONS_TOTAL: &str = "predictions_total";
/// Duration of each `stage` of a prediction, in seconds.
pub const PREDICTION_SECONDS: &str = "prediction_seconds";
/// Probability of the predicted digit, by `model`; cached predictions are not counted.
pub const PREDICTION_CONFIDENCE: &str = "prediction_confidence";
/// Images in one forward pass.
pub const PREDICTION_BATCH_SIZE: &str = "prediction_batch_size";
/// Images waiting for inference.
pub const PREDICTION_QUEUE_DEPTH: &str = "prediction_queue_depth";
/// Images that may wait for inference.
pub const PREDICTION_QUEUE_CAPACITY: &str = "prediction_queue_capacity";
/// Entries in the prediction cache.
pub const PREDICTION_CACHE_ENTRIES: &str = "prediction_cache_entries";
/// Readings of the page that were compared with the server's, by `result` (`agreed`, `disagreed` or `outdated`).
pub const PAGE_AGREEMENT_TOTAL: &str = "page_agreement_total";
/// Predictions removed from the history because of their age.
pub const HISTORY_REMOVED_TOTAL: &str = "history_removed_total";
/// Answers that users have corrected, by `model`.
pub const CORRECTIONS_TOTAL: &str = "corrections_total";
/// Corrections that wait for review.
pub const CORRECTIONS_WAITING: &str = "corrections_waiting";
/// Corrections that an admin decided about, by `decision` (`agreed`, `dropped` or `reopened`).
pub const CORRECTIONS_REVIEWED_TOTAL: &str = "corrections_reviewed_total";
/// Accounts, by `confirmed`.
pub const REGISTERED_USERS: &str = "registered_users";
/// Login attempts, by `result`.
pub const LOGINS_TOTAL: &str = "logins_total";
/// Requests rejected by a rate limit, by `endpoint`.
pub const RATE_LIMITED_TOTAL: &str = "rate_limited_total";
/// 1 if the limits are counted where `RATELIMIT_STORAGE_URL` says, 0 while Redis is away.
pub const RATELIMIT_STORAGE_UP: &str = "ratelimit_storage_up";
/// Emails in the outbox that have not been sent.
pub const MAIL_OUTBOX_PENDING: &str = "mail_outbox_pending";
/// Attempts to send an email, by `result`.
pub const MAIL_SENT_TOTAL: &str = "mail_sent_total";
/// Database connections, by `state` (`in_use` or `idle`).
pub const DATABASE_POOL_CONNECTIONS: &str = "database_pool_connections";
/// Maximum number of database connections.
pub const DATABASE_POOL_CONNECTIONS_MAX: &str = "database_pool_connections_max";
/// Log lines that could not be written to the file.
pub const LOG_LINES_DROPPED_TOTAL: &str = "log_lines_dropped_total";
/// Free bytes on the disk of a folder.
pub const DISK_AVAILABLE_BYTES: &str = "disk_available_bytes";
/// Size in bytes of the disk of a folder.
pub const DISK_SIZE_BYTES: &str = "disk_size_bytes";
/// CPU time used, in seconds.
pub const PROCESS_CPU_SECONDS_TOTAL: &str = "process_cpu_seconds_total";
/// Resident memory, in bytes.
pub const PROCESS_RESIDENT_MEMORY_BYTES: &str = "process_resident_memory_bytes";
/// Open file descriptors.
pub const PROCESS_OPEN_FDS: &str = "process_open_fds";
/// Maximum number of open file descriptors.
pub const PROCESS_MAX_FDS: &str = "process_max_fds";
/// Threads of the process.
pub const PROCESS_THREADS: &str = "process_threads";
/// Start time of the process, as Unix time in seconds.
pub const PROCESS_START_TIME_SECONDS: &str = "process_start_time_seconds";
