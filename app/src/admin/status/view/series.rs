//! The series of the charts.

use crate::admin::status::{Point, queries, texts::StatusTexts};

/// A series, drawn as a line of a chart.
#[derive(Debug)]
pub struct Series {
    /// Its name.
    pub name: fn(&'static StatusTexts) -> &'static str,
    /// Its class in the style sheet, for colour and dashes.
    pub class: &'static str,
    /// Its value at a point.
    pub value: fn(&Point) -> Option<f64>,
    /// The query for the same value.
    pub query: &'static str,
}

/// Requests per second.
pub static RATE: [Series; 1] = [Series {
    name: |t| t.requests,
    class: "line-main",
    value: |point| point.rate,
    query: queries::RATE,
}];

/// Errors per second, of the client and of the server.
pub static ERRORS: [Series; 2] = [
    Series {
        name: |_| "5xx",
        class: "line-bad",
        value: |point| point.server_errors,
        query: queries::SERVER_ERRORS,
    },
    Series {
        name: |_| "4xx",
        class: "line-warn",
        value: |point| point.client_errors,
        query: queries::CLIENT_ERRORS,
    },
];

/// Request durations.
pub static LATENCY: [Series; 3] = [
    Series {
        name: |_| "p99",
        class: "line-main",
        value: |point| point.p99,
        query: queries::P99,
    },
    Series {
        name: |_| "p95",
        class: "line-second",
        value: |point| point.p95,
        query: queries::P95,
    },
    Series {
        name: |_| "p50",
        class: "line-third",
        value: |point| point.p50,
        query: queries::P50,
    },
];
