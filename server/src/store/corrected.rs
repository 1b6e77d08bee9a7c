//! How many answers users have corrected, by day and model.

use api::CorrectedDay;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryOrder, QuerySelect,
    sea_query::{Alias, Condition, Expr, ExprTrait, Query, SelectStatement},
};

use super::{
    Store, StoreError,
    entities::{correction, prediction},
};

/// The largest number of predictions that are counted, the newest first: it bounds the time of the query to a fraction of a second.
const MAX_COUNTED: i64 = 100_000;

#[derive(FromQueryResult)]
struct Row {
    model: String,
    answers: i64,
    corrected: i64,
}

impl Store {
    /// The answers of the last `days` days in UTC, today's first, by model. A line of digits is no answer here, because it
    /// can't be corrected.
    pub async fn corrected_days(&self, days: u32) -> Result<Vec<CorrectedDay>, StoreError> {
        let newest: Option<i64> = prediction::Entity::find()
            .select_only()
            .column(prediction::Column::Id)
            .order_by_desc(prediction::Column::Id)
            .into_tuple()
            .one(&self.db)
            .await?;
        let first = newest.unwrap_or_default() - MAX_COUNTED;
        let midnight = self.now().date_naive().and_time(NaiveTime::MIN).and_utc();
        let mut found = Vec::new();
        for age in 0..days {
            let begin = midnight - TimeDelta::days(age.into());
            let day = begin.format("%F").to_string();
            for row in self.db.query_all(&answers_of(begin, first)).await? {
                let row = Row::from_query_result(&row, "")?;
                found.push(CorrectedDay {
                    day: day.clone(),
                    model: row.model,
                    answers: row.answers.cast_unsigned(),
                    corrected: row.corrected.cast_unsigned(),
                });
            }
        }
        Ok(found)
    }
}

/// The answers of the day that begins at `begin` with an ID above `first`, by model.
fn answers_of(begin: DateTime<Utc>, first: i64) -> SelectStatement {
    let of_prediction = |column| Expr::col((prediction::Entity, column));
    let of_correction = |column| Expr::col((correction::Entity, column));
    let is_other = Condition::all()
        .add(of_correction(correction::Column::PredictionId).eq(of_prediction(prediction::Column::Id)))
        .add(of_correction(correction::Column::Said).ne(of_prediction(prediction::Column::Digit)));
    let model = (prediction::Entity, prediction::Column::Model);
    Query::select()
        .column(model)
        .expr_as(of_prediction(prediction::Column::Id).count(), Alias::new("answers"))
        .expr_as(
            of_correction(correction::Column::PredictionId).count(),
            Alias::new("corrected"),
        )
        .from(prediction::Entity)
        .left_join(correction::Entity, is_other)
        .and_where(of_prediction(prediction::Column::CreatedAt).gte(begin))
        .and_where(of_prediction(prediction::Column::CreatedAt).lt(begin + TimeDelta::days(1)))
        .and_where(of_prediction(prediction::Column::Id).gt(first))
        .and_where(of_prediction(prediction::Column::Number).is_null())
        .group_by_col(model)
        .order_by(model, Order::Asc)
        .take()
}
