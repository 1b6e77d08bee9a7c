//! What the server says of itself: log lines on the console and in `logs/app.log`, and the newest of its troubles.
//!
//! An event becomes a [`record`], cleaned value by value ([`clean`]), is written in one of two [`format`]s, and goes to
//! the [`sink`]. A process has one log, so what belongs to it is the process's too: what is hidden in it, what it
//! remembers, how many lines its file lacks.

mod clean;
mod escape;
mod format;
mod layer;
mod mask;
mod recent;
mod record;
mod rotation;
mod secrets;
mod sink;

use std::{backtrace::Backtrace, io, panic};

use tracing::{Subscriber, error};
use tracing_subscriber::{Layer, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

pub use recent::recent_errors;
pub use secrets::{hide, hide_password_of};
pub use sink::{LogGuard, lines_dropped};

use crate::settings::LogSettings;

/// Log to the console and to the file from now on, panics included, until the guard is dropped.
pub fn init(settings: &LogSettings) -> LogGuard {
    let (queue, guard) = sink::start(settings, io::stdout());
    init_with(settings, queue);
    panic::set_hook(Box::new(log_panic));
    guard
}

/// Log to `writer` from now on, as tests do. The first call of a process counts.
pub fn init_with<W>(settings: &LogSettings, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // A second call would fail, and changes nothing.
    let _first = subscriber(settings, writer).try_init();
}

fn subscriber<W>(settings: &LogSettings, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = layer::Lines::new(settings, writer).with_filter(settings.log_level.0.clone());
    tracing_subscriber::registry().with(lines)
}

/// A panic is a line as any other, with the id of the request it struck; its backtrace at level debug.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    let reason = panic.payload_as_str().unwrap_or("no reason given");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    error!("Panic en {place}: {reason}");
    tracing::debug!("{}", Backtrace::force_capture());
}
