//! The admin's user list: search, filters, order and pages without reading the whole table.
//!
//! A search reads its first [`MAX_MATCHES`] matches from the index of words, whatever the table's size, and then sorts
//! and filters those. Without a search the order comes from an index, and totals come from the counters.

use api::{Order, UserListQuery, UserSort};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, NullOrdering, Query},
};

use super::{
    Store, StoreError,
    entities::{column, user, user_count, user_word},
};
use crate::domain::{User, words};

/// The number of matches that a search sorts and filters.
const MAX_MATCHES: u64 = 1000;

/// One page of a search.
pub struct UserPage {
    /// The accounts of the page.
    pub users: Vec<User>,
    /// The number of accounts on all pages.
    pub total: u64,
    /// Whether the search has more matches than it sorts and filters.
    pub more: bool,
}

impl Store {
    /// One page of the list. Pages count from 1.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn users(&self, query: &UserListQuery, page: u64, per_page: u64) -> Result<UserPage, StoreError> {
        let terms = words::search_terms(&query.search);
        let is_search = !query.search.trim().is_empty();
        let matches = if is_search {
            self.matches(&terms).await?
        } else {
            Vec::new()
        };
        let more = matches.len() as u64 > MAX_MATCHES;
        let matching = Self::matching(query, is_search.then_some(&matches));
        let total = if is_search {
            matching.clone().count(&self.db).await?
        } else {
            self.counted(query).await?
        };
        let users = sorted(matching, query)
            .offset(std::cmp::min(page.saturating_sub(1).saturating_mul(per_page), total))
            .limit(per_page)
            .all(&self.db)
            .await?;
        Ok(UserPage {
            users: users.into_iter().map(User::from).collect(),
            total,
            more,
        })
    }

    /// The first `limit` accounts whose number is greater than `after`, by number. This reads the whole list in parts,
    /// in any order of `query`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn users_after(&self, query: &UserListQuery, after: i64, limit: u64) -> Result<Vec<User>, StoreError> {
        let terms = words::search_terms(&query.search);
        let is_search = !query.search.trim().is_empty();
        let mut matching = Self::matching(query, None);
        if is_search {
            matching = match matches_all(&terms) {
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

    /// The accounts that pass the filters, all or only these.
    fn matching(query: &UserListQuery, ids: Option<&Vec<i64>>) -> Select<user::Entity> {
        let mut matching = user::Entity::find();
        if let Some(ids) = ids {
            let ids = ids
                .iter()
                .copied()
                .take(usize::try_from(MAX_MATCHES).unwrap_or(usize::MAX));
            matching = matching.filter(user::Column::Id.is_in(ids));
        }
        if let Some(role) = query.role {
            matching = matching.filter(user::Column::Role.eq(column::Role::from(role)));
        }
        if let Some(confirmed) = query.confirmed {
            matching = matching.filter(user::Column::EmailConfirmed.eq(confirmed));
        }
        if let Some(disabled) = query.disabled {
            matching = matching.filter(user::Column::Disabled.eq(disabled));
        }
        matching
    }

    /// The number of accounts that pass the filters, from the counters.
    async fn counted(&self, query: &UserListQuery) -> Result<u64, StoreError> {
        let counters = self.counters().await?;
        let passes = |counter: &&user_count::Model| {
            query.role.is_none_or(|role| counter.role == role.into())
                && query
                    .confirmed
                    .is_none_or(|confirmed| counter.email_confirmed == confirmed)
                && query.disabled.is_none_or(|disabled| counter.disabled == disabled)
        };
        Ok(counters
            .iter()
            .filter(passes)
            .map(|counter| counter.users.cast_unsigned())
            .sum())
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

fn sorted(matching: Select<user::Entity>, query: &UserListQuery) -> Select<user::Entity> {
    let column = match query.sort {
        UserSort::Id => None,
        UserSort::Username => Some(user::Column::UsernameKey),
        UserSort::Email => Some(user::Column::EmailKey),
        UserSort::Role => Some(user::Column::Role),
        UserSort::EmailConfirmed => Some(user::Column::EmailConfirmed),
        UserSort::Disabled => Some(user::Column::Disabled),
        UserSort::CreatedAt => Some(user::Column::CreatedAt),
        UserSort::LastLoginAt => Some(user::Column::LastLoginAt),
        UserSort::Predictions => Some(user::Column::Predictions),
    };
    let order = match query.order {
        Order::Asc => sea_orm::Order::Asc,
        Order::Desc => sea_orm::Order::Desc,
    };
    let matching = match column {
        // Users who never logged in sort as the oldest. (No other column contains nulls, and Postgres uses an index only
        // for exactly its order.)
        Some(column @ user::Column::LastLoginAt) => {
            let nulls = match query.order {
                Order::Asc => NullOrdering::First,
                Order::Desc => NullOrdering::Last,
            };
            matching.order_by_with_nulls(column, order.clone(), nulls)
        }
        Some(column) => matching.order_by(column, order.clone()),
        None => matching,
    };
    matching.order_by(user::Column::Id, order)
}
