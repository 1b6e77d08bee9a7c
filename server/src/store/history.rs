//! The writer of the history: predictions that arrive together share a transaction.

use std::{
    collections::{BTreeMap, btree_map::Entry as MapEntry},
    iter,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Statement, sea_query::Expr,
};
use tracing::{Instrument, Span};

use super::{
    NewPrediction, StoreError, WriteTransaction, Writer,
    entities::{prediction, user},
    picture,
};
use crate::util::{BatchReceiver, BatchSender, Entry, batch_queue};

/// Rows of one transaction. SQLite and Postgres allow 32,766 parameters and more in a statement.
const BATCH_SIZE: usize = 256;

/// A prediction in the queue.
pub(super) struct NewRow {
    pub(super) user_id: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) prediction: NewPrediction,
    /// Predictions that the account may have; `None` if its address is confirmed.
    pub(super) limit: Option<u32>,
}

/// Whether the row was added.
type Reply = Result<bool, Arc<StoreError>>;

pub(super) type HistoryQueue = BatchSender<NewRow, Reply>;

/// Starts the writer, which ends when the queue is dropped. Its transactions are not forced to the disk one by one. At
/// most `queue_length` predictions wait.
pub(super) fn start(writer: Writer, queue_length: usize) -> HistoryQueue {
    let (queue, rows) = batch_queue(queue_length, BATCH_SIZE);
    tokio::spawn(run(writer, rows).instrument(Span::none()));
    queue
}

async fn run(writer: Writer, mut rows: BatchReceiver<NewRow, Reply>) {
    while let Some(batch) = rows.next().await {
        // The rows of requests that were cancelled while they waited are not written.
        let (rows, replies): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .filter(|entry| !entry.reply.is_abandoned())
            .map(|Entry { item, reply }| (item, reply))
            .unzip();
        if rows.is_empty() {
            continue;
        }
        let result = add(&writer, rows).await.map_err(Arc::new);
        for (index, reply) in replies.into_iter().enumerate() {
            reply.send(result.as_ref().map(|added| added[index]).map_err(Arc::clone));
        }
    }
}

/// Adds the rows in one transaction, and tells of each whether it was added.
async fn add(writer: &Writer, rows: Vec<NewRow>) -> Result<Vec<bool>, StoreError> {
    if rows.iter().all(|row| row.limit.is_none()) {
        match add_all(writer, &rows).await {
            // Somebody has deleted their account meanwhile; the rows of others are added.
            Err(error) if error.is_orphan() => {}
            result => return result.map(|()| vec![true; rows.len()]),
        }
    }
    add_admitted(writer, rows).await
}

async fn add_all(writer: &Writer, rows: &[NewRow]) -> Result<(), StoreError> {
    let backend = writer.db.get_database_backend();
    if backend == DbBackend::Sqlite {
        return writer.run_at_once(statements(backend, rows)).await;
    }
    let transaction = writer.begin_unforced().await?;
    for statement in statements(backend, rows) {
        transaction.db.execute_raw(statement).await?;
    }
    transaction.commit().await
}

/// Adds the rows whose account exists and may have one more prediction.
async fn add_admitted(writer: &Writer, mut rows: Vec<NewRow>) -> Result<Vec<bool>, StoreError> {
    let transaction = writer.begin_unforced().await?;
    let mut authors = authors(&transaction, &rows).await?;
    let added: Vec<bool> = rows
        .iter()
        .map(|row| match authors.entry(row.user_id) {
            MapEntry::Occupied(author) => author.into_mut().admit(row.limit),
            MapEntry::Vacant(_) => false,
        })
        .collect();
    let mut is_added = added.iter();
    rows.retain(|_| is_added.next() == Some(&true));
    if !rows.is_empty() {
        for statement in statements(writer.db.get_database_backend(), &rows) {
            transaction.db.execute_raw(statement).await?;
        }
        transaction.commit().await?;
    }
    Ok(added)
}

/// The statements that add the rows and count them for their accounts, in the same order in every process.
fn statements(backend: DbBackend, rows: &[NewRow]) -> Vec<Statement> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.user_id).or_insert(0_i64) += 1;
    }
    let insert = prediction::Entity::insert_many(rows.iter().map(model)).build(backend);
    let count = |(id, count): (i64, i64)| {
        let predictions = user::Column::Predictions;
        user::Entity::update_many()
            .col_expr(predictions, Expr::col(predictions).add(count))
            .filter(user::Column::Id.eq(id))
            .build(backend)
    };
    iter::once(insert).chain(counts.into_iter().map(count)).collect()
}

/// An account whose predictions are added.
struct Author {
    email_confirmed: bool,
    /// Predictions, those of this transaction included.
    predictions: i64,
}

impl Author {
    /// Counts a prediction if the account may have one more.
    fn admit(&mut self, limit: Option<u32>) -> bool {
        let may = self.email_confirmed || limit.is_none_or(|limit| self.predictions < i64::from(limit));
        self.predictions += i64::from(may);
        may
    }
}

/// The accounts of the rows, locked on Postgres until the transaction ends, in the same order in every process.
async fn authors(transaction: &WriteTransaction, rows: &[NewRow]) -> Result<BTreeMap<i64, Author>, StoreError> {
    let mut ids: Vec<i64> = rows.iter().map(|row| row.user_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<(i64, bool, i64)> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::EmailConfirmed,
            user::Column::Predictions,
        ])
        .filter(user::Column::Id.is_in(ids))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(&transaction.db)
        .await?;
    let author = |(id, email_confirmed, predictions)| {
        let author = Author {
            email_confirmed,
            predictions,
        };
        (id, author)
    };
    Ok(found.into_iter().map(author).collect())
}

fn model(row: &NewRow) -> prediction::ActiveModel {
    let new = &row.prediction;
    prediction::ActiveModel {
        user_id: Set(row.user_id),
        created_at: Set(row.created_at),
        digit: Set(new.digit.into()),
        number: Set(new.number.clone()),
        probability: Set(new.probability),
        model: Set(new.model.clone()),
        picture: Set(picture::compress(&new.image)),
        ..Default::default()
    }
}
