//! The two formats of a record: a line for people, a JSON object for log shippers.

use std::fmt::{self, Write};

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::record::{Plain, Record};
use crate::settings::LogFormat;

/// The record as one line, including the line break.
pub(super) fn write(record: &Record, format: LogFormat) -> String {
    let mut line = String::with_capacity(256);
    // Writing to a `String` can't fail.
    let _written = match format {
        LogFormat::Line => text_line(record, &mut line),
        LogFormat::Json => write!(line, "{}", object(record)),
    };
    line.push('\n');
    line
}

/// Python's format `%(asctime)s - %(name)s - %(levelname)s - %(message)s` in local time, followed by the fields.
fn text_line(record: &Record, line: &mut String) -> fmt::Result {
    let time = record.time.format("%Y-%m-%d %H:%M:%S,%3f");
    let Record {
        target,
        message,
        fields,
        ..
    } = record;
    write!(line, "{time} - {target} - {} - {message}", record.level())?;
    for (name, value) in fields {
        write!(line, " {name}={}", Plain(value))?;
    }
    Ok(())
}

fn object(record: &Record) -> Value {
    let mut object = json!({
        "time": time(record),
        "level": record.level(),
        "target": record.target,
        "message": record.message,
    });
    if let Some(id) = record.request_id() {
        object["request_id"] = id.into();
    }
    let mut fields = Map::new();
    for (name, value) in record.other_fields() {
        // Fields of the event and of inner spans take precedence.
        fields.entry(*name).or_insert_with(|| value.clone());
    }
    if !fields.is_empty() {
        object["fields"] = Value::Object(fields);
    }
    object
}

/// The time in RFC 3339.
pub(super) fn time(record: &Record) -> String {
    record.time.to_rfc3339_opts(SecondsFormat::Millis, false)
}
