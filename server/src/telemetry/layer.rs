//! The tracing layer that turns events into log lines and recent errors.

use std::io::Write;

use serde_json::Value;
use tracing::{
    Event, Subscriber,
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, fmt::MakeWriter, layer::Context, registry::LookupSpan};

use super::{format, recent, record::Fields};
use crate::settings::LogSettings;

/// Writes each event as one line, with the fields of the enclosing spans.
pub(super) struct LogLayer<W> {
    settings: LogSettings,
    writer: W,
}

/// The sanitized fields of a span.
struct SpanFields(Vec<(&'static str, Value)>);

impl<W> LogLayer<W> {
    pub(super) fn new(settings: &LogSettings, writer: W) -> Self {
        Self {
            settings: settings.clone(),
            writer,
        }
    }

    fn fields(&self) -> Fields {
        Fields::new(self.settings.log_mask_pii)
    }
}

impl<S, W> Layer<S> for LogLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = self.fields();
        attributes.record(&mut fields);
        span.extensions_mut().insert(SpanFields(fields.into_span()));
    }

    fn on_record(&self, id: &Id, values: &tracing::span::Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = self.fields();
        values.record(&mut fields);
        if let Some(SpanFields(known)) = span.extensions_mut().get_mut() {
            known.append(&mut fields.into_span());
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = self.fields();
        event.record(&mut fields);
        let mut record = fields.into_record(event.metadata());
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(SpanFields(fields)) = span.extensions().get() {
                record.fields.extend_from_slice(fields);
            }
        }
        recent::push(&record);
        let line = format::write(&record, self.settings.log_format);
        // The sink counts its failures itself, and an error can't be logged here.
        let _written = self.writer.make_writer().write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::{Value, json};
    use tracing::{debug, error, error_span, field::Empty, info, warn};

    use super::super::{recent_errors, redact, subscriber};
    use crate::settings::{LogFormat, LogSettings, Settings};

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

    /// The lines that `log` writes.
    fn logged_with(change: impl FnOnce(&mut LogSettings), log: impl FnOnce()) -> Vec<String> {
        let captured = Captured::default();
        let writer = captured.clone();
        let mut settings = Settings::defaults().log;
        change(&mut settings);
        let subscriber = subscriber(&settings, move || writer.clone());
        tracing::subscriber::with_default(subscriber, log);
        let bytes = captured.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(ToOwned::to_owned).collect()
    }

    fn logged(log: impl FnOnce()) -> Vec<String> {
        logged_with(|_| {}, log)
    }

    fn logged_json(log: impl FnOnce()) -> Vec<Value> {
        let lines = logged_with(|settings| settings.log_format = LogFormat::Json, log);
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Line breaks of every kind, terminal escapes, text direction, quotes.
    const HOSTILE: &str =
        "x'\r\n2026-11-24 10:15:30,123 - server - INFO - forged\u{1b}[2J\u{0}\u{85}\u{2028}\u{202e}\u{7f}\"}";

    #[test]
    fn a_line_has_the_format_of_python() {
        let line = logged(|| info!("Predicción obtenida desde la cache.")).remove(0);
        let (time, rest) = line.split_at("2026-11-24 10:15:30,123".len());
        assert!(
            chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S,%3f").is_ok(),
            "{time}"
        );
        assert_eq!(
            rest,
            " - server::telemetry::layer::tests - INFO - Predicción obtenida desde la cache."
        );
    }

    #[test]
    fn warn_is_called_warning_as_in_python() {
        assert!(logged(|| warn!("x"))[0].contains(" - WARNING - x"));
    }

    #[test]
    fn fields_of_the_event_and_the_span_follow_the_message() {
        let lines = logged(|| {
            let _entered = error_span!("request", request_id = %"abc").entered();
            info!(stage = "decode", pixels = 784, "Hecho.");
        });
        assert!(
            lines[0].ends_with("Hecho. stage=decode pixels=784 request_id=abc"),
            "{}",
            lines[0]
        );
    }

    #[test]
    fn a_field_recorded_later_is_in_the_following_lines() {
        let lines = logged(|| {
            let span = error_span!("request", user = Empty);
            let _entered = span.enter();
            info!("antes");
            span.record("user", "ana\n");
            info!("después");
        });
        assert!(lines[0].ends_with("antes"), "{}", lines[0]);
        assert!(lines[1].ends_with(r"después user=ana\n"), "{}", lines[1]);
    }

    #[test]
    fn no_message_field_or_span_starts_a_new_line() {
        let name = HOSTILE;
        let log = || {
            let _entered = error_span!("request", path = %name, list = ?[name]).entered();
            warn!(name, other = ?name, shown = %name, "Tipo de archivo no permitido '{name}'.");
        };
        for format in [LogFormat::Line, LogFormat::Json] {
            let lines = logged_with(|settings| settings.log_format = format, log);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].contains("forged"));
            let is_control = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{202e}');
            assert!(!lines[0].chars().any(is_control), "{lines:?}");
        }
    }

    #[test]
    fn json_is_one_object_per_line_for_any_input() {
        let objects = logged_json(|| {
            let _entered = error_span!("request", request_id = %"abc").entered();
            info!(
                stage = "decode",
                pixels = 784,
                share = 0.5,
                blank = true,
                time = HOSTILE,
                "{HOSTILE}"
            );
            error!("Segunda.");
        });
        assert_eq!(objects.len(), 2);
        let first = &objects[0];
        assert!(chrono::DateTime::parse_from_rfc3339(first["time"].as_str().unwrap()).is_ok());
        assert_eq!(first["level"], "INFO");
        assert_eq!(first["target"], "server::telemetry::layer::tests");
        assert!(first["message"].as_str().unwrap().starts_with(r"x'\r\n2026"));
        assert_eq!(first["request_id"], "abc");
        assert_eq!(first["fields"]["pixels"], json!(784));
        assert_eq!(first["fields"]["share"], json!(0.5));
        assert_eq!(first["fields"]["blank"], json!(true));
        assert!(first["fields"]["time"].as_str().unwrap().contains("forged"));
        assert_eq!(objects[1]["message"], "Segunda.");
        assert_eq!(objects[1].get("fields"), None);
    }

    #[test]
    fn addresses_are_masked_in_messages_fields_and_spans() {
        let email = "ana.garcia@example.com";
        let lines = logged_with(
            |settings| settings.log_mask_pii = true,
            || {
                let _entered = error_span!("request", to = email).entered();
                info!(email, list = ?[email], "Email de confirmación enviado a '{email}'.");
            },
        );
        assert!(!lines[0].contains("garcia"), "{}", lines[0]);
        assert_eq!(lines[0].matches("a***@example.com").count(), 4, "{}", lines[0]);
        assert!(lines[0].contains("enviado a 'a***@example.com'."), "{}", lines[0]);
    }

    #[test]
    fn a_redacted_secret_is_in_no_line() {
        redact("tr0mbone-secret");
        let lines = logged(|| {
            let _entered = error_span!("request", url = "postgres://a:tr0mbone-secret@b").entered();
            info!(options = ?Some("tr0mbone-secret"), "se conecta con tr0mbone-secret");
        });
        assert!(!lines[0].contains("tr0mbone"), "{}", lines[0]);
        assert_eq!(lines[0].matches("***").count(), 3, "{}", lines[0]);
    }

    #[test]
    fn events_below_the_level_are_not_logged() {
        let lines = logged_with(
            |settings| settings.log_level = "warning".parse().unwrap(),
            || {
                debug!("no");
                info!("no");
                warn!("sí");
            },
        );
        assert_eq!(lines.len(), 1);
    }

    #[test]
    fn the_newest_warnings_and_errors_are_kept() {
        logged(|| {
            let _entered = error_span!("request", request_id = %"recuerdo").entered();
            info!("no se recuerda");
            for number in 0..300 {
                warn!("aviso {number}");
            }
            error!("fallo");
        });
        // Other tests of the process may log at the same time.
        let recent = recent_errors();
        assert_eq!(recent.len(), 200);
        let own: Vec<_> = recent
            .iter()
            .filter(|entry| entry.request_id.as_deref() == Some("recuerdo"))
            .collect();
        assert_eq!((own[0].level.as_str(), own[0].message.as_str()), ("ERROR", "fallo"));
        assert_eq!(
            (own[1].level.as_str(), own[1].message.as_str()),
            ("WARNING", "aviso 299")
        );
        assert!(chrono::DateTime::parse_from_rfc3339(&own[0].time).is_ok());
        assert!(
            own.iter()
                .all(|entry| entry.target == "server::telemetry::layer::tests")
        );
    }
}
