//! The table of endpoints: what each was asked, how often it failed, how long it took.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Span, Watch, point::is_class, watch::ratio};
use crate::prometheus::{Increase, Labels};

/// One method of one route.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// The method.
    pub method: String,
    /// The route as the router names it.
    pub route: String,
    /// Requests.
    pub requests: f64,
    /// Requests a second; unknown for the whole of a life.
    pub rate: Option<f64>,
    /// The share answered with 4xx.
    pub client_errors: Option<f64>,
    /// The share answered with 5xx.
    pub server_errors: Option<f64>,
    /// Seconds in which half of them were answered.
    pub p50: Option<f64>,
    /// 95 of 100.
    pub p95: Option<f64>,
    /// 99 of 100.
    pub p99: Option<f64>,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Method and route.
    Route,
    /// Requests.
    Requests,
    /// Requests a second.
    Rate,
    /// 4xx.
    ClientErrors,
    /// 5xx.
    ServerErrors,
    /// The median.
    P50,
    /// The 95th percentile.
    P95,
    /// The 99th percentile.
    P99,
}

impl Column {
    /// All, in the table's order.
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

/// Which column, and which way.
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
    /// After a press on `column`'s head: that column, or the other way round. Numbers begin with the largest.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        let is_rising = if self.column == column {
            !self.is_rising
        } else {
            column == Column::Route
        };
        Self { column, is_rising }
    }
}

/// Every endpoint that was asked anything in that span, sorted.
pub fn endpoints(watch: &Watch, span: Span, sorting: Sorting) -> Vec<Endpoint> {
    let keys: BTreeSet<(&str, &str)> = watch
        .window()
        .latest("http_requests_total")
        .map(|(labels, _)| (labels.get("endpoint"), labels.get("method")))
        .collect();
    let mut rows: Vec<Endpoint> = keys
        .into_iter()
        .filter_map(|(route, method)| endpoint(watch, span, method, route))
        .collect();
    // Stable: rows that are equal by the column stay in the order of their routes.
    rows.sort_by(|a, b| compare(a, b, sorting));
    rows
}

fn endpoint(watch: &Watch, span: Span, method: &str, route: &str) -> Option<Endpoint> {
    let is_here = |labels: &Labels| labels.get("endpoint") == route && labels.get("method") == method;
    let requests = watch
        .amount(span, "http_requests_total", is_here)
        .filter(|requests| *requests > 0.0)?;
    let errors = |digit| {
        let amount = watch.amount(span, "http_requests_total", |labels| {
            is_here(labels) && is_class(labels, digit)
        });
        ratio(amount.unwrap_or(0.0), requests)
    };
    let quantile = |q| watch.quantile(span, q, "http_requests_duration_seconds_bucket", is_here);
    Some(Endpoint {
        method: method.to_owned(),
        route: route.to_owned(),
        requests,
        rate: match span {
            Span::Recent => watch.increase("http_requests_total", is_here).map(Increase::rate),
            Span::Whole => None,
        },
        client_errors: errors('4'),
        server_errors: errors('5'),
        p50: quantile(0.5),
        p95: quantile(0.95),
        p99: quantile(0.99),
    })
}

/// What has no value comes last, whichever way the rest goes.
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
