//! What is kept: SQLite with nothing to install, Postgres by `DATABASE_URL`. The only place that knows sea-orm.

pub mod audit;
mod connect;
pub mod entities;
mod mail;
mod page;
mod predictions;
mod sessions;
mod users;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use connect::ConnectError;
pub use mail::{Due, NewMail, Purpose};
pub use page::{Found, MATCHES, UserQuery};
pub use predictions::NewPrediction;
pub use sessions::NewSession;
pub use users::{AddUserError, ChangeError, NewUser, TokenError, role};

/// The database.
#[derive(Clone)]
pub struct Store {
    db: DatabaseConnection,
    /// SQLite has one writer at a time: waiting here is fair, and doesn't run into its busy timeout.
    writer: Option<Arc<Semaphore>>,
}

/// Connections to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// So many there are.
    pub size: u32,
    /// So many of them are in nobody's use.
    pub idle: u32,
    /// So many there may be.
    pub max: u32,
}

/// A transaction that writes; undone unless [`Writing::commit`] is called.
struct Writing {
    transaction: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Store {
    fn new(db: DatabaseConnection) -> Self {
        let writer = (db.get_database_backend() == DbBackend::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Self { db, writer }
    }

    /// A transaction that may write from its first statement on, so that SQLite never finds out later that it can't.
    async fn write(&self) -> Result<Writing, DbErr> {
        let turn = match &self.writer {
            // The semaphore is never closed.
            Some(writer) => Arc::clone(writer).acquire_owned().await.ok(),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.db.begin_with_options(options).await?;
        Ok(Writing {
            transaction,
            _turn: turn,
        })
    }

    /// Its connections now.
    pub fn connections(&self) -> Connections {
        let (size, idle, max) = if self.writer.is_some() {
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

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// When it doesn't.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.db.ping().await
    }
}

impl Writing {
    /// Make what was written last.
    async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }
}

/// Now, as exact as Postgres keeps it, so that what was written reads as it was.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
