//! The lines of the charts: name, look, number, query.

use crate::admin::status::{Point, queries, texts::StatusTexts};

/// A line of a chart.
#[derive(Debug)]
pub struct Line {
    /// What it is called.
    pub name: fn(&'static StatusTexts) -> &'static str,
    /// Its class in the style sheet: colour and dashes.
    pub class: &'static str,
    /// Its value at a moment.
    pub value: fn(&Point) -> Option<f64>,
    /// The same in Prometheus.
    pub query: &'static str,
}

/// Requests a second.
pub static RATE: [Line; 1] = [Line {
    name: |t| t.requests,
    class: "line-main",
    value: |point| point.rate,
    query: queries::RATE,
}];

/// Errors a second, those of the client apart from the server's.
pub static ERRORS: [Line; 2] = [
    Line {
        name: |_| "5xx",
        class: "line-bad",
        value: |point| point.server_errors,
        query: queries::SERVER_ERRORS,
    },
    Line {
        name: |_| "4xx",
        class: "line-warn",
        value: |point| point.client_errors,
        query: queries::CLIENT_ERRORS,
    },
];

/// How long answers take.
pub static LATENCY: [Line; 3] = [
    Line {
        name: |_| "p99",
        class: "line-main",
        value: |point| point.p99,
        query: queries::P99,
    },
    Line {
        name: |_| "p95",
        class: "line-second",
        value: |point| point.p95,
        query: queries::P95,
    },
    Line {
        name: |_| "p50",
        class: "line-third",
        value: |point| point.p50,
        query: queries::P50,
    },
];
