//! Each figure's query: what to ask Prometheus, or Grafana, for the same number.
//!
//! `tests/prometheus.rs` asks a real Prometheus every one of them and compares.

/// One figure of a panel: its name and its query.
pub type Query = (&'static str, &'static str);

/// Requests since the server began.
pub const REQUESTS: &str = "sum(http_requests_total)";
/// Requests in the last minutes.
pub const REQUESTS_CHANGE: &str = "sum(increase(http_requests_total[5m]))";
/// Errors since the server began.
pub const ERRORS: &str = r#"sum(http_requests_total{status=~"[45].."}) or vector(0)"#;
/// Errors in the last minutes.
pub const ERRORS_CHANGE: &str = r#"sum(increase(http_requests_total{status=~"[45].."}[5m])) or vector(0)"#;
/// Accounts.
pub const USERS: &str = "sum(registered_users)";
/// Accounts made in the last minutes.
pub const USERS_CHANGE: &str = "sum(registered_users) - sum(registered_users offset 5m)";

/// Requests a second.
pub const RATE: &str = "sum(rate(http_requests_total[1m]))";
/// Answers with 4xx a second.
pub const CLIENT_ERRORS: &str = r#"sum(rate(http_requests_total{status=~"4.."}[1m])) or vector(0)"#;
/// Answers with 5xx a second.
pub const SERVER_ERRORS: &str = r#"sum(rate(http_requests_total{status=~"5.."}[1m])) or vector(0)"#;
/// The median.
pub const P50: &str = "histogram_quantile(0.5, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";
/// The 95th percentile.
pub const P95: &str = "histogram_quantile(0.95, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";
/// The 99th percentile.
pub const P99: &str = "histogram_quantile(0.99, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";

/// Requests by endpoint.
pub const ENDPOINT_REQUESTS: &str = "sum by (endpoint, method) (increase(http_requests_total[5m])) > 0";
/// The same a second.
pub const ENDPOINT_RATE: &str = "sum by (endpoint, method) (rate(http_requests_total[5m])) > 0";
/// The share of 4xx by endpoint.
pub const ENDPOINT_CLIENT_ERRORS: &str = r#"sum by (endpoint, method) (rate(http_requests_total{status=~"4.."}[5m]))
  / sum by (endpoint, method) (rate(http_requests_total[5m]))"#;
/// The share of 5xx by endpoint.
pub const ENDPOINT_SERVER_ERRORS: &str = r#"sum by (endpoint, method) (rate(http_requests_total{status=~"5.."}[5m]))
  / sum by (endpoint, method) (rate(http_requests_total[5m]))"#;
/// The median by endpoint.
pub const ENDPOINT_P50: &str = "histogram_quantile(0.5,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";
/// The 95th percentile by endpoint.
pub const ENDPOINT_P95: &str = "histogram_quantile(0.95,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";
/// The 99th percentile by endpoint.
pub const ENDPOINT_P99: &str = "histogram_quantile(0.99,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";

/// Predictions by digit.
pub const DIGITS: &str = "sum by (digit) (increase(predictions_total[5m]))";
/// The share of predictions that were remembered.
pub const CACHED: &str =
    r#"sum(increase(predictions_total{source="cache"}[5m])) / sum(increase(predictions_total[5m]))"#;
/// The mean time of each stage.
pub const STAGE_MEAN: &str = "sum by (stage) (rate(prediction_seconds_sum[5m]))
  / sum by (stage) (rate(prediction_seconds_count[5m]))";
/// The 95th percentile of each stage.
pub const STAGE_P95: &str = "histogram_quantile(0.95, sum by (stage, le) (rate(prediction_seconds_bucket[5m])))";
/// Batches up to each size.
pub const BATCHES: &str = "sum by (le) (increase(prediction_batch_size_bucket[5m]))";
/// The mean batch.
pub const BATCH_MEAN: &str = "sum(rate(prediction_batch_size_sum[5m])) / sum(rate(prediction_batch_size_count[5m]))";

/// Seconds of a core used in a second.
pub const CPU: &str = "sum(rate(process_cpu_seconds_total[1m]))";
/// Bytes of memory held.
pub const MEMORY: &str = "sum(process_resident_memory_bytes)";
/// Files and sockets open.
pub const FILES: &str = "sum(process_open_fds)";
/// Threads.
pub const THREADS: &str = "sum(process_threads)";
/// Seconds since the server began.
pub const UPTIME: &str = "time() - sum(process_start_time_seconds)";
/// Requests under way.
pub const PENDING: &str = "sum(http_requests_pending)";
/// Pictures that wait for inference.
pub const QUEUE: &str = "sum(prediction_queue_depth)";
/// Connections to the database in use.
pub const DATABASE: &str = r#"sum(database_pool_connections{state="in_use"})"#;
/// Mails that wait to be sent.
pub const MAILS: &str = "sum(mail_outbox_pending)";
/// The share of the fullest disk that is free.
pub const DISK_FREE: &str = "min(disk_available_bytes / disk_size_bytes)";
/// Version, model and backend.
pub const INFO: &str = "app_info";
