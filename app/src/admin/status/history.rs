//! The scrapes of the last minutes and what is drawn from them, in bounded memory.

use std::collections::{BTreeMap, VecDeque};

use super::{
    Point,
    alerts::Alerts,
    select::{TABLE_RANGE, any, bucket, finite, is_error},
};
use crate::prometheus::{Bucket, Increase, Labels, Sample, Scrape, Window, histogram_quantile};
use api::{PastScrape, ScrapeHistory, metrics::HTTP_REQUESTS_TOTAL};

/// Scrapes are kept for the longest range of an alert rule, in seconds.
const SCRAPE_RETENTION: f64 = 900.0;

/// The number of scrapes in [`SCRAPE_RETENTION`] at the shortest interval.
const MAX_SCRAPES: usize = 450;

/// Points are kept for an hour, in seconds.
const POINT_RETENTION: f64 = 3600.0;

/// The points of an hour at the shortest interval.
const MAX_POINTS: usize = 1_800;

/// A line continues over a scrape of the server's own that came late by no more than this multiple of its interval.
const MAX_DELAY: f64 = 2.5;

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

/// Reads what the server has remembered of its last hour, scrape by scrape.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    past: &'a ScrapeHistory,
    /// Name and labels of each series; `None` for one that can't be read.
    series: Vec<Option<Sample>>,
    values: BTreeMap<u32, f64>,
    /// From the server's clock to the visitor's, in seconds.
    shift: f64,
}

impl<'a> Replay<'a> {
    /// Begins at `now` by the visitor's clock, which may differ from the server's.
    pub(super) fn new(past: &'a ScrapeHistory, now: f64) -> Self {
        let sample = |series: &String| Scrape::parse(&format!("{series} 0")).samples.pop();
        Self {
            past,
            series: past.series.iter().map(sample).collect(),
            values: BTreeMap::new(),
            shift: now - past.now,
        }
    }

    /// Adds a scrape, which the one before precedes.
    pub(super) fn ingest(&mut self, history: &mut MetricsHistory, scrape: &PastScrape) {
        for (id, value) in scrape.series.iter().zip(&scrape.values) {
            match value {
                Some(value) => self.values.insert(*id, *value),
                None => self.values.remove(id),
            };
        }
        let sample = |(id, value): (&u32, &f64)| {
            let sample = self.series.get(*id as usize)?.clone()?;
            Some(Sample {
                value: *value,
                ..sample
            })
        };
        let samples = self.values.iter().filter_map(sample).collect();
        let time = scrape.time + self.shift;
        let is_joined = history.last().is_some_and(|last| self.joins(last.time, time));
        history.ingest(time, &Scrape { samples, skipped: 0 }, is_joined);
    }

    /// Whether no scrape is missing between these two times.
    pub(super) fn joins(&self, last: f64, time: f64) -> bool {
        time - last <= MAX_DELAY * self.past.interval
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
        while self.points.len() >= MAX_POINTS
            || self
                .points
                .front()
                .is_some_and(|first| time - first.time > POINT_RETENTION)
        {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn scrape(time: f64, changes: &[(u32, Option<f64>)]) -> PastScrape {
        PastScrape {
            time,
            series: changes.iter().map(|(id, _)| *id).collect(),
            values: changes.iter().map(|(_, value)| *value).collect(),
        }
    }

    #[test]
    fn what_the_server_remembers_is_shown_at_the_visitors_time_with_its_gaps() {
        let past = ScrapeHistory {
            instance: "web-1:3000".to_owned(),
            has_prometheus: false,
            now: 1_100.0,
            interval: 15.0,
            series: vec![
                "http_requests_total{status=\"404\"}".to_owned(),
                "model_ready{}".to_owned(),
            ],
            scrapes: vec![
                scrape(1_000.0, &[(1, Some(0.0))]),
                scrape(1_015.0, &[(0, Some(30.0))]),
                scrape(1_090.0, &[(1, None)]),
            ],
        };
        // The visitor's clock is an hour late.
        let mut replay = Replay::new(&past, -2_500.0);
        let mut history = MetricsHistory::default();
        for scrape in &past.scrapes {
            replay.ingest(&mut history, scrape);
            if scrape.time < 1_090.0 {
                assert_eq!(history.alerts().active().len(), 1, "no model");
            }
        }
        let points: Vec<_> = history
            .points()
            .iter()
            .map(|point| (point.time, point.is_joined))
            .collect();
        assert_eq!(points, [(-2_600.0, false), (-2_585.0, true), (-2_510.0, false)]);
        assert_eq!(
            history.points()[1].rate,
            Some(2.0),
            "a series that was missing was zero"
        );
        assert!(history.alerts().active().is_empty());
        assert_eq!(history.last().and_then(|point| point.errors), Some(30.0));
    }

    #[test]
    fn an_hour_is_kept() {
        let mut history = MetricsHistory::default();
        for number in 0..3_000_u32 {
            history.ingest(2.0 * f64::from(number), &Scrape::parse("model_ready 1"), true);
        }
        assert_eq!(history.points().len(), 1_800);
        for number in 0..300_u32 {
            history.ingest(
                6_000.0 + 15.0 * f64::from(number),
                &Scrape::parse("model_ready 1"),
                true,
            );
        }
        assert_eq!(history.points().len(), 241);
    }
}
