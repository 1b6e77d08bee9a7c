//! The history of predictions.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    Statement,
};
use tokio::time::timeout;

use super::{Page, Position, Store, StoreError, StoredCorrection, entities::prediction, history::NewRows, picture};
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
    /// What the user says it was.
    pub correction: Option<StoredCorrection>,
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
    /// Adds predictions and counts them, and returns their numbers. `limit` is the number of predictions that the account may
    /// have, or `None` if its address is confirmed. Returns `None`, and adds nothing, if it would have more.
    ///
    /// Requests that arrive together share a transaction. When this returns, the rows survive the end of the process; a
    /// power failure may take the rows of the last moment (docs/operations.md).
    pub async fn add_predictions(
        &self,
        user_id: i64,
        predictions: Vec<NewPrediction>,
        limit: Option<u32>,
    ) -> Result<Option<Vec<i64>>, AddPredictionError> {
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
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut corrections = self.corrections_of(ids).await?;
        let rows = rows.into_iter().map(|row| StoredPrediction {
            correction: corrections.remove(&row.id),
            ..row.into()
        });
        Ok(position.page(rows.collect(), per_page, |row| row.id))
    }

    /// The statement of [`Store::predictions`], for the test of its query plan.
    #[doc(hidden)]
    pub fn predictions_statement(&self, user_id: i64, position: &Position<i64>, per_page: u64) -> Statement {
        page_of(user_id, position, per_page).build(self.db.get_database_backend())
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
        Self {
            id: row.id,
            created_at: row.created_at,
            digit: u8::try_from(row.digit).unwrap_or_default(),
            number: row.number,
            probability: row.probability,
            model: row.model,
            image: picture::decompress(row.picture),
            correction: None,
        }
    }
}
