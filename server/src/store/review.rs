//! The corrections as admins review them.

use std::collections::{BTreeMap, HashMap};

use api::{Label, ReviewCounts, ReviewPerson, ReviewSort, ReviewState};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Query},
};

use super::{
    Store, StoreError, StoredCorrection, StoredPrediction, WriteTransaction,
    corrections::label,
    entities::{column, correction, correction_decision, prediction, user},
};

/// Up to so many corrections of each kind are counted, and so many of the newest are looked at for who made them.
const MAX_COUNTED: u64 = 10_000;

/// People who are listed.
const MAX_PEOPLE: usize = 20;

/// Which corrections are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Only those in this state.
    pub state: ReviewState,
    /// Only those that say this.
    pub said: Option<Label>,
    /// Only those of this account.
    pub user_id: Option<i64>,
    /// Only those that say what this model has read.
    pub confirmed_by: Option<String>,
}

/// A page of corrections.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewPage {
    /// The corrections.
    pub rows: Vec<ReviewRow>,
    /// Whether there are more.
    pub more: bool,
}

/// A correction with all that an admin sees of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewRow {
    /// The prediction, with the correction.
    pub prediction: StoredPrediction,
    /// The correction.
    pub correction: StoredCorrection,
    /// The account.
    pub user_id: i64,
    /// Its name.
    pub username: String,
    /// What a model has read again, its version, and how probable that is.
    pub reading: Option<(String, Label, f32)>,
    /// When it was decided about last, and by whom.
    pub decided: Option<(DateTime<Utc>, String)>,
}

/// What an admin decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The image shows this, or what the user says.
    Agree(Option<Label>),
    /// The image isn't used.
    Drop,
    /// It waits again.
    Reopen,
}

/// A correction that a model hasn't read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The prediction's number.
    pub id: i64,
    /// What the user says.
    pub said: Label,
    /// The network's input: 28x28 bytes, ink bright.
    pub image: Vec<u8>,
}

/// What a model reads of a correction's image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reread {
    /// The prediction's number.
    pub id: i64,
    /// What the user said when it was read.
    pub said: Label,
    /// What it reads.
    pub reading: Label,
    /// How probable that is.
    pub confidence: f32,
    /// How improbable it is what the user says.
    pub disagreement: f32,
}

impl Store {
    /// A page of corrections; `page` is from 1.
    pub async fn corrections(
        &self,
        filter: &ReviewFilter,
        sort: ReviewSort,
        page: u64,
        per_page: u64,
    ) -> Result<ReviewPage, StoreError> {
        let found = matching(filter);
        let found = match sort {
            ReviewSort::Disagreement => found.order_by_desc(correction::Column::Disagreement),
            ReviewSort::Doubt => found.order_by_desc(correction::Column::Doubt),
            ReviewSort::Newest => found,
        };
        let offset = page.saturating_sub(1).saturating_mul(per_page);
        // SQL has no larger numbers.
        let offset = i64::try_from(offset).unwrap_or(i64::MAX).cast_unsigned();
        let mut rows = found
            .order_by_desc(correction::Column::PredictionId)
            .offset(offset)
            .limit(per_page + 1)
            .all(&self.db)
            .await?;
        let more = rows.len() as u64 > per_page;
        rows.truncate(usize::try_from(per_page).unwrap_or(usize::MAX));
        Ok(ReviewPage {
            rows: self.with_details(rows).await?,
            more,
        })
    }

