//! Counters of accounts by role and state, so that totals don't read the whole table.

use api::UserCounts;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{
    Store, StoreError, WriteTransaction,
    entities::{column, user, user_count},
};

impl Store {
    /// Accounts with a confirmed address, and without.
    pub async fn registered(&self) -> Result<[u64; 2], StoreError> {
        let counts = self.user_counts().await?;
        Ok([counts.total - counts.unconfirmed, counts.unconfirmed])
    }

    /// The number of accounts.
    pub async fn user_counts(&self) -> Result<UserCounts, StoreError> {
        let counters = self.counters().await?;
        let sum = |matches: fn(&user_count::Model) -> bool| {
            counters
                .iter()
                .filter(|counter| matches(counter))
                .map(|counter| counter.users.cast_unsigned())
                .sum()
        };
        Ok(UserCounts {
            total: sum(|_| true),
            admins: sum(|counter| counter.role == column::Role::Admin),
            unconfirmed: sum(|counter| !counter.email_confirmed),
            disabled: sum(|counter| counter.disabled),
        })
    }

    pub(super) async fn counters(&self) -> Result<Vec<user_count::Model>, StoreError> {
        Ok(user_count::Entity::find().all(&self.db).await?)
    }
}

/// Moves an account from one counter to another.
///
/// Always in the same order, so that two transactions on Postgres never wait for each other.
pub(super) async fn update_counters(
    transaction: &WriteTransaction,
    from: Option<&user::Model>,
    to: Option<&user::Model>,
) -> Result<(), StoreError> {
    let counter = |user: &user::Model| (user.role, user.email_confirmed, user.disabled);
    let mut changes: Vec<_> = from
        .map(|user| (counter(user), -1))
        .into_iter()
        .chain(to.map(|user| (counter(user), 1)))
        .collect();
    changes.sort_unstable();
    for ((role, confirmed, disabled), change) in changes {
        user_count::Entity::update_many()
            .col_expr(
                user_count::Column::Users,
                Expr::col(user_count::Column::Users).add(change),
            )
            .filter(user_count::Column::Role.eq(role))
            .filter(user_count::Column::EmailConfirmed.eq(confirmed))
            .filter(user_count::Column::Disabled.eq(disabled))
            .exec(&transaction.db)
            .await?;
    }
    Ok(())
}

/// The number of admins who can log in. The counters stay locked: of two admins who disable each other at the same
/// time, the second sees the first one's change.
pub(super) async fn active_admins(transaction: &WriteTransaction) -> Result<i64, StoreError> {
    let counters = user_count::Entity::find()
        .filter(user_count::Column::Role.eq(column::Role::Admin))
        .filter(user_count::Column::Disabled.eq(false))
        .lock_exclusive()
        .all(&transaction.db)
        .await?;
    Ok(counters.iter().map(|counter| counter.users).sum())
}
