//! The query for each figure of the status page, to be copied into Prometheus or Grafana, and the only ones that the server
//! asks Prometheus for admins. Names of metrics are written out, so that a query can be copied from here; a test compares
//! them with [`crate::metrics`].
//!
//! `app/tests/prometheus/` asks a real Prometheus each of them and compares the answer with the page's figure. What all
//! servers read from one database (accounts, emails) isn't added up over them.

use crate::ServiceRange;

/// The queries of the lines: asked for each moment of a range.
pub const COURSES: [&str; 10] = [
    RATE,
    CLIENT_ERRORS,
    SERVER_ERRORS,
    P50,
    P95,
    P99,
    CPU,
    MEMORY,
    QUEUE,
    USERS,
];

/// The queries of the numbers, tables and bars: asked for the end of a range.
pub const MOMENTS: [&str; 28] = [
    REQUESTS,
    REQUESTS_CHANGE,
    ERRORS,
    ERRORS_CHANGE,
    USERS_CHANGE,
    ENDPOINT_REQUESTS,
    ENDPOINT_RATE,
    ENDPOINT_CLIENT_ERRORS,
    ENDPOINT_SERVER_ERRORS,
    ENDPOINT_P50,
    ENDPOINT_P95,
    ENDPOINT_P99,
    DIGITS,
    CACHED,
    STAGE_MEAN,
    STAGE_P95,
    BATCHES,
    BATCH_MEAN,
    FILES,
    THREADS,
    UPTIME,
    RESTARTS,
    PENDING,
    DATABASE,
    MAILS,
    DISK_FREE,
    INFO,
    ALERTS,
];

/// A query as it is asked for `range`: lines are rates over the time between two of their points, tables count the whole
/// range. Each metric is limited to the series with the labels `matchers`, such as `job="trazo"`.
pub fn asked(query: &str, range: ServiceRange, matchers: &str) -> String {
    let whole = query.replace("5m", range.whole());
    selected(&whole.replace("[1m]", &format!("[{}]", range.window())), matchers)
}

/// `query` with `matchers` added to each metric: the names in small letters with an underscore that are no functions and
/// stand outside of braces.
fn selected(query: &str, matchers: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut text = String::with_capacity(query.len());
    let mut rest = query;
    let mut is_matcher = false;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(if end == 0 { first.len_utf8() } else { end });
        text.push_str(word);
        rest = after;
        is_matcher = match first {
            '{' => true,
            '}' => false,
            _ => is_matcher,
        };
        let is_metric = first.is_ascii_lowercase() && word.contains('_') && !after.starts_with('(');
        if is_metric && !is_matcher {
            let inside = after.strip_prefix('{');
            text.push('{');
            text.push_str(matchers);
            text.push(if inside.is_some() { ',' } else { '}' });
            is_matcher = inside.is_some();
            rest = inside.unwrap_or(after);
        }
    }
    text
}

/// Requests since the server started.
pub const REQUESTS: &str = "sum(http_requests_total)";
/// Requests in the last minutes.
pub const REQUESTS_CHANGE: &str = "sum(increase(http_requests_total[5m]))";
/// Errors since the server started.
pub const ERRORS: &str = r#"sum(http_requests_total{status=~"[45].."}) or vector(0)"#;
/// Errors in the last minutes.
pub const ERRORS_CHANGE: &str = r#"sum(increase(http_requests_total{status=~"[45].."}[5m])) or vector(0)"#;
/// Accounts.
pub const USERS: &str = "sum(max by (confirmed) (registered_users))";
/// Change of the number of accounts in the last minutes.
pub const USERS_CHANGE: &str = "sum(max by (confirmed) (registered_users))
  - sum(max by (confirmed) (registered_users offset 5m))";

/// Requests per second.
pub const RATE: &str = "sum(rate(http_requests_total[1m]))";
/// 4xx responses per second.
pub const CLIENT_ERRORS: &str = r#"sum(rate(http_requests_total{status=~"4.."}[1m])) or vector(0)"#;
/// 5xx responses per second.
pub const SERVER_ERRORS: &str = r#"sum(rate(http_requests_total{status=~"5.."}[1m])) or vector(0)"#;
/// Median request duration.
pub const P50: &str = "histogram_quantile(0.5, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";
/// 95th percentile of the request duration.
pub const P95: &str = "histogram_quantile(0.95, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";
/// 99th percentile of the request duration.
pub const P99: &str = "histogram_quantile(0.99, sum by (le) (rate(http_requests_duration_seconds_bucket[1m])))";