    async fn with_details(&self, rows: Vec<correction::Model>) -> Result<Vec<ReviewRow>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.prediction_id).collect();
        let found = prediction::Entity::find()
            .filter(prediction::Column::Id.is_in(ids.clone()))
            .all(&self.db)
            .await?;
        let mut predictions: HashMap<i64, prediction::Model> = found.into_iter().map(|row| (row.id, row)).collect();
        let names = self.names(rows.iter().map(|row| row.user_id)).await?;
        let decisions = correction_decision::Entity::find()
            .filter(correction_decision::Column::PredictionId.is_in(ids))
            .order_by_asc(correction_decision::Column::Id)
            .all(&self.db)
            .await?;
        // The last one of each remains.
        let mut decided: HashMap<i64, (DateTime<Utc>, String)> = decisions
            .into_iter()
            .map(|row| (row.prediction_id, (row.created_at, row.actor)))
            .collect();
        let row = |row: correction::Model| {
            let reading = row.reading.zip(row.confidence).zip(row.model.clone());
            Some(ReviewRow {
                prediction: predictions.remove(&row.prediction_id)?.into(),
                user_id: row.user_id,
                username: names.get(&row.user_id)?.clone(),
                reading: reading.map(|((reading, confidence), model)| (model, label(reading), confidence)),
                // Of what the user said before, nothing holds any more.
                decided: decided
                    .remove(&row.prediction_id)
                    .filter(|(at, _)| *at >= row.created_at),
                correction: row.into(),
            })
        };
        // What was deleted meanwhile is left out.
        Ok(rows.into_iter().filter_map(row).collect())
    }

    async fn names(&self, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>, StoreError> {
        let names: Vec<(i64, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Username])
            .filter(user::Column::Id.is_in(ids))
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(names.into_iter().collect())
    }

    /// The numbers of corrections, each up to 10,000; `plain` passes those that are plain, if there are any.
    pub async fn correction_counts(&self, plain: Option<&ReviewFilter>) -> Result<ReviewCounts, StoreError> {
        let count = async |state| {
            let filter = ReviewFilter {
                state,
                ..ReviewFilter::default()
            };
            self.count(&filter).await
        };
        Ok(ReviewCounts {
            waiting: count(ReviewState::Waiting).await?,
            agreed: count(ReviewState::Agreed).await?,
            dropped: count(ReviewState::Dropped).await?,
            plain: match plain {
                Some(plain) => self.count(plain).await?,
                None => 0,
            },
        })
    }

    /// The number of corrections that wait, up to 10,000.
    pub async fn corrections_waiting(&self) -> Result<u64, StoreError> {
        self.count(&ReviewFilter::default()).await
    }

    async fn count(&self, filter: &ReviewFilter) -> Result<u64, StoreError> {
        let first = matching(filter)
            .select_only()
            .column(correction::Column::PredictionId)
            .limit(MAX_COUNTED)
            .into_query();
        let count = Query::select()
            .expr_as(Func::count(Expr::col(Asterisk)), Alias::new("number"))
            .from_subquery(first, Alias::new("first"))
            .to_owned();
        let row = self.db.query_one(&count).await?;
        let number: Option<i64> = row.map(|row| row.try_get("", "number")).transpose()?;
        Ok(number.unwrap_or_default().cast_unsigned())
    }

    /// Who made the newest 10,000 corrections: the twenty of whom most wait.
    pub async fn correction_people(&self) -> Result<Vec<ReviewPerson>, StoreError> {
        let newest = correction::Entity::find()
            .select_only()
            .columns([correction::Column::UserId, correction::Column::State])
            .order_by_desc(correction::Column::PredictionId)
            .limit(MAX_COUNTED)
            .into_query();
        let counts = Query::select()
            .columns([Alias::new("user_id"), Alias::new("state")])
            .expr_as(Func::count(Expr::col(Asterisk)), Alias::new("number"))
            .from_subquery(newest, Alias::new("newest"))
            .group_by_columns([Alias::new("user_id"), Alias::new("state")])
            .to_owned();
        let mut people: BTreeMap<i64, ReviewPerson> = BTreeMap::new();
        for row in self.db.query_all(&counts).await? {
            let (id, number): (i64, i64) = (row.try_get("", "user_id")?, row.try_get("", "number")?);
            let state: column::ReviewState = row.try_get("", "state")?;
            let person = people.entry(id).or_insert_with(|| ReviewPerson {
                id,
                username: String::new(),
                waiting: 0,
                agreed: 0,
                dropped: 0,
            });
            *match state {
                column::ReviewState::Waiting => &mut person.waiting,
                column::ReviewState::Agreed => &mut person.agreed,
                column::ReviewState::Dropped => &mut person.dropped,
            } = number.cast_unsigned();
        }
        let mut people: Vec<ReviewPerson> = people.into_values().collect();
        people.sort_by_key(|person| std::cmp::Reverse((person.waiting, person.dropped, person.agreed)));
        people.truncate(MAX_PEOPLE);
        let mut names = self.names(people.iter().map(|person| person.id)).await?;
        for person in &mut people {
            person.username = names.remove(&person.id).unwrap_or_default();
        }
        // An account may have been deleted meanwhile.
        people.retain(|person| !person.username.is_empty());
        Ok(people)
    }

    /// Decides about the corrections of these predictions, and returns how many have changed.
    pub async fn decide(&self, ids: &[i64], decision: Decision, actor: &str) -> Result<u64, StoreError> {
        let transaction = self.write().await?;
        let found = correction::Entity::find().filter(correction::Column::PredictionId.is_in(ids.iter().copied()));
        let (_, changed) = self.decide_found(&transaction, found, decision, actor).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Decides about the first `limit` corrections that match, and returns how many those were. To be repeated until there
    /// are fewer than `limit`, with a decision after which they don't match any more.
    pub async fn decide_matching(
        &self,
        filter: &ReviewFilter,
        decision: Decision,
        actor: &str,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let transaction = self.write().await?;
        let found = matching(filter).limit(limit);
        let (found, _) = self.decide_found(&transaction, found, decision, actor).await?;
        transaction.commit().await?;
        Ok(found)
    }

    /// Returns how many corrections were found, and how many of them have changed.
    async fn decide_found(
        &self,
        transaction: &WriteTransaction,
        found: Select<correction::Entity>,
        decision: Decision,
        actor: &str,
    ) -> Result<(u64, u64), StoreError> {
        // Locked in the same order in every process.
        let rows = found
            .order_by_asc(correction::Column::PredictionId)
            .lock_exclusive()
            .all(&transaction.db)
            .await?;
        let (state, now) = (decision.state(), self.now());
        let records = rows.iter().filter_map(|row| {
            let label = decision.label(row.said);
            let is_changed = row.state != state || row.label != label;
            is_changed.then(|| correction_decision::ActiveModel {
                prediction_id: Set(row.prediction_id),
                actor: Set(actor.to_owned()),
                state: Set(state),
                label: Set(label),
                created_at: Set(now),
                ..Default::default()
            })
        });
        let records: Vec<_> = records.collect();
        let changed = records.len() as u64;
        if !records.is_empty() {
            let ids: Vec<i64> = records
                .iter()
                .filter_map(|record| record.prediction_id.clone().take())
                .collect();
            let label = match decision {
                Decision::Agree(None) => Expr::col(correction::Column::Said),
                Decision::Agree(Some(label)) => Expr::value(i16::from(label.index())),
                Decision::Drop | Decision::Reopen => Expr::value(None::<i16>),
            };
            let decided_at = (decision != Decision::Reopen).then_some(now);
            correction::Entity::update_many()
                .col_expr(correction::Column::State, Expr::value(state))
                .col_expr(correction::Column::Label, label)
                .col_expr(correction::Column::DecidedAt, Expr::value(decided_at))
                .filter(correction::Column::PredictionId.is_in(ids))
                .exec(&transaction.db)
                .await?;
            correction_decision::Entity::insert_many(records)
                .exec_without_returning(&transaction.db)
                .await?;
        }
        Ok((rows.len() as u64, changed))
    }

    /// The first `limit` corrections that wait and that the model with this version hasn't read.
    pub async fn unread_corrections(&self, model: &str, limit: u64) -> Result<Vec<Unread>, StoreError> {
        let by_another = Condition::any()
            .add(correction::Column::Model.is_null())
            .add(correction::Column::Model.ne(model));
        let rows = matching(&ReviewFilter::default())
            .filter(by_another)
            .order_by_asc(correction::Column::PredictionId)
            .limit(limit)
            .all(&self.db)
            .await?;
        let mut images = self.images(rows.iter().map(|row| row.prediction_id)).await?;
        let unread = |row: correction::Model| {
            Some(Unread {
                image: images.remove(&row.prediction_id)?,
                id: row.prediction_id,
                said: label(row.said),
            })
        };
        Ok(rows.into_iter().filter_map(unread).collect())
    }

    /// Stores what a model reads, unless the correction has changed meanwhile.
    pub async fn save_rereads(&self, model: &str, rereads: &[Reread]) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        for reread in rereads {
            correction::Entity::update_many()
                .col_expr(correction::Column::Model, Expr::value(model))
                .col_expr(
                    correction::Column::Reading,
                    Expr::value(i16::from(reread.reading.index())),
                )
                .col_expr(correction::Column::Confidence, Expr::value(reread.confidence))
                .col_expr(correction::Column::Disagreement, Expr::value(reread.disagreement))
                .col_expr(correction::Column::Doubt, Expr::value(1.0 - reread.confidence))
                .filter(correction::Column::PredictionId.eq(reread.id))
                .filter(correction::Column::Said.eq(i16::from(reread.said.index())))
                .exec(&transaction.db)
                .await?;
        }
        transaction.commit().await
    }
}

