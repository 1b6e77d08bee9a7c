//! Copies an SQLite database to Postgres: all or nothing, and compared row by row.

use std::pin::pin;

use chrono::SubsecRound;
use futures_util::{StreamExt, TryStreamExt};
use sea_orm::{
    ConnectionTrait, Database, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, QueryResult, Statement, TransactionTrait, Value,
};
use sha2::{Digest, Sha256};

use super::{
    Store, StoreError,
    connect::{check_postgres_url, migrate},
    entities::{
        api_key, audit, correction, correction_decision, key_fingerprint, mail_token, model, model_change, outbox,
        prediction, recovery_code, second_factor, session, user, user_count, user_word,
    },
};
use crate::settings::Secret;

/// Rows that are in memory at a time. Postgres takes 65,535 values in a statement.
const BATCH_ROWS: usize = 500;

/// The table of the migrations, which the migrations of the target fill.
const MIGRATIONS: &str = "seaql_migrations";

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// The number of its rows.
    pub rows: u64,
}

/// Why a database is not copied. Nothing of it is left in the target.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The source is Postgres.
    #[error("only an SQLite database is copied (DATABASE_URL); pg_dump and pg_restore copy one of Postgres")]
    Source,
    /// The target isn't Postgres.
    #[error("the target is not postgres://USER:PASSWORD@HOST/NAME (--to)")]
    Target,
    /// The target has tables.
    #[error("the target is not empty: it has the table '{0}'")]
    NotEmpty(String),
    /// The source has a table that isn't known here.
    #[error("the table '{0}' is not one of Trazo's")]
    Unknown(String),
    /// A table's rows in the target are not those of the source.
    #[error("'{0}' is not the same in the target")]
    Differs(String),
    /// The source can't be read, or the target not be written.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
}

impl From<DbErr> for CopyError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// The rows of a table, whatever their order is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Content {
    rows: u64,
    /// The sum of the rows' SHA-256, in four parts.
    sums: [u64; 4],
}

impl Content {
    fn add<M: ModelTrait>(&mut self, row: &M) {
        let mut hasher = Sha256::new();
        for column in <<M as ModelTrait>::Entity as EntityTrait>::Column::iter() {
            let value = match row.get(column) {
                Value::Bytes(Some(bytes)) => bytes,
                // Postgres stores microseconds.
                Value::ChronoDateTimeUtc(Some(time)) => time.trunc_subsecs(6).to_rfc3339().into_bytes(),
                value => format!("{value:?}").into_bytes(),
            };
            hasher.update(value.len().to_le_bytes());
            hasher.update(value);
        }
        self.rows += 1;
        for (sum, part) in self.sums.iter_mut().zip(hasher.finalize().chunks_exact(8)) {
            *sum = sum.wrapping_add(u64::from_le_bytes(part.try_into().unwrap_or_default()));
        }
    }
}

impl Store {
    /// Copies all tables to an empty database of Postgres. Meanwhile nothing can be written here.
    pub async fn copy_to(&self, target: &Secret) -> Result<Vec<CopiedTable>, CopyError> {
        if self.db.get_database_backend() != DbBackend::Sqlite {
            return Err(CopyError::Source);
        }
        let target = target.expose();
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| target.starts_with(scheme))
        {
            return Err(CopyError::Target);
        }
        check_postgres_url(target)?;
        let mut options = sea_orm::ConnectOptions::new(target);
        // Logged statements would contain their values.
        options.max_connections(1).sqlx_logging(false);
        let database = Database::connect(options).await?;
        let target = database.begin().await?;
        let source = self.write().await?;
        let source = &source.db.inner;
        let found = "SELECT CAST(table_name AS text) AS name FROM information_schema.tables \
                     WHERE table_schema = current_schema() ORDER BY 1";
        if let Some(table) = names(&target, found).await?.into_iter().next() {
            return Err(CopyError::NotEmpty(table));
        }
        migrate(&target).await?;
        let copied = copy_all(source, &target).await?;
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        for table in names(source, tables).await? {
            if table != MIGRATIONS && !copied.iter().any(|copied| copied.name == table) {
                return Err(CopyError::Unknown(table));
            }
        }
        continue_numbers(source, &target, &copied).await?;
        target.commit().await?;
        Ok(copied)
    }
}

