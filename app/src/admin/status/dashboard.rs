//! The dashboard's state: what was seen, what the visitor chose, and where they look.

use leptos::prelude::*;

use super::{
    Point, Span, Watch,
    connection::{Connection, Failure, connection},
    endpoints::Sorting,
};
use crate::{client::Refusal, prometheus::Scrape};
use api::LogEntry;

/// Seconds between two scrapes that can be chosen.
pub const INTERVALS: [u32; 4] = [2, 5, 15, 30];

/// The charts begin with so many seconds, however young they are.
const SHORTEST: f64 = 60.0;

/// The newest warnings and errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    /// Not asked yet.
    Waiting,
    /// The newest first.
    Entries(Vec<LogEntry>),
    /// They could not be had.
    Failed,
}

/// Handles to all of it; copies share the same state.
#[derive(Debug, Clone, Copy)]
pub struct Dashboard {
    /// Scrapes, points, alarms.
    pub watch: RwSignal<Watch>,
    /// Why the last try brought nothing.
    pub failure: RwSignal<Option<Failure>>,
    /// The log's newest.
    pub log: RwSignal<Log>,
    /// The visitor stopped it.
    pub is_paused: RwSignal<bool>,
    /// Nobody sees the page.
    pub is_hidden: RwSignal<bool>,
    /// Seconds between two scrapes.
    pub interval: RwSignal<u32>,
    /// Grows when the visitor won't wait for the next try.
    pub tries: RwSignal<u32>,
    /// The time, second by second.
    pub now: RwSignal<f64>,
    /// Seconds that the visitor's clock is ahead of UTC.
    pub offset: RwSignal<f64>,
    /// The moment that is looked at in the charts; the newest when none is.
    pub cursor: RwSignal<Option<f64>>,
    /// What tables and bars count.
    pub span: RwSignal<Span>,
    /// How the endpoints are sorted.
    pub sorting: RwSignal<Sorting>,
    /// Whether something was missed since the last scrape.
    is_broken: StoredValue<bool>,
}

impl Dashboard {
    /// A dashboard that has seen nothing, shared with every component below.
    pub fn provide() -> Self {
        let dashboard = Self {
            watch: RwSignal::default(),
            failure: RwSignal::new(None),
            log: RwSignal::new(Log::Waiting),
            is_paused: RwSignal::new(false),
            is_hidden: RwSignal::new(false),
            interval: RwSignal::new(5),
            tries: RwSignal::new(0),
            now: RwSignal::new(0.0),
            offset: RwSignal::new(0.0),
            cursor: RwSignal::new(None),
            span: RwSignal::default(),
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

    /// Take in what `/metrics` answered at that second.
    pub fn take(self, time: f64, answer: Result<String, Refusal>) {
        let failure = match answer {
            Ok(text) => {
                let scrape = Scrape::parse(&text);
                // Whatever answers in the server's place (a proxy's page, say) has none of its metrics.
                let is_ours = scrape.samples.iter().any(|sample| sample.name == "app_info");
                if is_ours {
                    let is_joined = !self.is_broken.get_value();
                    self.watch.update(|watch| watch.take(time, &scrape, is_joined));
                    self.is_broken.set_value(false);
                }
                (!is_ours).then_some(Failure::Unreadable)
            }
            Err(Refusal::Offline) => Some(Failure::Offline),
            Err(Refusal::TimedOut) => Some(Failure::TimedOut),
            Err(Refusal::Refused { status: 401, .. }) => Some(Failure::SignedOut),
            Err(Refusal::Refused { status: 403, .. }) => Some(Failure::Forbidden),
            Err(Refusal::Refused { status, .. }) => Some(Failure::Refused(status)),
        };
        if failure.is_some() {
            self.miss();
        }
        self.failure.set(failure);
        self.now.set(time);
    }

    /// The next scrape doesn't go on where the last one ended.
    pub fn miss(self) {
        self.is_broken.set_value(true);
    }

    /// What the badge says; follows the clock.
    pub fn connection(self) -> Connection {
        let last = self.watch.with(|watch| watch.last().map(|point| point.time));
        connection(
            self.now.get(),
            last,
            self.failure.get(),
            self.is_paused.get(),
            f64::from(self.interval.get()),
        )
    }

    /// The charts' first and last second.
    pub fn domain(self) -> (f64, f64) {
        self.watch.with(|watch| {
            let to = watch.last().map_or(SHORTEST, |point| point.time);
            let from = watch.points().front().map_or(0.0, |point| point.time);
            (from.min(to - SHORTEST), to)
        })
    }

    /// The point that is looked at: the nearest to the cursor, else the newest.
    pub fn shown(self) -> Option<Point> {
        let cursor = self.cursor.get();
        self.watch.with(|watch| match cursor {
            None => watch.last().copied(),
            Some(time) => {
                let points = watch.points().iter();
                points
                    .min_by(|a, b| (a.time - time).abs().total_cmp(&(b.time - time).abs()))
                    .copied()
            }
        })
    }

    /// Look at the point so many further, or fewer for less than zero.
    pub fn move_cursor(self, by: isize) {
        let Some(shown) = untrack(|| self.shown()) else { return };
        let time = self.watch.with_untracked(|watch| {
            let points = watch.points();
            let at = points.iter().position(|point| point.time >= shown.time)?;
            let last = points.len().checked_sub(1)?;
            points
                .get(at.saturating_add_signed(by).min(last))
                .map(|point| point.time)
        });
        self.cursor.set(time);
    }
}
