//! The seed's line: `2026-11-24 10:15:30,123 - target - LEVEL - message`, then the fields, as `request_id=…`.

use std::fmt::{self, Write};

use chrono::Local;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, format::Writer},
    registry::LookupSpan,
};

use super::escape::Escaped;

/// Python's `%(asctime)s - %(name)s - %(levelname)s - %(message)s`, in local time as Python's.
pub(super) struct SeedLine;

impl<S, N> FormatEvent<S, N> for SeedLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        let time = Local::now().format("%Y-%m-%d %H:%M:%S,%3f");
        let level = level_name(*metadata.level());
        let mut line = Escaped(&mut writer);
        write!(line, "{time} - {} - {level} - ", metadata.target())?;
        let mut fields = Fields {
            line: &mut line,
            others: String::new(),
            result: Ok(()),
        };
        event.record(&mut fields);
        let Fields { others, result, .. } = fields;
        result?;
        line.write_str(&others)?;
        for span in context.event_scope().into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>()
                && !fields.is_empty()
            {
                write!(line, " {fields}")?;
            }
        }
        writeln!(writer)
    }
}

/// Python's names of the levels.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}

/// Writes the message at once and keeps the other fields for after it, wherever they stood.
struct Fields<'a, W> {
    line: &'a mut W,
    others: String,
    result: fmt::Result,
}

impl<W: Write> Visit for Fields<'_, W> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let written = match field.name() {
            "message" => write!(self.line, "{value:?}"),
            name => write!(self.others, " {name}={value:?}"),
        };
        self.result = self.result.and(written);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing::{error_span, info, warn};
    use tracing_subscriber::layer::SubscriberExt;

    use super::super::lines;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What `log` says, line by line.
    fn logged(log: impl FnOnce()) -> Vec<String> {
        let captured = Captured::default();
        let writer = captured.clone();
        let subscriber = tracing_subscriber::registry().with(lines(move || writer.clone()));
        tracing::subscriber::with_default(subscriber, log);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }

    #[test]
    fn a_line_is_the_seeds() {
        let line = logged(|| info!("Predicción obtenida desde la cache.")).remove(0);
        let (time, rest) = line.split_at("2026-11-24 10:15:30,123".len());
        assert!(
            chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S,%3f").is_ok(),
            "{time}"
        );
        assert_eq!(
            rest,
            " - server::telemetry::line::tests - INFO - Predicción obtenida desde la cache."
        );
    }

    #[test]
    fn warn_is_named_as_python_names_it() {
        assert!(logged(|| warn!("x"))[0].contains(" - WARNING - x"));
    }

    #[test]
    fn fields_and_the_span_follow_the_message() {
        let lines = logged(|| {
            let _entered = error_span!("request", request_id = %"abc").entered();
            info!(stage = "decode", "Hecho.");
        });
        assert!(lines[0].ends_with("Hecho. stage=decode request_id=abc"), "{}", lines[0]);
    }

    #[test]
    fn nothing_in_a_message_a_field_or_a_span_starts_a_line() {
        let name = "x.png'\r\n2026-11-24 10:15:30,123 - server - INFO - forged\u{1b}[2J";
        let lines = logged(|| {
            let _entered = error_span!("request", path = %name).entered();
            warn!(name, other = ?name, "Tipo de archivo no permitido '{name}'.");
        });
        assert_eq!(lines.len(), 1);
        assert!(!lines[0].chars().any(char::is_control));
    }
}
