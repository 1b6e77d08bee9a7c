//! Opening the database and bringing it up to date.

use std::{fs, io, path::PathBuf, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, DbErr};

use super::Store;
use crate::settings::DatabaseSettings;

/// How long a statement waits for another process' write.
const BUSY: Duration = Duration::from_secs(10);

/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Postgres' name for the lock of whoever migrates: any number, the same in every version.
const MIGRATING: i64 = 0x0074_7261_7a6f;

/// The database can't be had.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The folder of the SQLite file can't be made.
    #[error("can't make the folder '{}' (DATA_DIR, DATABASE_URL): {cause}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        cause: io::Error,
    },
    /// It doesn't answer, or refuses.
    #[error("can't open the database (DATABASE_URL): {0}")]
    Open(DbErr),
    /// A step of its migration failed.
    #[error("can't bring the database up to date: {0}")]
    Migrate(DbErr),
}

impl Store {
    /// Open the database and run the migrations it lacks.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] when it can't be had.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        if let Some(folder) = settings.sqlite_file().as_deref().and_then(std::path::Path::parent) {
            fs::create_dir_all(folder).map_err(|cause| ConnectError::Folder {
                folder: folder.to_owned(),
                cause,
            })?;
        }
        let mut options = ConnectOptions::new(settings.url().expose());
        options
            .max_connections(settings.database_connections)
            .connect_timeout(ACQUIRE)
            .acquire_timeout(ACQUIRE)
            // The statements would be logged with what they hold.
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // What was acknowledged outlives a power cut.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(BUSY)
                    .foreign_keys(true)
            });
        let db = Database::connect(options).await.map_err(ConnectError::Open)?;
        let store = Self::new(db);
        store.migrate().await.map_err(ConnectError::Migrate)?;
        Ok(store)
    }

    /// All missing steps or none; servers that start on one database at once take turns.
    async fn migrate(&self) -> Result<(), DbErr> {
        let writing = self.write().await?;
        if writing.transaction.get_database_backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({MIGRATING})");
            writing.transaction.execute_unprepared(&lock).await?;
        }
        Migrator::up(&writing.transaction, None).await?;
        writing.commit().await
    }
}
