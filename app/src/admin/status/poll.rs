//! Keeps the dashboard fed, and asks for nothing while nobody looks.

use std::time::Duration;

use js_sys::Promise;
use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};
use wasm_bindgen_futures::JsFuture;

use super::dashboard::{Dashboard, Log};
use crate::{browser::clock, client};

/// The log is asked for no more often than this, in seconds.
const LOG_INTERVAL: f64 = 10.0;

/// Scrape at the chosen interval as long as the component that calls this lives. Not while paused or hidden.
pub fn keep_polling(dashboard: Dashboard) {
    let asks = Memo::new(move |_| {
        dashboard.tries.track();
        let is_watched = !dashboard.is_paused.get() && !dashboard.is_hidden.get();
        is_watched.then(|| (dashboard.interval.get(), dashboard.tries.get()))
    });
    Effect::new(move |_| {
        dashboard.offset.set(clock::offset());
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
        dashboard.now.set(clock::wall());
        let tick = move || dashboard.now.set(clock::wall());
        if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || ticking.clear());
        }
    });
    Effect::new(move |_| {
        let Some((interval, _)) = asks.get() else {
            dashboard.miss();
            return;
        };
        // Ends with this run of the effect: when the visitor pauses, changes the interval, or leaves.
        spawn_local_scoped_with_cancellation(async move {
            let mut log_asked: Option<f64> = None;
            loop {
                let begun = clock::wall();
                let answer = client::metrics().await;
                dashboard.take(clock::wall(), answer);
                if log_asked.is_none_or(|asked| begun - asked >= LOG_INTERVAL) {
                    log_asked = Some(begun);
                    let log = client::newest_errors().await;
                    dashboard
                        .log
                        .set(log.map_or(Log::Failed, |log| Log::Entries(log.entries)));
                }
                let spent = clock::wall() - begun;
                rest((f64::from(interval) - spent).max(0.5)).await;
            }
        });
    });
}

/// Wait so many seconds.
async fn rest(seconds: f64) {
    let timer = Promise::new(&mut |resolve, _| {
        let work = move || {
            // A promise's own function takes one argument and throws nothing.
            resolve.call0(&wasm_bindgen::JsValue::UNDEFINED).ok();
        };
        set_timeout(work, Duration::from_secs_f64(seconds));
    });
    // It is never rejected.
    JsFuture::from(timer).await.ok();
}
