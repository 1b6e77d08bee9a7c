//! The scrapes of the last minutes and what is drawn from them, in bounded memory.

use std::collections::VecDeque;

use super::{
    Point,
    alerts::Alerts,
    select::{TABLE_RANGE, any, bucket, finite, is_error},
};
use crate::prometheus::{Bucket, Increase, Labels, Scrape, Window, histogram_quantile};
use api::metrics::HTTP_REQUESTS_TOTAL;

/// Scrapes are kept for the longest range of an alert rule, in seconds.
const SCRAPE_RETENTION: f64 = 900.0;

/// The number of scrapes in [`SCRAPE_RETENTION`] at the shortest interval.
const MAX_SCRAPES: usize = 450;

/// The points of the charts: half an hour at an interval of five seconds.
const MAX_POINTS: usize = 360;

/// What the tables and bars count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeRange {
    /// The last [`TABLE_RANGE`] seconds, or as much of them as was seen.
    #[default]
    Recent,
    /// Everything since the server started.
    SinceStart,
}

/// Scrapes, points and alerts.
#[derive(Debug, Clone)]
pub struct MetricsHistory {
    window: Window,
    points: VecDeque<Point>,
    alerts: Alerts,
}

impl Default for MetricsHistory {
    fn default() -> Self {
        Self {
            window: Window::new(SCRAPE_RETENTION, MAX_SCRAPES),
            points: VecDeque::new(),
            alerts: Alerts::default(),
        }
    }
}

impl MetricsHistory {
    /// Adds a scrape. `is_joined` says that none was missed since the last one, so the lines continue.
    pub fn ingest(&mut self, time: f64, scrape: &Scrape, is_joined: bool) {
        if self.window.last_time().is_some_and(|last| time <= last) {
            self.points.clear();
            self.alerts = Alerts::default();
        }
        self.window.push(time, scrape);
        if self.points.len() == MAX_POINTS {
            self.points.pop_front();
        }
        let is_joined = is_joined && !self.points.is_empty();
        self.points.push_back(Point::latest(&self.window, time, is_joined));
        self.alerts.ingest(time, &self.window);
    }

    /// The scrapes.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// The points of the charts, oldest first.
    pub fn points(&self) -> &VecDeque<Point> {
        &self.points
    }

    /// The newest point.
    pub fn last(&self) -> Option<&Point> {
        self.points.back()
    }

    /// The state of the alerts.
    pub fn alerts(&self) -> &Alerts {
        &self.alerts
    }

    /// Requests of the last [`TABLE_RANGE`].
    pub fn requests_change(&self) -> Option<Increase> {
        self.increase(HTTP_REQUESTS_TOTAL, any)
    }

    /// Errors of the last [`TABLE_RANGE`].
    pub fn errors_change(&self) -> Option<Increase> {
        let requests = self.requests_change()?;
        let errors = self.increase(HTTP_REQUESTS_TOTAL, is_error);
        Some(Increase {
            amount: errors.map_or(0.0, |errors| errors.amount),
            ..requests
        })
    }

    /// The change of the number of accounts in the last [`TABLE_RANGE`].
    pub fn users_change(&self) -> Option<Increase> {
        let last = self.last()?.time;
        let recent = self
            .points
            .iter()
            .filter(|point| last - point.time <= TABLE_RANGE + 1e-6);
        let mut values = recent.filter_map(|point| Some((point.time, point.users?)));
        let (begin, first) = values.next()?;
        let (end, last) = values.next_back()?;
        Some(Increase {
            amount: last - first,
            seconds: end - begin,
        })
    }

    /// The chosen counters' sum in that range.
    pub fn amount(&self, range: TimeRange, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        match range {
            TimeRange::Recent => self.increase(name, choose).map(|increase| increase.amount),
            TimeRange::SinceStart => self.window.sum(name, choose),
        }
    }

    /// The chosen counters' increase in the last [`TABLE_RANGE`].
    pub fn increase(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<Increase> {
        self.window.increase(name, TABLE_RANGE, choose)
    }

    /// The quantile `q` of the chosen series of the histogram `metric`; `None` without observations.
    pub fn quantile(&self, range: TimeRange, q: f64, metric: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        finite(histogram_quantile(q, &self.buckets(range, metric, choose)))
    }

    /// The buckets of the chosen series of the histogram `metric`.
    pub fn buckets(&self, range: TimeRange, metric: &str, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        match range {
            TimeRange::Recent => self.window.buckets(&bucket(metric), TABLE_RANGE, choose),
            TimeRange::SinceStart => self.window.all_buckets(&bucket(metric), choose),
        }
    }
}
