//! What the server says of itself: log lines on the console.

mod escape;
mod line;

use std::{backtrace::Backtrace, io, panic};

use tracing::error;
use tracing_subscriber::{
    Layer, fmt, fmt::MakeWriter, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

use crate::settings::LogSettings;

/// Log to the console from now on, panics included.
pub fn init(settings: &LogSettings) {
    init_with(settings, io::stdout);
    panic::set_hook(Box::new(log_panic));
}

/// Log to `writer` from now on. The first call of a process counts.
pub fn init_with<W>(settings: &LogSettings, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = lines(writer).with_filter(settings.log_level.0.clone());
    // A second call would fail, and changes nothing.
    let _first = tracing_subscriber::registry().with(lines).try_init();
}

/// The seed's line format, written to `writer`.
fn lines<S, W>(writer: W) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fmt::layer()
        .with_ansi(false)
        .event_format(line::SeedLine)
        .with_writer(writer)
}

/// A panic is a line as any other, with the id of the request it struck; its backtrace at level debug.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    let reason = panic.payload_as_str().unwrap_or("no reason given");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    error!("Panic en {place}: {reason}");
    tracing::debug!("{}", Backtrace::force_capture());
}
