//! The dashboard's state: the metrics, the user's choices, and the cursor.

use std::{collections::VecDeque, sync::Arc};

use leptos::prelude::*;

use super::{
    MetricsHistory, Point, TimeRange,
    alerts::{ActiveAlert, sort as sort_alerts},
    connection::{Connection, ConnectionError, connection},
    endpoints::{Endpoint, Sorting, endpoints, sort},
    predictions::Predictions,
    process::Process,
    service::ServiceFigures,
};
use crate::{
    client::ClientError,
    i18n::quantities::{clock, date},
    prometheus::Scrape,
};
use api::{CorrectedDay, LogEntry, PrometheusState, ServiceMetrics, ServiceRange, metrics::APP_INFO};

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

/// Whose figures are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// Those of the server that answers, from its own metrics.
    #[default]
    Own,
    /// Those of all servers, from Prometheus.
    Service,
    /// Those of one server, from Prometheus.
    Instance(String),
}

/// What Prometheus has answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Service {
    /// Nothing yet.
    #[default]
    Waiting,
    /// It can't be reached.
    Away,
    /// It has no server of this service.
    Empty,
    /// The figures.
    Figures(Arc<ServiceFigures>),
}

/// What the server that answers says about itself.
#[derive(Debug)]
pub struct Remembered {
    /// Its name.
    pub instance: String,
    /// Whether it can ask Prometheus.
    pub has_prometheus: bool,
    /// Its last hour.
    pub history: MetricsHistory,
    /// Whether scrapes are missing since then.
    pub is_broken: bool,
}

/// Whose figures are shown: signals, which copies share.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServiceState {
    /// The name of the server that answers.
    pub own: RwSignal<Option<String>>,
    /// Whether Prometheus can be asked.
    pub has_prometheus: RwSignal<bool>,
    /// The servers that Prometheus knows.
    pub instances: RwSignal<Vec<String>>,
    /// Whose figures are chosen.
    pub source: RwSignal<Source>,
    /// How far back the figures of Prometheus go.
    pub range: RwSignal<ServiceRange>,
    /// What Prometheus has answered.
    pub answer: RwSignal<Service>,
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
    /// Whose figures are shown; apart, so that copies stay small.
    service: StoredValue<ServiceState>,
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
            service: StoredValue::new(ServiceState::default()),
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

    /// Whose figures are shown.
    pub fn service(self) -> ServiceState {
        self.service.get_value()
    }

    /// Begins with what the server has remembered, unless a newer scrape was seen before.
    pub fn begin_with(self, past: Remembered) {
        let service = self.service();
        service.own.set(Some(past.instance));
        service.has_prometheus.set(past.has_prometheus);
        if past.has_prometheus {
            service.source.set(Source::Service);
        }
        if self.history.with_untracked(|seen| seen.last().is_none()) {
            self.history.set(past.history);
            self.is_broken.set_value(past.is_broken);
        }
    }

    /// Takes the figures of the service. If the server doesn't answer, the last ones stay: [`Dashboard::error`] says so.
    pub fn ingest_service(self, answer: Result<ServiceMetrics, ClientError>) {
        let service = self.service();
        match answer {
            Ok(answer) => {
                let state = match answer.prometheus {
                    PrometheusState::Answers => Service::Figures(Arc::new(ServiceFigures::of(&answer))),
                    PrometheusState::Empty => Service::Empty,
                    PrometheusState::Away | PrometheusState::Unset => Service::Away,
                };
                let is_same = service.instances.with_untracked(|known| *known == answer.instances);
                // The choice isn't rendered again while it may be open.
                if answer.prometheus == PrometheusState::Answers && !is_same {
                    service.instances.set(answer.instances);
                }
                service.answer.set(state);
            }
            // The chosen server is gone.
            Err(ClientError::Rejected { status: 404, .. }) => service.source.set(Source::Service),
            Err(_) => {}
        }
    }

    /// The figures of Prometheus, if they are chosen and there are any; else those of the server that answers are shown.
    pub fn figures(self) -> Option<Arc<ServiceFigures>> {
        let service = self.service();
        if service.source.with(|source| *source == Source::Own) {
            return None;
        }
        service.answer.with(|answer| match answer {
            Service::Figures(figures) => Some(Arc::clone(figures)),
            _ => None,
        })
    }

    /// The points of the charts, oldest first.
    pub fn with_points<T>(self, work: impl FnOnce(&VecDeque<Point>) -> T) -> T {
        match self.figures() {
            Some(figures) => work(&figures.points),
            None => self.history.with(|history| work(history.points())),
        }
    }

    /// The rows of the endpoints, sorted.
    pub fn endpoints(self) -> Vec<Endpoint> {
        let sorting = self.sorting.get();
        match self.figures() {
            Some(figures) => {
                let mut rows = figures.endpoints.clone();
                sort(&mut rows, sorting);
                rows
            }
            None => self
                .history
                .with(|history| endpoints(history, self.time_range.get(), sorting)),
        }
    }

    /// The predictions.
    pub fn predictions(self) -> Predictions {
        match self.figures() {
            Some(figures) => figures.predictions.clone(),
            None => self
                .history
                .with(|history| Predictions::of(history, self.time_range.get())),
        }
    }

    /// The process, or all of them added up.
    pub fn process(self) -> Process {
        match self.figures() {
            Some(figures) => figures.process.clone(),
            None => self.history.with(Process::latest),
        }
    }

    /// What is wrong: with the server that answers, and with the service, if Prometheus says so.
    pub fn alerts(self) -> Vec<ActiveAlert> {
        let mut active = self.history.with(|history| history.alerts().active().to_vec());
        if let Some(figures) = self.figures() {
            // The own one has a value.
            active.retain(|own| own.is_firing || !figures.alerts.iter().any(|other| other.alert == own.alert));
            let others = figures
                .alerts
                .iter()
                .filter(|other| !active.iter().any(|own| own.alert == other.alert));
            let others: Vec<_> = others.copied().collect();
            active.extend(others);
            sort_alerts(&mut active);
        }
        active
    }

    /// A time of a point, with its date if the points are of several days.
    pub fn moment(self, time: f64) -> String {
        let offset = self.offset.get();
        let is_long = self.figures().is_some() && self.service().range.get() != ServiceRange::Hour;
        let clock = clock(time, offset);
        if is_long {
            format!("{} {clock}", date(time, offset))
        } else {
            clock
        }
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
        self.with_points(|points| {
            let to = points.back().map_or(MIN_DOMAIN, |point| point.time);
            let from = points.front().map_or(0.0, |point| point.time);
            (from.min(to - MIN_DOMAIN), to)
        })
    }

    /// The selected point: the nearest to the cursor, else the newest.
    pub fn shown(self) -> Option<Point> {
        let cursor = self.cursor.get();
        self.with_points(|points| match cursor {
            None => points.back().copied(),
            Some(time) => points
                .iter()
                .min_by(|a, b| (a.time - time).abs().total_cmp(&(b.time - time).abs()))
                .copied(),
        })
    }

    /// Moves the cursor by a number of points.
    pub fn move_cursor(self, by: isize) {
        let Some(shown) = untrack(|| self.shown()) else { return };
        let move_within = |points: &VecDeque<Point>| {
            let at = points.iter().position(|point| point.time >= shown.time)?;
            let last = points.len().checked_sub(1)?;
            points
                .get(at.saturating_add_signed(by).min(last))
                .map(|point| point.time)
        };
        let time = untrack(|| self.with_points(move_within));
        self.cursor.set(time);
    }
}
