//! What signed-in users change about their own account.

use serde::{Deserialize, Serialize};

use crate::account::or_empty;

/// Request body of `POST /api/me/password`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    /// The password as it is now.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub current_password: String,
    /// The new password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 8, max_length = 128))]
    pub password: String,
}

/// Request body of `POST /api/me/email`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailChange {
    /// The new address, which the confirmation email is sent to.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Email, max_length = 254))]
    pub email: String,
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
}

/// Request body of `POST /api/me/totp`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordCheck {
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
}

/// Request body of `POST /api/me/delete` and `POST /api/me/totp/remove`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FullCheck {
    /// The password.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
    /// A code of the second factor, or a recovery code; empty for an account without a second factor.
    #[serde(default, deserialize_with = "or_empty")]
    pub code: String,
}

/// Request body of `POST /api/me/totp/activate`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpCode {
    /// The code that the authenticator app shows, six digits.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1))]
    pub code: String,
}

/// Response of `POST /api/me/totp`: what an authenticator app needs. The second factor isn't active yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSecret {
    /// The secret in base32 without padding, 32 characters.
    pub secret: String,
    /// The secret with its parameters as an `otpauth:` URI, for a link or a QR code.
    pub uri: String,
}

/// Response of `POST /api/me/totp/activate`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten codes, each of which is accepted once in place of a code of the authenticator app. They are shown only here.
    pub recovery_codes: Vec<String>,
}

/// Response of `GET /api/me/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The account's sessions that haven't expired, newest first.
    pub sessions: Vec<Session>,
}

/// A session of the signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Names the session in `DELETE /api/me/sessions/{id}`. It gives no access.
    pub id: String,
    /// Time of the login, RFC 3339 in UTC.
    pub created_at: String,
    /// When the session ends by itself, RFC 3339 in UTC.
    pub expires_at: String,
    /// The browser and its system at the login, such as `Firefox, Linux`; `None` if they are unknown.
    pub client: Option<String>,
    /// Whether the request was made in this session.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_read_as_empty() {
        let check: FullCheck = serde_json::from_str(r#"{"password":null}"#).unwrap();
        assert!(check.password.is_empty() && check.code.is_empty());
        assert!(serde_json::from_str::<FullCheck>(r#"{"code":123456}"#).is_err());
    }
}
