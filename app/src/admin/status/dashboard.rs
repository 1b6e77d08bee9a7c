//! The dashboard's state: the metrics, the user's choices, and the cursor.

use leptos::prelude::*;

use super::{
    MetricsHistory, Point, TimeRange,
    connection::{Connection, ConnectionError, connection},
    endpoints::Sorting,
};
use crate::{client::ClientError, prometheus::Scrape};
use api::{CorrectedDay, LogEntry, metrics::APP_INFO};

/// The intervals between two scrapes that can be chosen, in seconds.
pub const INTERVALS: [u32; 4] = [2, 5, 15, 30];

/// The shortest time axis, in seconds.
const MIN_DOMAIN: f64 = 60.0;

/// The newest warnings and errors of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    /// Not requested yet.
    Waiting,
    /// The newest first.
    Entries(Vec<LogEntry>),
    /// The request failed.
    Failed,
}

/// How many answers users have corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Corrected {
    /// Not requested yet.
    Waiting,
    /// The newest day first.
    Days(Vec<CorrectedDay>),
    /// The request failed.
    Failed,
}

/// Signals of the state; copies share them.
#[derive(Debug, Clone, Copy)]
pub struct Dashboard {
    /// Scrapes, points and alerts.
    pub history: RwSignal<MetricsHistory>,
    /// Why the last scrape failed.
    pub error: RwSignal<Option<ConnectionError>>,
    /// The log's newest entries.
    pub log: RwSignal<Log>,
    /// The answers that users have corrected.
    pub corrected: RwSignal<Corrected>,
    /// Paused by the user.
    pub is_paused: RwSignal<bool>,
    /// The page is in the background.
    pub is_hidden: RwSignal<bool>,
    /// Seconds between two scrapes.
    pub interval: RwSignal<u32>,
    /// Incremented to scrape at once.
    pub retries: RwSignal<u32>,
    /// Unix time in seconds, updated every second.
    pub now: RwSignal<f64>,
    /// Offset of the user's time zone from UTC, in seconds.
    pub offset: RwSignal<f64>,
    /// The time selected in the charts; `None` for the newest.
    pub cursor: RwSignal<Option<f64>>,
    /// What tables and bars count.
    pub time_range: RwSignal<TimeRange>,
    /// How the endpoints are sorted.
    pub sorting: RwSignal<Sorting>,
    /// Whether a scrape was missed since the last one.
    is_broken: StoredValue<bool>,
}

impl Dashboard {
    /// An empty dashboard, shared with every component below.
    pub fn provide() -> Self {
        let dashboard = Self {
            history: RwSignal::default(),
            error: RwSignal::new(None),
            log: RwSignal::new(Log::Waiting),
            corrected: RwSignal::new(Corrected::Waiting),
            is_paused: RwSignal::new(false),
            is_hidden: RwSignal::new(false),
            interval: RwSignal::new(5),
            retries: RwSignal::new(0),
            now: RwSignal::new(0.0),
            offset: RwSignal::new(0.0),
            cursor: RwSignal::new(None),
            time_range: RwSignal::default(),
            sorting: RwSignal::default(),
            is_broken: StoredValue::new(false),
        };
        provide_context(dashboard);
        dashboard
    }

    /// The dashboard shared by [`Dashboard::provide`], or an empty one.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Adds the response of `/metrics` at Unix time `time`.
    pub fn ingest(self, time: f64, answer: Result<String, ClientError>) {
        let error = match answer {
            Ok(text) => {
                let scrape = Scrape::parse(&text);
                // Another program may answer in the server's place, such as a proxy with an error page.
                let is_ours = scrape.samples.iter().any(|sample| sample.name == APP_INFO);
                if is_ours {
                    let is_joined = !self.is_broken.get_value();
                    self.history.update(|history| history.ingest(time, &scrape, is_joined));
                    self.is_broken.set_value(false);
                }
                (!is_ours).then_some(ConnectionError::Unreadable)
            }
            Err(ClientError::Offline) => Some(ConnectionError::Offline),
            Err(ClientError::TimedOut) => Some(ConnectionError::TimedOut),
            Err(ClientError::Rejected { status: 401, .. }) => Some(ConnectionError::SignedOut),
            Err(ClientError::Rejected { status: 403, .. }) => Some(ConnectionError::Forbidden),
            Err(ClientError::Rejected { status, .. }) => Some(ConnectionError::Refused(status)),
        };
        if error.is_some() {
            self.record_gap();
        }
        self.error.set(error);
        self.now.set(time);
    }

    /// The lines don't continue at the next scrape.
    pub fn record_gap(self) {
        self.is_broken.set_value(true);
    }

    /// The state of the connection; follows the clock.
    pub fn connection(self) -> Connection {
        let last = self.history.with(|history| history.last().map(|point| point.time));
        connection(
            self.now.get(),
            last,
            self.error.get(),
            self.is_paused.get(),
            f64::from(self.interval.get()),
        )
    }

    /// The time axis of the charts: first and last second.
    pub fn domain(self) -> (f64, f64) {
        self.history.with(|history| {
            let to = history.last().map_or(MIN_DOMAIN, |point| point.time);
            let from = history.points().front().map_or(0.0, |point| point.time);
            (from.min(to - MIN_DOMAIN), to)
        })
    }

    /// The selected point: the nearest to the cursor, else the newest.
    pub fn shown(self) -> Option<Point> {
        let cursor = self.cursor.get();
        self.history.with(|history| match cursor {
            None => history.last().copied(),
            Some(time) => {
                let points = history.points().iter();
                points
                    .min_by(|a, b| (a.time - time).abs().total_cmp(&(b.time - time).abs()))
                    .copied()
            }
        })
    }

    /// Moves the cursor by a number of points.
    pub fn move_cursor(self, by: isize) {
        let Some(shown) = untrack(|| self.shown()) else { return };
        let time = self.history.with_untracked(|history| {
            let points = history.points();
            let at = points.iter().position(|point| point.time >= shown.time)?;
            let last = points.len().checked_sub(1)?;
            points
                .get(at.saturating_add_signed(by).min(last))
                .map(|point| point.time)
        });
        self.cursor.set(time);
    }
}
