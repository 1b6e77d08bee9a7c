//! The one error of the database.

use sea_orm::{DbErr, SqlErr};

/// The database can't be reached, or it refused a statement. The text is for the log only.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(#[from] DbErr);

impl StoreError {
    /// Whether a row with the same unique value exists.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self.0.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
    }
}
