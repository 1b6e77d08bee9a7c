//! The writer of the history: predictions that arrive together share a transaction.

use std::{
    collections::{BTreeMap, btree_map::Entry as MapEntry},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Statement, sea_query::Expr,
};
use tracing::{Instrument, Span};

use super::{
    NewPrediction, StoreError, WriteTransaction, Writer,
    entities::{prediction, user},
    picture,
};
use crate::util::{BatchReceiver, BatchSender, Entry, batch_queue};

/// Requests whose rows share a transaction.
const BATCH_SIZE: usize = 256;

/// Rows of one statement. SQLite and Postgres allow 32,766 parameters and more.
const ROWS: usize = 256;

/// The predictions of a request in the queue, of which all are added or none.
pub(super) struct NewRows {
    pub(super) user_id: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) predictions: Vec<NewPrediction>,
    /// Predictions that the account may have; `None` if its address is confirmed.
    pub(super) limit: Option<u32>,
}

/// The numbers of the rows, in their order; `None` if none was added.
type Added = Option<Vec<i64>>;

type Reply = Result<Added, Arc<StoreError>>;

pub(super) type HistoryQueue = BatchSender<NewRows, Reply>;

/// Starts the writer, which ends when the queue is dropped. Its transactions are not forced to the disk one by one. At
/// most `queue_length` requests wait.
pub(super) fn start(writer: Writer, queue_length: usize) -> HistoryQueue {
    let (queue, rows) = batch_queue(queue_length, BATCH_SIZE);
    tokio::spawn(run(writer, rows).instrument(Span::none()));
    queue
}

