//! The one error of the database.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};

/// The database can't be reached, or it refused a statement. The text is for the log only.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(#[from] DbErr);

impl StoreError {
    /// The time to wait for the database is up.
    pub(super) fn timed_out() -> Self {
        Self(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }

    /// The library's error.
    pub(super) fn inner(&self) -> &DbErr {
        &self.0
    }

    /// Whether a row with the same unique value exists.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.0.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
    }

    /// Whether a row refers to an account that doesn't exist.
    pub(super) fn is_orphan(&self) -> bool {
        matches!(self.0.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)))
    }

    /// Whether another process holds SQLite's lock.
    pub(super) fn is_locked(&self) -> bool {
        sqlite_code(&self.0).is_some_and(|code| matches!(code, SQLITE_BUSY | SQLITE_LOCKED))
    }

    /// Whether the database can't be reached, is locked, has no room, or can't be read or written at the moment: the same
    /// request may succeed later.
    pub(crate) fn is_unavailable(&self) -> bool {
        // Whatever the reason is for which a connection can't be opened.
        if matches!(self.0, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
            || sqlite_code(&self.0).is_some_and(|code| UNAVAILABLE_SQLITE.contains(&code))
        {
            return true;
        }
        match sqlx(&self.0) {
            Some(sqlx::Error::Database(error)) => error.code().is_some_and(|code| is_unavailable_postgres(&code)),
            Some(error) => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            ),
            None => false,
        }
    }
}

/// Whether SQLite's file could only be opened for reading.
pub(super) fn is_read_only(error: &DbErr) -> bool {
    sqlite_code(error) == Some(SQLITE_READONLY)
}

fn sqlx(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// SQLite's primary result code.
fn sqlite_code(error: &DbErr) -> Option<u32> {
    let error = sqlx(error)?.as_database_error()?;
    error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    // The low byte of an extended code.
    Some(error.code()?.parse::<u32>().ok()? & 0xff)
}

// https://www.sqlite.org/rescode.html
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

/// Codes for a file that is locked, read-only, on a full or failing disk, or that can't be opened for lack of descriptors.
const UNAVAILABLE_SQLITE: [u32; 6] = [
    SQLITE_BUSY,
    SQLITE_LOCKED,
    SQLITE_READONLY,
    SQLITE_IOERR,
    SQLITE_FULL,
    SQLITE_CANTOPEN,
];

/// Codes for a server that is starting, stopping, out of reach or out of resources, and for the lock timeout
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn is_unavailable_postgres(code: &str) -> bool {
    code.len() == 5 && ["08", "53", "55P03", "57P"].iter().any(|class| code.starts_with(class))
}
