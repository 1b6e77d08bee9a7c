//! The history of predictions.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Statement,
};
use tokio::time::timeout;

use super::{Page, Position, Store, StoreError, entities::prediction, history::NewRows, picture};
use crate::util::QueueError;

/// How long predictions wait until they are in the history.
const ADD_TIMEOUT: Duration = Duration::from_secs(4);

/// A prediction to be added.
pub struct NewPrediction {
    /// The predicted digit; a number's first.
    pub digit: u8,
    /// The predicted number, if one was asked for.
    pub number: Option<String>,
    /// Its probability.
    pub probability: f32,
    /// The model's version.
    pub model: String,
    /// The network's input: 28x28 bytes, ink bright.
    pub image: Arc<[u8]>,
}

/// A prediction of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPrediction {
    /// The prediction's number.
    pub id: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The predicted digit; a number's first.
    pub digit: u8,
    /// The predicted number, if one was asked for.
    pub number: Option<String>,
    /// Its probability.
    pub probability: f32,
    /// The model's version.
    pub model: String,
    /// The network's input, or the number reduced to it: 28x28 bytes, ink bright.
    pub image: Vec<u8>,
    /// The digit that the user says it was.
    pub correction: Option<u8>,
}

/// Why a prediction can't be added.
#[derive(Debug, thiserror::Error)]
pub enum AddPredictionError {
    /// Too many predictions wait to be written.
    #[error("too many predictions wait to be written")]
    Overloaded,
    /// The writer has stopped.
    #[error("the writer of the history has stopped")]
    Stopped,
    /// The database failed. The error is shared by all predictions of the transaction.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl Store {
    /// Adds predictions and counts them. `limit` is the number of predictions that the account may have, or `None` if its
    /// address is confirmed. Returns `false`, and adds nothing, if it would have more.
    ///
    /// Requests that arrive together share a transaction. When this returns, the rows survive the end of the process; a
    /// power failure may take the rows of the last moment (docs/operations.md).
    pub async fn add_predictions(
        &self,
        user_id: i64,
        predictions: Vec<NewPrediction>,
        limit: Option<u32>,
    ) -> Result<bool, AddPredictionError> {
        let rows = NewRows {
            user_id,
            created_at: self.now(),
            predictions,
            limit,
        };
        // After the timeout the rows may still be added, if their transaction has begun.
        let Ok(result) = timeout(ADD_TIMEOUT, self.history.submit(rows)).await else {
            return Err(AddPredictionError::Store(Arc::new(StoreError::timed_out())));
        };
        match result {
            Ok(result) => result.map_err(AddPredictionError::Store),
            Err(QueueError::Full) => Err(AddPredictionError::Overloaded),
            Err(QueueError::Closed) => Err(AddPredictionError::Stopped),
        }
    }

    /// The number of an account's predictions. Reads all of them from an index.
    pub async fn count_predictions(&self, user_id: i64) -> Result<u64, StoreError> {
        Ok(predictions_of(user_id).count(&self.db).await?)
    }

    /// The number of an account's predictions, but at most `limit`.
    pub async fn count_predictions_up_to(&self, user_id: i64, limit: u64) -> Result<usize, StoreError> {
        let ids: Vec<i64> = predictions_of(user_id)
            .select_only()
            .column(prediction::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(ids.len())
    }

    /// A page of an account's predictions, newest first. Their key is their number.
    pub async fn predictions(
        &self,
        user_id: i64,
        position: &Position<i64>,
        per_page: u64,
    ) -> Result<Page<StoredPrediction, i64>, StoreError> {
        let rows = page_of(user_id, position, per_page).all(&self.db).await?;
        let rows = rows.into_iter().map(StoredPrediction::from).collect();
        Ok(position.page(rows, per_page, |row| row.id))
    }

    /// The statement of [`Store::predictions`], for the test of its query plan.
    #[doc(hidden)]
    pub fn predictions_statement(&self, user_id: i64, position: &Position<i64>, per_page: u64) -> Statement {
        page_of(user_id, position, per_page).build(self.db.get_database_backend())
    }

    /// Stores which digit an account's prediction should have been; `None` if the account has no such prediction of one
    /// digit.
    pub async fn correct_prediction(
        &self,
        user_id: i64,
        id: i64,
        digit: u8,
    ) -> Result<Option<StoredPrediction>, StoreError> {
        let transaction = self.write().await?;
        // Locked, so that a prediction whose time is up isn't removed before the update.
        let found = prediction::Entity::find_by_id(id)
            .filter(prediction::Column::UserId.eq(user_id))
            .filter(prediction::Column::Number.is_null())
            .lock_exclusive()
            .one(&transaction.db)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let mut row = prediction::ActiveModel::from(found);
        row.correction = Set(Some(digit.into()));
        row.corrected_at = Set(Some(self.now()));
        let corrected = row.update(&transaction.db).await?;
        transaction.commit().await?;
        Ok(Some(corrected.into()))
    }
}

fn predictions_of(user_id: i64) -> Select<prediction::Entity> {
    prediction::Entity::find().filter(prediction::Column::UserId.eq(user_id))
}

/// The rows at `position` in its direction, and one more.
fn page_of(user_id: i64, position: &Position<i64>, per_page: u64) -> Select<prediction::Entity> {
    let id = prediction::Column::Id;
    let rows = match position {
        Position::Page(_) => {
            // SQL has no larger numbers.
            let offset = position.offset(per_page).min(i64::MAX.cast_unsigned());
            predictions_of(user_id).offset(offset)
        }
        Position::After(key) => predictions_of(user_id).filter(id.lt(*key)),
        Position::Before(key) => predictions_of(user_id).filter(id.gt(*key)),
    };
    let order = if position.is_backwards() {
        Order::Asc
    } else {
        Order::Desc
    };
    rows.order_by(id, order).limit(per_page + 1)
}

impl From<prediction::Model> for StoredPrediction {
    fn from(row: prediction::Model) -> Self {
        let digit = |digit: i16| u8::try_from(digit).unwrap_or_default();
        Self {
            id: row.id,
            created_at: row.created_at,
            digit: digit(row.digit),
            number: row.number,
            probability: row.probability,
            model: row.model,
            image: picture::decompress(row.picture),
            correction: row.correction.map(digit),
        }
    }
}
