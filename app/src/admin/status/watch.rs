//! All that was seen so far, in bounded memory.

use std::collections::VecDeque;

use super::{Point, alarms::Alarms, point::is_error};
use crate::prometheus::{Bucket, Increase, Labels, Scrape, Window, histogram_quantile};

/// The range of everything that is drawn over time, in seconds: `[1m]`.
pub const RATE_RANGE: f64 = 60.0;

/// The range of tables and bars, in seconds: `[5m]`.
pub const TABLE_RANGE: f64 = 300.0;

/// Scrapes reach back as far as the longest range asks (an alarm's), in seconds.
const KEPT_SECONDS: f64 = 900.0;

/// Scrapes kept at most: the shortest interval fills [`KEPT_SECONDS`] with so many.
const MOST_SCRAPES: usize = 450;

/// Points of the charts kept: half an hour at five seconds.
const MOST_POINTS: usize = 360;

/// What tables and bars count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    /// The last [`TABLE_RANGE`], or what there is of it.
    #[default]
    Recent,
    /// All since the server began.
    Whole,
}

/// Scrapes, points and alarms.
#[derive(Debug, Clone)]
pub struct Watch {
    window: Window,
    points: VecDeque<Point>,
    alarms: Alarms,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            window: Window::new(KEPT_SECONDS, MOST_SCRAPES),
            points: VecDeque::new(),
            alarms: Alarms::default(),
        }
    }
}

impl Watch {
    /// Take in a scrape. `is_joined` says that none was missed since the last: the lines go on.
    pub fn take(&mut self, time: f64, scrape: &Scrape, is_joined: bool) {
        if self.window.last_time().is_some_and(|last| time <= last) {
            self.points.clear();
            self.alarms = Alarms::default();
        }
        self.window.push(time, scrape);
        if self.points.len() == MOST_POINTS {
            self.points.pop_front();
        }
        let is_joined = is_joined && !self.points.is_empty();
        self.points.push_back(Point::at_end_of(&self.window, time, is_joined));
        self.alarms.take(time, &self.window);
    }

    /// The scrapes.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// What is drawn over time, oldest first.
    pub fn points(&self) -> &VecDeque<Point> {
        &self.points
    }

    /// The newest point.
    pub fn last(&self) -> Option<&Point> {
        self.points.back()
    }

    /// Requests of the last [`TABLE_RANGE`].
    pub fn requests_change(&self) -> Option<Increase> {
        self.increase("http_requests_total", any)
    }

    /// Errors of the last [`TABLE_RANGE`].
    pub fn errors_change(&self) -> Option<Increase> {
        let requests = self.requests_change()?;
        let errors = self.increase("http_requests_total", is_error);
        Some(Increase {
            amount: errors.map_or(0.0, |errors| errors.amount),
            ..requests
        })
    }

    /// Accounts more than at the beginning of the last [`TABLE_RANGE`].
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

    /// What is wrong now.
    pub fn alarms(&self) -> &Alarms {
        &self.alarms
    }

    /// What the chosen counters counted in that span.
    pub fn amount(&self, span: Span, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        match span {
            Span::Recent => self.increase(name, choose).map(|increase| increase.amount),
            Span::Whole => self.window.sum(name, choose),
        }
    }

    /// What the chosen counters grew by in the last [`TABLE_RANGE`], and in how many seconds of it.
    pub fn increase(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<Increase> {
        self.window.increase(name, TABLE_RANGE, choose)
    }

    /// A quantile of the chosen histograms in that span, where anything was observed.
    pub fn quantile(&self, span: Span, q: f64, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        number(histogram_quantile(q, &self.buckets(span, name, choose)))
    }

    /// The buckets of the chosen histograms in that span.
    pub fn buckets(&self, span: Span, name: &str, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        match span {
            Span::Recent => self.window.buckets(name, TABLE_RANGE, choose),
            Span::Whole => self.window.all_buckets(name, choose),
        }
    }
}

/// A number, where it is one.
pub(super) fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A share of a whole, where there is a whole.
pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Takes every series.
pub(super) fn any(_: &Labels) -> bool {
    true
}
