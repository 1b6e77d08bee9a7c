//! Logging: lines on the console and in `logs/app.log`, and the newest warnings and errors for the dashboard.
//!
//! An event becomes a `record` whose values are sanitized (`sanitize`), is written in one of two formats (`format`), and
//! goes to the `sink`. A process has one log, so its state is static: the redacted secrets, the recent errors, and the
//! number of lines that couldn't be written.

mod escape;
mod format;
mod layer;
mod mask;
mod recent;
mod record;
mod rotation;
mod sanitize;
mod secrets;
mod sink;

use std::{backtrace::Backtrace, io, panic};

use tracing::{Subscriber, error};
use tracing_subscriber::{Layer, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

pub use recent::recent_errors;
pub use secrets::{redact, redact_url_password};
pub use sink::{LogGuard, lines_dropped};

use crate::settings::LogSettings;

/// Logs to the console and to the file, panics included, until the guard is dropped.
pub fn init(settings: &LogSettings) -> LogGuard {
    let (queue, guard) = sink::start(settings, io::stdout());
    init_with(settings, queue);
    panic::set_hook(Box::new(log_panic));
    guard
}

/// Logs to `writer`, for tests. Only the first call in a process has an effect.
pub fn init_with<W>(settings: &LogSettings, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // It fails when called a second time.
    let _first = subscriber(settings, writer).try_init();
}

fn subscriber<W>(settings: &LogSettings, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = layer::LogLayer::new(settings, writer).with_filter(settings.log_level.0.clone());
    tracing_subscriber::registry().with(lines)
}

/// Logs a panic with the id of the current request, and its backtrace at level debug.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    let reason = panic.payload_as_str().unwrap_or("no reason given");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    error!("Panic en {place}: {reason}");
    tracing::debug!("{}", Backtrace::force_capture());
}