/// Requests by endpoint.
pub const ENDPOINT_REQUESTS: &str = "sum by (endpoint, method) (increase(http_requests_total[5m])) > 0";
/// Requests per second by endpoint.
pub const ENDPOINT_RATE: &str = "sum by (endpoint, method) (rate(http_requests_total[5m])) > 0";
/// Share of 4xx responses by endpoint.
pub const ENDPOINT_CLIENT_ERRORS: &str = r#"sum by (endpoint, method) (rate(http_requests_total{status=~"4.."}[5m]))
  / sum by (endpoint, method) (rate(http_requests_total[5m]))"#;
/// Share of 5xx responses by endpoint.
pub const ENDPOINT_SERVER_ERRORS: &str = r#"sum by (endpoint, method) (rate(http_requests_total{status=~"5.."}[5m]))
  / sum by (endpoint, method) (rate(http_requests_total[5m]))"#;
/// Median duration by endpoint.
pub const ENDPOINT_P50: &str = "histogram_quantile(0.5,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";
/// 95th percentile of the duration by endpoint.
pub const ENDPOINT_P95: &str = "histogram_quantile(0.95,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";
/// 99th percentile of the duration by endpoint.
pub const ENDPOINT_P99: &str = "histogram_quantile(0.99,
  sum by (endpoint, method, le) (rate(http_requests_duration_seconds_bucket[5m])))";

/// Predictions by digit.
pub const DIGITS: &str = "sum by (digit) (increase(predictions_total[5m]))";
/// Share of predictions from the cache.
pub const CACHED: &str =
    r#"sum(increase(predictions_total{source="cache"}[5m])) / sum(increase(predictions_total[5m]))"#;
/// Mean duration of each stage.
pub const STAGE_MEAN: &str = "sum by (stage) (rate(prediction_seconds_sum[5m]))
  / sum by (stage) (rate(prediction_seconds_count[5m]))";
/// 95th percentile of each stage's duration.
pub const STAGE_P95: &str = "histogram_quantile(0.95, sum by (stage, le) (rate(prediction_seconds_bucket[5m])))";
/// Batches up to each size.
pub const BATCHES: &str = "sum by (le) (increase(prediction_batch_size_bucket[5m]))";
/// Mean batch size.
pub const BATCH_MEAN: &str = "sum(rate(prediction_batch_size_sum[5m])) / sum(rate(prediction_batch_size_count[5m]))";

