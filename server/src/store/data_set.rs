//! The images that admins have agreed to, in the order of their numbers.

use std::collections::HashMap;

use api::{Label, ReviewState};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    ReviewFilter, Store, StoreError,
    corrections::label,
    entities::{correction, prediction},
    picture,
    review::matching,
};

/// An image of the data set, without the image.
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    /// The prediction's number.
    pub id: i64,
    /// What the image shows.
    pub label: Label,
    /// What the user says.
    pub said: Label,
    /// The digit that was predicted.
    pub read: u8,
    /// Its probability.
    pub probability: f32,
    /// The version of the model that predicted it.
    pub model: String,
    /// When it was predicted.
    pub predicted_at: DateTime<Utc>,
    /// When it was agreed to.
    pub decided_at: DateTime<Utc>,
}

/// Which images are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovedKind {
    /// All.
    All,
    /// Digits.
    Digits,
    /// What is no digit.
    Others,
}

impl Store {
    /// The first `limit` images of the data set whose number is greater than `after`.
    pub async fn approved_after(
        &self,
        kind: ApprovedKind,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Approved>, StoreError> {
        let agreed = matching(&ReviewFilter {
            state: ReviewState::Agreed,
            ..ReviewFilter::default()
        });
        let none = i16::from(Label::NoDigit.index());
        let agreed = match kind {
            ApprovedKind::All => agreed,
            ApprovedKind::Digits => agreed.filter(correction::Column::Label.ne(none)),
            ApprovedKind::Others => agreed.filter(correction::Column::Label.eq(none)),
        };
        let rows = agreed
            .filter(correction::Column::PredictionId.gt(after))
            .order_by_asc(correction::Column::PredictionId)
            .limit(limit)
            .all(&self.db)
            .await?;
        let facts: Vec<(i64, i16, f32, String, DateTime<Utc>)> = prediction::Entity::find()
            .select_only()
            .columns([
                prediction::Column::Id,
                prediction::Column::Digit,
                prediction::Column::Probability,
                prediction::Column::Model,
                prediction::Column::CreatedAt,
            ])
            .filter(prediction::Column::Id.is_in(rows.iter().map(|row| row.prediction_id)))
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut facts: HashMap<_, _> = facts.into_iter().map(|fact| (fact.0, fact)).collect();
        let approved = |row: correction::Model| {
            let (id, read, probability, model, predicted_at) = facts.remove(&row.prediction_id)?;
            Some(Approved {
                id,
                label: label(row.label?),
                said: label(row.said),
                read: u8::try_from(read).unwrap_or_default(),
                probability,
                model,
                predicted_at,
                decided_at: row.decided_at?,
            })
        };
        // What was deleted meanwhile is left out.
        Ok(rows.into_iter().filter_map(approved).collect())
    }

    /// The images of these predictions, 28x28 bytes each, ink bright, by the prediction's number.
    pub async fn images(&self, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
        let images: Vec<(i64, Vec<u8>)> = prediction::Entity::find()
            .select_only()
            .columns([prediction::Column::Id, prediction::Column::Picture])
            .filter(prediction::Column::Id.is_in(ids))
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(images
            .into_iter()
            .map(|(id, image)| (id, picture::decompress(image)))
            .collect())
    }
}
