//! An event with sanitized values.

use std::fmt::{self, Debug};

use chrono::{DateTime, Local};
use serde_json::Value;
use tracing::{
    Level, Metadata,
    field::{Field, Visit},
};

use super::sanitize::sanitize;

/// The field with the id of the request.
const REQUEST_ID: &str = "request_id";

/// The content of one line.
pub(super) struct Record {
    pub(super) time: DateTime<Local>,
    pub(super) level: Level,
    pub(super) target: String,
    pub(super) message: String,
    /// Those of the event, then those of the enclosing spans, innermost first.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Record {
    /// The level's name in Python.
    pub(super) fn level(&self) -> &'static str {
        match self.level {
            Level::ERROR => "ERROR",
            Level::WARN => "WARNING",
            Level::INFO => "INFO",
            Level::DEBUG => "DEBUG",
            Level::TRACE => "TRACE",
        }
    }

    /// The id of the request. The outermost field counts, because the server sets it.
    pub(super) fn request_id(&self) -> Option<&str> {
        let (_, id) = self.fields.iter().rfind(|(name, _)| *name == REQUEST_ID)?;
        id.as_str()
    }

    /// All fields except the request id.
    pub(super) fn other_fields(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.fields.iter().filter(|(name, _)| *name != REQUEST_ID)
    }

    /// A record about the log itself, which can't go through tracing.
    pub(super) fn internal(level: Level, message: String) -> Self {
        Self {
            time: now(),
            level,
            target: module_path!()
                .rsplit_once("::")
                .map_or("", |(parent, _)| parent)
                .to_owned(),
            message,
            fields: Vec::new(),
        }
    }
}

/// The local time of the machine.
#[expect(
    clippy::disallowed_methods,
    reason = "a line says when it was written, whatever a clock of the tests shows"
)]
fn now() -> DateTime<Local> {
    Local::now()
}

/// Collects and sanitizes the fields of an event or a span.
pub(super) struct Fields {
    mask_pii: bool,
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    pub(super) fn new(mask_pii: bool) -> Self {
        Self {
            mask_pii,
            message: String::new(),
            others: Vec::new(),
        }
    }

    pub(super) fn into_record(self, metadata: &Metadata<'_>) -> Record {
        Record {
            time: now(),
            level: *metadata.level(),
            target: sanitize(metadata.target(), self.mask_pii),
            message: self.message,
            fields: self.others,
        }
    }

    pub(super) fn into_span(self) -> Vec<(&'static str, Value)> {
        self.others
    }

    fn push(&mut self, field: &Field, value: Value) {
        self.others.push((field.name(), value));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let value = sanitize(value, self.mask_pii);
        if field.name() == "message" {
            self.message = value;
        } else {
            self.push(field, Value::String(value));
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, value.into());
    }
}

/// Displays a value in a text line: strings without quotes.
pub(super) struct Plain<'a>(pub(super) &'a Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => formatter.write_str(text),
            other => write!(formatter, "{other}"),
        }
    }
}
