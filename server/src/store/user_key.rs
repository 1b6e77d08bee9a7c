//! Where an account is in a sorted list of accounts.

use api::{Role, UserSort};
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::entities::{column, user};

/// The value an account is sorted by, and its number, which breaks ties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserKey {
    value: SortValue,
    id: i64,
}

/// The value of the column that the list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SortValue {
    Id,
    Username(Text),
    Email(Text),
    Role(Role),
    EmailConfirmed(bool),
    Disabled(bool),
    CreatedAt(Time),
    /// `None` for users who never logged in, who sort first.
    LastLoginAt(Option<Time>),
    Predictions(i64),
}

/// A text without NUL, which Postgres doesn't take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Text(String);

/// A time with all its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Time(DateTime<Utc>);

impl UserKey {
    /// The key of an account in a list sorted by `sort`.
    pub(super) fn new(row: &user::Model, sort: UserSort) -> Self {
        let value = match sort {
            UserSort::Id => SortValue::Id,
            UserSort::Username => SortValue::Username(Text(row.username_key.clone())),
            UserSort::Email => SortValue::Email(Text(row.email_key.clone())),
            UserSort::Role => SortValue::Role(row.role.into()),
            UserSort::EmailConfirmed => SortValue::EmailConfirmed(row.email_confirmed),
            UserSort::Disabled => SortValue::Disabled(row.disabled),
            UserSort::CreatedAt => SortValue::CreatedAt(Time(row.created_at)),
            UserSort::LastLoginAt => SortValue::LastLoginAt(row.last_login_at.map(Time)),
            UserSort::Predictions => SortValue::Predictions(row.predictions),
        };
        Self { value, id: row.id }
    }

    /// The order it is a key of.
    pub fn sort(&self) -> UserSort {
        match self.value {
            SortValue::Id => UserSort::Id,
            SortValue::Username(_) => UserSort::Username,
            SortValue::Email(_) => UserSort::Email,
            SortValue::Role(_) => UserSort::Role,
            SortValue::EmailConfirmed(_) => UserSort::EmailConfirmed,
            SortValue::Disabled(_) => UserSort::Disabled,
            SortValue::CreatedAt(_) => UserSort::CreatedAt,
            SortValue::LastLoginAt(_) => UserSort::LastLoginAt,
            SortValue::Predictions(_) => UserSort::Predictions,
        }
    }

    /// The accounts beyond this key, in several parts that follow each other in the list: those with the same value, then
    /// the others. A query for each part reads the rows of its page from the index and no others, which neither database
    /// does for all parts at once (SQLite would read all rows with the same value).
    pub(super) fn beyond(&self, ascending: bool) -> Vec<Condition> {
        let id = if ascending {
            user::Column::Id.gt(self.id)
        } else {
            user::Column::Id.lt(self.id)
        };
        let Some(column) = column(self.sort()) else {
            return vec![id.into()];
        };
        let Some(value) = self.value() else {
            let same = Condition::all().add(column.is_null()).add(id);
            return if ascending {
                vec![same, column.is_not_null().into()]
            } else {
                vec![same]
            };
        };
        let same = Condition::all().add(column.eq(value.clone())).add(id);
        if ascending {
            return vec![same, column.gt(value).into()];
        }
        let mut parts = vec![same, column.lt(value).into()];
        if is_nullable(column) {
            parts.push(column.is_null().into());
        }
        parts
    }

    fn value(&self) -> Option<Value> {
        match &self.value {
            SortValue::Id => Some(self.id.into()),
            SortValue::Username(text) | SortValue::Email(text) => Some(text.0.as_str().into()),
            SortValue::Role(role) => Some(column::Role::from(*role).to_value().into()),
            SortValue::EmailConfirmed(flag) | SortValue::Disabled(flag) => Some((*flag).into()),
            SortValue::CreatedAt(time) => Some(time.0.into()),
            SortValue::LastLoginAt(time) => time.as_ref().map(|time| time.0.into()),
            SortValue::Predictions(count) => Some((*count).into()),
        }
    }
}

/// The column of a sort order; `None` for the number, which is the last column of every order.
pub(super) fn column(sort: UserSort) -> Option<user::Column> {
    match sort {
        UserSort::Id => None,
        UserSort::Username => Some(user::Column::UsernameKey),
        UserSort::Email => Some(user::Column::EmailKey),
        UserSort::Role => Some(user::Column::Role),
        UserSort::EmailConfirmed => Some(user::Column::EmailConfirmed),
        UserSort::Disabled => Some(user::Column::Disabled),
        UserSort::CreatedAt => Some(user::Column::CreatedAt),
        UserSort::LastLoginAt => Some(user::Column::LastLoginAt),
        UserSort::Predictions => Some(user::Column::Predictions),
    }
}

/// Whether the column of a sort order has nulls.
pub(super) fn is_nullable(column: user::Column) -> bool {
    matches!(column, user::Column::LastLoginAt)
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.contains('\0') {
            return Err(de::Error::custom("NUL in a text"));
        }
        Ok(Self(text))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}
