//! Models that were uploaded, which of them is live, and what they read to be compared.

use std::collections::HashMap;

use api::{Label, ReviewState};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func},
};

use super::{
    Store, StoreError, StoredCorrection, WriteTransaction,
    corrections::label,
    entities::{
        column::{self, ModelAction},
        correction, model, model_change, prediction,
    },
    picture,
};

/// Models that are kept at most.
pub const MAX_MODELS: u64 = 20;

/// How far back the model that was live before is searched.
const MAX_CHANGES: u64 = 50;

/// A model without its weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredModel {
    /// Its version.
    pub version: String,
    /// Size of the file.
    pub bytes: u32,
    /// The model card, in JSON.
    pub card: Option<String>,
    /// The last evaluation, in JSON.
    pub evaluation: Option<String>,
    /// The admin's name.
    pub uploaded_by: String,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

/// What of a model is uploaded and loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWeights {
    /// Its version.
    pub version: String,
    /// The file.
    pub weights: Vec<u8>,
    /// The model card, in JSON.
    pub card: Option<String>,
}

/// A model was put live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveChange {
    /// Its number; the last one counts.
    pub id: i64,
    /// The version; `None` for the shipped model.
    pub version: Option<String>,
    /// The admin's name.
    pub actor: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// An image with its label, for two models to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluatedCorrection {
    /// The prediction's number.
    pub id: i64,
    /// What an admin agreed to, or else what the user says.
    pub label: Label,
    /// The network's input: 28x28 bytes, ink bright.
    pub image: Vec<u8>,
}

