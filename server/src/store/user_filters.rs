//! The filters of the admin's user list, and which of their indexes are worth using.

use api::{UserListQuery, UserSort};
use sea_orm::{ActiveEnum, IdenStatic, Value};

use super::{
    entities::{column, user, user_count},
    user_key,
};

/// Accounts that SQLite may read from the index of a filter, to sort them.
const MAX_SORTED: u64 = 1000;

/// A filter of the list.
#[derive(Clone, Copy)]
pub(super) enum Filter {
    Role(column::Role),
    Confirmed(bool),
    Disabled(bool),
}

/// The filters of a query.
pub(super) fn filters(query: &UserListQuery) -> Vec<Filter> {
    [
        query.role.map(|role| Filter::Role(role.into())),
        query.confirmed.map(Filter::Confirmed),
        query.disabled.map(Filter::Disabled),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Filter {
    pub(super) fn column(self) -> user::Column {
        match self {
            Self::Role(_) => user::Column::Role,
            Self::Confirmed(_) => user::Column::EmailConfirmed,
            Self::Disabled(_) => user::Column::Disabled,
        }
    }

    pub(super) fn value(self) -> Value {
        match self {
            Self::Role(role) => role.to_value().into(),
            Self::Confirmed(flag) | Self::Disabled(flag) => flag.into(),
        }
    }

    pub(super) fn passes(self, counter: &user_count::Model) -> bool {
        match self {
            Self::Role(role) => counter.role == role,
            Self::Confirmed(confirmed) => counter.email_confirmed == confirmed,
            Self::Disabled(disabled) => counter.disabled == disabled,
        }
    }
}

/// Whether reading the index of this filter is quick in this order: it is sorted so, or few accounts pass.
pub(super) fn has_useful_index(filter: Filter, sort: UserSort, counters: &[user_count::Model]) -> bool {
    let is_sorted_so = user_key::column(sort).is_none_or(|column| column.as_str() == filter.column().as_str());
    is_sorted_so || sum(counters, |counter| filter.passes(counter)) <= MAX_SORTED
}

/// The number of accounts in these counters.
pub(super) fn sum(counters: &[user_count::Model], is_one: impl Fn(&user_count::Model) -> bool) -> u64 {
    counters
        .iter()
        .filter(|counter| is_one(counter))
        .map(|counter| counter.users.cast_unsigned())
        .sum()
}
