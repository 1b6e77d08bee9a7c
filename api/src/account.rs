//! Accounts: registering, signing in, and what a user may know of their own.

use serde::{Deserialize, Deserializer, Serialize};

/// `POST /register`. A field that is missing or null reads as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The name to sign in with.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, pattern = r"^[A-Za-z0-9À-ÖØ-öø-ɏ_.-]{3,32}$"))]
    pub username: String,
    /// Where the confirmation goes.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Email, max_length = 254))]
    pub email: String,
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 8, max_length = 128))]
    pub password: String,
}

/// `POST /login`. A field that is missing or null reads as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The name, in any case.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub username: String,
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
}

/// `POST /api/confirm/resend` and `POST /api/password/forgot`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailRequest {
    /// The address of the account.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Email, max_length = 254))]
    pub email: String,
}

/// `POST /api/password/reset`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The token of the mail's link.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub token: String,
    /// The new password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 8, max_length = 128))]
    pub password: String,
}

/// The answer of `POST /login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    /// The JWT for `Authorization: Bearer`.
    pub access_token: String,
}

/// An answer that is only a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The text.
    pub msg: String,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Draws.
    User,
    /// Watches, and looks after the users.
    Admin,
}

/// Who has signed in: in every page's first HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The account's number.
    pub id: i64,
    /// Its name.
    pub username: String,
    /// Its address.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Whether the address was confirmed.
    pub email_confirmed: bool,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
}

/// `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Who has signed in.
    #[serde(flatten)]
    pub me: Me,
    /// How many predictions are left.
    pub quota: Quota,
    /// Sign-ins that hold at present, this one included.
    pub sessions: u64,
}

/// Predictions that may still be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quota {
    /// At most so many; `None` when limits are lifted.
    pub limit: Option<u32>,
    /// So many are left; `None` when limits are lifted.
    pub remaining: Option<u32>,
    /// Seconds until all of them are there again.
    pub reset_seconds: u64,
    /// So many are left before the address has to be confirmed; `None` once it is.
    pub unconfirmed_remaining: Option<u64>,
}

/// Reads null as empty: the seed's `data.get('username', None)` knew no difference.
fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
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
