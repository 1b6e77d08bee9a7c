//! One moment of the charts.

use super::watch::{RATE_RANGE, any, number};
use crate::prometheus::{Labels, Window, histogram_quantile};

/// The figures of one scrape. What can't be known yet, or has no value (a quantile of nothing), is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// When, in seconds since 1970.
    pub time: f64,
    /// Whether the line goes on from the point before.
    pub is_joined: bool,
    /// Requests since the server began.
    pub requests: Option<f64>,
    /// Those of them answered with 4xx or 5xx.
    pub errors: Option<f64>,
    /// Accounts.
    pub users: Option<f64>,
    /// Requests a second.
    pub rate: Option<f64>,
    /// Answers with 4xx a second.
    pub client_errors: Option<f64>,
    /// Answers with 5xx a second.
    pub server_errors: Option<f64>,
    /// Half of the requests were answered in so many seconds.
    pub p50: Option<f64>,
    /// 95 of 100 of them.
    pub p95: Option<f64>,
    /// 99 of 100 of them.
    pub p99: Option<f64>,
    /// Seconds of a core used in a second.
    pub cpu: Option<f64>,
    /// Bytes of memory held.
    pub memory: Option<f64>,
    /// Pictures that wait for inference.
    pub queue: Option<f64>,
}

impl Point {
    /// The figures of the window's last scrape.
    pub fn at_end_of(window: &Window, time: f64, is_joined: bool) -> Self {
        let requests = window.sum("http_requests_total", any);
        let rate = window.rate("http_requests_total", RATE_RANGE, any);
        // No error yet has no series either: there were none of it, rather than nobody knows how many.
        let among = |rate: Option<f64>, class: Option<f64>| rate.map(|_| class.unwrap_or(0.0));
        let class = |digit: char| window.rate("http_requests_total", RATE_RANGE, move |labels| is_class(labels, digit));
        let buckets = window.buckets("http_requests_duration_seconds_bucket", RATE_RANGE, any);
        let quantile = |q| number(histogram_quantile(q, &buckets));
        Self {
            time,
            is_joined,
            requests,
            errors: among(requests, window.sum("http_requests_total", is_error)),
            users: window.sum("registered_users", any),
            rate,
            client_errors: among(rate, class('4')),
            server_errors: among(rate, class('5')),
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            cpu: window.rate("process_cpu_seconds_total", RATE_RANGE, any),
            memory: window.sum("process_resident_memory_bytes", any),
            queue: window.sum("prediction_queue_depth", any),
        }
    }
}

/// Whether a request's status begins with that digit.
pub(super) fn is_class(labels: &Labels, digit: char) -> bool {
    labels.get("status").starts_with(digit)
}

/// Whether a request was answered with an error.
pub(super) fn is_error(labels: &Labels) -> bool {
    labels.get("status").starts_with(['4', '5'])
}