/// CPU time used per second.
pub const CPU: &str = "sum(rate(process_cpu_seconds_total[1m]))";
/// Resident memory, in bytes.
pub const MEMORY: &str = "sum(process_resident_memory_bytes)";
/// Open file descriptors.
pub const FILES: &str = "sum(process_open_fds)";
/// Threads.
pub const THREADS: &str = "sum(process_threads)";
/// Seconds since the server started; of several, the last one.
pub const UPTIME: &str = "time() - max(process_start_time_seconds)";
/// Restarts in the last minutes.
pub const RESTARTS: &str = "sum(changes(process_start_time_seconds[5m]))";
/// Requests in progress.
pub const PENDING: &str = "sum(http_requests_pending)";
/// Images waiting for inference.
pub const QUEUE: &str = "sum(prediction_queue_depth)";
/// Database connections in use.
pub const DATABASE: &str = r#"sum(database_pool_connections{state="in_use"})"#;
/// Emails that have not been sent.
pub const MAILS: &str = "max(mail_outbox_pending)";
/// Free share of the fullest disk.
pub const DISK_FREE: &str = "min(disk_available_bytes / disk_size_bytes)";
/// Version, model and backend.
pub const INFO: &str = "app_info";
/// Since when the condition of each alert is true, if Prometheus has the rules.
pub const ALERTS: &str = "min by (alertname) (ALERTS_FOR_STATE)";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::metrics;

    /// Every name in the queries, from the source of this file: functions and label values with an underscore included.
    fn names() -> BTreeSet<&'static str> {
        let source = include_str!("queries.rs");
        let source = source.split_once("#[cfg(test)]").map_or(source, |(queries, _)| queries);
        let (_, source) = source.split_once("/// Requests since").unwrap();
        let constants = source.lines().filter(|line| !line.starts_with("//"));
        constants
            .flat_map(|line| line.split(|character: char| !character.is_ascii_lowercase() && character != '_'))
            .filter(|word| word.trim_matches('_').contains('_'))
            .collect()
    }

    #[test]
    fn every_metric_in_a_query_is_one_of_the_servers() {
        let known = [
            metrics::HTTP_REQUESTS_TOTAL,
            metrics::HTTP_REQUESTS_DURATION_SECONDS,
            metrics::HTTP_REQUESTS_PENDING,
            metrics::REGISTERED_USERS,
            metrics::PREDICTIONS_TOTAL,
            metrics::PREDICTION_SECONDS,
            metrics::PREDICTION_BATCH_SIZE,
            metrics::PREDICTION_QUEUE_DEPTH,
            metrics::PROCESS_CPU_SECONDS_TOTAL,
            metrics::PROCESS_RESIDENT_MEMORY_BYTES,
            metrics::PROCESS_OPEN_FDS,
            metrics::PROCESS_THREADS,
            metrics::PROCESS_START_TIME_SECONDS,
            metrics::DATABASE_POOL_CONNECTIONS,
            metrics::MAIL_OUTBOX_PENDING,
            metrics::DISK_AVAILABLE_BYTES,
            metrics::DISK_SIZE_BYTES,
            metrics::APP_INFO,
        ];
        let series: BTreeSet<String> = names()
            .into_iter()
            .filter(|name| !["histogram_quantile", "in_use"].contains(name))
            .map(|name| {
                let histogram = ["_bucket", "_sum", "_count"]
                    .iter()
                    .find_map(|suffix| name.strip_suffix(suffix));
                histogram.unwrap_or(name).to_owned()
            })
            .collect();
        let known: BTreeSet<String> = known.map(str::to_owned).into();
        assert_eq!(series, known);
    }

    #[test]
    fn every_query_is_asked() {
        let source = include_str!("queries.rs");
        let constants = source
            .lines()
            .filter(|line| line.starts_with("pub const ") && line.contains(": &str"));
        assert_eq!(constants.count(), COURSES.len() + MOMENTS.len());
        let all: BTreeSet<_> = COURSES.into_iter().chain(MOMENTS).collect();
        assert_eq!(all.len(), COURSES.len() + MOMENTS.len());
    }

    #[test]
    fn each_metric_is_limited_to_the_service_and_each_range_is_replaced() {
        let asked = |query, range| asked(query, range, "job=\"a_b 5m\"");
        assert_eq!(
            asked(P50, ServiceRange::Week),
            "histogram_quantile(0.5, sum by (le) (rate(http_requests_duration_seconds_bucket{job=\"a_b 5m\"}[30m])))"
        );
        assert_eq!(
            asked(ERRORS_CHANGE, ServiceRange::Hour),
            r#"sum(increase(http_requests_total{job="a_b 5m",status=~"[45].."}[1h])) or vector(0)"#
        );
        assert_eq!(
            asked(DISK_FREE, ServiceRange::Day),
            r#"min(disk_available_bytes{job="a_b 5m"} / disk_size_bytes{job="a_b 5m"})"#
        );
        assert_eq!(asked(ALERTS, ServiceRange::Day), ALERTS);
        let changed = asked(USERS_CHANGE, ServiceRange::Day);
        assert!(
            changed.ends_with(r#"(registered_users{job="a_b 5m"} offset 1d))"#),
            "{changed}"
        );
        for query in COURSES.into_iter().chain(MOMENTS).filter(|query| *query != ALERTS) {
            let asked = asked(query, ServiceRange::Day);
            assert!(
                asked.matches("{job=").count() >= query.matches("_total").count().max(1),
                "{asked}"
            );
        }
    }
}
