//! What users say that their predictions should have been.

use std::collections::HashMap;

use api::{Label, ReviewState};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};

use super::{
    Store, StoreError, StoredPrediction, WriteTransaction,
    entities::{column, correction, prediction},
};

/// A correction, and what has become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredCorrection {
    /// What the image shows, according to the user.
    pub said: Label,
    /// When they said so.
    pub created_at: DateTime<Utc>,
    /// What has become of it.
    pub state: ReviewState,
    /// What an admin agreed to.
    pub label: Option<Label>,
}

impl Store {
    /// Stores what an account's prediction should have been; `None` if the account has no such prediction of one digit. What
    /// was said before is replaced and returned, too, and what was decided about it doesn't hold any more.
    pub async fn correct_prediction(
        &self,
        user_id: i64,
        id: i64,
        said: Label,
    ) -> Result<Option<(StoredPrediction, Option<Label>)>, StoreError> {
        let transaction = self.write().await?;
        let Some(found) = lock_own(&transaction, user_id, id).await? else {
            return Ok(None);
        };
        let existing = correction::Entity::find_by_id(id).one(&transaction.db).await?;
        let existing = existing.map(StoredCorrection::from);
        let correction = match existing {
            Some(existing) if existing.said == said => existing,
            _ => {
                let created_at = self.now();
                replace(&transaction, user_id, id, said, created_at).await?;
                transaction.commit().await?;
                StoredCorrection {
                    said,
                    created_at,
                    state: ReviewState::Waiting,
                    label: None,
                }
            }
        };
        let corrected = StoredPrediction {
            correction: Some(correction),
            ..found.into()
        };
        Ok(Some((corrected, existing.map(|existing| existing.said))))
    }

    /// Removes the correction of an account's prediction, if it has one, with what was decided about it; `None` if the
    /// account has no such prediction of one digit.
    pub async fn take_back_correction(&self, user_id: i64, id: i64) -> Result<Option<StoredPrediction>, StoreError> {
        let transaction = self.write().await?;
        let Some(found) = lock_own(&transaction, user_id, id).await? else {
            return Ok(None);
        };
        correction::Entity::delete_by_id(id).exec(&transaction.db).await?;
        transaction.commit().await?;
        Ok(Some(found.into()))
    }

    /// Removes all corrections of an account, with what was decided about them, and returns their number.
    pub async fn take_back_corrections(&self, user_id: i64) -> Result<u64, StoreError> {
        let transaction = self.write().await?;
        let removed = correction::Entity::delete_many()
            .filter(correction::Column::UserId.eq(user_id))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected)
    }

    /// The corrections of these predictions, by the prediction's number.
    pub(super) async fn corrections_of(&self, ids: Vec<i64>) -> Result<HashMap<i64, StoredCorrection>, StoreError> {
        let found = correction::Entity::find()
            .filter(correction::Column::PredictionId.is_in(ids))
            .all(&self.db)
            .await?;
        Ok(found.into_iter().map(|row| (row.prediction_id, row.into())).collect())
    }
}

/// An account's prediction of one digit. Locked, so that a prediction whose time is up isn't removed before the change.
async fn lock_own(
    transaction: &WriteTransaction,
    user_id: i64,
    id: i64,
) -> Result<Option<prediction::Model>, StoreError> {
    let found = prediction::Entity::find_by_id(id)
        .filter(prediction::Column::UserId.eq(user_id))
        .filter(prediction::Column::Number.is_null())
        .lock_exclusive();
    Ok(found.one(&transaction.db).await?)
}

async fn replace(
    transaction: &WriteTransaction,
    user_id: i64,
    id: i64,
    said: Label,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = correction::ActiveModel {
        prediction_id: Set(id),
        user_id: Set(user_id),
        said: Set(said.index().into()),
        created_at: Set(now),
        state: Set(column::ReviewState::Waiting),
        label: Set(None),
        decided_at: Set(None),
        model: Set(None),
        reading: Set(None),
        confidence: Set(None),
        disagreement: Set(0.0),
        doubt: Set(0.0),
    };
    let replaced = OnConflict::column(correction::Column::PredictionId)
        .update_columns([
            correction::Column::Said,
            correction::Column::CreatedAt,
            correction::Column::State,
            correction::Column::Label,
            correction::Column::DecidedAt,
            correction::Column::Model,
            correction::Column::Reading,
            correction::Column::Confidence,
            correction::Column::Disagreement,
            correction::Column::Doubt,
        ])
        .to_owned();
    correction::Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(&transaction.db)
        .await?;
    Ok(())
}

/// A stored label. Other numbers are only in damaged rows.
pub(super) fn label(stored: i16) -> Label {
    u8::try_from(stored)
        .ok()
        .and_then(Label::of_index)
        .unwrap_or(Label::NoDigit)
}

impl From<correction::Model> for StoredCorrection {
    fn from(row: correction::Model) -> Self {
        Self {
            said: label(row.said),
            created_at: row.created_at,
            state: row.state.into(),
            label: row.label.map(label),
        }
    }
}
