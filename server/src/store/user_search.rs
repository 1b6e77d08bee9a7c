//! The admin's user list: search, filters, order and pages without reading the whole table.
//!
//! A search reads its first [`MAX_MATCHES`] matches from the index of words, whatever the table's size, and then sorts
//! and filters those. Without a search the order comes from an index, in which a page is found by the key of the account
//! before or after it, and totals come from the counters.

use api::{Order, UserListQuery, UserSort};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Statement,
    sea_query::{Expr, NullOrdering, Query},
};

use super::{
    Page, Position, Store, StoreError,
    entities::{user, user_word},
    user_filters::{Filter, filters, has_useful_index, sum},
    user_key::{self, UserKey},
};
use crate::domain::{User, words};

/// The number of matches that a search sorts and filters.
const MAX_MATCHES: u64 = 1000;

/// One page of the list.
pub struct UserPage {
    /// The accounts of the page.
    pub page: Page<User, UserKey>,
    /// The number of accounts on all pages.
    pub total: u64,
    /// Whether the search has more matches than it sorts and filters.
    pub more: bool,
}

/// What a query of the list finds.
struct Found {
    /// The accounts, without an order.
    matching: Select<user::Entity>,
    total: u64,
    more: bool,
}

impl Store {
    /// One page of the list.
    pub async fn users(
        &self,
        query: &UserListQuery,
        position: &Position<UserKey>,
        per_page: u64,
    ) -> Result<UserPage, StoreError> {
        let found = self.found(query).await?;
        let mut rows = Vec::new();
        for part in parts(found.matching, query, position, per_page, found.total) {
            let missing = (per_page + 1).saturating_sub(rows.len() as u64);
            if missing > 0 {
                rows.extend(part.limit(missing).all(&self.db).await?);
            }
        }
        let page = position.page(rows, per_page, |row| UserKey::new(row, query.sort));
        Ok(UserPage {
            page: Page {
                rows: page.rows.into_iter().map(User::from).collect(),
                previous: page.previous,
                next: page.next,
            },
            total: found.total,
            more: found.more,
        })
    }

    /// The statements of [`Store::users`], in their order, for the tests of their query plans.
    #[doc(hidden)]
    pub async fn user_statements(
        &self,
        query: &UserListQuery,
        position: &Position<UserKey>,
        per_page: u64,
    ) -> Result<Vec<Statement>, StoreError> {
        let found = self.found(query).await?;
        let parts = parts(found.matching, query, position, per_page, found.total);
        let backend = self.db.get_database_backend();
        Ok(parts
            .into_iter()
            .map(|part| part.limit(per_page + 1).build(backend))
            .collect())
    }

    async fn found(&self, query: &UserListQuery) -> Result<Found, StoreError> {
        if query.search.trim().is_empty() {
            let counters = self.counters().await?;
            return Ok(Found {
                matching: self.filtered(query, |&filter| has_useful_index(filter, query.sort, &counters)),
                total: sum(&counters, |counter| {
                    filters(query).iter().all(|filter| filter.passes(counter))
                }),
                more: false,
            });
        }
        let ids = self.matches(&words::search_terms(&query.search)).await?;
        let more = ids.len() as u64 > MAX_MATCHES;
        let first = ids.into_iter().take(usize::try_from(MAX_MATCHES).unwrap_or(usize::MAX));
        let matching = self.filtered(query, |_| false).filter(user::Column::Id.is_in(first));
        Ok(Found {
            total: matching.clone().count(&self.db).await?,
            matching,
            more,
        })
    }