/// Why a model can't be added.
#[derive(Debug, thiserror::Error)]
pub enum AddModelError {
    /// It is there.
    #[error("the model is there already")]
    Exists,
    /// There are [`MAX_MODELS`].
    #[error("too many models")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a model can't be deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteModelError {
    /// There is no such model.
    #[error("no such model")]
    NotFound,
    /// It is live.
    #[error("the model is live")]
    Live,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// All models, newest first.
    pub async fn models(&self) -> Result<Vec<StoredModel>, StoreError> {
        let rows = model::Entity::find()
            .select_only()
            .columns([
                model::Column::Version,
                model::Column::Card,
                model::Column::Evaluation,
                model::Column::UploadedBy,
                model::Column::CreatedAt,
            ])
            .column_as(length(model::Column::Weights), "bytes")
            .order_by_desc(model::Column::CreatedAt)
            .order_by_asc(model::Column::Version)
            .into_tuple::<(String, Option<String>, Option<String>, String, DateTime<Utc>, i32)>()
            .all(&self.db)
            .await?;
        let stored = |(version, card, evaluation, uploaded_by, created_at, bytes): (_, _, _, _, _, i32)| StoredModel {
            version,
            bytes: bytes.cast_unsigned(),
            card,
            evaluation,
            uploaded_by,
            created_at,
        };
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The weights and the card of a model.
    pub async fn model_weights(&self, version: &str) -> Result<Option<StoredWeights>, StoreError> {
        // No version contains NUL, and Postgres would refuse the statement.
        if version.contains('\0') {
            return Ok(None);
        }
        let found: Select<model::Entity> = model::Entity::find_by_id(version);
        let row = found.one(&self.db).await?;
        Ok(row.map(|row| StoredWeights {
            version: row.version,
            weights: row.weights,
            card: row.card,
        }))
    }

    /// Adds a model.
    pub async fn add_model(&self, new: StoredWeights, actor: &str) -> Result<(), AddModelError> {
        let transaction = self.write().await?;
        let number = model::Entity::find()
            .count(&transaction.db)
            .await
            .map_err(StoreError::from)?;
        let existing = lock(&transaction, &new.version).await?;
        if existing.is_some() {
            return Err(AddModelError::Exists);
        }
        if number >= MAX_MODELS {
            return Err(AddModelError::TooMany);
        }
        let row = model::ActiveModel {
            version: Set(new.version.clone()),
            weights: Set(new.weights),
            card: Set(new.card),
            evaluation: Set(None),
            uploaded_by: Set(actor.to_owned()),
            created_at: Set(self.now()),
        };
        let added = model::Entity::insert(row).exec_without_returning(&transaction.db).await;
        added.map_err(StoreError::from).map_err(|error| {
            if error.is_conflict() {
                AddModelError::Exists
            } else {
                error.into()
            }
        })?;
        self.record(&transaction, Some(new.version), ModelAction::Uploaded, actor)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes a model that isn't live.
    pub async fn delete_model(&self, version: &str, actor: &str) -> Result<(), DeleteModelError> {
        let transaction = self.write().await?;
        if lock(&transaction, version).await?.is_none() {
            return Err(DeleteModelError::NotFound);
        }
        let last = live_changes(1).one(&transaction.db).await.map_err(StoreError::from)?;
        if last.is_some_and(|last| last.version.as_deref() == Some(version)) {
            return Err(DeleteModelError::Live);
        }
        let deleted = model::Entity::delete_by_id(version).exec(&transaction.db).await;
        deleted.map_err(StoreError::from)?;
        self.record(&transaction, Some(version.to_owned()), ModelAction::Deleted, actor)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Puts a model live, or the shipped one (`None`). Returns the number of this change; `None` if there is no such model.
    pub async fn put_model_live(&self, version: Option<&str>, actor: &str) -> Result<Option<i64>, StoreError> {
        let transaction = self.write().await?;
        if let Some(version) = version
            // Locked, so that it isn't deleted meanwhile.
            && lock(&transaction, version).await?.is_none()
        {
            return Ok(None);
        }
        let version = version.map(str::to_owned);
        let id = self.record(&transaction, version, ModelAction::Live, actor).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    async fn record(
        &self,
        transaction: &WriteTransaction,
        version: Option<String>,
        action: ModelAction,
        actor: &str,
    ) -> Result<i64, StoreError> {
        let row = model_change::ActiveModel {
            version: Set(version),
            action: Set(action),
            actor: Set(actor.to_owned()),
            created_at: Set(self.now()),
            ..Default::default()
        };
        Ok(row.insert(&transaction.db).await?.id)
    }

    /// The last change of the live model; `None` if it has always been the shipped one.
    pub async fn live_change(&self) -> Result<Option<LiveChange>, StoreError> {
        Ok(live_changes(1).one(&self.db).await?.map(LiveChange::from))
    }

    /// The last changes of the live model, newest first.
    pub async fn live_changes(&self) -> Result<Vec<LiveChange>, StoreError> {
        let rows = live_changes(MAX_CHANGES).all(&self.db).await?;
        Ok(rows.into_iter().map(LiveChange::from).collect())
    }

    /// Stores how far the evaluation of a model is, in JSON, if the model still exists.
    pub async fn save_evaluation(&self, version: &str, evaluation: &str) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        model::Entity::update_many()
            .col_expr(model::Column::Evaluation, Expr::value(evaluation))
            .filter(model::Column::Version.eq(version))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }

    /// The first `limit` corrections whose number is greater than `after`, without those that an admin dropped, and the
    /// number of the last of them.
    pub async fn corrections_after(
        &self,
        after: i64,
        limit: u64,
    ) -> Result<Option<(i64, Vec<EvaluatedCorrection>)>, StoreError> {
        let rows = kept()
            .filter(correction::Column::PredictionId.gt(after))
            .order_by_asc(correction::Column::PredictionId)
            .limit(limit)
            .all(&self.db)
            .await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let last = last.prediction_id;
        let mut images = self.images(rows.iter().map(|row| row.prediction_id)).await?;
        let evaluated = |row: correction::Model| {
            Some(EvaluatedCorrection {
                image: images.remove(&row.prediction_id)?,
                id: row.prediction_id,
                label: label(row.label.unwrap_or(row.said)),
            })
        };
        // What was deleted meanwhile is left out.
        Ok(Some((last, rows.into_iter().filter_map(evaluated).collect())))
    }

    /// The number of corrections without those that an admin dropped. Reads all of them from an index.
    pub async fn count_corrections(&self) -> Result<u64, StoreError> {
        Ok(kept().count(&self.db).await?)
    }

    /// The newest `limit` images of one digit whose number is less than `before`: 28x28 bytes, ink bright.
    pub async fn images_before(&self, before: i64, limit: u64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let rows: Vec<(i64, Vec<u8>)> = prediction::Entity::find()
            .select_only()
            .columns([prediction::Column::Id, prediction::Column::Picture])
            .filter(prediction::Column::Id.lt(before))
            .filter(prediction::Column::Number.is_null())
            .order_by_desc(prediction::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, image)| (id, picture::decompress(image)))
            .collect())
    }

    /// What these predictions show, according to an admin or else to their users, by the prediction's number.
    pub async fn labels(&self, ids: &[i64]) -> Result<HashMap<i64, Label>, StoreError> {
        let corrections = self.corrections_of(ids.to_vec()).await?;
        let is_kept = |(id, correction): (i64, StoredCorrection)| {
            (correction.state != ReviewState::Dropped).then(|| (id, correction.label.unwrap_or(correction.said)))
        };
        Ok(corrections.into_iter().filter_map(is_kept).collect())
    }
}

/// The number of bytes of a blob, on both databases.
fn length(column: model::Column) -> Expr {
    Func::cust("length").arg(Expr::col(column)).into()
}

/// The corrections that an admin didn't drop.
fn kept() -> Select<correction::Entity> {
    let states = [column::ReviewState::Waiting, column::ReviewState::Agreed];
    correction::Entity::find().filter(correction::Column::State.is_in(states))
}

fn live_changes(limit: u64) -> Select<model_change::Entity> {
    model_change::Entity::find()
        .filter(model_change::Column::Action.eq(ModelAction::Live))
        .order_by_desc(model_change::Column::Id)
        .limit(limit)
}

/// The version of a model if it exists, locked on Postgres until the transaction ends. (SQLite has only one writer anyway.)
async fn lock(transaction: &WriteTransaction, version: &str) -> Result<Option<String>, StoreError> {
    if version.contains('\0') {
        return Ok(None);
    }
    Ok(model::Entity::find()
        .select_only()
        .column(model::Column::Version)
        .filter(model::Column::Version.eq(version))
        .lock_exclusive()
        .into_tuple()
        .one(&transaction.db)
        .await?)
}

/// Removes the name of an admin whose account is deleted.
pub(super) async fn anonymize(
    transaction: &WriteTransaction,
    username: &str,
    anonymous: &str,
) -> Result<(), StoreError> {
    model::Entity::update_many()
        .col_expr(model::Column::UploadedBy, Expr::value(anonymous))
        .filter(model::Column::UploadedBy.eq(username))
        .exec(&transaction.db)
        .await?;
    model_change::Entity::update_many()
        .col_expr(model_change::Column::Actor, Expr::value(anonymous))
        .filter(model_change::Column::Actor.eq(username))
        .exec(&transaction.db)
        .await?;
    Ok(())
}

impl From<model_change::Model> for LiveChange {
    fn from(row: model_change::Model) -> Self {
        Self {
            id: row.id,
            version: row.version,
            actor: row.actor,
            created_at: row.created_at,
        }
    }
}
