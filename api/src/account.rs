//! Registration, login, and the signed-in user's account.

use serde::{Deserialize, Deserializer, Serialize};

/// Request body of `POST /register`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The username.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, pattern = r"^[A-Za-z0-9À-ÖØ-öø-ɏ_.-]{3,32}$"))]
    pub username: String,
    /// The address that the confirmation email is sent to.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Email, max_length = 254))]
    pub email: String,
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 8, max_length = 128))]
    pub password: String,
}

/// Request body of `POST /login`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The username or the email address; case is ignored.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub username: String,
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
    /// A code of the second factor, or a recovery code; empty for an account without a second factor.
    #[serde(default, deserialize_with = "or_empty", skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// Request body of `POST /api/confirm/resend` and `POST /api/password/forgot`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailRequest {
    /// The email address of the account.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Email, max_length = 254))]
    pub email: String,
}

/// Request body of `POST /api/password/reset`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token of the link in the email.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub token: String,
    /// The new password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 8, max_length = 128))]
    pub password: String,
}

/// Request body of `POST /api/password/reset/check`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetLink {
    /// The token of the link in the email.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub token: String,
}

/// Response of `POST /login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    /// The JWT for `Authorization: Bearer`.
    pub access_token: String,
}

/// A response that is only a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The text.
    pub msg: String,
}

/// Response of `POST /api/confirm/{token}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmedAddress {
    /// The text.
    pub msg: String,
    /// Whether the account had another address before.
    pub changed: bool,
}

/// The role of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Can draw and predict.
    User,
    /// Can also see the dashboard and manage users.
    Admin,
}

/// The signed-in user. Embedded in the HTML of every page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The id of the account.
    pub id: i64,
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The role.
    pub role: Role,
    /// Whether the email address is confirmed.
    pub email_confirmed: bool,
    /// Time of registration, RFC 3339 in UTC.
    pub created_at: String,
}

/// Response of `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The signed-in user.
    #[serde(flatten)]
    pub me: Me,
    /// The remaining predictions.
    pub quota: Quota,
    /// Number of active sessions, including this one.
    pub sessions: u64,
    /// Whether the login asks for a code of the second factor.
    #[serde(default)]
    pub totp: bool,
}

/// The prediction quota of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quota {
    /// Predictions per period; `None` when limits are disabled.
    pub limit: Option<u32>,
    /// Remaining predictions; `None` when limits are disabled.
    pub remaining: Option<u32>,
    /// Seconds until the quota is full again.
    pub reset_seconds: u64,
    /// Remaining predictions before the email address must be confirmed; `None` once it is.
    pub unconfirmed_remaining: Option<u64>,
}

/// Reads null as the empty string, as the public API always has.
pub(crate) fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_read_as_empty() {
        for body in [
            "{}",
            r#"{"username":null}"#,
            r#"{"username":"","email":null,"password":null}"#,
        ] {
            let registration: Registration = serde_json::from_str(body).unwrap();
            assert!(registration.username.is_empty() && registration.password.is_empty());
        }
        assert!(serde_json::from_str::<Registration>(r#"{"username":5}"#).is_err());
    }
}
