//! The newest warnings and errors, for the dashboard.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use api::LogEntry;
use tracing::Level;

use super::{format, record::Record};

/// Number of entries kept.
const MAX_ENTRIES: usize = 200;

static RECENT: Mutex<VecDeque<LogEntry>> = Mutex::new(VecDeque::new());

/// The newest warnings and errors of this process, newest first.
pub fn recent_errors() -> Vec<LogEntry> {
    let recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    recent.iter().rev().cloned().collect()
}

/// Adds a record if it is a warning or an error.
pub(super) fn push(record: &Record) {
    if record.level > Level::WARN {
        return;
    }
    let entry = LogEntry {
        time: format::time(record),
        level: record.level().to_owned(),
        target: record.target.clone(),
        message: record.message.clone(),
        request_id: record.request_id().map(ToOwned::to_owned),
    };
    let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    if recent.len() == MAX_ENTRIES {
        recent.pop_front();
    }
    recent.push_back(entry);
}
