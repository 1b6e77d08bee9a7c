//! The newest warnings and errors, for whoever looks at the status page.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use api::LogEntry;
use tracing::Level;

use super::{format, record::Record};

/// As many are kept.
const KEPT: usize = 200;

static RECENT: Mutex<VecDeque<LogEntry>> = Mutex::new(VecDeque::new());

/// The newest warnings and errors of this process, the newest first.
pub fn recent_errors() -> Vec<LogEntry> {
    let recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    recent.iter().rev().cloned().collect()
}

/// Keep a record, if it is one of those.
pub(super) fn remember(record: &Record) {
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
    if recent.len() == KEPT {
        recent.pop_front();
    }
    recent.push_back(entry);
}
