//! API keys: what programs authenticate with in place of a password.

use serde::{Deserialize, Deserializer, Serialize};

use crate::account::or_empty;

/// What an API key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Predictions: `POST /predict`, `/api/predict/number`, `/api/predict/batch` and `/v2/models/digits/infer`.
    Predict,
    /// The owner's history: `GET /api/predictions`, and corrections.
    History,
}

impl KeyScope {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::Predict, Self::History];

    /// The word in JSON and in the database.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Predict => "predict",
            Self::History => "history",
        }
    }
}

/// Request body of `POST /api/keys`. Missing and null fields are read as empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKey {
    /// What the owner calls it, such as the name of the program that uses it.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1, max_length = 64))]
    pub name: String,
    /// What it may be used for; at least one.
    #[serde(default, deserialize_with = "or_none")]
    #[cfg_attr(feature = "openapi", schema(required, min_items = 1))]
    pub scopes: Vec<KeyScope>,
    /// After how many days it expires; never without this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub expires_in_days: Option<u32>,
    /// The password of the account.
    #[serde(default, deserialize_with = "or_empty")]
    #[cfg_attr(feature = "openapi", schema(required, format = Password, min_length = 1))]
    pub password: String,
}

/// An API key, without the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// Names the key in `DELETE /api/keys/{id}`.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The first characters of the key, such as `trazo_1f0c93ab`. They give no access.
    pub hint: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// When it expires, RFC 3339 in UTC; `None` if it doesn't.
    pub expires_at: Option<String>,
    /// When it was last used, to about a minute, RFC 3339 in UTC; `None` if it wasn't yet.
    pub last_used_at: Option<String>,
}

/// Response of `GET /api/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeys {
    /// The account's keys, newest first; expired ones too, until they are revoked.
    pub keys: Vec<ApiKey>,
}

/// Response of `POST /api/keys`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    /// The key: `trazo_` and 64 hexadecimal digits. It is shown only here.
    pub key: String,
    /// What the list says about it.
    #[serde(flatten)]
    pub info: ApiKey,
}

/// A list; empty for null.
fn or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<KeyScope>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_read_as_empty() {
        let new: NewKey = serde_json::from_str(r#"{"scopes":null,"expires_in_days":null}"#).unwrap();
        assert!(new.name.is_empty() && new.password.is_empty() && new.scopes.is_empty());
        assert_eq!(new.expires_in_days, None);
        for unknown in [
            r#"{"scopes":["admin"]}"#,
            r#"{"scopes":"predict"}"#,
            r#"{"expires_in_days":-1}"#,
        ] {
            assert!(serde_json::from_str::<NewKey>(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn a_scope_has_one_word() {
        for scope in KeyScope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.tag());
        }
    }
}
