//! The table of endpoints: requests, errors and durations of each.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{
    MetricsHistory, TimeRange,
    select::{is_class, ratio},
};
use crate::prometheus::{Increase, Labels};
use api::metrics;

/// A row of the table: one method of one route.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Endpoint {
    /// HTTP method.
    pub method: String,
    /// Route pattern.
    pub route: String,
    /// Requests.
    pub requests: f64,
    /// Requests per second; `None` for [`TimeRange::SinceStart`].
    pub rate: Option<f64>,
    /// Share of 4xx responses.
    pub client_errors: Option<f64>,
    /// Share of 5xx responses.
    pub server_errors: Option<f64>,
    /// Median duration, in seconds.
    pub p50: Option<f64>,
    /// 95th percentile of the duration, in seconds.
    pub p95: Option<f64>,
    /// 99th percentile of the duration, in seconds.
    pub p99: Option<f64>,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Method and route.
    Route,
    /// Requests.
    Requests,
    /// Requests per second.
    Rate,
    /// Share of 4xx responses.
    ClientErrors,
    /// Share of 5xx responses.
    ServerErrors,
    /// The median.
    P50,
    /// The 95th percentile.
    P95,
    /// The 99th percentile.
    P99,
}

impl Column {
    /// All columns, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Route,
        Self::Requests,
        Self::Rate,
        Self::ClientErrors,
        Self::ServerErrors,
        Self::P50,
        Self::P95,
        Self::P99,
    ];
}

/// The column to sort by, and the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub column: Column,
    /// Smallest first.
    pub is_rising: bool,
}

impl Default for Sorting {
    /// The slowest first.
    fn default() -> Self {
        Self {
            column: Column::P99,
            is_rising: false,
        }
    }
}

impl Sorting {
    /// The sorting after a click on the header of `column`: by that column, or in the other direction if it was sorted by
    /// it already. Numbers start with the largest.
    #[must_use]
    pub fn toggled(self, column: Column) -> Self {
        let is_rising = if self.column == column {
            !self.is_rising
        } else {
            column == Column::Route
        };
        Self { column, is_rising }
    }
}

/// The endpoints with requests in that range, sorted.
pub fn endpoints(history: &MetricsHistory, range: TimeRange, sorting: Sorting) -> Vec<Endpoint> {
    let keys: BTreeSet<(&str, &str)> = history
        .window()
        .latest(metrics::HTTP_REQUESTS_TOTAL)
        .map(|(labels, _)| (labels.get("endpoint"), labels.get("method")))
        .collect();
    let mut rows: Vec<Endpoint> = keys
        .into_iter()
        .filter_map(|(route, method)| endpoint(history, range, method, route))
        .collect();
    sort(&mut rows, sorting);
    rows
}

/// Sorts rows that are in the order of their routes, in which equal ones stay.
pub(super) fn sort(rows: &mut [Endpoint], sorting: Sorting) {
    rows.sort_by(|a, b| compare(a, b, sorting));
}

fn endpoint(history: &MetricsHistory, range: TimeRange, method: &str, route: &str) -> Option<Endpoint> {
    let is_here = |labels: &Labels| labels.get("endpoint") == route && labels.get("method") == method;
    let requests = history
        .amount(range, metrics::HTTP_REQUESTS_TOTAL, is_here)
        .filter(|requests| *requests > 0.0)?;
    let errors = |digit| {
        let amount = history.amount(range, metrics::HTTP_REQUESTS_TOTAL, |labels| {
            is_here(labels) && is_class(labels, digit)
        });
        ratio(amount.unwrap_or(0.0), requests)
    };
    let quantile = |q| history.quantile(range, q, metrics::HTTP_REQUESTS_DURATION_SECONDS, is_here);
    Some(Endpoint {
        method: method.to_owned(),
        route: route.to_owned(),
        requests,
        rate: match range {
            TimeRange::Recent => history
                .increase(metrics::HTTP_REQUESTS_TOTAL, is_here)
                .map(Increase::rate),
            TimeRange::SinceStart => None,
        },
        client_errors: errors('4'),
        server_errors: errors('5'),
        p50: quantile(0.5),
        p95: quantile(0.95),
        p99: quantile(0.99),
    })
}

/// Rows without a value come last in both directions.
fn compare(a: &Endpoint, b: &Endpoint, sorting: Sorting) -> Ordering {
    let value = |row: &Endpoint| match sorting.column {
        Column::Route => None,
        Column::Requests => Some(row.requests),
        Column::Rate => row.rate,
        Column::ClientErrors => row.client_errors,
        Column::ServerErrors => row.server_errors,
        Column::P50 => row.p50,
        Column::P95 => row.p95,
        Column::P99 => row.p99,
    };
    let turned = |order: Ordering| if sorting.is_rising { order } else { order.reverse() };
    if sorting.column == Column::Route {
        return turned((&a.route, &a.method).cmp(&(&b.route, &b.method)));
    }
    match (value(a), value(b)) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
