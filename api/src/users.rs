//! The admin's user list.

use serde::{Deserialize, Serialize};

use super::Role;

/// `GET /api/admin/users?search=&role=&confirmed=&disabled=&sort=&order=&page=&per_page=&cursor=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Users {
    /// One page of them.
    pub users: Vec<User>,
    /// How many fit the search and the filters; when `more`, there are more than this.
    pub total: u64,
    /// Whether the search has more matches than the server looks at.
    pub more: bool,
    /// Which page this is, from 1. Not with `cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// How many a page holds.
    pub per_page: u64,
    /// The `cursor` of the accounts before these; missing where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The `cursor` of the accounts after these; missing where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// All accounts, whatever the search.
    pub counts: UserCounts,
}

/// How many accounts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCounts {
    /// All of them.
    pub total: u64,
    /// Those of admins.
    pub admins: u64,
    /// Those whose address wasn't confirmed.
    pub unconfirmed: u64,
    /// Those that are switched off.
    pub disabled: u64,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub username: String,
    /// Its address.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether the address was confirmed.
    pub email_confirmed: bool,
    /// Whether it is switched off.
    pub disabled: bool,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// When it last signed in, RFC 3339 in UTC.
    pub last_login_at: Option<String>,
    /// Predictions it has had.
    pub predictions: u64,
    /// What admins have done to it, newest first; the newest ten.
    pub changes: Vec<UserChange>,
}

/// One thing that an admin has done to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserChange {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The admin's name; empty where it was done on the command line.
    pub by: String,
    /// What was done.
    pub action: UserAction,
}

/// What an admin can do to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    /// Made, on the command line or at the first start.
    Created,
    /// Made an admin.
    Promoted,
    /// Made a user again.
    Demoted,
    /// Switched off.
    Disabled,
    /// Switched on again.
    Enabled,
    /// Sent the confirmation once more.
    ConfirmationResent,
}

/// `PATCH /api/admin/users/{id}`: what isn't given stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// What it may do from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether it is switched off from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// Which accounts the list shows, and in which order. A parameter that has its default is left out of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct UserListQuery {
    /// Beginnings of words of name or address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", param(default = ""))]
    pub search: String,
    /// Only this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub role: Option<Role>,
    /// Only confirmed, or only unconfirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    /// Only switched off, or only not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// By which column; by number if none is given.
    #[serde(default, skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: UserSort,
    /// From which end; the smallest first if none is given.
    #[serde(default, skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub order: Order,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The columns the list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// The number: the order in which they registered.
    #[default]
    Id,
    /// The name.
    Username,
    /// The address.
    Email,
    /// What it may do.
    Role,
    /// Whether the address was confirmed.
    EmailConfirmed,
    /// Whether it is switched off.
    Disabled,
    /// When it was made.
    CreatedAt,
    /// When it last signed in.
    LastLoginAt,
    /// Predictions it has had.
    Predictions,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_contains_only_what_differs_from_the_default() {
        let usual = serde_json::to_value(UserListQuery::default()).unwrap();
        assert_eq!(usual, serde_json::json!({}));
        let query = UserListQuery {
            search: "ana".to_owned(),
            disabled: Some(false),
            sort: UserSort::LastLoginAt,
            order: Order::Desc,
            ..UserListQuery::default()
        };
        let written = serde_json::to_value(&query).unwrap();
        assert_eq!(
            written,
            serde_json::json!({ "search": "ana", "disabled": false, "sort": "last_login_at", "order": "desc" })
        );
        assert_eq!(serde_json::from_value::<UserListQuery>(written).unwrap(), query);
    }
}
