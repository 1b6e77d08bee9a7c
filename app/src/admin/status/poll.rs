//! Scrapes the metrics for the dashboard, unless it is paused or in the background.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};

use super::dashboard::{Corrected, Dashboard, Log};
use crate::{
    browser::{clock, sleep::sleep},
    client,
};

/// Minimum time between two requests for the log, in seconds.
const LOG_INTERVAL: f64 = 10.0;

/// Minimum time between two requests for what users have corrected, which the server counts in its database, in seconds.
const CORRECTED_INTERVAL: f64 = 300.0;

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
                let answer = client::metrics().await;
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
}
