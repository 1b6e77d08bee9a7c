//! The browser's clocks and its performance measurements.

use leptos::prelude::window;

/// After this many measurements the recorded ones are cleared, so that a page left open doesn't grow.
const MAX_MEASUREMENTS: u32 = 10_000;

/// Milliseconds since the page was opened; zero where the browser has no such clock.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Run `work` and record its duration as a performance measurement called `name`. Returns the result and the duration in
/// milliseconds.
pub fn measure<T>(name: &'static str, work: impl FnOnce() -> T) -> (T, f64) {
    thread_local! {
        static COUNT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let Some(performance) = window().performance() else {
        return (work(), 0.0);
    };
    let start = performance.now();
    let mark = "trazo:marca";
    // Where the browser rejects a mark, only the measurement is lost.
    performance.mark(mark).ok();
    let result = work();
    performance.measure_with_start_mark(name, mark).ok();
    let milliseconds = performance.now() - start;
    performance.clear_marks_with_mark_name(mark);
    COUNT.with(|count| {
        count.set(count.get() + 1);
        if count.get() % MAX_MEASUREMENTS == 0 {
            performance.clear_measures();
        }
    });
    (result, milliseconds)
}

/// The time in seconds since the Unix epoch.
pub fn unix_time() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// The local time zone's offset from UTC, in seconds; positive in the east.
pub fn utc_offset() -> f64 {
    -60.0 * js_sys::Date::new_0().get_timezone_offset()
}
