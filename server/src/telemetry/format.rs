//! How a record is written: the seed's line for people, a JSON object for log shippers.

use std::fmt::{self, Write};

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::record::{Plain, Record};
use crate::settings::LogFormat;

/// The record as one line, its end included.
pub(super) fn write(record: &Record, format: LogFormat) -> String {
    let mut line = String::with_capacity(256);
    // Writing to a string doesn't fail.
    let _written = match format {
        LogFormat::Line => seed_line(record, &mut line),
        LogFormat::Json => write!(line, "{}", object(record)),
    };
    line.push('\n');
    line
}

/// Python's `%(asctime)s - %(name)s - %(levelname)s - %(message)s`, in local time as Python's, then the fields.
fn seed_line(record: &Record, line: &mut String) -> fmt::Result {
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
        // Of two of the same name, the event's own or the inner span's counts.
        fields.entry(*name).or_insert_with(|| value.clone());
    }
    if !fields.is_empty() {
        object["fields"] = Value::Object(fields);
    }
    object
}

/// The record's time as RFC 3339 has it.
pub(super) fn time(record: &Record) -> String {
    record.time.to_rfc3339_opts(SecondsFormat::Millis, false)
}
