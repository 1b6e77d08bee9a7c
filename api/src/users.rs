//! The admin's user list.

use serde::{Deserialize, Serialize};

use super::Role;

/// `GET /api/admin/users?search=&role=&confirmed=&disabled=&sort=&order=&page=&per_page=&cursor=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Users {
    /// The accounts of this page.
    pub users: Vec<User>,
    /// Number of accounts that match the search and the filters; a lower bound if `more` is true.
    pub total: u64,
    /// Whether the search has more matches than the server counts.
    pub more: bool,
    /// Page number, from 1; missing with `cursor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// Maximum number of accounts on a page.
    pub per_page: u64,
    /// The `cursor` of the previous page; missing on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The `cursor` of the next page; missing on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Numbers of all accounts, regardless of search and filters.
    pub counts: UserCounts,
}

/// Numbers of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCounts {
    /// All accounts.
    pub total: u64,
    /// Accounts with the role `admin`.
    pub admins: u64,
    /// Accounts whose email address isn't confirmed.
    pub unconfirmed: u64,
    /// Disabled accounts.
    pub disabled: u64,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// ID.
    pub id: i64,
    /// User name.
    pub username: String,
    /// Email address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Whether the email address is confirmed.
    pub email_confirmed: bool,
    /// Whether the account is disabled.
    pub disabled: bool,
    /// Time of the registration, RFC 3339 in UTC.
    pub created_at: String,
    /// Time of the last login, RFC 3339 in UTC.
    pub last_login_at: Option<String>,
    /// Number of predictions made by the account.
    pub predictions: u64,
    /// Number of its API keys, expired ones included.
    #[serde(default)]
    pub keys: u64,
    /// The ten newest changes by admins, newest first.
    pub changes: Vec<UserChange>,
}

/// A change of an account by an admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserChange {
    /// Time, RFC 3339 in UTC.
    pub at: String,
    /// User name of the admin; empty for a change on the command line, `-` for an admin whose account was deleted.
    pub by: String,
    /// Kind of the change.
    pub action: UserAction,
}

/// Kinds of changes of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    /// Created, on the command line or at the first start.
    Created,
    /// Role changed to `admin`.
    Promoted,
    /// Role changed to `user`.
    Demoted,
    /// Disabled.
    Disabled,
    /// Enabled.
    Enabled,
    /// Confirmation email sent again.
    ConfirmationResent,
}

/// `PATCH /api/admin/users/{id}`: missing fields stay unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// New role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether to disable or to enable the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// Search, filters and sort order of the user list. A parameter that has its default is left out of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct UserListQuery {
    /// Prefixes of words of the user name or the email address, separated by spaces. Case and accents make no difference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", param(default = ""))]
    pub search: String,
    /// Only accounts with this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub role: Option<Role>,
    /// Only accounts whose email address is confirmed, or only those whose isn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    /// Only disabled accounts, or only enabled ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// Sort column; by default the ID.
    #[serde(default, skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: UserSort,
    /// Sort order; by default ascending.
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
    /// ID: the order of registration.
    #[default]
    Id,
    /// User name.
    Username,
    /// Email address.
    Email,
    /// Role.
    Role,
    /// Whether the email address is confirmed.
    EmailConfirmed,
    /// Whether the account is disabled.
    Disabled,
    /// Time of the registration.
    CreatedAt,
    /// Time of the last login.
    LastLoginAt,
    /// Number of predictions.
    Predictions,
}

/// Sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Ascending.
    #[default]
    Asc,
    /// Descending.
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
