//! Time and the browser's own measurements.

use leptos::prelude::window;

/// Measurements kept before the oldest are let go: a page left open must not grow.
const KEPT: u32 = 10_000;

/// Milliseconds since the page began; zero where the browser has no such clock.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Run `work` and leave its duration among the browser's measurements under `name`; gives the milliseconds too.
pub fn measured<T>(name: &'static str, work: impl FnOnce() -> T) -> (T, f64) {
    thread_local! {
        static COUNT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let Some(performance) = window().performance() else {
        return (work(), 0.0);
    };
    let begun = performance.now();
    let mark = "trazo:marca";
    // A browser that refuses a mark loses a measurement, nothing else.
    performance.mark(mark).ok();
    let result = work();
    performance.measure_with_start_mark(name, mark).ok();
    let milliseconds = performance.now() - begun;
    performance.clear_marks_with_mark_name(mark);
    COUNT.with(|count| {
        count.set(count.get() + 1);
        if count.get() % KEPT == 0 {
            performance.clear_measures();
        }
    });
    (result, milliseconds)
}

/// Seconds since 1970, by the visitor's clock.
pub fn wall() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// Seconds that the visitor's clock is ahead of UTC.
pub fn offset() -> f64 {
    -60.0 * js_sys::Date::new_0().get_timezone_offset()
}
