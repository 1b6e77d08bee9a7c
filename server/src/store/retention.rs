//! The removal of predictions from the history.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};

use super::{Store, StoreError, WriteTransaction, entities::prediction};

impl Store {
    /// The time `days` days ago.
    pub fn days_ago(&self, days: u32) -> DateTime<Utc> {
        self.now() - TimeDelta::days(days.into())
    }

    /// Removes at most `limit` predictions from before `time`, oldest first, and returns their number. Other processes on
    /// the same Postgres can do so at the same time: each takes other rows. After a power failure the last ones may be
    /// there again.
    pub async fn remove_predictions_before(&self, time: DateTime<Utc>, limit: u64) -> Result<u64, StoreError> {
        let transaction = self.history_writer.begin_unforced().await?;
        let ids: Vec<i64> = prediction::Entity::find()
            .select_only()
            .column(prediction::Column::Id)
            .filter(prediction::Column::CreatedAt.lt(time))
            .order_by_asc(prediction::Column::CreatedAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(&transaction.db)
            .await?;
        remove(transaction, ids).await
    }

    /// Removes at most `limit` predictions of an account with their corrections, oldest first, and returns their number.
    pub async fn remove_predictions_of(&self, user_id: i64, limit: u64) -> Result<u64, StoreError> {
        let transaction = self.write().await?;
        let ids: Vec<i64> = prediction::Entity::find()
            .select_only()
            .column(prediction::Column::Id)
            .filter(prediction::Column::UserId.eq(user_id))
            .order_by_asc(prediction::Column::Id)
            .limit(limit)
            .lock_exclusive()
            .into_tuple()
            .all(&transaction.db)
            .await?;
        remove(transaction, ids).await
    }
}

async fn remove(transaction: WriteTransaction, ids: Vec<i64>) -> Result<u64, StoreError> {
    let removed = prediction::Entity::delete_many()
        .filter(prediction::Column::Id.is_in(ids))
        .exec(&transaction.db)
        .await?;
    transaction.commit().await?;
    Ok(removed.rows_affected)
}
