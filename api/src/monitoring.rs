//! What the status page is given beside the metrics of the moment: the last hour of this server, and the figures of the whole
//! service from Prometheus.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The response of `GET /api/admin/metrics/history`: what the server that answers has measured in the last hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScrapeHistory {
    /// The server's name: host and port.
    pub instance: String,
    /// Whether Prometheus can be asked (`PROMETHEUS_URL`).
    pub has_prometheus: bool,
    /// The server's time, as Unix time in seconds.
    pub now: f64,
    /// Seconds between two scrapes.
    pub interval: f64,
    /// The names and labels of the series, as in the exposition.
    pub series: Vec<String>,
    /// Oldest first.
    pub scrapes: Vec<PastScrape>,
}

/// What has changed from one scrape to the next; the first one has all values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastScrape {
    /// Unix time in seconds.
    pub time: f64,
    /// The indices of the series that have changed.
    pub series: Vec<u32>,
    /// Their values; null for a series that is no longer there.
    pub values: Vec<Option<f64>>,
}

/// How far the figures of the whole service go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceRange {
    /// An hour.
    #[default]
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
}

impl ServiceRange {
    /// All ranges, the shortest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// Its name in a URL.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// Seconds between two points of a line.
    pub fn step(self) -> u32 {
        match self {
            Self::Hour => 15,
            Self::Day => 300,
            Self::Week => 1800,
        }
    }

    /// The number of points of a line.
    pub fn points(self) -> u32 {
        match self {
            Self::Hour => 241,
            Self::Day => 289,
            Self::Week => 337,
        }
    }

    /// The whole range, in PromQL.
    pub(crate) fn whole(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "1d",
            Self::Week => "7d",
        }
    }

    /// What a point of a line is the rate of, in PromQL: at least the time since the point before.
    pub(crate) fn window(self) -> &'static str {
        match self {
            Self::Hour => "1m",
            Self::Day => "5m",
            Self::Week => "30m",
        }
    }
}

/// What asking Prometheus has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PrometheusState {
    /// `PROMETHEUS_URL` is not set.
    Unset,
    /// It doesn't answer.
    Away,
    /// It answers, and has no server of this service.
    Empty,
    /// It answers.
    Answers,
}

/// The response of `GET /api/admin/metrics/service?range=&instance=`: the figures of all servers, or of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceMetrics {
    /// Where they come from. Without an answer there are no figures.
    pub prometheus: PrometheusState,
    /// The time of the numbers, as Unix time in seconds.
    pub time: f64,
    /// The time of the first point of the lines.
    pub start: f64,
    /// Seconds between two points.
    pub step: f64,
    /// The servers, by the label that Prometheus gives them.
    pub instances: Vec<String>,
    /// The series of each query of [`crate::queries`], by its text.
    pub figures: BTreeMap<String, Vec<ServiceSeries>>,
}

/// A series in the answer to a query.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceSeries {
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The values: one for each point of a line, else a single one. Null where there is none.
    pub values: Vec<Option<f64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_point_at_each_end_of_its_range() {
        let seconds = ServiceRange::ALL.map(|range| range.step() * (range.points() - 1));
        assert_eq!(seconds, [3600, 86_400, 604_800]);
        for range in ServiceRange::ALL {
            assert_eq!(serde_json::to_value(range).unwrap(), range.tag());
        }
    }
}
