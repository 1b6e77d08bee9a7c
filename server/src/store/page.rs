//! The admin's user list: searched, filtered, sorted and cut into pages without reading the whole table.
//!
//! A search reads its first [`MATCHES`] matches from the index of words, whatever the table's size; sorting and
//! filtering is then among those. Without a search the order comes from an index, and totals from the counters.

use api::{Order, Role, UserSort};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, NullOrdering, Query},
};

use super::{
    Store,
    entities::{user, user_word},
    users::role_word,
};
use crate::domain::words;

/// A search looks at no more matches than these.
pub const MATCHES: u64 = 1000;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct UserQuery {
    /// Beginnings of words of name or address.
    pub search: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only confirmed, or only unconfirmed.
    pub confirmed: Option<bool>,
    /// Only switched off, or only not.
    pub disabled: Option<bool>,
    /// By which column.
    pub sort: UserSort,
    /// From which end.
    pub order: Order,
}

/// What a search found.
pub struct Found {
    /// The rows of the page.
    pub users: Vec<user::Model>,
    /// How many fit in all.
    pub total: u64,
    /// Whether the search had more matches than it looked at.
    pub more: bool,
}

impl Store {
    /// One page. Pages count from 1.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn users(&self, query: &UserQuery, page: u64, per_page: u64) -> Result<Found, DbErr> {
        let wanted = words::wanted(&query.search);
        let is_search = !query.search.trim().is_empty();
        let matches = if is_search {
            self.matches(&wanted).await?
        } else {
            Vec::new()
        };
        let more = matches.len() as u64 > MATCHES;
        let fitting = Self::fitting(query, is_search.then_some(&matches));
        let total = if is_search {
            fitting.clone().count(&self.db).await?
        } else {
            self.counted(query).await?
        };
        let users = sorted(fitting, query)
            .offset(std::cmp::min(page.saturating_sub(1).saturating_mul(per_page), total))
            .limit(per_page)
            .all(&self.db)
            .await?;
        Ok(Found { users, total, more })
    }

    /// The rows after `after` (of the numbers), `most` of them, by number: the way to read all without holding all.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn users_after(&self, query: &UserQuery, after: i64, most: u64) -> Result<Vec<user::Model>, DbErr> {
        let wanted = words::wanted(&query.search);
        let is_search = !query.search.trim().is_empty();
        let mut fitting = Self::fitting(query, None);
        if is_search {
            fitting = match condition(&wanted) {
                Some(condition) => fitting.filter(condition),
                None => return Ok(Vec::new()),
            };
        }
        fitting
            .filter(user::Column::Id.gt(after))
            .order_by_asc(user::Column::Id)
            .limit(most)
            .all(&self.db)
            .await
    }

    /// The numbers of the users whose words begin as wanted: at most one more than [`MATCHES`].
    async fn matches(&self, wanted: &[String]) -> Result<Vec<i64>, DbErr> {
        let Some(read) = self.rarest(wanted).await? else {
            return Ok(Vec::new());
        };
        let mut found = with_word(read).distinct();
        for other in wanted.iter().filter(|word| *word != read) {
            found = found.filter(has_word(other, user_word::Column::UserId));
        }
        found.limit(MATCHES + 1).into_tuple().all(&self.db).await
    }

    /// The word whose part of the index is read; the others are then looked up for each user in it. One that few have,
    /// else the longest.
    async fn rarest<'a>(&self, wanted: &'a [String]) -> Result<Option<&'a String>, DbErr> {
        if wanted.len() > 1 {
            for word in wanted {
                let one_more = with_word(word).offset(MATCHES).limit(1);
                if one_more.into_tuple::<i64>().one(&self.db).await?.is_none() {
                    return Ok(Some(word));
                }
            }
        }
        Ok(wanted.first())
    }

    fn fitting(query: &UserQuery, matches: Option<&Vec<i64>>) -> Select<user::Entity> {
        let mut fitting = user::Entity::find();
        if let Some(matches) = matches {
            let looked_at = matches
                .iter()
                .copied()
                .take(usize::try_from(MATCHES).unwrap_or(usize::MAX));
            fitting = fitting.filter(user::Column::Id.is_in(looked_at));
        }
        if let Some(role) = query.role {
            fitting = fitting.filter(user::Column::Role.eq(role_word(role)));
        }
        if let Some(confirmed) = query.confirmed {
            fitting = fitting.filter(user::Column::EmailConfirmed.eq(confirmed));
        }
        if let Some(disabled) = query.disabled {
            fitting = fitting.filter(user::Column::Disabled.eq(disabled));
        }
        fitting
    }

    /// How many fit the filters, from the counters.
    async fn counted(&self, query: &UserQuery) -> Result<u64, DbErr> {
        let kinds = self.user_kinds().await?;
        let fits = |kind: &&super::entities::user_count::Model| {
            query.role.is_none_or(|role| kind.role == role_word(role))
                && query
                    .confirmed
                    .is_none_or(|confirmed| kind.email_confirmed == confirmed)
                && query.disabled.is_none_or(|disabled| kind.disabled == disabled)
        };
        Ok(kinds.iter().filter(fits).map(|kind| kind.users.cast_unsigned()).sum())
    }
}

/// Words that begin with `prefix`: a range of the index.
fn begins(table: &'static str, prefix: &str) -> Condition {
    let word = || Expr::col((table, user_word::Column::Word));
    let condition = Condition::all().add(word().gte(prefix));
    match words::after(prefix) {
        Some(after) => condition.add(word().lt(after)),
        None => condition,
    }
}

/// The users with a word that begins with `prefix`, in its order.
fn with_word(prefix: &str) -> Select<user_word::Entity> {
    user_word::Entity::find()
        .select_only()
        .column(user_word::Column::UserId)
        .filter(begins("user_words", prefix))
}

/// Whether the user in the column `id` has a word that begins with `prefix`: looked up by the user, so that it costs the
/// same however many others have it.
fn has_word(prefix: &str, id: impl ColumnTrait) -> Expr {
    let theirs = Expr::col(("theirs", user_word::Column::UserId)).equals(id.as_column_ref());
    let words = Query::select()
        .column(("theirs", user_word::Column::UserId))
        .from_as(user_word::Entity, "theirs")
        .and_where(theirs)
        .cond_where(begins("theirs", prefix))
        // Else SQLite joins the two, and for DISTINCT's sake reads the index of all users.
        .limit(1)
        .take();
    Expr::exists(words)
}

/// Users with all the words; `None` when nothing can be looked for.
fn condition(wanted: &[String]) -> Option<Condition> {
    if wanted.is_empty() {
        return None;
    }
    let has = wanted.iter().map(|word| has_word(word, user::Column::Id));
    Some(has.fold(Condition::all(), Condition::add))
}

fn sorted(fitting: Select<user::Entity>, query: &UserQuery) -> Select<user::Entity> {
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
    let fitting = match column {
        // Whoever never signed in did so before everyone. (No other column holds nulls, and Postgres takes an index
        // only for exactly its order.)
        Some(column @ user::Column::LastLoginAt) => {
            let nulls = match query.order {
                Order::Asc => NullOrdering::First,
                Order::Desc => NullOrdering::Last,
            };
            fitting.order_by_with_nulls(column, order.clone(), nulls)
        }
        Some(column) => fitting.order_by(column, order.clone()),
        None => fitting,
    };
    fitting.order_by(user::Column::Id, order)
}
