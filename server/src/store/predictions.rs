//! What was read for whom.

use chrono::Utc;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Store,
    entities::{prediction, user},
    now,
};

/// A prediction to be kept.
pub struct NewPrediction {
    /// The digit that was read.
    pub digit: u8,
    /// Its probability.
    pub probability: f32,
    /// The model's version.
    pub model: String,
    /// 28x28 bytes, ink bright.
    pub picture: Vec<u8>,
}

impl Store {
    /// Keep a prediction and count it; `false`, and nothing kept, when the address isn't confirmed and `unconfirmed`
    /// predictions were had.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn add_prediction(&self, user_id: i64, new: NewPrediction, unconfirmed: u32) -> Result<bool, DbErr> {
        let writing = self.write().await?;
        let may = Condition::any()
            .add(user::Column::EmailConfirmed.eq(true))
            .add(user::Column::Predictions.lt(i64::from(unconfirmed)));
        let counted = user::Entity::update_many()
            .col_expr(user::Column::Predictions, Expr::col(user::Column::Predictions).add(1))
            .filter(user::Column::Id.eq(user_id))
            .filter(may)
            .exec(&writing.transaction)
            .await?;
        if counted.rows_affected == 0 {
            return Ok(false);
        }
        let row = prediction::ActiveModel {
            user_id: Set(user_id),
            created_at: Set(now()),
            digit: Set(new.digit.into()),
            probability: Set(new.probability),
            model: Set(new.model),
            picture: Set(new.picture),
            ..Default::default()
        };
        row.insert(&writing.transaction).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// A page of a user's predictions, newest first, and how many there are. Pages count from 1.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn predictions_of(
        &self,
        user_id: i64,
        page: u64,
        per_page: u64,
    ) -> Result<(Vec<prediction::Model>, u64), DbErr> {
        let theirs = prediction::Entity::find().filter(prediction::Column::UserId.eq(user_id));
        let total = theirs.clone().count(&self.db).await?;
        let rows = theirs
            .order_by_desc(prediction::Column::Id)
            .offset(Ord::min(page.saturating_sub(1).saturating_mul(per_page), total))
            .limit(per_page)
            .all(&self.db)
            .await?;
        Ok((rows, total))
    }

    /// Keep what a user says their prediction was; `None` when they have none of that number.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn correct(&self, user_id: i64, id: i64, digit: u8) -> Result<Option<prediction::Model>, DbErr> {
        let writing = self.write().await?;
        let found = prediction::Entity::find_by_id(id)
            .filter(prediction::Column::UserId.eq(user_id))
            .one(&writing.transaction)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let mut row = prediction::ActiveModel::from(found);
        row.correction = Set(Some(digit.into()));
        row.corrected_at = Set(Some(Utc::now()));
        let corrected = row.update(&writing.transaction).await?;
        writing.commit().await?;
        Ok(Some(corrected))
    }
}
