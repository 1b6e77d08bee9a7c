//! Transactions that write.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, prelude::async_trait::async_trait,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    Store, StoreError,
    availability::Availability,
    listen::Listeners,
    remembered::{Change, Remembered},
};

/// How long a transaction waits for its turn on SQLite. Together with SQLite's busy timeout it is less than the five
/// seconds within which every request gets an answer.
const TURN_TIMEOUT: Duration = Duration::from_millis(1500);

/// Begins transactions that write; cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    pub(super) db: DatabaseConnection,
    /// SQLite has one writer at a time. Waiting here is fair, and doesn't run into its busy timeout.
    pub(super) turn: Option<Arc<Semaphore>>,
    pub(super) availability: Availability,
    pub(super) remembered: Remembered,
    /// The processes on this database; `None` on SQLite, which has only one.
    pub(super) listeners: Option<Listeners>,
}

/// A transaction that writes; rolled back unless [`WriteTransaction::commit`] is called.
pub(super) struct WriteTransaction {
    pub(super) db: NotedTransaction,
    changes: Vec<Change>,
    remembered: Remembered,
    listeners: Option<Listeners>,
    /// On SQLite: the permit of the only writer.
    _turn: Option<OwnedSemaphorePermit>,
}

/// The statements of a transaction. Why one fails is noted.
pub(super) struct NotedTransaction {
    pub(super) inner: DatabaseTransaction,
    availability: Availability,
}

impl NotedTransaction {
    fn noted<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        result.inspect_err(|error| self.availability.statement_failed(error))
    }
}

#[async_trait]
impl ConnectionTrait for NotedTransaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.noted(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.noted(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.noted(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.noted(self.inner.query_all_raw(statement).await)
    }
}

impl Writer {
    /// Begins a transaction that takes the write lock with its first statement, so that SQLite never has to refuse a
    /// later one.
    pub(super) async fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = async {
            let turn = self.turn().await?;
            Ok(WriteTransaction {
                db: NotedTransaction {
                    inner: self.db.begin_with_options(options).await?,
                    availability: self.availability.clone(),
                },
                changes: Vec::new(),
                remembered: self.remembered.clone(),
                listeners: self.listeners.clone(),
                _turn: turn,
            })
        };
        begun.await.inspect_err(|error| self.availability.failed(error))
    }

    /// As [`Writer::begin`], for rows of the history. On Postgres its commit isn't forced to the disk before it returns.
    /// (On SQLite that is a property of the history's connection.)
    pub(super) async fn begin_unforced(&self) -> Result<WriteTransaction, StoreError> {
        let transaction = self.begin().await?;
        if transaction.db.get_database_backend() == DbBackend::Postgres {
            let unforced = "SET LOCAL synchronous_commit = off";
            transaction.db.execute_unprepared(unforced).await?;
        }
        Ok(transaction)
    }

    /// Runs statements as one transaction of SQLite, in a single call: each call wakes the connection's thread and waits
    /// for it. Returns the rows that they return.
    pub(super) async fn run_at_once(&self, statements: Vec<Statement>) -> Result<Vec<QueryResult>, StoreError> {
        noting(&self.availability, self.run_in_turn(statements).await)
    }

    async fn run_in_turn(&self, statements: Vec<Statement>) -> Result<Vec<QueryResult>, StoreError> {
        let _turn = self.turn().await?;
        let mut sql = "BEGIN IMMEDIATE".to_owned();
        let mut values = Vec::new();
        for statement in statements {
            sql.push(';');
            sql.push_str(&statement.sql);
            values.extend(statement.values.into_iter().flatten());
        }
        sql.push_str(";COMMIT");
        let all = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        match self.db.query_all_raw(all).await {
            Ok(rows) => Ok(rows),
            Err(error) => {
                // This fails too where the error has already ended the transaction.
                let _ended = self.db.execute_unprepared("ROLLBACK").await;
                Err(error.into())
            }
        }
    }

    async fn turn(&self) -> Result<Option<OwnedSemaphorePermit>, StoreError> {
        let Some(turn) = &self.turn else { return Ok(None) };
        let permit = timeout(TURN_TIMEOUT, Arc::clone(turn).acquire_owned()).await;
        // The semaphore is never closed.
        Ok(permit.map_err(|_| StoreError::timed_out())?.ok())
    }
}

/// Notes what the end of a transaction tells about the database.
fn noting<T>(availability: &Availability, result: Result<T, StoreError>) -> Result<T, StoreError> {
    match &result {
        Ok(_) => availability.committed(),
        Err(error) => availability.failed(error),
    }
    result
}

impl Store {
    /// A transaction that is on the disk once it is committed.
    pub(super) async fn write(&self) -> Result<WriteTransaction, StoreError> {
        self.writer.begin().await
    }
}

impl WriteTransaction {
    /// Makes every process forget what `change` names, before the commit returns.
    pub(super) fn changes(&mut self, change: Change) {
        self.changes.push(change);
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let availability = self.db.availability.clone();
        noting(&availability, self.commit_with_changes().await)
    }

    async fn commit_with_changes(self) -> Result<(), StoreError> {
        if self.changes.is_empty() {
            return Ok(self.db.inner.commit().await?);
        }
        // In a task of its own: a request that is cancelled meanwhile must not leave behind what the commit changes.
        let committed = tokio::spawn(self.commit_changes()).await;
        committed.unwrap_or_else(|stopped| Err(DbErr::Custom(stopped.to_string()).into()))
    }

    async fn commit_changes(self) -> Result<(), StoreError> {
        let question = match &self.listeners {
            Some(listeners) => Some(listeners.notify(&self.db, &self.changes).await?),
            None => None,
        };
        let committed = self.db.inner.commit().await;
        // After an error too: it doesn't tell whether the database has committed.
        self.remembered.forget(&self.changes);
        committed?;
        if let Some(question) = question {
            question.all_have_answered().await;
        }
        Ok(())
    }
}