async fn run(writer: Writer, mut requests: BatchReceiver<NewRows, Reply>) {
    while let Some(batch) = requests.next().await {
        // The rows of requests that were cancelled while they waited are not written.
        let (requests, replies): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .filter(|entry| !entry.reply.is_abandoned())
            .map(|Entry { item, reply }| (item, reply))
            .unzip();
        if requests.is_empty() {
            continue;
        }
        match add(&writer, requests).await {
            Ok(added) => {
                for (reply, added) in replies.into_iter().zip(added) {
                    reply.send(Ok(added));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for reply in replies {
                    reply.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

/// Adds the rows in one transaction, and tells of each request the numbers of its rows.
async fn add(writer: &Writer, requests: Vec<NewRows>) -> Result<Vec<Added>, StoreError> {
    if requests.iter().all(|request| request.limit.is_none()) {
        match add_all(writer, &requests).await {
            // Somebody has deleted their account meanwhile; the rows of others are added.
            Err(error) if error.is_orphan() => {}
            result => {
                let mut numbers = result?.into_iter();
                return Ok(requests
                    .iter()
                    .map(|request| Some(request.take(&mut numbers)))
                    .collect());
            }
        }
    }
    add_admitted(writer, requests).await
}

async fn add_all(writer: &Writer, requests: &[NewRows]) -> Result<Vec<i64>, StoreError> {
    let backend = writer.db.get_database_backend();
    if backend == DbBackend::Sqlite {
        return numbers(&writer.run_at_once(statements(backend, requests)).await?);
    }
    let transaction = writer.begin_unforced().await?;
    let added = execute(&transaction, requests).await?;
    transaction.commit().await?;
    Ok(added)
}

/// Adds the rows of the requests whose account exists and may have as many predictions more.
async fn add_admitted(writer: &Writer, requests: Vec<NewRows>) -> Result<Vec<Added>, StoreError> {
    let transaction = writer.begin_unforced().await?;
    let mut authors = authors(&transaction, &requests).await?;
    let may: Vec<bool> = requests
        .iter()
        .map(|request| match authors.entry(request.user_id) {
            MapEntry::Occupied(author) => author.into_mut().admit(request),
            MapEntry::Vacant(_) => false,
        })
        .collect();
    let (admitted, _) = requests.into_iter().zip(&may).partition::<Vec<_>, _>(|(_, may)| **may);
    let admitted: Vec<NewRows> = admitted.into_iter().map(|(request, _)| request).collect();
    if admitted.is_empty() {
        return Ok(vec![None; may.len()]);
    }
    let mut numbers = execute(&transaction, &admitted).await?.into_iter();
    transaction.commit().await?;
    let mut admitted = admitted.iter();
    let of_next = |may: bool| {
        may.then(|| admitted.next().map(|request| request.take(&mut numbers)))
            .flatten()
    };
    Ok(may.into_iter().map(of_next).collect())
}

/// Executes the statements that add rows, and returns the rows' numbers.
async fn execute(transaction: &WriteTransaction, requests: &[NewRows]) -> Result<Vec<i64>, StoreError> {
    let mut rows = Vec::new();
    for statement in statements(transaction.db.get_database_backend(), requests) {
        rows.extend(transaction.db.query_all_raw(statement).await?);
    }
    numbers(&rows)
}

/// The numbers of added rows, in the rows' order: both databases number the rows of a statement one after the other, and
/// promise no order for what it returns.
fn numbers(rows: &[QueryResult]) -> Result<Vec<i64>, StoreError> {
    let numbers: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get("", "id")).collect();
    let mut numbers = numbers?;
    numbers.sort_unstable();
    Ok(numbers)
}

/// The statements that add the rows and count them for their accounts, in the same order in every process.
fn statements(backend: DbBackend, requests: &[NewRows]) -> Vec<Statement> {
    let mut counts = BTreeMap::new();
    for request in requests {
        *counts.entry(request.user_id).or_insert(0) += request.count();
    }
    let mut rows = requests.iter().flat_map(models).peekable();
    let mut statements = Vec::new();
    while rows.peek().is_some() {
        let mut insert = prediction::Entity::insert_many(rows.by_ref().take(ROWS)).into_query();
        insert.returning_col(prediction::Column::Id);
        statements.push(backend.build(&insert));
    }
    let count = |(id, count): (i64, i64)| {
        let predictions = user::Column::Predictions;
        user::Entity::update_many()
            .col_expr(predictions, Expr::col(predictions).add(count))
            .filter(user::Column::Id.eq(id))
            .build(backend)
    };
    statements.extend(counts.into_iter().map(count));
    statements
}

impl NewRows {
    fn count(&self) -> i64 {
        i64::try_from(self.predictions.len()).unwrap_or(i64::MAX)
    }

    /// Takes as many numbers as there are predictions.
    fn take(&self, numbers: &mut impl Iterator<Item = i64>) -> Vec<i64> {
        numbers.take(self.predictions.len()).collect()
    }
}

/// An account whose predictions are added.
struct Author {
    email_confirmed: bool,
    /// Predictions, those of this transaction included.
    predictions: i64,
}

impl Author {
    /// Counts the predictions of a request if the account may have all of them.
    fn admit(&mut self, request: &NewRows) -> bool {
        let after = self.predictions.saturating_add(request.count());
        let may = self.email_confirmed || request.limit.is_none_or(|limit| after <= i64::from(limit));
        if may {
            self.predictions = after;
        }
        may
    }
}

/// The accounts of the requests, locked on Postgres until the transaction ends, in the same order in every process.
async fn authors(transaction: &WriteTransaction, requests: &[NewRows]) -> Result<BTreeMap<i64, Author>, StoreError> {
    let mut ids: Vec<i64> = requests.iter().map(|request| request.user_id).collect();
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

fn models(request: &NewRows) -> impl Iterator<Item = prediction::ActiveModel> {
    let model = move |new: &NewPrediction| prediction::ActiveModel {
        user_id: Set(request.user_id),
        created_at: Set(request.created_at),
        digit: Set(new.digit.into()),
        number: Set(new.number.clone()),
        probability: Set(new.probability),
        model: Set(new.model.clone()),
        picture: Set(picture::compress(&new.image)),
        ..Default::default()
    };
    request.predictions.iter().map(model)
}
