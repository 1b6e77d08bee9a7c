//! The newest warnings and errors, for whoever looks at the status page.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use tracing::Level;
use utoipa::ToSchema;

use super::{format, record::Record};

/// As many are kept.
const KEPT: usize = 200;

static RECENT: Mutex<VecDeque<LogEntry>> = Mutex::new(VecDeque::new());

/// A warning or an error that was logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogEntry {
    /// When, as RFC 3339 has it.
    pub time: String,
    /// `WARNING` or `ERROR`.
    pub level: &'static str,
    /// The part of the program that says it.
    pub target: String,
    /// What it says.
    pub message: String,
    /// The request that caused it.
    pub request_id: Option<String>,
}

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
        level: record.level(),
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
