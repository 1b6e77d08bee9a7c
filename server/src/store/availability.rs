//! Whether the database can be written, as the last transactions found.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::DbErr;

use super::{StoreError, error::is_read_only};

/// What all that write tell each other; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Availability(Arc<Shared>);

#[derive(Default)]
struct Shared {
    is_blocked: AtomicBool,
    /// When a connection to SQLite last turned out to be read-only.
    read_only_at: Mutex<Option<Instant>>,
}

impl Availability {
    /// Whether the last transaction failed because the database was not available.
    pub(super) fn is_blocked(&self) -> bool {
        self.0.is_blocked.load(Ordering::Relaxed)
    }

    /// Notes that a transaction was committed.
    pub(super) fn committed(&self) {
        self.0.is_blocked.store(false, Ordering::Relaxed);
    }

    /// Notes why a transaction could not begin or not be committed.
    pub(super) fn failed(&self, error: &StoreError) {
        self.statement_failed(error.inner());
        if error.is_unavailable() {
            self.0.is_blocked.store(true, Ordering::Relaxed);
        }
    }

    /// Notes why a statement failed. It may be the first that tells that a connection is read-only, because SQLite begins a
    /// transaction on it nevertheless.
    pub(super) fn statement_failed(&self, error: &DbErr) {
        if is_read_only(error) {
            *self.0.read_only_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    /// Whether a connection to SQLite of this age may be used. One that was opened while the file could only be read stays
    /// read-only, so when one turns out to be, all that are older are replaced.
    pub(super) fn is_usable(&self, age: Duration) -> bool {
        let read_only_at = *self.0.read_only_at.lock().unwrap_or_else(PoisonError::into_inner);
        read_only_at.is_none_or(|at| age < at.elapsed())
    }
}