    /// The first `limit` accounts whose number is greater than `after`, by number. This reads the whole list in parts,
    /// in any order of `query`.
    pub async fn users_after(&self, query: &UserListQuery, after: i64, limit: u64) -> Result<Vec<User>, StoreError> {
        let mut matching = self.filtered(query, |_| true);
        if !query.search.trim().is_empty() {
            matching = match matches_all(&words::search_terms(&query.search)) {
                Some(condition) => matching.filter(condition),
                None => return Ok(Vec::new()),
            };
        }
        let rows = matching
            .filter(user::Column::Id.gt(after))
            .order_by_asc(user::Column::Id)
            .limit(limit)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// The numbers of the accounts that match all terms: at most one more than [`MAX_MATCHES`].
    async fn matches(&self, terms: &[String]) -> Result<Vec<i64>, StoreError> {
        let Some(read) = self.rarest(terms).await? else {
            return Ok(Vec::new());
        };
        let mut found = with_word(read).distinct();
        for other in terms.iter().filter(|word| *word != read) {
            found = found.filter(has_word(other, user_word::Column::UserId));
        }
        Ok(found.limit(MAX_MATCHES + 1).into_tuple().all(&self.db).await?)
    }

    /// The term whose part of the index is read; the others are then looked up for each account found there. A term with
    /// few matches, else the longest.
    async fn rarest<'a>(&self, terms: &'a [String]) -> Result<Option<&'a String>, StoreError> {
        if terms.len() > 1 {
            for word in terms {
                let one_more = with_word(word).offset(MAX_MATCHES).limit(1);
                if one_more.into_tuple::<i64>().one(&self.db).await?.is_none() {
                    return Ok(Some(word));
                }
            }
        }
        Ok(terms.first())
    }

    /// The accounts that pass the filters. SQLite keeps no statistics: it would read all accounts that pass a filter from
    /// that filter's index, even if these are nearly all, and sort them. So it may use only the indexes that `use_index`
    /// allows. Postgres chooses by its statistics.
    fn filtered(&self, query: &UserListQuery, use_index: impl Fn(&Filter) -> bool) -> Select<user::Entity> {
        let is_sqlite = self.db.get_database_backend() == DbBackend::Sqlite;
        filters(query)
            .into_iter()
            .fold(user::Entity::find(), |matching, filter| {
                let column = Expr::col(filter.column().as_column_ref());
                let column = if is_sqlite && !use_index(&filter) {
                    // The unary plus changes nothing, and no index has it.
                    Expr::cust_with_expr("+?", column)
                } else {
                    column
                };
                matching.filter(column.eq(filter.value()))
            })
    }
}

/// Words with this prefix: a range of the index.
fn has_prefix(table: &'static str, prefix: &str) -> Condition {
    let word = || Expr::col((table, user_word::Column::Word));
    let condition = Condition::all().add(word().gte(prefix));
    match words::prefix_upper_bound(prefix) {
        Some(after) => condition.add(word().lt(after)),
        None => condition,
    }
}

/// The accounts with a word with this prefix, in the order of the words.
fn with_word(prefix: &str) -> Select<user_word::Entity> {
    user_word::Entity::find()
        .select_only()
        .column(user_word::Column::UserId)
        .filter(has_prefix("user_words", prefix))
}

/// Whether the account in the column `id` has a word with this prefix. Looked up by account, so that the cost doesn't
/// depend on how many others match.
fn has_word(prefix: &str, id: impl ColumnTrait) -> Expr {
    let theirs = Expr::col(("theirs", user_word::Column::UserId)).equals(id.as_column_ref());
    let words = Query::select()
        .column(("theirs", user_word::Column::UserId))
        .from_as(user_word::Entity, "theirs")
        .and_where(theirs)
        .cond_where(has_prefix("theirs", prefix))
        // Without a limit SQLite makes this a join, and DISTINCT then reads the index of all users.
        .limit(1)
        .take();
    Expr::exists(words)
}

/// Accounts that match all terms; `None` without terms.
fn matches_all(terms: &[String]) -> Option<Condition> {
    if terms.is_empty() {
        return None;
    }
    let has = terms.iter().map(|word| has_word(word, user::Column::Id));
    Some(has.fold(Condition::all(), Condition::add))
}

/// The queries that read the rows at `position` one after the other until the page is full, in the direction of the
/// position.
fn parts(
    matching: Select<user::Entity>,
    query: &UserListQuery,
    position: &Position<UserKey>,
    per_page: u64,
    total: u64,
) -> Vec<Select<user::Entity>> {
    let ascending = (query.order == Order::Asc) != position.is_backwards();
    let matching = sorted(matching, query.sort, ascending);
    match position.key() {
        // Not beyond the end, so that no number is too large for the database.
        None => vec![matching.offset(Ord::min(position.offset(per_page), total))],
        Some(key) => {
            let parts = key.beyond(ascending).into_iter();
            parts.map(|part| matching.clone().filter(part)).collect()
        }
    }
}

fn sorted(matching: Select<user::Entity>, sort: UserSort, ascending: bool) -> Select<user::Entity> {
    let order = if ascending {
        sea_orm::Order::Asc
    } else {
        sea_orm::Order::Desc
    };
    let matching = match user_key::column(sort) {
        // Users who never logged in sort as the oldest. (Postgres uses an index only for exactly its order.)
        Some(column) if user_key::is_nullable(column) => {
            let nulls = if ascending {
                NullOrdering::First
            } else {
                NullOrdering::Last
            };
            matching.order_by_with_nulls(column, order.clone(), nulls)
        }
        Some(column) => matching.order_by(column, order.clone()),
        None => matching,
    };
    matching.order_by(user::Column::Id, order)
}
