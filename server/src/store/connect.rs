//! Opening the database and bringing it up to date.

use std::{
    future::ready,
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    sqlx::{
        Connection,
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::time::sleep;
use tracing::warn;

use super::{Store, StoreError, availability::Availability};
use crate::{settings::DatabaseSettings, util::create_private_folder};

/// How long a statement waits for another process to finish its write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a statement on Postgres waits for a lock.
const LOCK_TIMEOUT: &str = "4s";

/// How long a starting server waits on Postgres for another one that migrates.
const MIGRATION_TIMEOUT: &str = "10min";

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a starting server waits for another process that has locked the SQLite database, such as one that migrates it.
const START_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a starting server waits before it tries again.
const START_RETRY: Duration = Duration::from_millis(100);

/// Size of a page of a new SQLite database.
const PAGE_BYTES: u32 = 2048;

/// Pages in SQLite's write-ahead log from which they are moved to the database: 8 MB.
const CHECKPOINT_PAGES: &str = "4096";

/// The key of the Postgres advisory lock that a migrating server holds. Any number, but the same in every version.
const MIGRATION_LOCK: i64 = 0x0074_7261_7a6f;

/// The database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The folder of the SQLite file can't be created.
    #[error("can't make the folder '{}' (DATA_DIR, DATABASE_URL): {cause}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The operating system's error.
        cause: io::Error,
    },
    /// It doesn't answer, or it refuses the connection.
    #[error("can't open the database (DATABASE_URL): {0}")]
    Open(StoreError),
    /// A migration failed.
    #[error("can't bring the database up to date: {0}")]
    Migrate(StoreError),
}

impl Store {
    /// Opens the database and runs the missing migrations.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        if let Some(folder) = settings.sqlite_file().as_deref().and_then(std::path::Path::parent) {
            create_private_folder(folder).map_err(|cause| ConnectError::Folder {
                folder: folder.to_owned(),
                cause,
            })?;
        }
        let start = Instant::now();
        loop {
            match Self::open(settings).await {
                Err(ConnectError::Open(error) | ConnectError::Migrate(error))
                    if error.is_locked() && start.elapsed() < START_TIMEOUT =>
                {
                    sleep(START_RETRY).await;
                }
                result => return result,
            }
        }
    }

    async fn open(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        let open = |error: DbErr| ConnectError::Open(error.into());
        check_postgres_url(settings.url().expose()).map_err(open)?;
        let availability = Availability::default();
        let options = connect_options(settings, &availability);
        let db = Database::connect(options.clone()).await.map_err(open)?;
        let history = if db.get_database_backend() == DbBackend::Sqlite {
            // SQLite forces each transaction to the disk, or none, by connection. A commit of this one survives the end
            // of the process; a power failure may take those since the last commit of another connection or checkpoint.
            let mut options = options;
            options
                .max_connections(1)
                // A file doesn't go away as a network connection does.
                .test_before_acquire(false)
                .map_sqlx_sqlite_opts(|sqlite| durable(sqlite).synchronous(SqliteSynchronous::Normal));
            Database::connect(options).await.map_err(open)?
        } else {
            db.clone()
        };
        let store = Self::new(db, history, settings.history_queue_length, &availability);
        store.migrate().await.map_err(ConnectError::Migrate)?;
        Ok(store)
    }

    /// Runs all missing migrations in one transaction.
    async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        migrate(&transaction.db.inner).await?;
        transaction.commit().await
    }
}

/// Runs all missing migrations. Servers that start at the same time on one database take turns: on SQLite because each
/// transaction that writes has the only write lock.
pub(super) async fn migrate(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        for statement in [
            format!("SET LOCAL lock_timeout = '{MIGRATION_TIMEOUT}'"),
            format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"),
            format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"),
        ] {
            transaction.execute_unprepared(&statement).await?;
        }
    }
    let applied = Migrator::get_migration_models(transaction).await?;
    let ours = Migrator::migrations();
    let is_applied = |name: &str| applied.iter().any(|row| row.version == name);
    if !ours.iter().all(|migration| is_applied(migration.name())) {
        return Migrator::up(transaction, None).await;
    }
    if applied.len() > ours.len() {
        // During a rolling update a server of the old version may start again.
        warn!("La base de datos es de una versión posterior del servidor: solo vale mientras se actualiza.");
    }
    Ok(())
}

/// sea-orm panics at a URL that can't be parsed, and the library's message could contain the password.
pub(super) fn check_postgres_url(url: &str) -> Result<(), DbErr> {
    if url.starts_with("postgres") && url.parse::<PgConnectOptions>().is_err() {
        return Err(DbErr::Conn(RuntimeErr::Internal("its URL is malformed".to_owned())));
    }
    Ok(())
}

fn connect_options(settings: &DatabaseSettings, availability: &Availability) -> ConnectOptions {
    let availability = availability.clone();
    let mut options = ConnectOptions::new(settings.url().expose());
    options
        .max_connections(settings.database_connections)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Logged statements would contain their values.
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(durable)
        .map_sqlx_sqlite_before_acquire(move |connection, state| {
            // SQLite ends a transaction by itself when a disk error prevents its commit. sqlx still counts it as open, and
            // would commit all later ones of the connection only within it: they would be lost with the process.
            let is_usable = !connection.is_in_transaction() && availability.is_usable(state.age);
            Box::pin(ready(Ok(is_usable)))
        })
        .map_sqlx_postgres_opts(|postgres| postgres.options([("lock_timeout", LOCK_TIMEOUT)]));
    options
}

/// A committed transaction survives a power failure.
fn durable(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        // A transaction writes whole pages: half of SQLite's default is less for the few rows that most have. A database
        // keeps the size that it was created with.
        .page_size(PAGE_BYTES)
        // Pages that change all the time are written to the database once for many transactions.
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::settings::Settings;

    #[tokio::test]
    async fn a_connection_whose_transaction_sqlite_has_ended_is_replaced() {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::defaults().database;
        folder.path().clone_into(&mut settings.data_dir);
        settings.database_connections = 1;
        let store = Store::connect(&settings).await.unwrap();
        // SQLite rolls back by itself, as it does when a disk error prevents a commit.
        let transaction = store.write().await.unwrap();
        let taken = "INSERT OR ROLLBACK INTO seaql_migrations SELECT * FROM seaql_migrations LIMIT 1";
        let error = transaction.db.execute_unprepared(taken).await.unwrap_err();
        assert!(StoreError::from(error).is_conflict());
        drop(transaction);
        let transaction = store.write().await.unwrap();
        transaction
            .db
            .execute_unprepared("CREATE TABLE later (id INTEGER)")
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        // Another connection sees only what was committed.
        let other = Store::connect(&settings).await.unwrap();
        other.db.execute_unprepared("SELECT id FROM later").await.unwrap();
    }
}
