//! The database: SQLite by default, Postgres by `DATABASE_URL`. The only module that uses sea-orm.

mod api_keys;
mod audit;
mod availability;
mod connect;
mod copy;
mod corrected;
mod corrections;
mod data_set;
// Public for the integration tests and the benchmarks, which read and prepare rows that no route exposes.
#[doc(hidden)]
pub mod entities;
mod error;
mod history;
mod key_fingerprints;
mod listen;
mod mail_tokens;
mod models;
mod outbox;
mod own_account;
mod paging;
mod picture;
mod predictions;
mod registration;
mod remembered;
mod retention;
mod review;
mod second_factors;
mod sessions;
mod transaction;
mod user_changes;
mod user_counts;
mod user_filters;
mod user_key;
mod user_search;
mod users;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use tokio::sync::Semaphore;

use crate::util::Clock;

pub use api_keys::{ActiveKey, AddKeyError, ListedKey, NewApiKey, UseKeyError};
pub use audit::AuditEntry;
pub use connect::ConnectError;
pub use copy::{CopiedTable, CopyError};
pub use corrections::StoredCorrection;
pub use data_set::{Approved, ApprovedKind};
pub use error::StoreError;
pub use key_fingerprints::KeyCheck;
pub use mail_tokens::{Confirmation, UseTokenError};
pub use models::{
    AddModelError, DeleteModelError, EvaluatedCorrection, LiveChange, MAX_MODELS, StoredModel, StoredWeights,
};
pub use outbox::{NewMail, NewToken, PendingEmail};
pub use own_account::DeleteUserError;
pub use paging::{Page, Position};
pub use predictions::{AddPredictionError, NewPrediction, StoredPrediction};
pub use registration::{AddUserError, NewUser};
pub use review::{Decision, Reread, ReviewFilter, ReviewPage, ReviewRow, Unread};
pub use second_factors::SecondFactor;
pub use sessions::{ActiveSession, ListedSession, NewSession};
pub use user_changes::ChangeUserError;
pub use user_key::UserKey;
pub use user_search::UserPage;
pub use users::StoredCredentials;

use availability::Availability;
use history::HistoryQueue;
use listen::Listeners;
use remembered::Remembered;
use transaction::{WriteTransaction, Writer};

/// Changes nothing when it is executed twice, but is then written to the disk as a change is. (SQLite doesn't write what a
/// single statement leaves as it was.)
const PROBE: &str = "UPDATE seaql_migrations SET applied_at = -applied_at \
                     WHERE version = (SELECT MIN(version) FROM seaql_migrations)";

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: DatabaseConnection,
    writer: Writer,
    history: HistoryQueue,
    history_writer: Writer,
    remembered: Remembered,
    clock: Clock,
}

/// The state of the connection pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Open connections.
    pub size: u32,
    /// Open connections that no request uses.
    pub idle: u32,
    /// The maximum number of open connections.
    pub max: u32,
}

impl Store {
    /// With the connections `db`, and those of the history's writer, for which `queue_length` predictions may wait.
    fn new(
        db: DatabaseConnection,
        history: DatabaseConnection,
        queue_length: usize,
        availability: &Availability,
    ) -> Self {
        let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let remembered = Remembered::new(is_sqlite);
        let turn = is_sqlite.then(|| Arc::new(Semaphore::new(1)));
        let listeners = (!is_sqlite).then(|| Listeners::new(db.clone()));
        let writer = |db| Writer {
            db,
            turn: turn.clone(),
            availability: availability.clone(),
            remembered: remembered.clone(),
            listeners: listeners.clone(),
        };
        let history_writer = writer(history);
        Self {
            history: history::start(history_writer.clone(), queue_length),
            history_writer,
            writer: writer(db.clone()),
            db,
            remembered,
            clock: Clock::system(),
        }
    }

    /// Remembers sessions and keys on Postgres too, for as long as the process runs. (On SQLite they always are.)
    pub async fn listen(&self) {
        if let Some(listeners) = &self.writer.listeners {
            listen::start(listeners.clone(), self.remembered.clone()).await;
        }
    }

    /// The same database, with times from another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The time, by the server's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The state of the connection pool.
    pub fn connections(&self) -> Connections {
        let (size, idle, max) = if self.db.get_database_backend() == DbBackend::Sqlite {
            let pool = self.db.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        } else {
            let pool = self.db.get_postgres_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        };
        Connections {
            size,
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
            max,
        }
    }

    /// Checks that the database answers, and, if the last transaction failed because it didn't, that it can be written.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.ping().await?;
        if self.writer.availability.is_blocked() {
            let transaction = self.write().await?;
            for _ in 0..2 {
                transaction.db.execute_unprepared(PROBE).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }
}
