//! The figures of one scrape: a point of the charts.

use super::select::{RATE_RANGE, any, bucket, finite, is_class, is_error};
use crate::prometheus::{Window, histogram_quantile};
use api::metrics;

/// The figures of one scrape; `None` if there is no value yet, or none at all (a quantile without observations).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Unix time in seconds.
    pub time: f64,
    /// Whether the line continues from the point before.
    pub is_joined: bool,
    /// Requests since the server started.
    pub requests: Option<f64>,
    /// Responses with a 4xx or 5xx status since the server started.
    pub errors: Option<f64>,
    /// Accounts.
    pub users: Option<f64>,
    /// Requests per second.
    pub rate: Option<f64>,
    /// 4xx responses per second.
    pub client_errors: Option<f64>,
    /// 5xx responses per second.
    pub server_errors: Option<f64>,
    /// Median request duration, in seconds.
    pub p50: Option<f64>,
    /// 95th percentile of the request duration, in seconds.
    pub p95: Option<f64>,
    /// 99th percentile of the request duration, in seconds.
    pub p99: Option<f64>,
    /// CPU time used per second: 1 is one core.
    pub cpu: Option<f64>,
    /// Resident memory, in bytes.
    pub memory: Option<f64>,
    /// Images waiting for inference.
    pub queue: Option<f64>,
}

impl Point {
    /// The figures of the window's last scrape, which was taken at `time`.
    pub fn latest(window: &Window, time: f64, is_joined: bool) -> Self {
        let requests = window.sum(metrics::HTTP_REQUESTS_TOTAL, any);
        let rate = window.rate(metrics::HTTP_REQUESTS_TOTAL, RATE_RANGE, any);
        // Without an error there is no series either: that means zero, not unknown.
        let among = |rate: Option<f64>, class: Option<f64>| rate.map(|_| class.unwrap_or(0.0));
        let class = |digit: char| {
            window.rate(metrics::HTTP_REQUESTS_TOTAL, RATE_RANGE, move |labels| {
                is_class(labels, digit)
            })
        };
        let buckets = window.buckets(&bucket(metrics::HTTP_REQUESTS_DURATION_SECONDS), RATE_RANGE, any);
        let quantile = |q| finite(histogram_quantile(q, &buckets));
        Self {
            time,
            is_joined,
            requests,
            errors: among(requests, window.sum(metrics::HTTP_REQUESTS_TOTAL, is_error)),
            users: window.sum(metrics::REGISTERED_USERS, any),
            rate,
            client_errors: among(rate, class('4')),
            server_errors: among(rate, class('5')),
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            cpu: window.rate(metrics::PROCESS_CPU_SECONDS_TOTAL, RATE_RANGE, any),
            memory: window.sum(metrics::PROCESS_RESIDENT_MEMORY_BYTES, any),
            queue: window.sum(metrics::PREDICTION_QUEUE_DEPTH, any),
        }
    }
}
