//! Whether the database can be written, as the last transactions found.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::StoreError;

/// When a connection to SQLite last turned out to be read-only. Of the process, because an error may come from any statement
/// and doesn't know its database.
static READ_ONLY_AT: Mutex<Option<Instant>> = Mutex::new(None);

/// What all that write tell each other; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Availability {
    is_blocked: Arc<AtomicBool>,
}

impl Availability {
    /// Whether the last transaction failed because the database was not available.
    pub(super) fn is_blocked(&self) -> bool {
        self.is_blocked.load(Ordering::Relaxed)
    }

    /// Notes that a transaction was committed.
    pub(super) fn committed(&self) {
        self.is_blocked.store(false, Ordering::Relaxed);
    }

    /// Notes why a transaction could not begin or not be committed.
    pub(super) fn failed(&self, error: &StoreError) {
        if error.is_unavailable() {
            self.is_blocked.store(true, Ordering::Relaxed);
        }
    }
}

/// Notes that a connection to SQLite is read-only.
pub(super) fn note_read_only() {
    *READ_ONLY_AT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

/// Whether a connection to SQLite of this age may be used. One that was opened while the file could only be read stays
/// read-only, so when one turns out to be, all that are older are replaced.
pub(super) fn is_usable(age: Duration) -> bool {
    let read_only_at = *READ_ONLY_AT.lock().unwrap_or_else(PoisonError::into_inner);
    read_only_at.is_none_or(|at| age < at.elapsed())
}
