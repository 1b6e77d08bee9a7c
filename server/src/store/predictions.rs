//! The history of predictions.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Store, StoreError,
    entities::{prediction, user},
};

/// A prediction to be added.
pub struct NewPrediction {
    /// The predicted digit.
    pub digit: u8,
    /// Its probability.
    pub probability: f32,
    /// The model's version.
    pub model: String,
    /// The network's input: 28x28 bytes, ink bright.
    pub image: Vec<u8>,
}

/// A prediction of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPrediction {
    /// The prediction's number.
    pub id: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The predicted digit.
    pub digit: u8,
    /// Its probability.
    pub probability: f32,
    /// The model's version.
    pub model: String,
    /// The network's input: 28x28 bytes, ink bright.
    pub image: Vec<u8>,
    /// The digit that the user says it was.
    pub correction: Option<u8>,
}

impl Store {
    /// Adds a prediction and counts it. Returns `false`, and adds nothing, if the address isn't confirmed and the
    /// account already has `unconfirmed_limit` predictions.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn add_prediction(
        &self,
        user_id: i64,
        new: NewPrediction,
        unconfirmed_limit: u32,
    ) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        let allowed = Condition::any()
            .add(user::Column::EmailConfirmed.eq(true))
            .add(user::Column::Predictions.lt(i64::from(unconfirmed_limit)));
        let counted = user::Entity::update_many()
            .col_expr(user::Column::Predictions, Expr::col(user::Column::Predictions).add(1))
            .filter(user::Column::Id.eq(user_id))
            .filter(allowed)
            .exec(&transaction.db)
            .await?;
        if counted.rows_affected == 0 {
            return Ok(false);
        }
        let row = prediction::ActiveModel {
            user_id: Set(user_id),
            created_at: Set(self.now()),
            digit: Set(new.digit.into()),
            probability: Set(new.probability),
            model: Set(new.model),
            picture: Set(new.image),
            ..Default::default()
        };
        row.insert(&transaction.db).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A page of an account's predictions, newest first, and the number of all of them. Pages count from 1.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn predictions_of(
        &self,
        user_id: i64,
        page: u64,
        per_page: u64,
    ) -> Result<(Vec<StoredPrediction>, u64), StoreError> {
        let all = prediction::Entity::find().filter(prediction::Column::UserId.eq(user_id));
        let total = all.clone().count(&self.db).await?;
        let rows = all
            .order_by_desc(prediction::Column::Id)
            .offset(Ord::min(page.saturating_sub(1).saturating_mul(per_page), total))
            .limit(per_page)
            .all(&self.db)
            .await?;
        Ok((rows.into_iter().map(StoredPrediction::from).collect(), total))
    }

    /// Stores which digit an account's prediction should have been; `None` if the account has no such prediction.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn correct_prediction(
        &self,
        user_id: i64,
        id: i64,
        digit: u8,
    ) -> Result<Option<StoredPrediction>, StoreError> {
        let transaction = self.write().await?;
        let found = prediction::Entity::find_by_id(id)
            .filter(prediction::Column::UserId.eq(user_id))
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

impl From<prediction::Model> for StoredPrediction {
    fn from(row: prediction::Model) -> Self {
        let digit = |digit: i16| u8::try_from(digit).unwrap_or_default();
        Self {
            id: row.id,
            created_at: row.created_at,
            digit: digit(row.digit),
            probability: row.probability,
            model: row.model,
            image: row.picture,
            correction: row.correction.map(digit),
        }
    }
}
