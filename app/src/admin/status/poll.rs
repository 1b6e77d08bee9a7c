//! Scrapes the metrics for the dashboard, unless it is paused or in the background.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};

use super::{
    MetricsHistory,
    dashboard::{Corrected, Dashboard, Log, Remembered, Source},
    history::Replay,
};
use crate::{
    browser::{clock, sleep::sleep},
    client,
};

/// Minimum time between two requests for the log, in seconds.
const LOG_INTERVAL: f64 = 10.0;

/// Minimum time between two requests for what users have corrected, which the server counts in its database, in seconds.
const CORRECTED_INTERVAL: f64 = 300.0;

/// Minimum time between two questions to Prometheus, in seconds: its own scrapes are no closer.
const SERVICE_INTERVAL: u32 = 15;

/// Scrapes that are read before the page may react to something else.
const REPLAY_STEP: usize = 20;

/// Scrapes at the chosen interval until the calling component unmounts.
pub fn run(dashboard: Dashboard) {
    let schedule = Memo::new(move |_| {
        dashboard.retries.track();
        let is_watched = !dashboard.is_paused.get() && !dashboard.is_hidden.get();
        is_watched.then(|| (dashboard.interval.get(), dashboard.retries.get()))
    });
    Effect::new(move |_| {
        dashboard.offset.set(clock::utc_offset());
        dashboard.is_hidden.set(document().hidden());
        let shown = window_event_listener(ev::visibilitychange, move |_| {
            dashboard.is_hidden.set(document().hidden());
        });
        on_cleanup(move || shown.remove());
    });
    Effect::new(move |_| {
        if dashboard.is_hidden.get() {
            return;
        }
        dashboard.now.set(clock::unix_time());
        let tick = move || dashboard.now.set(clock::unix_time());
        if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || ticking.clear());
        }
    });
    Effect::new(move |_| {
        let Some((interval, _)) = schedule.get() else {
            dashboard.record_gap();
            return;
        };
        // Cancelled with this run of the effect: on a pause, another interval or a retry, and on unmount.
        spawn_local_scoped_with_cancellation(async move {
            let (mut log_requested, mut corrected_requested) = (None, None);
            loop {
                let begun = clock::unix_time();
                // Shown with the first scrape, so that it isn't taken for late.
                let past = remembered(dashboard).await;
                let answer = client::metrics().await;
                if let Some(past) = past {
                    dashboard.begin_with(past);
                }
                dashboard.ingest(clock::unix_time(), answer);
                let is_due = |requested: Option<f64>, interval| requested.is_none_or(|time| begun - time >= interval);
                if is_due(log_requested, LOG_INTERVAL) {
                    log_requested = Some(begun);
                    let log = client::newest_errors().await;
                    dashboard
                        .log
                        .set(log.map_or(Log::Failed, |log| Log::Entries(log.entries)));
                }
                if is_due(corrected_requested, CORRECTED_INTERVAL) {
                    corrected_requested = Some(begun);
                    let corrected = client::corrected_days().await;
                    dashboard
                        .corrected
                        .set(corrected.map_or(Corrected::Failed, |found| Corrected::Days(found.days)));
                }
                let spent = clock::unix_time() - begun;
                sleep((f64::from(interval) - spent).max(0.5)).await;
            }
        });
    });
    run_service(dashboard);
}

/// What the server has remembered of its last hour, and whether scrapes are missing since then. Asked for until it is known;
/// without an answer the page begins with what it sees itself.
async fn remembered(dashboard: Dashboard) -> Option<Remembered> {
    if dashboard.service().own.with_untracked(Option::is_some) {
        return None;
    }
    let past = client::scrape_history().await.ok()?;
    let now = clock::unix_time();
    let mut replay = Replay::new(&past, now);
    let mut history = MetricsHistory::default();
    for (number, scrape) in past.scrapes.iter().enumerate() {
        replay.ingest(&mut history, scrape);
        if number % REPLAY_STEP == REPLAY_STEP - 1 {
            sleep(0.0).await;
        }
    }
    let is_broken = history.last().is_none_or(|last| !replay.joins(last.time, now));
    Some(Remembered {
        instance: past.instance,
        has_prometheus: past.has_prometheus,
        history,
        is_broken,
    })
}

/// Asks for the figures of the service while they are chosen.
fn run_service(dashboard: Dashboard) {
    let question = Memo::new(move |_| {
        dashboard.retries.track();
        let is_watched = !dashboard.is_paused.get() && !dashboard.is_hidden.get();
        let source = dashboard.service().source.get();
        let range = dashboard.service().range.get();
        (is_watched && source != Source::Own)
            .then(|| (source, range, dashboard.interval.get(), dashboard.retries.get()))
    });
    Effect::new(move |_| {
        let Some((source, range, interval, _)) = question.get() else {
            return;
        };
        spawn_local_scoped_with_cancellation(async move {
            let instance = match &source {
                Source::Instance(instance) => Some(instance.as_str()),
                Source::Own | Source::Service => None,
            };
            loop {
                let answer = client::service_metrics(range, instance).await;
                dashboard.ingest_service(answer);
                sleep(f64::from(interval.max(SERVICE_INTERVAL))).await;
            }
        });
    });
}