/// The corrections that pass a filter.
pub(super) fn matching(filter: &ReviewFilter) -> Select<correction::Entity> {
    let confirmed_by = filter.confirmed_by.as_deref().map(|model| {
        Condition::all()
            .add(correction::Column::Model.eq(model))
            .add(Expr::col(correction::Column::Reading).eq(Expr::col(correction::Column::Said)))
    });
    correction::Entity::find()
        .filter(correction::Column::State.eq(column::ReviewState::from(filter.state)))
        .apply_if(filter.said, |found, said| {
            found.filter(correction::Column::Said.eq(i16::from(said.index())))
        })
        .apply_if(filter.user_id, |found, id| {
            found.filter(correction::Column::UserId.eq(id))
        })
        .apply_if(confirmed_by, QueryFilter::filter)
}

/// Removes the name of an admin whose account is deleted.
pub(super) async fn anonymize(
    transaction: &WriteTransaction,
    username: &str,
    anonymous: &str,
) -> Result<(), StoreError> {
    correction_decision::Entity::update_many()
        .col_expr(correction_decision::Column::Actor, Expr::value(anonymous))
        .filter(correction_decision::Column::Actor.eq(username))
        .exec(&transaction.db)
        .await?;
    Ok(())
}

impl Decision {
    fn state(self) -> column::ReviewState {
        match self {
            Self::Agree(_) => column::ReviewState::Agreed,
            Self::Drop => column::ReviewState::Dropped,
            Self::Reopen => column::ReviewState::Waiting,
        }
    }

    /// The label of a correction that says `said`, as it is stored.
    fn label(self, said: i16) -> Option<i16> {
        match self {
            Self::Agree(label) => Some(label.map_or(said, |label| label.index().into())),
            Self::Drop | Self::Reopen => None,
        }
    }
}
