//! Transactions that write.

use std::sync::Arc;

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::OwnedSemaphorePermit;

use super::{Store, StoreError};

/// A transaction that writes; rolled back unless [`WriteTransaction::commit`] is called.
pub(super) struct WriteTransaction {
    pub(super) db: DatabaseTransaction,
    /// On SQLite: the permit of the only writer.
    _writer: Option<OwnedSemaphorePermit>,
}

impl Store {
    /// Begins a transaction that takes the write lock with its first statement, so that SQLite never has to refuse a
    /// later one.
    pub(super) async fn write(&self) -> Result<WriteTransaction, StoreError> {
        let writer = match &self.writer {
            // The semaphore is never closed.
            Some(writer) => Arc::clone(writer).acquire_owned().await.ok(),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(WriteTransaction {
            db: self.db.begin_with_options(options).await?,
            _writer: writer,
        })
    }
}

impl WriteTransaction {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.db.commit().await?)
    }
}