/// Copies each table after those that it refers to.
async fn copy_all(source: &DatabaseTransaction, target: &DatabaseTransaction) -> Result<Vec<CopiedTable>, CopyError> {
    Ok(vec![
        copy::<user::Entity>(source, target).await?,
        copy::<user_word::Entity>(source, target).await?,
        copy::<user_count::Entity>(source, target).await?,
        copy::<session::Entity>(source, target).await?,
        copy::<api_key::Entity>(source, target).await?,
        copy::<second_factor::Entity>(source, target).await?,
        copy::<recovery_code::Entity>(source, target).await?,
        copy::<mail_token::Entity>(source, target).await?,
        copy::<outbox::Entity>(source, target).await?,
        copy::<prediction::Entity>(source, target).await?,
        copy::<correction::Entity>(source, target).await?,
        copy::<correction_decision::Entity>(source, target).await?,
        copy::<model::Entity>(source, target).await?,
        copy::<model_change::Entity>(source, target).await?,
        copy::<audit::Entity>(source, target).await?,
        copy::<key_fingerprint::Entity>(source, target).await?,
    ])
}

async fn copy<E>(source: &DatabaseTransaction, target: &DatabaseTransaction) -> Result<CopiedTable, CopyError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    // The migrations leave rows in some tables.
    E::delete_many().exec(target).await?;
    let mut read = Content::default();
    let mut batches = pin!(E::find().stream(source).await?.chunks(BATCH_ROWS));
    while let Some(batch) = batches.next().await {
        let batch = batch.into_iter().collect::<Result<Vec<_>, _>>()?;
        for row in &batch {
            read.add(row);
        }
        let rows = batch
            .into_iter()
            .map(|row| -> E::ActiveModel { row.into_active_model() });
        E::insert_many(rows).exec_without_returning(target).await?;
    }
    let mut written = Content::default();
    let mut rows = pin!(E::find().stream(target).await?);
    while let Some(row) = rows.try_next().await? {
        written.add(&row);
    }
    let name = E::default().table_name().to_owned();
    if read != written {
        return Err(CopyError::Differs(name));
    }
    Ok(CopiedTable { name, rows: read.rows })
}

/// New rows get numbers that none had before, also where the last rows were deleted.
async fn continue_numbers(
    source: &DatabaseTransaction,
    target: &DatabaseTransaction,
    copied: &[CopiedTable],
) -> Result<(), CopyError> {
    let last = Statement::from_string(DbBackend::Sqlite, "SELECT name, seq FROM sqlite_sequence WHERE seq > 0");
    for row in source.query_all_raw(last).await? {
        let (table, number): (String, i64) = (row.try_get("", "name")?, row.try_get("", "seq")?);
        if copied.iter().any(|copied| copied.name == table) {
            let set = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)",
                [table.into(), number.into()],
            );
            target.query_one_raw(set).await?;
        }
    }
    Ok(())
}

/// The column `name` of a query.
async fn names(db: &DatabaseTransaction, query: &str) -> Result<Vec<String>, DbErr> {
    let query = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(query).await?;
    rows.iter().map(|row: &QueryResult| row.try_get("", "name")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entities::user_word::Model;

    fn content(rows: &[(&str, i64)]) -> Content {
        let mut content = Content::default();
        for (word, user_id) in rows {
            content.add(&Model {
                word: (*word).to_owned(),
                user_id: *user_id,
            });
        }
        content
    }

    #[test]
    fn the_content_of_a_table_has_no_order_and_no_value_is_overlooked() {
        let rows = content(&[("a", 1), ("b", 2)]);
        assert_eq!(rows, content(&[("b", 2), ("a", 1)]));
        for other in [
            [("a", 1), ("b", 3)],
            [("a", 1), ("c", 2)],
            [("a", 2), ("b", 1)],
            [("a", 1), ("a", 1)],
        ] {
            assert_ne!(rows, content(&other));
        }
        assert_ne!(rows, content(&[("a", 1)]));
    }
}
